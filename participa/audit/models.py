"""The append-only table behind the public log."""

from tortoise import fields
from tortoise.indexes import Index

from participa.entities.models import EntityRow


class AuditRecord(EntityRow):
    """Who did what to which object, when and why.

    The actor's name is kept as it was: an account may be erased, the public record stays.
    """

    actor_id: int | None = fields.IntField(null=True)
    actor_name = fields.CharField(max_length=60)
    action = fields.CharField(max_length=60)
    object_kind = fields.CharField(max_length=60)
    object_id = fields.IntField()
    object_label = fields.CharField(max_length=200, default="")
    reason = fields.TextField(default="")
    at = fields.DatetimeField()

    class Meta:
        table = "audit_record"
        indexes = [Index(fields=("entity_id", "id"))]
