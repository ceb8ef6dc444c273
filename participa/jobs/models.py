"""The queue's one table."""

from tortoise import fields
from tortoise.indexes import Index

from participa.db.base import Row


class Job(Row):
    """A piece of work: what to call, with what, when, and how it went.

    `entity_id` is a plain number: this floor knows no entities, its callers do.
    """

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=80)
    entity_id: int | None = fields.IntField(null=True)
    arguments: dict[str, object] = fields.JSONField(default=dict)
    run_at = fields.DatetimeField()
    attempts = fields.IntField(default=0)
    claimed_until = fields.DatetimeField(null=True)
    done_at = fields.DatetimeField(null=True)
    failed_at = fields.DatetimeField(null=True)
    error = fields.TextField(default="")
    # The name of a job that comes again and again: it has one row, set anew after each run.
    recurring = fields.CharField(max_length=80, null=True, unique=True)

    class Meta:
        table = "jobs_job"
        indexes = [Index(fields=("done_at", "failed_at", "run_at"))]
