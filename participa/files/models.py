"""Files as rows: what each is, and what it is attached to."""

from datetime import datetime

from tortoise import fields
from tortoise.indexes import Index

from participa.entities.models import EntityRow


class StoredFile(EntityRow):
    """A file attached to something of its entity, which decides who may read it.

    `owner_kind` is a kind that a feature declares (Feature.file_owners). Once it is taken away
    its row stays, to say so, without name, description and digest: nothing leads to it any more.
    """

    owner_kind = fields.CharField(max_length=40)
    owner_id = fields.IntField()
    digest = fields.CharField(max_length=64)
    media_type = fields.CharField(max_length=40)
    byte_count = fields.IntField()
    # In pixels; 0 for what is no picture.
    width = fields.IntField(default=0)
    height = fields.IntField(default=0)
    # As its sender called it.
    name = fields.CharField(max_length=120)
    # What is seen in a picture, or what a document is.
    description = fields.CharField(max_length=200)
    # Whether it may be read wherever its owner may.
    is_public = fields.BooleanField(default=True)
    added_at: datetime = fields.DatetimeField()
    removed_at: datetime | None = fields.DatetimeField(null=True)
    # Set while a moderator hides it, apart from what it is attached to, by the number of the rule.
    hidden_at: datetime | None = fields.DatetimeField(null=True)
    hidden_reason = fields.CharField(max_length=20, default="", db_default="")

    class Meta:
        table = "files_file"
        indexes = [
            Index(fields=("entity_id", "owner_kind", "owner_id")),
            Index(fields=("digest",)),
        ]
