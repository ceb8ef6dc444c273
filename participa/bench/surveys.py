"""What a survey costs with a hundred thousand answers: its results, a table, one answer more.

The limit is one pass over all lines of answers, which any counting must make: the ratio
compares machines. Counting the answers into lines is done once, when a survey closes.
"""

import asyncio
import random
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from participa.accounts.models import Person
from participa.accounts.permissions import Actor
from participa.app import create_app
from participa.bench.measuring import Bar, BenchFailed, Result, median
from participa.bench.stage import settings_in
from participa.bench.statements import asked, counted
from participa.db import connected
from participa.db.keys import random_id
from participa.db.migrations import migrate
from participa.entities.census import Group, save_population
from participa.entities.service import create_entity
from participa.processes.service import PhasePlan, create_process
from participa.settings import Settings
from participa.surveys.answered import Answered
from participa.surveys.models import ResultPlan, Survey
from participa.surveys.progress import begin_answering
from participa.surveys.queries import questions_of
from participa.surveys.questionnaire import Kind, on_one_page, plain_item
from participa.surveys.results.columns import unpacked
from participa.surveys.results.counting import count_version
from participa.surveys.service import answer_survey, create_survey

FEW, MANY = 10, 100_000
MUST_MS, AIM_MS = 300.0, 150.0
# An answer at the largest size beside one at the smallest.
SAME = (1.5, 1.15)
_ROUNDS, _ANSWERS = 7, 40
_AGES = ("18 a 28", "29 a 44", "45 a 59", "60 o más")
_AREAS = tuple(f"Vereda {n}" for n in range(1, 13))
_OPTIONS = ("Muy mal", "Mal", "Regular", "Bien", "Muy bien")
_ITEMS = (
    plain_item("sexo", Kind.SINGLE, "¿Sexo?", ("Mujer", "Hombre")),
    plain_item("edad", Kind.SINGLE, "¿Edad?", _AGES),
    plain_item("lugar", Kind.SINGLE, "¿Dónde vive?", _AREAS),
    *(plain_item(f"e{n}", Kind.SCALE, f"¿Cómo está el servicio {n}?", _OPTIONS) for n in range(12)),
    plain_item("varias", Kind.MULTIPLE, "¿Qué falla?", ("Agua", "Luz", "Bus", "Vía", "Salud")),
    plain_item("paga", Kind.MONEY, "¿Cuánto paga?"),
)
_NEEDED = {"sexo": 2, "edad": len(_AGES), "lugar": len(_AREAS)}


@dataclass(frozen=True, slots=True)
class _Stage:
    survey: Survey
    people: list[Actor]
    opens: datetime
    closes: datetime


def bench_surveys(many: int = MANY) -> Result:
    """Measure on the embedded database, in this process. Raises BenchFailed on a wrong page."""
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_in(Path(folder))
        asyncio.run(migrate(settings))
        return asyncio.run(_measured(settings, many))


async def _measured(settings: Settings, many: int) -> Result:
    figures: dict[str, object] = {"survey_answers": many, "survey_questions": len(_ITEMS)}
    async with connected(settings):
        stage = await _set_up()
        random_ = random.Random(24)  # noqa: S311 - invented answers
        await _fill(settings, stage, FEW, random_)
        few = await _answering(settings, stage, figures, "few")
        await _fill(settings, stage, many - FEW, random_)
        much = await _answering(settings, stage, figures, "many")
        bars = await _results(settings, stage, figures)
    bars += [
        Bar("survey_page_many", much[0] / few[0], *SAME),
        Bar("survey_answer_many", much[1] / few[1], *SAME),
    ]
    return Result("surveys", figures, tuple(bars))


async def _set_up() -> _Stage:
    now = datetime.now(UTC)
    opens, closes = now - timedelta(days=1), now + timedelta(days=1)
    entity = await create_entity(slug="medida", name="Medida", base_url="http://127.0.0.1")
    process = await create_process(
        entity_id=entity.id, slug="plan", title="Plan", summary="", promise="answered",
        participa_item="6.2.3", now=now,
        phases=[PhasePlan("Encuesta", opens, closes, ("surveys.answer",))],
    )  # fmt: skip
    survey = await create_survey(
        entity_id=entity.id, process_id=process.id, title="Servicios", introduction="",
        questionnaire=on_one_page(_ITEMS),
    )  # fmt: skip
    groups = [Group(a, s, "", 1000) for a in _AGES for s in ("Mujer", "Hombre")]
    groups += [Group(area=area, people=700) for area in _AREAS]
    await save_population(entity.id, "Medida", groups, now.date())
    traits = {"sex": "sexo", "age": "edad", "area": "lugar"}
    await ResultPlan.create(entity_id=entity.id, survey=survey, sampling="open", traits=traits)
    return _Stage(survey, await _people(entity.id, now), opens, closes)


async def _people(entity_id: int, now: datetime) -> list[Actor]:
    rows = [
        Person(entity_id=entity_id, display_name=f"Persona {n}", created_at=now)
        for n in range(2 * _ANSWERS)
    ]
    await Person.bulk_create(rows)
    return [Actor(entity_id, p.id, p.display_name) for p in await Person.of(entity_id)]


async def _fill(settings: Settings, stage: _Stage, count: int, draw: random.Random) -> None:
    """Write answers straight into the tables: by the act itself it would take an hour."""
    if settings.sqlite_file is None:
        raise BenchFailed("se mide en SQLite")
    survey, questions = stage.survey, await questions_of(stage.survey)
    ids = [random_id() for _n in range(count)]
    day = stage.opens.date().isoformat()
    responses = [(id_, survey.entity_id, survey.id, 1, day) for id_ in ids]
    answers = [
        (random_id(), survey.entity_id, id_, question.id, choice, number)
        for question in questions
        for id_ in ids
        for choice, number in _invented(question.asked.code, question.asked.kind, draw)
    ]
    with closing(sqlite3.connect(settings.sqlite_file, timeout=60)) as connection, connection:
        connection.executemany(
            "INSERT INTO surveys_response (id, entity_id, survey_id, version, day)"
            " VALUES (?, ?, ?, ?, ?)",
            responses,
        )
        connection.executemany(
            "INSERT INTO surveys_answer (id, entity_id, response_id, question_id, choice, number,"
            " row, text) VALUES (?, ?, ?, ?, ?, ?, 0, '')",
            answers,
        )


def _invented(code: str, kind: Kind, draw: random.Random) -> list[tuple[int | None, float | None]]:
    if kind is Kind.MONEY:
        return [(None, float(draw.randrange(20, 200) * 1000))]
    if kind is Kind.MULTIPLE:
        return [(choice, None) for choice in range(5) if draw.random() < 0.4] or [(0, None)]
    return [(draw.randrange(_NEEDED.get(code, len(_OPTIONS))), None)]


async def _answering(
    settings: Settings, stage: _Stage, figures: dict[str, object], name: str
) -> tuple[float, float]:
    """Measure the page of questions, in milliseconds, and sending answers."""
    app = create_app(settings, clock=lambda: stage.opens + timedelta(hours=30))
    token = await begin_answering(stage.survey, stage.opens.date())
    path = f"/encuestas/{stage.survey.id}/r/{token}/1"
    page = await _milliseconds(partial(asked, app, path))
    figures[f"survey_page_{name}_ms"] = page
    figures[f"survey_page_{name}_statements"] = await counted(app, path, "")
    questions = await questions_of(stage.survey)
    answers = {
        q.id: Answered(number=Decimal(50_000)) if q.asked.kind is Kind.MONEY else Answered((0,))
        for q in questions
    }
    some = [stage.people.pop() for _n in range(_ANSWERS)]
    times = []
    for person in some:
        began = time.perf_counter()
        await answer_survey(person, stage.survey.id, answers, datetime.now(UTC))
        times.append(1000 * (time.perf_counter() - began))
    figures[f"survey_answer_{name}_ms"] = median(times)
    return page, median(times)


async def _results(settings: Settings, stage: _Stage, figures: dict[str, object]) -> list[Bar]:
    later = stage.closes + timedelta(hours=1)
    began = time.perf_counter()
    kept = await count_version(stage.survey, 1, later)
    figures["survey_count_s"] = time.perf_counter() - began
    lines = unpacked(kept.packed).choices.values()
    began = time.perf_counter()
    for line in lines:
        Counter(line)
    figures["survey_pass_ms"] = passed = 1000 * (time.perf_counter() - began)
    app = create_app(settings, clock=lambda: later)
    base = f"/encuestas/{stage.survey.id}/resultados"
    began = time.perf_counter()
    await asked(app, base)
    figures["survey_first_ms"] = 1000 * (time.perf_counter() - began)
    bars = []
    for name, path in (
        ("survey_results", base),
        ("survey_group", f"{base}?solo=2:0"),
        ("survey_crossing", f"{base}/cruce?pregunta=4&por=3"),
        ("survey_crossing_options", f"{base}/cruce?pregunta=16&por=3"),
    ):
        value = await _milliseconds(partial(asked, app, path))
        figures[f"{name}_passes"] = value / passed
        bars.append(Bar(name, value, MUST_MS, AIM_MS, "ms"))
    return bars


async def _milliseconds(act: Callable[[], Awaitable[Any]]) -> float:
    await act()
    times = []
    for _round in range(_ROUNDS):
        began = time.perf_counter()
        await act()
        times.append(1000 * (time.perf_counter() - began))
    return median(times)
