"""Surveys, their questions in versions, and who answered what."""

from datetime import datetime

from tortoise import fields
from tortoise.indexes import Index

from participa.accounts.models import Person
from participa.entities.models import EntityRow
from participa.processes.models import Process


class Survey(EntityRow):
    """Questions put to everybody inside a process; `version` is that of its present questions."""

    process: fields.ForeignKeyRelation[Process] = fields.ForeignKeyField(
        "processes.Process", related_name=False, on_delete=fields.CASCADE
    )
    process_id: int
    title = fields.CharField(max_length=160)
    introduction = fields.TextField(default="")
    version = fields.IntField(default=1)

    class Meta:
        table = "surveys_survey"
        unique_together = (("process", "title"),)


class Question(EntityRow):
    """A question of one version; it never changes once somebody has answered that version."""

    survey: fields.ForeignKeyRelation[Survey] = fields.ForeignKeyField(
        "surveys.Survey", related_name=False, on_delete=fields.CASCADE
    )
    survey_id: int
    version = fields.IntField()
    position = fields.IntField()
    kind = fields.CharField(max_length=12)  # single | multiple | scale | text
    text = fields.CharField(max_length=300)
    help = fields.TextField(default="")
    required = fields.BooleanField(default=True)
    # Those of a scale run from the lowest to the highest; an open question has none.
    options: list[str] = fields.JSONField(default=list)

    class Meta:
        table = "surveys_question"
        unique_together = (("survey", "version", "position"),)


class Response(EntityRow):
    """That a person answered a survey, once.

    Who leaves the platform takes the name along and leaves the answers: published totals stay.
    """

    survey: fields.ForeignKeyRelation[Survey] = fields.ForeignKeyField(
        "surveys.Survey", related_name=False, on_delete=fields.CASCADE
    )
    survey_id: int
    version = fields.IntField()
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "accounts.Person", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    person_id: int | None
    receipt_number = fields.CharField(max_length=24)
    request_key = fields.CharField(max_length=64, null=True)
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "surveys_response"
        unique_together = (("survey", "person"), ("entity", "receipt_number"))
        indexes = [Index(fields=("survey_id", "version")), Index(fields=("person_id",))]


class Answer(EntityRow):
    """One choice, or the words, of a response; several choices are several rows.

    `choice` counts the question's options from 0, so that the database can do the counting.
    """

    response: fields.ForeignKeyRelation[Response] = fields.ForeignKeyField(
        "surveys.Response", related_name=False, on_delete=fields.CASCADE
    )
    response_id: int
    question: fields.ForeignKeyRelation[Question] = fields.ForeignKeyField(
        "surveys.Question", related_name=False, on_delete=fields.NO_ACTION
    )
    question_id: int
    choice: int | None = fields.IntField(null=True)
    text = fields.TextField(default="")

    class Meta:
        table = "surveys_answer"
        unique_together = (("response", "question", "choice"),)
        # Everything the totals read, so that counting never touches the table itself.
        indexes = [Index(fields=("question_id", "choice", "response_id", "entity_id"))]
