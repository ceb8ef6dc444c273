"""Petitions with the dates they keep, the counter of filing numbers, and a town's free days."""

from datetime import date, datetime

from tortoise import fields
from tortoise.indexes import Index

from participa.accounts.models import Person
from participa.entities.models import EntityRow, Office


class Petition(EntityRow):
    """One petition. Its text is for whoever filed it and for officials, never for a list.

    The dates and `rule_version` are those of the day it was filed: a later law or holiday does
    not move them. Of the follow-up code and of the form's key only hashes are kept.
    """

    filing_number = fields.CharField(max_length=24)
    code_hash = fields.CharField(max_length=64)
    sending_hash = fields.CharField(max_length=64, null=True)
    author: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "accounts.Person", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    author_id: int | None
    # The name is shown to officials only on asking, and each asking is recorded (T44).
    is_reserved = fields.BooleanField(default=False)
    contact_email = fields.CharField(max_length=254, default="")
    office: fields.ForeignKeyNullableRelation[Office] = fields.ForeignKeyField(
        "entities.Office", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    office_id: int | None
    kind = fields.CharField(max_length=20)
    subject = fields.CharField(max_length=160)
    body = fields.TextField()
    state = fields.CharField(max_length=12, default="open")
    rule_version = fields.CharField(max_length=40)
    term_days = fields.IntField()
    received_at: datetime = fields.DatetimeField()
    # Year and month of receipt by the entity's clock, for the public figures.
    month = fields.CharField(max_length=7)
    effective_on: date = fields.DateField()
    first_due_on: date = fields.DateField()
    due_on: date = fields.DateField()
    extension_days = fields.IntField(default=0)
    extension_reason = fields.TextField(default="")
    extended_at: datetime | None = fields.DatetimeField(null=True)
    answer = fields.TextField(default="")
    answer_office = fields.CharField(max_length=120, default="")
    answered_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "petitions_petition"
        unique_together = (("entity", "filing_number"), ("entity", "sending_hash"))
        indexes = [
            Index(fields=("entity_id", "state", "due_on", "id")),
            Index(fields=("entity_id", "month")),
            Index(fields=("author_id",)),
        ]


class FilingCounter(EntityRow):
    """How many filing numbers an entity has given in a year."""

    year = fields.IntField()
    given = fields.IntField()

    class Meta:
        table = "petitions_filing_counter"
        unique_together = (("entity", "year"),)


class ClosedDay(EntityRow):
    """A day on which this entity gives no service, so that terms do not run."""

    on: date = fields.DateField()
    name = fields.CharField(max_length=120)

    class Meta:
        table = "petitions_closed_day"
        unique_together = (("entity", "on"),)
