"""A survey for the tests, and many people who answer it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from datetime import datetime
from unittest import mock

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection

from participa.accounts.models import Person
from participa.accounts.permissions import Actor
from participa.db import CONNECTION
from participa.surveys.answered import Answered
from participa.surveys.models import (
    Answer,
    Counted,
    Participation,
    Question,
    Response,
    Survey,
)
from participa.surveys.queries import questions_of
from participa.surveys.questionnaire import Kind, on_one_page, plain_item
from participa.surveys.results.counting import counting_of
from participa.surveys.results.reading import Results, plan_of, results_of
from participa.surveys.service import create_survey
from tests.people import NOW, Municipality

QUESTIONS = on_one_page(
    (
        plain_item("vive", Kind.SINGLE, "¿Dónde vive?", ("Barrio", "Vereda", "Otro")),
        plain_item(
            "fallo", Kind.MULTIPLE, "¿Qué le falló?", ("Agua", "Luz", "Bus"), required=False
        ),
        plain_item(
            "via", Kind.SCALE, "¿Cómo está la vía?", ("Mala", "Regular", "Buena"), help="La suya."
        ),
        plain_item("arreglo", Kind.LONG, "¿Qué arreglaría?", required=False),
    )
)


async def a_survey(town: Municipality, process_id: int | None = None) -> Survey:
    """Create the survey in a process, by default the open one."""
    return await create_survey(
        entity_id=town.entity.id,
        process_id=process_id or town.process.id,
        title="Servicios",
        introduction="Para saber qué falla.",
        questionnaire=QUESTIONS,
    )


async def filled_in(survey: Survey, words: str = "El puente.") -> dict[int, Answered]:
    """Give answers to every question."""
    place, failed, road, wish = await questions_of(survey)
    return {
        place.id: Answered((1,)),
        failed.id: Answered((0, 2)),
        road.id: Answered((0,)),
        wish.id: Answered(words=words),
    }


async def form_of(survey: Survey, words: str = "El puente.") -> dict[str, str]:
    """Give the same answers as a browser sends them."""
    place, failed, road, wish = await questions_of(survey)
    return {
        f"p{place.id}": "1",
        f"p{failed.id}_0": "1",
        f"p{failed.id}_2": "1",
        f"p{road.id}": "0",
        f"p{wish.id}": words,
    }


async def many_answers(survey: Survey, counts: Sequence[Sequence[int]], at: datetime = NOW) -> int:
    """Let people of their own answer, in a few statements, so that options have these counts.

    Every row of `counts` is a question with one choice each; all rows have the same sum.
    """
    count = sum(counts[0])
    entity_id = survey.entity_id
    start = await Response.all().count()
    names = [f"Vecina {start + n}" for n in range(count)]
    await Person.bulk_create(
        [Person(entity_id=entity_id, display_name=name, created_at=at) for name in names]
    )
    people = await Person.of(entity_id).filter(display_name__in=names).order_by("id")
    responses = [
        Response(entity_id=entity_id, survey=survey, version=survey.version, day=at.date())
        for _person in people
    ]
    await Response.bulk_create(responses)
    await Participation.bulk_create(
        Participation(
            entity_id=entity_id, survey=survey, participant=f"person:{person.id}", person=person,
            response_id=response.id, receipt_number=f"T-{start + n}", created_at=at,
        )
        for n, (person, response) in enumerate(zip(people, responses, strict=True))
    )  # fmt: skip
    rows: list[Answer] = []
    for question, row in zip(await _countable(survey), counts, strict=True):
        choices = [choice for choice, times in enumerate(row) for _ in range(times)]
        rows += [
            Answer(entity_id=entity_id, response_id=response.id, question=question, choice=choice)
            for response, choice in zip(responses, choices, strict=True)
        ]
    await Answer.bulk_create(rows)
    return count


async def _countable(survey: Survey) -> list[Question]:
    return [
        question for question in await questions_of(survey) if question.asked.kind is not Kind.LONG
    ]


async def counted_results(survey: Survey, version: int = 1) -> Results:
    """Count a version as it stands and give its results in Spanish."""
    await Counted.of(survey.entity_id).filter(survey_id=survey.id).delete()
    counting = await counting_of(survey, version, NOW, NOW)
    assert counting is not None
    return await results_of(survey, version, counting, await plan_of(survey), "es")


def nobody(town: Municipality) -> Actor:
    """Give somebody who has not signed in."""
    return Actor(town.entity.id)


@asynccontextmanager
async def statements() -> AsyncIterator[list[str]]:
    """Collect the SQL statements run meanwhile."""
    run: list[str] = []
    kind = type(get_connection(CONNECTION))

    def counted(name: str) -> object:
        real = getattr(kind, name)

        async def call(client: BaseDBAsyncClient, query: str, *more: object) -> object:
            run.append(query)
            return await real(client, query, *more)

        return call

    with ExitStack() as patches:
        for name in ("execute_query", "execute_query_dict", "execute_insert", "execute_many"):
            patches.enter_context(mock.patch.object(kind, name, counted(name)))
        yield run
