"""Sessions of accountability, and a plan's goals with their figures by year.

Questions are threads of the deliberation core; their place is the session.
"""

from datetime import datetime
from typing import Any

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
from participa.accounts.models import Person
from participa.deliberation.models import Contribution
from participa.entities.models import EntityRow, Office, Territory
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
    subprogramme = fields.CharField(max_length=MAX_NAME, default="", db_default="")
    number = fields.CharField(max_length=40)
    title = fields.TextField()
    indicator = fields.TextField(default="")
    unit = fields.CharField(max_length=MAX_UNIT)
    direction = fields.CharField(max_length=20)
    base_line: float | None = fields.FloatField(null=True)
    # What the sheet says of the base line where that is no number.
    base_words = fields.TextField(default="", db_default="")
    # The goal of result that it serves, and the project with its code that it is paid from.
    result = fields.TextField(default="", db_default="")
    project = fields.TextField(default="", db_default="")
    office = fields.CharField(max_length=MAX_OFFICE)
    note = fields.TextField(default="")

    class Meta:
        table = "accountability_goal"
        unique_together = (("process", "number"),)


class GoalYear(EntityRow):
    """One year of a goal. `executed` is empty until something is reported; money is in pesos.

    `planned` is what the plan's own financial part foresaw; the other sums are the budget's.
    """

    goal: fields.ForeignKeyRelation[Goal] = fields.ForeignKeyField(
        "accountability.Goal", related_name=False, on_delete=fields.CASCADE
    )
    goal_id: int
    year = fields.IntField()
    programmed = fields.FloatField()
    executed: float | None = fields.FloatField(null=True)
    planned: int | None = fields.BigIntField(null=True)
    appropriated: int | None = fields.BigIntField(null=True)
    committed: int | None = fields.BigIntField(null=True)
    paid: int | None = fields.BigIntField(null=True)

    class Meta:
        table = "accountability_goal_year"
        unique_together = (("goal", "year"),)


class GoalPeriod(EntityRow):
    """A part of a year of a goal, such as `T3` or `M07` (see `followup.figures.PARTS`)."""

    goal: fields.ForeignKeyRelation[Goal] = fields.ForeignKeyField(
        "accountability.Goal", related_name=False, on_delete=fields.CASCADE
    )
    goal_id: int
    year = fields.IntField()
    part = fields.CharField(max_length=3)
    programmed: float | None = fields.FloatField(null=True)
    executed: float | None = fields.FloatField(null=True)

    class Meta:
        table = "accountability_goal_period"
        unique_together = (("goal", "year", "part"),)


class GoalFund(EntityRow):
    """What one source of money gives to a year of a goal, in pesos."""

    goal: fields.ForeignKeyRelation[Goal] = fields.ForeignKeyField(
        "accountability.Goal", related_name=False, on_delete=fields.CASCADE
    )
    goal_id: int
    year = fields.IntField()
    source = fields.CharField(max_length=MAX_UNIT)
    appropriated: int | None = fields.BigIntField(null=True)
    committed: int | None = fields.BigIntField(null=True)
    paid: int | None = fields.BigIntField(null=True)

    class Meta:
        table = "accountability_goal_fund"
        unique_together = (("goal", "year", "source"),)


class GoalArea(EntityRow):
    """A barrio or vereda in which a goal is carried out."""

    goal: fields.ForeignKeyRelation[Goal] = fields.ForeignKeyField(
        "accountability.Goal", related_name=False, on_delete=fields.CASCADE
    )
    goal_id: int
    territory: fields.ForeignKeyRelation[Territory] = fields.ForeignKeyField(
        "entities.Territory", related_name=False, on_delete=fields.CASCADE
    )
    territory_id: int

    class Meta:
        table = "accountability_goal_area"
        unique_together = (("goal", "territory"),)
        indexes = [Index(fields=("territory_id",))]


class GoalChange(EntityRow):
    """What one act changed in a goal: `changes` as `followup.changes.stored` gives them.

    `source` names the sheet it came from, empty for what an official entered; `evidence` is
    what the official says of it.
    """

    goal: fields.ForeignKeyRelation[Goal] = fields.ForeignKeyField(
        "accountability.Goal", related_name=False, on_delete=fields.CASCADE
    )
    goal_id: int
    made_by = fields.CharField(max_length=120)
    made_at: datetime = fields.DatetimeField()
    source = fields.CharField(max_length=160, default="")
    evidence = fields.TextField(default="")
    changes: list[list[Any]] = fields.JSONField()

    class Meta:
        table = "accountability_goal_change"
        indexes = [Index(fields=("goal_id", "id"))]


class GoalSheet(EntityRow):
    """A sheet between its reading and its import, with the mapping of its columns."""

    process: fields.ForeignKeyRelation[Process] = fields.ForeignKeyField(
        "processes.Process", related_name=False, on_delete=fields.CASCADE
    )
    process_id: int
    official: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "accounts.Person", related_name=False, on_delete=fields.CASCADE
    )
    official_id: int
    digest = fields.CharField(max_length=64)
    name = fields.CharField(max_length=160)
    # How many lines stand above the first of `rows`, which is that of the titles.
    above = fields.IntField()
    rows: list[list[str]] = fields.JSONField()
    mapping: dict[str, Any] = fields.JSONField()
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "accountability_goal_sheet"
        unique_together = (("official", "process", "digest"),)
        indexes = [Index(fields=("created_at",)), Index(fields=("process_id",))]


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
