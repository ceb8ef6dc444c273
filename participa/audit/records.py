"""Writing to the public log."""

from datetime import datetime

from participa.audit.models import AuditRecord


async def record(
    *,
    entity_id: int,
    actor_id: int | None,
    actor_name: str,
    action: str,
    object_kind: str,
    object_id: int,
    object_label: str = "",
    reason: str = "",
    now: datetime,
) -> None:
    """Write one act down, in the same transaction as the act itself."""
    await AuditRecord.create(
        entity_id=entity_id,
        actor_id=actor_id,
        actor_name=actor_name,
        action=action,
        object_kind=object_kind,
        object_id=object_id,
        object_label=object_label[:200],
        reason=reason,
        at=now,
    )
