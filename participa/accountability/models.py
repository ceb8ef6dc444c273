"""Sessions of accountability, and a plan's goals with their figures by year.

Questions are threads of the deliberation core; their place is the session.
"""

from datetime import datetime

from tortoise import fields
from tortoise.indexes import Index

from participa.accountability.rules import MAX_NAME, MAX_OFFICE, MAX_UNIT
from participa.deliberation.models import Contribution
from participa.entities.models import EntityRow
from participa.processes.models import Process


class AccountabilitySession(EntityRow):
    """A public hearing in which the entity gives account, at a place and an hour.

    `summary_html` was sanitised when it was written, by the version noted beside it.
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

    class Meta:
        table = "accountability_session"
        unique_together = (("process", "title"),)


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
