"""Consultations, and the course of proposals.

Comments and proposals are threads of the deliberation core.
"""

from datetime import datetime

from tortoise import fields
from tortoise.indexes import Index

from participa.accounts.models import Person
from participa.deliberation.models import Contribution, Thread
from participa.entities.models import EntityRow
from participa.plans.models import Plan, Section
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
    # What a new proposal may be about, in this order; empty where the call does not sort them.
    categories: list[str] = fields.JSONField(default=list)
    requires_category = fields.BooleanField(default=False, db_default=False)
    # A call that is not published is seen by those who run its process only.
    is_published = fields.BooleanField(default=True, db_default=True)
    # Since when it receives no more proposals, whatever its phase allows.
    closed_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "consultations_consultation"
        unique_together = (("process", "title"),)
        indexes = [Index(fields=("plan_id",))]


class CourseStep(EntityRow):
    """A step of a proposal's course, set by the entity; without one it was received.

    Steps are never changed: the latest one of a proposal, and only it, is current.
    """

    thread: fields.ForeignKeyRelation[Thread] = fields.ForeignKeyField(
        "deliberation.Thread", related_name=False, on_delete=fields.CASCADE
    )
    thread_id: int
    number = fields.IntField()
    course = fields.CharField(max_length=16)
    reason = fields.TextField(default="")
    # In whose name it was set; empty where an administrator set it for the entity.
    office = fields.CharField(max_length=120, default="")
    is_current = fields.BooleanField()
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "consultations_course_step"
        unique_together = (("thread", "number"),)
        indexes = [Index(fields=("entity_id", "is_current", "course"))]


class Anchor(EntityRow):
    """What a comment is (`remark`), and the passage it is about.

    The passage is kept as it was chosen, in the section `made_in` of the version `made_on`: its
    words, what stood around them, where it began; without words the comment is about the whole
    section. It now stands in
    `section`, from `placed_start` to `placed_end` of the text of the version `placed_on`; `state`
    says how surely (anchoring.State). `seen_on` is the latest version it was looked for in.
    """

    contribution: fields.ForeignKeyRelation[Contribution] = fields.ForeignKeyField(
        "deliberation.Contribution", related_name=False, on_delete=fields.CASCADE
    )
    contribution_id: int
    remark = fields.CharField(max_length=12)
    # The words proposed instead, of an amendment.
    proposed = fields.TextField(default="")
    made_on = fields.IntField()
    made_in = fields.IntField()
    words = fields.TextField(default="")
    prefix = fields.CharField(max_length=120, default="")
    suffix = fields.CharField(max_length=120, default="")
    start = fields.IntField(default=0)
    section: fields.ForeignKeyRelation[Section] = fields.ForeignKeyField(
        "plans.Section", related_name=False, on_delete=fields.CASCADE
    )
    section_id: int
    placed_on = fields.IntField()
    seen_on = fields.IntField()
    placed_start: int | None = fields.IntField(null=True)
    placed_end: int | None = fields.IntField(null=True)
    confidence = fields.FloatField()
    state = fields.CharField(max_length=10)
    # Whether a person said so, of a version since which it was not moved.
    is_decided = fields.BooleanField(default=False)

    class Meta:
        table = "consultations_anchor"
        unique_together = (("contribution",),)
        indexes = [Index(fields=("section_id",)), Index(fields=("entity_id", "state"))]


class CoauthorLink(EntityRow):
    """The link by which people join a proposal as co-authors; only its token's hash is kept."""

    thread: fields.ForeignKeyRelation[Thread] = fields.ForeignKeyField(
        "deliberation.Thread", related_name=False, on_delete=fields.CASCADE
    )
    thread_id: int
    token_hash = fields.CharField(max_length=64, unique=True)
    expires_at: datetime = fields.DatetimeField()

    class Meta:
        table = "consultations_coauthor_link"
        unique_together = (("thread",),)


class Coauthor(EntityRow):
    """Somebody who made a proposal together with its author."""

    thread: fields.ForeignKeyRelation[Thread] = fields.ForeignKeyField(
        "deliberation.Thread", related_name=False, on_delete=fields.CASCADE
    )
    thread_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "accounts.Person", related_name=False, on_delete=fields.CASCADE
    )
    person_id: int
    joined_at: datetime = fields.DatetimeField()

    class Meta:
        table = "consultations_coauthor"
        unique_together = (("thread", "person"),)
        indexes = [Index(fields=("person_id",))]
