"""Plans in numbered versions, made of sections that keep their identity between versions."""

from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.indexes import Index

from participa.entities.models import EntityRow
from participa.processes.models import Process


class Plan(EntityRow):
    """A text under discussion: a development plan, a draft decree. A process has one at most."""

    process: fields.ForeignKeyRelation[Process] = fields.ForeignKeyField(
        "processes.Process", related_name=False, on_delete=fields.CASCADE
    )
    process_id: int
    title = fields.CharField(max_length=200)
    current_version = fields.IntField(default=0)

    class Meta:
        table = "plans_plan"
        unique_together = (("process",),)


class PlanVersion(EntityRow):
    """A text as it was published on a day, with the digest of its source."""

    plan: fields.ForeignKeyRelation[Plan] = fields.ForeignKeyField(
        "plans.Plan", related_name=False, on_delete=fields.CASCADE
    )
    plan_id: int
    number = fields.IntField()
    source_digest = fields.CharField(max_length=64)
    published_at: datetime = fields.DatetimeField()

    class Meta:
        table = "plans_version"
        unique_together = (("plan", "number"),)


class Section(EntityRow):
    """A place in the plan that outlives its wording: comments belong to it."""

    plan: fields.ForeignKeyRelation[Plan] = fields.ForeignKeyField(
        "plans.Plan", related_name=False, on_delete=fields.CASCADE
    )
    plan_id: int
    key = fields.CharField(max_length=200)

    class Meta:
        table = "plans_section"
        unique_together = (("plan", "key"),)


class SectionText(EntityRow):
    """What a section says in one version, and its place there.

    `last_position` is where its last descendant stands; `page_position` where the reading page
    begins on which it is shown. A version never changes, so both are worked out once.
    """

    version: fields.ForeignKeyRelation[PlanVersion] = fields.ForeignKeyField(
        "plans.PlanVersion", related_name=False, on_delete=fields.CASCADE
    )
    version_id: int
    section: fields.ForeignKeyRelation[Section] = fields.ForeignKeyField(
        "plans.Section", related_name=False, on_delete=fields.CASCADE
    )
    section_id: int
    position = fields.IntField()
    depth = fields.IntField()
    parent_position: int | None = fields.IntField(null=True)
    last_position = fields.IntField()
    page_position = fields.IntField()
    kind = fields.CharField(max_length=20)
    number = fields.CharField(max_length=40)
    # Its designation as written, such as "ARTÍCULO CUARTO"; empty where the title says it all.
    label = fields.TextField()
    title = fields.TextField()
    body_source = fields.TextField()
    body_html = fields.TextField()
    sanitiser_version = fields.IntField()

    class Meta:
        table = "plans_section_text"
        unique_together = (("version", "position"), ("version", "section"))
        indexes = [Index(fields=("section_id",)), Index(fields=("version_id", "page_position"))]


class PlanDraft(EntityRow):
    """A document that an official corrects before it is published.

    `pieces` are its sections in order, without their texts; `step` says how many of its steps
    are taken, those after it are undone. `revision` grows with every change, so that nobody
    overwrites what they have not seen. `findings` is what was noticed when it was read.
    """

    process: fields.ForeignKeyRelation[Process] = fields.ForeignKeyField(
        "processes.Process", related_name=False, on_delete=fields.CASCADE
    )
    process_id: int
    title = fields.CharField(max_length=200)
    source_digest = fields.CharField(max_length=64)
    base_version = fields.IntField()
    revision = fields.IntField(default=1)
    # The key of the form that made the latest revision: sent twice, it counts once.
    last_key = fields.CharField(max_length=64, default="", db_default="")
    step = fields.IntField(default=0)
    next_piece = fields.IntField()
    pieces: list[list[str | int]] = fields.JSONField()
    findings: list[dict[str, Any]] = fields.JSONField()
    created_at: datetime = fields.DatetimeField()
    touched_at: datetime = fields.DatetimeField()
    touched_by = fields.CharField(max_length=60)

    class Meta:
        table = "plans_draft"
        unique_together = (("process", "source_digest"),)


class PlanDraftText(EntityRow):
    """A text of a draft's sections, kept once whatever sections and steps have it."""

    draft: fields.ForeignKeyRelation[PlanDraft] = fields.ForeignKeyField(
        "plans.PlanDraft", related_name=False, on_delete=fields.CASCADE
    )
    draft_id: int
    digest = fields.CharField(max_length=32)
    body = fields.TextField()

    class Meta:
        table = "plans_draft_text"
        unique_together = (("draft", "digest"),)


class PlanDraftStep(EntityRow):
    """A correction: at a place, some pieces gave way to others; `label` names the first."""

    draft: fields.ForeignKeyRelation[PlanDraft] = fields.ForeignKeyField(
        "plans.PlanDraft", related_name=False, on_delete=fields.CASCADE
    )
    draft_id: int
    number = fields.IntField()
    act = fields.CharField(max_length=20)
    label = fields.CharField(max_length=120)
    place = fields.IntField()
    removed: list[list[str | int]] = fields.JSONField()
    inserted: list[list[str | int]] = fields.JSONField()

    class Meta:
        table = "plans_draft_step"
        unique_together = (("draft", "number"),)
