"""Reads of surveys: one with its questions, its totals counted by the database, cards of several.

Each takes a fixed number of statements, however many people answered.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.functions import Count

from participa.accounts.permissions import Target
from participa.features import ActivityCard
from participa.i18n import Number, Text, _, n_
from participa.kit.csvs import Cell
from participa.kit.tally import Tally, tally_multiple, tally_single
from participa.processes.queries import Schedule
from participa.surveys.models import Answer, Question, Response, Survey, SurveyPage
from participa.surveys.questionnaire import (
    KINDS,
    Item,
    Kind,
    Page,
    Questionnaire,
    Words,
    in_language,
)
from participa.surveys.rules import ACTIVITY, CHANNELS
from participa.web.refusals import NotFound

LARGEST_ID = 2**31 - 1
CSV_HEADER = (
    "version", "pregunta", "texto", "tipo", "respondieron", "opcion", "cuenta", "parte", "oculta",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """The totals of a question or of a line of a matrix; those without options have no cells.

    A ranking counts who put each option first.
    """

    number: int
    text: str
    kind: Kind
    kind_label: Text
    tally: Tally
    row: str = ""


@dataclass(frozen=True, slots=True)
class SurveyResult:
    """What came out of one version of a survey."""

    version: int
    questions: tuple[QuestionResult, ...]


async def survey_of(entity_id: int, survey_id: int) -> Survey:
    """Find a survey with its process. Refuses with NotFound, also for another entity's."""
    if survey_id > LARGEST_ID:
        raise NotFound
    survey = await Survey.of(entity_id).filter(id=survey_id).select_related("process").first()
    if survey is None:
        raise NotFound
    return survey


async def surveys_of(entity_id: int, process_id: int) -> list[tuple[Survey, int]]:
    """List the surveys of a process with how many answered, in two statements."""
    surveys = await Survey.of(entity_id).filter(process_id=process_id).order_by("id")
    responses = Response.of(entity_id).filter(survey_id__in=[survey.id for survey in surveys])
    grouped = responses.annotate(n=Count("id")).group_by("survey_id")
    counts = {int(str(k)): int(str(n)) for k, n in await grouped.values_list("survey_id", "n")}
    return [(survey, counts.get(survey.id, 0)) for survey in surveys]


def survey_target(survey: Survey) -> Target:
    """Give a survey as what is acted upon: public once it is published and its process is."""
    is_public = survey.process.is_published and survey.version > 0
    return Target(survey.entity_id, survey.process_id, is_public=is_public)


def survey_url(survey: Survey) -> str:
    """Give the address of a survey's start page."""
    return f"/encuestas/{survey.id}"


def sealed_until(schedule: Schedule, now: datetime) -> datetime | None:
    """Say until when results are hidden; None once they may be read, or if no day is set."""
    at = schedule.final_closing(ACTIVITY)
    return at if at is not None and now < at else None


def has_results(schedule: Schedule, now: datetime) -> bool:
    """Whether results may be read: the survey was open and nobody can answer any more."""
    return schedule.final_closing(ACTIVITY) is not None and sealed_until(schedule, now) is None


async def questions_of(survey: Survey, version: int | None = None) -> list[Question]:
    """List the questions of a version, by default the present one, in their order."""
    rows = Question.of(survey.entity_id).filter(survey_id=survey.id)
    return await rows.filter(version=version or survey.version).order_by("position")


async def response_counts(survey: Survey) -> dict[int, int]:
    """Count the responses by version."""
    rows = Response.of(survey.entity_id).filter(survey_id=survey.id)
    found = await rows.annotate(n=Count("id")).group_by("version").values_list("version", "n")
    return {int(str(version)): int(str(n)) for version, n in found}


async def channel_counts(survey: Survey) -> list[tuple[Text, int]]:
    """Count the responses by the way they came."""
    rows = Response.of(survey.entity_id).filter(survey_id=survey.id)
    found = await rows.annotate(n=Count("id")).group_by("channel").values_list("channel", "n")
    counts = {str(channel): int(str(n)) for channel, n in found}
    return [(CHANNELS[channel], counts[channel]) for channel in CHANNELS if channel in counts]


async def questionnaire_of(survey: Survey, version: int | None = None) -> Questionnaire:
    """Give a version's questions whole, as they are exchanged, in two statements."""
    questions = await questions_of(survey, version)
    rows = SurveyPage.of(survey.entity_id).filter(survey_id=survey.id)
    pages = await rows.filter(version=version or survey.version).order_by("number")
    return Questionnaire(
        languages=tuple(survey.languages),
        pages=tuple(
            Page(title=page.title, items=tuple(q.asked for q in questions if q.page == page.number))
            for page in pages
        ),
    )


async def survey_result(survey: Survey, version: int, language: str) -> SurveyResult:
    """Count a version in three statements. The caller has made sure that it may be read."""
    questions = [each for each in await questions_of(survey, version) if each.asked.is_asked]
    chosen = await _chosen(survey.entity_id, [question.id for question in questions])
    several = [question.id for question in questions if question.asked.kind is Kind.MULTIPLE]
    answered = await _answered(survey.entity_id, several)
    return SurveyResult(
        version=version,
        questions=tuple(
            result
            for question in questions
            for result in _results(
                question, chosen[question.id], answered.get(question.id, 0), language
            )
        ),
    )


Chosen = Mapping[int, Mapping[int | None, int]]
"""How often each option was chosen, by row; words and numbers stand under None."""


async def _chosen(entity_id: int, questions: Sequence[int]) -> Mapping[int, Chosen]:
    """Count the answers of each question."""
    rows = Answer.of(entity_id).filter(question_id__in=list(questions))
    grouped = rows.annotate(n=Count("response_id")).group_by("question_id", "row", "choice")
    counts: dict[int, dict[int, dict[int | None, int]]] = defaultdict(lambda: defaultdict(dict))
    for question, row, choice, n in await grouped.values_list("question_id", "row", "choice", "n"):
        option = None if choice is None else int(str(choice))
        counts[int(str(question))][int(str(row))][option] = int(str(n))
    return counts


async def _answered(entity_id: int, questions: Sequence[int]) -> dict[int, int]:
    """Count who answered questions that take several options."""
    rows = Answer.of(entity_id).filter(question_id__in=list(questions))
    grouped = rows.annotate(n=Count("response_id", distinct=True)).group_by("question_id")
    found = await grouped.values_list("question_id", "n")
    return {int(str(question)): int(str(n)) for question, n in found}


def _results(
    question: Question, chosen: Chosen, answered: int, language: str
) -> Iterator[QuestionResult]:
    item = question.asked
    lines: Sequence[Words] = [row.label for row in item.rows] or [{}]
    for number, line in enumerate(lines):
        yield QuestionResult(
            number=question.position + 1,
            text=in_language(item.text, language),
            kind=item.kind,
            kind_label=KINDS[item.kind],
            tally=_tally(item, chosen.get(number, {}), answered, language),
            row=in_language(line, language),
        )


def _tally(item: Item, chosen: Mapping[int | None, int], answered: int, language: str) -> Tally:
    labels = [in_language(option.label, language) for option in item.options]
    counts = [chosen.get(option, 0) for option in range(len(labels))]
    if not labels:
        return Tally(sum(chosen.values()))
    if item.kind is Kind.MULTIPLE:
        return tally_multiple(labels, counts, answered)
    return tally_single(labels, counts)


def csv_rows(result: SurveyResult) -> Iterator[Sequence[Cell]]:
    """Give the totals as rows of CSV_HEADER; an open question is one row without option."""
    for question in result.questions:
        tally = question.tally
        common = (
            result.version,
            question.number,
            f"{question.text} {question.row}".strip(),
            str(question.kind_label),
            tally.answered,
        )
        if not tally.cells:
            yield (*common, "", None, None, "")
        for cell in tally.cells:
            share = None if cell.share is None else round(cell.share, 4)
            hidden = "sí" if cell.count is None else "no"
            yield (*common, cell.label, cell.count, share, hidden)


async def cards_of(entity_id: int, processes: Sequence[int]) -> list[ActivityCard]:
    """Give the surveys of several processes as cards, in two statements."""
    rows = Survey.of(entity_id).filter(process_id__in=list(processes), version__gt=0)
    surveys = await rows.order_by("process_id", "id")
    responses = Response.of(entity_id).filter(survey_id__in=[survey.id for survey in surveys])
    grouped = responses.annotate(n=Count("id")).group_by("survey_id")
    found = await grouped.values_list("survey_id", "n")
    counts = {int(str(survey)): int(str(n)) for survey, n in found}
    return [_card(survey, counts.get(survey.id, 0)) for survey in surveys]


def _card(survey: Survey, responses: int) -> ActivityCard:
    return ActivityCard(
        kind="survey",
        kind_label=_("Encuesta"),
        process_id=survey.process_id,
        activity=ACTIVITY,
        title=survey.title,
        summary=survey.introduction,
        url=survey_url(survey),
        fact=n_("{n} respuesta", "{n} respuestas", responses, n=Number(responses)),
        action=_("Responder la encuesta"),
    )
