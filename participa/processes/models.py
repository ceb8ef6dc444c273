"""Processes and their dated phases."""

from datetime import datetime

from tortoise import fields

from participa.entities.models import EntityRow, Territory


class Process(EntityRow):
    """A participation process, such as the municipal development plan.

    `promise` is what the entity owes the public for it: informs, answered or decides.
    `participa_item` is its place in the Menú Participa (Resolución MinTIC 1519 of 2020, annex 2).
    """

    slug = fields.CharField(max_length=80)
    title = fields.CharField(max_length=160)
    summary = fields.TextField(default="")
    what_can_change = fields.TextField(default="")
    territory: fields.ForeignKeyNullableRelation[Territory] = fields.ForeignKeyField(
        "entities.Territory", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    territory_id: int | None
    promise = fields.CharField(max_length=12)
    participa_item = fields.CharField(max_length=12)
    is_published = fields.BooleanField(default=False)
    # Raised by whatever changes what is shown on every page inside the process; see `touch`.
    revision = fields.IntField(default=0, db_default=0)
    created_at = fields.DatetimeField()

    class Meta:
        table = "processes_process"
        unique_together = (("entity", "slug"),)


class Phase(EntityRow):
    """A span of time in which a process opens some activities, and only then.

    `opens` lists activities such as "forums.discuss". Times are UTC instants; the pages show
    them by the entity's clock.
    """

    process: fields.ForeignKeyRelation[Process] = fields.ForeignKeyField(
        "processes.Process", related_name=False, on_delete=fields.CASCADE
    )
    process_id: int
    title = fields.CharField(max_length=120)
    position = fields.IntField()
    opens: list[str] = fields.JSONField(default=list)
    opens_at: datetime = fields.DatetimeField()
    closes_at: datetime = fields.DatetimeField()

    class Meta:
        table = "processes_phase"
        unique_together = (("process", "position"),)
