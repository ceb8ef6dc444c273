"""Formal answers, every earlier wording of them, and the contributions that they answer."""

from datetime import date, datetime

from tortoise import fields
from tortoise.indexes import Index

from participa.deliberation.models import Contribution
from participa.entities.models import EntityRow
from participa.plans.models import Section
from participa.processes.models import Process


class Answer(EntityRow):
    """What the entity decided of one or many contributions of a process, and why.

    `section` and `version_number` say where in the plan it went. `is_owed` is a promise: the
    next version of the text will have it.
    """

    process: fields.ForeignKeyRelation[Process] = fields.ForeignKeyField(
        "processes.Process", related_name=False, on_delete=fields.CASCADE
    )
    process_id: int
    verdict = fields.CharField(max_length=12)
    reason_source = fields.TextField()
    reason_html = fields.TextField()
    sanitiser_version = fields.IntField()
    # In whose name it was given.
    office = fields.CharField(max_length=120)
    section: fields.ForeignKeyNullableRelation[Section] = fields.ForeignKeyField(
        "plans.Section", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    section_id: int | None
    version_number: int | None = fields.IntField(null=True)
    is_owed = fields.BooleanField(default=False)
    edit_count = fields.IntField(default=0)
    request_key = fields.CharField(max_length=64, null=True)
    created_at: datetime = fields.DatetimeField()
    edited_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "answers_answer"
        unique_together = (("entity", "request_key"),)
        indexes = [Index(fields=("process_id", "is_owed")), Index(fields=("section_id",))]


class AnswerRevision(EntityRow):
    """What an answer said before it was changed: the public history keeps each wording."""

    answer: fields.ForeignKeyRelation[Answer] = fields.ForeignKeyField(
        "answers.Answer", related_name=False, on_delete=fields.CASCADE
    )
    answer_id: int
    number = fields.IntField()
    verdict = fields.CharField(max_length=12)
    reason_source = fields.TextField()
    reason_html = fields.TextField()
    office = fields.CharField(max_length=120)
    section: fields.ForeignKeyNullableRelation[Section] = fields.ForeignKeyField(
        "plans.Section", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    section_id: int | None
    version_number: int | None = fields.IntField(null=True)
    is_owed = fields.BooleanField(default=False)
    replaced_at: datetime = fields.DatetimeField()

    class Meta:
        table = "answers_revision"
        unique_together = (("answer", "number"),)
        indexes = [Index(fields=("section_id",))]


class AnswerTarget(EntityRow):
    """A contribution and the answer that counts for it; the database allows no second.

    `told_on` and `told_how` say when and how whoever no mail reaches was told of it; both go
    when the answer changes.
    """

    answer: fields.ForeignKeyRelation[Answer] = fields.ForeignKeyField(
        "answers.Answer", related_name=False, on_delete=fields.CASCADE
    )
    answer_id: int
    contribution: fields.ForeignKeyRelation[Contribution] = fields.ForeignKeyField(
        "deliberation.Contribution", related_name=False, on_delete=fields.CASCADE
    )
    contribution_id: int
    told_on: date | None = fields.DateField(null=True)
    told_how = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        table = "answers_target"
        unique_together = (("contribution",),)
        indexes = [Index(fields=("answer_id",))]


class EarlierTarget(EntityRow):
    """A contribution and an answer that counted for it until another one was given."""

    answer: fields.ForeignKeyRelation[Answer] = fields.ForeignKeyField(
        "answers.Answer", related_name=False, on_delete=fields.CASCADE
    )
    answer_id: int
    contribution: fields.ForeignKeyRelation[Contribution] = fields.ForeignKeyField(
        "deliberation.Contribution", related_name=False, on_delete=fields.CASCADE
    )
    contribution_id: int
    replaced_at: datetime = fields.DatetimeField()

    class Meta:
        table = "answers_earlier_target"
        unique_together = (("contribution", "answer"),)
        indexes = [Index(fields=("answer_id",))]
