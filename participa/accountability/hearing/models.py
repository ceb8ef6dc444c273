"""What a hearing keeps: its questions at the desk, who registered, its agenda, its record."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.indexes import Index

from participa.accountability.hearing.rules import MAX_NOTE
from participa.accounts.models import Person
from participa.deliberation.models import Contribution, Thread
from participa.entities.models import EntityRow, Office

if TYPE_CHECKING:
    from participa.accountability.models import AccountabilitySession


class HearingQuestion(EntityRow):
    """Where a question stands at the desk of its session; one without a row was only received.

    `answer` is what the office said in the question's conversation, spoken at `second` of the
    recording where that is known. A pending one has its last day and who owes it.
    """

    session: fields.ForeignKeyRelation["AccountabilitySession"] = fields.ForeignKeyField(
        "accountability.AccountabilitySession", related_name=False, on_delete=fields.CASCADE
    )
    session_id: int
    thread: fields.ForeignKeyRelation[Thread] = fields.ForeignKeyField(
        "deliberation.Thread", related_name=False, on_delete=fields.CASCADE
    )
    thread_id: int
    state = fields.CharField(max_length=12)
    changed_at: datetime = fields.DatetimeField()
    shown_at: datetime | None = fields.DatetimeField(null=True)
    answer: fields.ForeignKeyNullableRelation[Contribution] = fields.ForeignKeyField(
        "deliberation.Contribution", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    answer_id: int | None
    second: int | None = fields.IntField(null=True)
    due_on: date | None = fields.DateField(null=True)
    owner: fields.ForeignKeyNullableRelation[Office] = fields.ForeignKeyField(
        "entities.Office", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    owner_id: int | None
    # As the office was called then: it may be renamed or go.
    owner_name = fields.CharField(max_length=120, default="")

    class Meta:
        table = "accountability_hearing_question"
        unique_together = (("thread",),)
        indexes = [
            Index(fields=("session_id", "state")),
            Index(fields=("answer_id",)),
            Index(fields=("owner_id",)),
        ]


class HearingEvent(EntityRow):
    """Something that happened at a hearing, numbered without gaps in the order of commits."""

    session: fields.ForeignKeyRelation["AccountabilitySession"] = fields.ForeignKeyField(
        "accountability.AccountabilitySession", related_name=False, on_delete=fields.CASCADE
    )
    session_id: int
    number = fields.IntField()
    kind = fields.CharField(max_length=20)
    thread_id: int | None = fields.IntField(null=True)
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "accountability_hearing_event"
        unique_together = (("session", "number"),)


class Registration(EntityRow):
    """Somebody who will take part, and what they need for it. For officials' eyes only.

    Who has no account was written down by the desk, from a call or at the door.
    """

    session: fields.ForeignKeyRelation["AccountabilitySession"] = fields.ForeignKeyField(
        "accountability.AccountabilitySession", related_name=False, on_delete=fields.CASCADE
    )
    session_id: int
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "accounts.Person", related_name=False, null=True, on_delete=fields.CASCADE
    )
    person_id: int | None
    name = fields.CharField(max_length=120)
    channel = fields.CharField(max_length=12, default="web")
    mode = fields.CharField(max_length=12)
    needs: list[str] = fields.JSONField(default=list)
    note = fields.CharField(max_length=MAX_NOTE, default="")
    registered_at: datetime = fields.DatetimeField()
    attended_at: datetime | None = fields.DatetimeField(null=True)
    request_key = fields.CharField(max_length=64, null=True)

    class Meta:
        table = "accountability_registration"
        unique_together = (("session", "person"), ("entity", "request_key"))
        indexes = [Index(fields=("person_id",))]


class AgendaPoint(EntityRow):
    """A point of a session's agenda with its minutes."""

    session: fields.ForeignKeyRelation["AccountabilitySession"] = fields.ForeignKeyField(
        "accountability.AccountabilitySession", related_name=False, on_delete=fields.CASCADE
    )
    session_id: int
    position = fields.IntField()
    point = fields.CharField(max_length=12)
    title = fields.CharField(max_length=160, default="")
    minutes = fields.IntField()
    questions = fields.IntField(default=0)
    voices = fields.IntField(default=0)
    is_minority = fields.BooleanField(default=False)
    made_at: datetime = fields.DatetimeField()

    class Meta:
        table = "accountability_agenda_point"
        unique_together = (("session", "position"),)


class HearingMinutes(EntityRow):
    """The acta of a session. Once published it never changes: a correction is the next number.

    `record` are the figures and questions as they stood then; `digest` names all of it.
    """

    session: fields.ForeignKeyRelation["AccountabilitySession"] = fields.ForeignKeyField(
        "accountability.AccountabilitySession", related_name=False, on_delete=fields.CASCADE
    )
    session_id: int
    number = fields.IntField()
    body_source = fields.TextField()
    body_html = fields.TextField()
    sanitiser_version = fields.IntField()
    # What a correction changes, in words; empty for the first.
    reason = fields.TextField(default="")
    record: dict[str, object] = fields.JSONField(default=dict)
    digest = fields.CharField(max_length=64, default="")
    published_at: datetime | None = fields.DatetimeField(null=True)
    signed_by = fields.CharField(max_length=200, default="")

    class Meta:
        table = "accountability_hearing_minutes"
        unique_together = (("session", "number"),)


class Captions(EntityRow):
    """What was said in a session's recording, as the WebVTT that we wrote from its file."""

    session: fields.ForeignKeyRelation["AccountabilitySession"] = fields.ForeignKeyField(
        "accountability.AccountabilitySession", related_name=False, on_delete=fields.CASCADE
    )
    session_id: int
    vtt = fields.TextField()
    added_at: datetime = fields.DatetimeField()

    class Meta:
        table = "accountability_captions"
        unique_together = (("session",),)
