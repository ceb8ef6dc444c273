"""Surveys, their questions in versions, who took part, and what was answered."""

from datetime import date, datetime
from functools import cached_property

from tortoise import fields
from tortoise.indexes import Index

from participa.accounts.models import Person
from participa.db.keys import RandomKey, random_id
from participa.entities.models import EntityRow
from participa.processes.models import Process
from participa.surveys.questionnaire import Item
from participa.surveys.rules import ACTIVITY


class Survey(EntityRow):
    """Questions put to everybody inside a process; `version` is that of its present questions.

    Officials write in `draft`, a questionnaire as JSON, which publishing makes the present
    version; `revision` counts its changes. Version 0 was never published.
    """

    process: fields.ForeignKeyRelation[Process] = fields.ForeignKeyField(
        "processes.Process", related_name=False, on_delete=fields.CASCADE
    )
    process_id: int
    title = fields.CharField(max_length=160)
    introduction = fields.TextField(default="")
    version = fields.IntField(default=1)
    draft: dict[str, object] | None = fields.JSONField(null=True)
    revision = fields.IntField(default=0, db_default=0)
    languages: list[str] = fields.JSONField(default=list, db_default=[])
    # Who answers and how, see `participa.surveys.rules`; it stands still from the first answer on.
    audience = fields.CharField(max_length=12, default="registered", db_default="registered")
    is_secret = fields.BooleanField(default=False, db_default=False)
    may_change = fields.BooleanField(default=False, db_default=False)
    quota_items: list[str] = fields.JSONField(default=list, db_default=[])
    # What a phase must open for it: the process's surveys, or this one alone.
    activity = fields.CharField(max_length=40, default=ACTIVITY, db_default=ACTIVITY)

    class Meta:
        table = "surveys_survey"
        unique_together = (("process", "title"),)


class Question(EntityRow):
    """An item of one version; it never changes once somebody has answered that version."""

    survey: fields.ForeignKeyRelation[Survey] = fields.ForeignKeyField(
        "surveys.Survey", related_name=False, on_delete=fields.CASCADE
    )
    survey_id: int
    version = fields.IntField()
    # Pages count from 0, and so do the items of all of them.
    page = fields.IntField(default=0)
    position = fields.IntField()
    item: dict[str, object] = fields.JSONField()

    class Meta:
        table = "surveys_question"
        unique_together = (("survey", "version", "position"),)

    @cached_property
    def asked(self) -> Item:
        """What it asks and how it is answered."""
        return Item.model_validate(self.item)


class SurveyPage(EntityRow):
    """The title of a page of one version."""

    survey: fields.ForeignKeyRelation[Survey] = fields.ForeignKeyField(
        "surveys.Survey", related_name=False, on_delete=fields.CASCADE
    )
    survey_id: int
    version = fields.IntField()
    number = fields.IntField()
    title: dict[str, str] = fields.JSONField(default=dict)

    class Meta:
        table = "surveys_page"
        unique_together = (("survey", "version", "number"),)


class Response(EntityRow):
    """A filled-in questionnaire. Its id and those of its answers do not tell their order."""

    id = RandomKey(primary_key=True, generated=False, default=random_id)
    survey: fields.ForeignKeyRelation[Survey] = fields.ForeignKeyField(
        "surveys.Survey", related_name=False, on_delete=fields.CASCADE
    )
    survey_id: int
    version = fields.IntField()
    day: date = fields.DateField()
    channel = fields.CharField(max_length=12, default="web", db_default="web")
    # The cell of the survey's quota it is counted in; empty where there is none.
    quota = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        table = "surveys_response"
        indexes = [
            # How many answered each version and came by each channel, counted on pages: with the
            # entity, so that counting never touches the table itself.
            Index(fields=("survey_id", "version", "entity_id")),
            Index(fields=("survey_id", "channel", "entity_id")),
        ]


class Participation(EntityRow):
    """That somebody answered a survey, once: `participant` is their account, document or code.

    Who leaves the platform takes the name along and leaves the answers: published totals stay.
    In a secret survey it names no response and knows no moment finer than the day (T34).
    """

    id = RandomKey(primary_key=True, generated=False, default=random_id)
    survey: fields.ForeignKeyRelation[Survey] = fields.ForeignKeyField(
        "surveys.Survey", related_name=False, on_delete=fields.CASCADE
    )
    survey_id: int
    participant = fields.CharField(max_length=80)
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "accounts.Person", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    person_id: int | None
    response: fields.ForeignKeyNullableRelation[Response] = fields.ForeignKeyField(
        "surveys.Response", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    response_id: int | None
    receipt_number = fields.CharField(max_length=24)
    request_key = fields.CharField(max_length=64, null=True)
    created_at: datetime = fields.DatetimeField()
    channel = fields.CharField(max_length=12, default="web", db_default="web")
    # The official who wrote the answers down for somebody.
    recorded_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "accounts.Person", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    recorded_by_id: int | None
    withdrawn_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "surveys_participation"
        unique_together = (("survey", "participant"), ("entity", "receipt_number"))
        indexes = [
            Index(fields=("person_id",)),
            Index(fields=("response_id",)),
            Index(fields=("recorded_by_id",)),
        ]


class AnswerChange(EntityRow):
    """That answers were sent, changed or withdrawn: a digest of what they were, not what."""

    id = RandomKey(primary_key=True, generated=False, default=random_id)
    participation: fields.ForeignKeyRelation[Participation] = fields.ForeignKeyField(
        "surveys.Participation", related_name=False, on_delete=fields.CASCADE
    )
    participation_id: int
    number = fields.IntField()
    act = fields.CharField(max_length=12)  # sent | replaced | withdrawn
    digest = fields.CharField(max_length=64, default="")
    made_at: datetime = fields.DatetimeField()

    class Meta:
        table = "surveys_answer_change"
        unique_together = (("participation", "number"),)


class RollEntry(EntityRow):
    """Somebody who is asked by name or by letter; of their code only the hash is kept."""

    id = RandomKey(primary_key=True, generated=False, default=random_id)
    survey: fields.ForeignKeyRelation[Survey] = fields.ForeignKeyField(
        "surveys.Survey", related_name=False, on_delete=fields.CASCADE
    )
    survey_id: int
    # Counts from 1, for the letters and the interviewers.
    number = fields.IntField()
    name = fields.CharField(max_length=120, default="")
    address = fields.CharField(max_length=200, default="")
    code_hash = fields.CharField(max_length=64, null=True)
    printed_on: date | None = fields.DateField(null=True)

    class Meta:
        table = "surveys_roll_entry"
        unique_together = (("survey", "number"), ("survey", "code_hash"))


class QuotaCell(EntityRow):
    """How many answers of one group are wanted, and how many are taken."""

    id = RandomKey(primary_key=True, generated=False, default=random_id)
    survey: fields.ForeignKeyRelation[Survey] = fields.ForeignKeyField(
        "surveys.Survey", related_name=False, on_delete=fields.CASCADE
    )
    survey_id: int
    # The codes of the options chosen in the survey's quota items, as `quotas.cell_key` writes them.
    cell = fields.CharField(max_length=200)
    most = fields.IntField()
    taken = fields.IntField(default=0, db_default=0)

    class Meta:
        table = "surveys_quota_cell"
        unique_together = (("survey", "cell"),)


class SurveyTemplate(EntityRow):
    """A questionnaire that an entity keeps to begin other surveys with."""

    title = fields.CharField(max_length=160)
    questionnaire: dict[str, object] = fields.JSONField()

    class Meta:
        table = "surveys_template"
        unique_together = (("entity", "title"),)


class Answer(EntityRow):
    """One choice, number or text of a response; several choices are several rows.

    `choice` counts the item's options from 0, so that the database can do the counting; `row`
    is the line of a matrix, or the place in a ranking, from 0.
    """

    id = RandomKey(primary_key=True, generated=False, default=random_id)
    response: fields.ForeignKeyRelation[Response] = fields.ForeignKeyField(
        "surveys.Response", related_name=False, on_delete=fields.CASCADE
    )
    response_id: int
    question: fields.ForeignKeyRelation[Question] = fields.ForeignKeyField(
        "surveys.Question", related_name=False, on_delete=fields.NO_ACTION
    )
    question_id: int
    row = fields.IntField(default=0)
    choice: int | None = fields.IntField(null=True)
    number: float | None = fields.FloatField(null=True)
    text = fields.TextField(default="")

    class Meta:
        table = "surveys_answer"
        unique_together = (("response", "question", "row", "choice"),)
        # Everything the totals read, so that counting never touches the table itself.
        indexes = [
            Index(fields=("question_id", "row", "choice", "response_id", "number", "entity_id"))
        ]


class Progress(EntityRow):
    """What somebody has typed so far, to be gone on with from a private link on any device.

    It says nothing of who types, and goes when the answers are sent or are too old.
    """

    id = RandomKey(primary_key=True, generated=False, default=random_id)
    survey: fields.ForeignKeyRelation[Survey] = fields.ForeignKeyField(
        "surveys.Survey", related_name=False, on_delete=fields.CASCADE
    )
    survey_id: int
    version = fields.IntField()
    token_hash = fields.CharField(max_length=64, unique=True)
    # Form fields as typed, so that nothing is lost that needs mending.
    typed: dict[str, str] = fields.JSONField(default=dict)
    touched_on: date = fields.DateField()
    # By page, when what is kept of it was typed, in milliseconds of the epoch.
    marks: dict[str, int] = fields.JSONField(default=dict, db_default={})
    # Of answers that an official writes down for somebody: how they were given, and whose.
    channel = fields.CharField(max_length=12, default="web", db_default="web")
    participant = fields.CharField(max_length=80, default="", db_default="")

    class Meta:
        table = "surveys_progress"
        indexes = [Index(fields=("survey_id",)), Index(fields=("touched_on",))]


class ResultPlan(EntityRow):
    """How a survey's results are shown and what they are told beside; without one, as usual.

    `traits` names, by dimension of the census, the code of the question that tells it.
    """

    survey: fields.ForeignKeyRelation[Survey] = fields.ForeignKeyField(
        "surveys.Survey", related_name=False, on_delete=fields.CASCADE
    )
    survey_id: int
    is_live = fields.BooleanField(default=False)
    sampling = fields.CharField(max_length=12, default="open")  # open | random | everyone
    traits: dict[str, str] = fields.JSONField(default=dict)

    class Meta:
        table = "surveys_result_plan"
        unique_together = (("survey",),)


class Counted(EntityRow):
    """The answers to a version, put into lines once it was closed (`results.columns`)."""

    survey: fields.ForeignKeyRelation[Survey] = fields.ForeignKeyField(
        "surveys.Survey", related_name=False, on_delete=fields.CASCADE
    )
    survey_id: int
    version = fields.IntField()
    responses = fields.IntField()
    # Answers up to this day, where they are counted while the survey is open.
    until: date | None = fields.DateField(null=True)
    packed: bytes = fields.BinaryField()
    counted_at: datetime = fields.DatetimeField()

    class Meta:
        table = "surveys_counted"
        unique_together = (("survey", "version"),)


class QuestionThemes(EntityRow):
    """What the open answers to a question speak of, found by the program, let pass by a person."""

    question: fields.ForeignKeyRelation[Question] = fields.ForeignKeyField(
        "surveys.Question", related_name=False, on_delete=fields.CASCADE
    )
    question_id: int
    state = fields.CharField(max_length=12)  # queued | found | failed | published
    texts = fields.IntField(default=0)
    themes: list[dict[str, object]] = fields.JSONField(default=list)

    class Meta:
        table = "surveys_question_themes"
        unique_together = (("question",),)


class LogEntry(EntityRow):
    """Something that can change what comes out of a survey, chained to what came before (T37)."""

    survey: fields.ForeignKeyRelation[Survey] = fields.ForeignKeyField(
        "surveys.Survey", related_name=False, on_delete=fields.CASCADE
    )
    survey_id: int
    number = fields.IntField()
    # The line as it is published, whose SHA-256 the next one names.
    line = fields.TextField()
    digest = fields.CharField(max_length=64)

    class Meta:
        table = "surveys_log_entry"
        unique_together = (("survey", "number"),)


class LogHead(EntityRow):
    """The end of a survey's log; whoever writes to the log holds this row until they are done."""

    survey: fields.ForeignKeyRelation[Survey] = fields.ForeignKeyField(
        "surveys.Survey", related_name=False, on_delete=fields.CASCADE
    )
    survey_id: int
    number = fields.IntField(default=0)
    digest = fields.CharField(max_length=64)

    class Meta:
        table = "surveys_log_head"
        unique_together = (("survey",),)
