"""Commitments, what led to them, their history, their proof, and what those who asked say."""

from datetime import date, datetime

from tortoise import fields
from tortoise.indexes import Index

from participa.accounts.models import Person
from participa.commitments.rules import MAX_DESCRIPTION, MAX_INDICATOR, MAX_TITLE, MAX_URL
from participa.deliberation.models import Contribution
from participa.entities.models import EntityRow, Office
from participa.processes.models import Process


class Commitment(EntityRow):
    """Something the entity promised in a process: an office and an official answer for it.

    `title` never changes: who changes their mind cancels it, with a reason, and promises anew.
    `origin_kind` and `origin_id` name the thing it was made on (Feature.links), if any;
    `session_id` is that of a session of accountability, a plain number because sessions stand
    on a higher floor. `is_settled` is kept for the order of lists: done or cancelled.
    """

    process: fields.ForeignKeyRelation[Process] = fields.ForeignKeyField(
        "processes.Process", related_name=False, on_delete=fields.CASCADE
    )
    process_id: int
    title = fields.CharField(max_length=MAX_TITLE)
    indicator = fields.CharField(max_length=MAX_INDICATOR, default="")
    office: fields.ForeignKeyRelation[Office] = fields.ForeignKeyField(
        "entities.Office", related_name=False, on_delete=fields.RESTRICT
    )
    office_id: int
    owner: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "accounts.Person", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    owner_id: int | None
    first_due_on: date = fields.DateField()
    due_on: date = fields.DateField()
    # In working days, where the day was counted from a term.
    term_days: int | None = fields.IntField(null=True)
    state = fields.CharField(max_length=12)
    is_settled = fields.BooleanField(default=False)
    done_on: date | None = fields.DateField(null=True)
    # How often it was called done: a verdict is about one of these times.
    done_count = fields.IntField(default=0)
    step_count = fields.IntField(default=0)
    origin_kind = fields.CharField(max_length=40, default="")
    origin_id: int | None = fields.IntField(null=True)
    session_id: int | None = fields.IntField(null=True)
    request_key = fields.CharField(max_length=64, null=True)
    made_at: datetime = fields.DatetimeField()

    class Meta:
        table = "commitments_commitment"
        unique_together = (("entity", "request_key"),)
        indexes = [
            Index(fields=("entity_id", "is_settled", "due_on", "id")),
            Index(fields=("process_id",)),
            Index(fields=("office_id",)),
            Index(fields=("owner_id",)),
            Index(fields=("entity_id", "session_id")),
        ]


class Source(EntityRow):
    """A contribution that led to a commitment: its author and its supporters asked for it.

    `told_step`, `told_on` and `told_how` say up to which step, when and how whoever no mail
    reaches was told.
    """

    commitment: fields.ForeignKeyRelation[Commitment] = fields.ForeignKeyField(
        "commitments.Commitment", related_name=False, on_delete=fields.CASCADE
    )
    commitment_id: int
    contribution: fields.ForeignKeyRelation[Contribution] = fields.ForeignKeyField(
        "deliberation.Contribution", related_name=False, on_delete=fields.CASCADE
    )
    contribution_id: int
    told_step = fields.IntField(default=0)
    told_on: date | None = fields.DateField(null=True)
    told_how = fields.CharField(max_length=200, default="")

    class Meta:
        table = "commitments_source"
        unique_together = (("commitment", "contribution"),)
        indexes = [Index(fields=("contribution_id",))]


class Step(EntityRow):
    """One thing that happened to a commitment; none is ever changed or removed.

    `due_on` is the day as it stood after the step.
    """

    commitment: fields.ForeignKeyRelation[Commitment] = fields.ForeignKeyField(
        "commitments.Commitment", related_name=False, on_delete=fields.CASCADE
    )
    commitment_id: int
    number = fields.IntField()
    act = fields.CharField(max_length=12)
    state = fields.CharField(max_length=12)
    due_on: date = fields.DateField()
    # In whose name; empty where who asked disputed.
    office = fields.CharField(max_length=120, default="")
    actor_name = fields.CharField(max_length=60, default="")
    note = fields.TextField(default="")
    # The verdict behind a dispute: its words stand there, where they can be hidden.
    verdict_id: int | None = fields.IntField(null=True)
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "commitments_step"
        unique_together = (("commitment", "number"),)


class EvidenceLink(EntityRow):
    """An address where anybody can see that something was done."""

    commitment: fields.ForeignKeyRelation[Commitment] = fields.ForeignKeyField(
        "commitments.Commitment", related_name=False, on_delete=fields.CASCADE
    )
    commitment_id: int
    url = fields.CharField(max_length=MAX_URL)
    description = fields.CharField(max_length=MAX_DESCRIPTION)
    added_at: datetime = fields.DatetimeField()
    removed_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "commitments_link"
        indexes = [Index(fields=("commitment_id",))]


class Verdict(EntityRow):
    """What one of those who asked says of one time a commitment was called done.

    The database allows one of each person for each such time. A moderator may hide the words
    of `reason`; what they decided stays.
    """

    commitment: fields.ForeignKeyRelation[Commitment] = fields.ForeignKeyField(
        "commitments.Commitment", related_name=False, on_delete=fields.CASCADE
    )
    commitment_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "accounts.Person", related_name=False, on_delete=fields.CASCADE
    )
    person_id: int
    done_number = fields.IntField()
    is_confirmed = fields.BooleanField()
    reason = fields.TextField(default="")
    hidden_rule = fields.CharField(max_length=8, default="")
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "commitments_verdict"
        unique_together = (("commitment", "person", "done_number"),)
        indexes = [Index(fields=("person_id",))]


class OwnerReminder(EntityRow):
    """That the owner was reminded of a day, before it or when it had passed: once each."""

    commitment: fields.ForeignKeyRelation[Commitment] = fields.ForeignKeyField(
        "commitments.Commitment", related_name=False, on_delete=fields.CASCADE
    )
    commitment_id: int
    kind = fields.CharField(max_length=8)
    due_on: date = fields.DateField()
    reminded_at: datetime = fields.DatetimeField()

    class Meta:
        table = "commitments_reminder"
        unique_together = (("commitment", "kind", "due_on"),)
