"""How far the events were read, who is told what, and what each person wants to be told."""

from datetime import datetime

from tortoise import fields
from tortoise.indexes import Index

from participa.accounts.models import Person
from participa.entities.models import EntityRow


class Position(EntityRow):
    """Up to where an entity's events and reports were read; moved with what came out of them."""

    event_id = fields.IntField(default=0)
    result_number = fields.IntField(default=0)

    class Meta:
        table = "notifications_position"
        unique_together = (("entity",),)


class Choice(EntityRow):
    """What somebody chose to be told; who never chose is told everything.

    `locale` is the language in which the choice was made, empty if it was made by the link in a
    mail.
    """

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "accounts.Person", related_name=False, on_delete=fields.CASCADE
    )
    person_id: int
    on_reply = fields.BooleanField(default=True)
    on_answer = fields.BooleanField(default=True)
    on_results = fields.BooleanField(default=True)
    locale = fields.CharField(max_length=8, default="")
    chosen_at: datetime = fields.DatetimeField()

    class Meta:
        table = "notifications_choice"
        unique_together = (("person",),)


class Notice(EntityRow):
    """One thing one person is told, once: `source` is the event or the report behind it.

    Those of one person with the same `about` go into one mail. `retry_at` is when a mail that
    did not go out is tried again, and empty when there is nothing left to do. `mail_hash` is the
    hash of the stop link's token in the mail that carries it.
    """

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "accounts.Person", related_name=False, on_delete=fields.CASCADE
    )
    person_id: int
    # See rules.Kind.
    kind = fields.CharField(max_length=12)
    source = fields.CharField(max_length=40)
    about = fields.CharField(max_length=40)
    # The id of a contribution, of a thread that was concluded, of a step of a proposal's course
    # or of a commitment, or of a reminder; or a report's number.
    object_id = fields.IntField()
    created_at: datetime = fields.DatetimeField()
    tries = fields.IntField(default=0)
    retry_at: datetime | None = fields.DatetimeField(null=True)
    claimed_until: datetime | None = fields.DatetimeField(null=True)
    sent_at: datetime | None = fields.DatetimeField(null=True)
    mail_hash = fields.CharField(max_length=64, null=True)

    class Meta:
        table = "notifications_notice"
        unique_together = (("person", "source"),)
        indexes = [
            Index(fields=("person_id", "about")),
            Index(fields=("entity_id", "retry_at")),
            Index(fields=("entity_id", "source")),
            Index(fields=("mail_hash",)),
        ]
