"""Consultations; comments and proposals are threads of the deliberation core."""

from tortoise import fields
from tortoise.indexes import Index

from participa.entities.models import EntityRow
from participa.plans.models import Plan
from participa.processes.models import Process


class Consultation(EntityRow):
    """A plan opened for comments, or (without a plan) a call for proposals."""

    process: fields.ForeignKeyRelation[Process] = fields.ForeignKeyField(
        "processes.Process", related_name=False, on_delete=fields.CASCADE
    )
    process_id: int
    plan: fields.ForeignKeyNullableRelation[Plan] = fields.ForeignKeyField(
        "plans.Plan", related_name=False, null=True, on_delete=fields.CASCADE
    )
    plan_id: int | None
    title = fields.CharField(max_length=200)
    question = fields.TextField(default="")
    # What a proposal may be about; empty where the call does not sort them.
    categories: list[str] = fields.JSONField(default=list)

    class Meta:
        table = "consultations_consultation"
        unique_together = (("process", "title"),)
        indexes = [Index(fields=("plan_id",))]
