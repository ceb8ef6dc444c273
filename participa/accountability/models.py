"""Sessions of accountability, and a plan's goals with their figures by year.

Questions are threads of the deliberation core; their place is the session.
"""

from datetime import datetime

from tortoise import fields
from tortoise.indexes import Index

from participa.accountability.hearing.models import (
    AgendaPoint,
    Captions,
    HearingEvent,
    HearingMinutes,
    HearingQuestion,
    Registration,
)
from participa.accountability.hearing.rules import MAX_LINK
from participa.accountability.rules import MAX_NAME, MAX_OFFICE, MAX_UNIT
from participa.deliberation.models import Contribution
from participa.entities.models import EntityRow, Office
from participa.processes.models import Process

# The ORM finds the tables of an app in this one module.
__all__ = [
    "AccountabilitySession",
    "AgendaPoint",
    "Captions",
    "Goal",
    "GoalOrigin",
    "GoalYear",
    "HearingEvent",
    "HearingMinutes",
    "HearingQuestion",
    "Registration",
]


class AccountabilitySession(EntityRow):
    """A public hearing in which the entity gives account, at a place and an hour.

    `summary_html` was sanitised when it was written, by the version noted beside it. It is in
    course from `started_at` to `ended_at`, whatever its hour was to be; `last_number` is that of
    its latest event. `office` owes the answers that nobody else owes.
    """

    process: fields.ForeignKeyRelation[Process] = fields.ForeignKeyField(
        "processes.Process", related_name=False, on_delete=fields.CASCADE
    )
    process_id: int
    title = fields.CharField(max_length=160)
    summary_source = fields.TextField(default="")
    summary_html = fields.TextField(default="")
    sanitiser_version = fields.IntField()
    place = fields.TextField(default="")
    held_at: datetime = fields.DatetimeField()
    position = fields.IntField(default=0)
    minutes = fields.IntField(default=180, db_default=180)
    # Who organises it, in words.
    team = fields.CharField(max_length=MAX_LINK, default="", db_default="")
    stream_url = fields.CharField(max_length=MAX_LINK, default="", db_default="")
    recording_url = fields.CharField(max_length=MAX_LINK, default="", db_default="")
    survey_url = fields.CharField(max_length=MAX_LINK, default="", db_default="")
    # How many fit in the room; None where nobody counts.
    seats: int | None = fields.IntField(null=True)
    office: fields.ForeignKeyNullableRelation[Office] = fields.ForeignKeyField(
        "entities.Office", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    office_id: int | None
    announced_at: datetime | None = fields.DatetimeField(null=True)
    started_at: datetime | None = fields.DatetimeField(null=True)
    ended_at: datetime | None = fields.DatetimeField(null=True)
    edit_count = fields.IntField(default=0, db_default=0)
    last_number = fields.IntField(default=0, db_default=0)

    class Meta:
        table = "accountability_session"
        unique_together = (("process", "title"),)
        indexes = [Index(fields=("office_id",))]


class Goal(EntityRow):
    """A product goal of a plan in force: what will be measured, and who answers for it.

    `direction` says how its years are read (see `rules.Direction`); `office` is a plain name,
    because a plan outlives the offices that it names.
    """

    process: fields.ForeignKeyRelation[Process] = fields.ForeignKeyField(
        "processes.Process", related_name=False, on_delete=fields.CASCADE
    )
    process_id: int
    axis = fields.CharField(max_length=MAX_NAME)
    programme = fields.CharField(max_length=MAX_NAME)
    number = fields.CharField(max_length=40)
    title = fields.TextField()
    indicator = fields.TextField(default="")
    unit = fields.CharField(max_length=MAX_UNIT)
    direction = fields.CharField(max_length=20)
    base_line: float | None = fields.FloatField(null=True)
    office = fields.CharField(max_length=MAX_OFFICE)
    note = fields.TextField(default="")

    class Meta:
        table = "accountability_goal"
        unique_together = (("process", "number"),)


class GoalYear(EntityRow):
    """One year of a goal. `executed` is empty until the year is closed; money is in pesos."""

    goal: fields.ForeignKeyRelation[Goal] = fields.ForeignKeyField(
        "accountability.Goal", related_name=False, on_delete=fields.CASCADE
    )
    goal_id: int
    year = fields.IntField()
    programmed = fields.FloatField()
    executed: float | None = fields.FloatField(null=True)
    appropriated: int | None = fields.BigIntField(null=True)
    committed: int | None = fields.BigIntField(null=True)
    paid: int | None = fields.BigIntField(null=True)

    class Meta:
        table = "accountability_goal_year"
        unique_together = (("goal", "year"),)


class GoalOrigin(EntityRow):
    """A contribution that led to a goal, as an official named it."""

    goal: fields.ForeignKeyRelation[Goal] = fields.ForeignKeyField(
        "accountability.Goal", related_name=False, on_delete=fields.CASCADE
    )
    goal_id: int
    contribution: fields.ForeignKeyRelation[Contribution] = fields.ForeignKeyField(
        "deliberation.Contribution", related_name=False, on_delete=fields.CASCADE
    )
    contribution_id: int

    class Meta:
        table = "accountability_goal_origin"
        unique_together = (("goal", "contribution"),)
        indexes = [Index(fields=("contribution_id",))]
