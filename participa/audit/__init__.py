"""The public log (bitácora): every act of an official or a moderator, with its reason."""

from participa.audit.models import AuditRecord
from participa.audit.records import record

__all__ = ["AuditRecord", "record"]
