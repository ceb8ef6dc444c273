"""How people are counted: one rule, whether Python counts or the database does."""

import importlib
import random
import sqlite3

from participa.deliberation import service
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.rules import CHANNELS
from participa.deliberation.saying import Said
from participa.deliberation.voices import (
    Count,
    Counted,
    Heard,
    heard,
    heard_in_kind,
    heard_in_process,
    heard_in_thread,
    voice_of,
)
from tests.people import NOW, Municipality
from tests.visitors import Web

MESA = Said("Falta el puente.", channel="workshop", people_count=23, voice="mesa:1")


async def say(town: Municipality, *everything: Said) -> None:
    """Let nobody with an account say things about the bridge."""
    for said in everything:
        await service.publish(town.elsa, town.topic.thread_id, said, now=NOW)


def _voice(row: Contribution) -> str:
    return voice_of(
        contribution_id=row.id, author_id=row.author_id, channel=row.channel, voice=row.voice
    )


async def test_the_database_counts_as_the_rule_does(town: Municipality) -> None:
    """Whatever was said by whomever, both give the same counts, in all and by channel."""
    chance = random.Random(4)  # noqa: S311 - not for secrets
    people = [town.ana, town.beto, town.elsa]
    for _each in range(60):
        said = Said(
            "Algo.",
            channel=chance.choice(list(CHANNELS)),
            people_count=chance.choice((1, 1, 12)),
            voice=chance.choice(("", "", "mesa:1", "mesa:2", "told:7")),
        )
        await service.publish(chance.choice(people), town.topic.thread_id, said, now=NOW)
    rows = await Contribution.of(town.entity.id).filter(thread_id=town.topic.thread_id)
    expected = heard(Counted(_voice(row), row.people_count, row.channel) for row in rows)
    assert await heard_in_thread(town.entity.id, town.topic.thread_id) == expected
    assert list(expected.channels) == list(CHANNELS)


async def test_a_mesa_counts_once_and_a_call_is_one_person(town: Municipality) -> None:
    """Three contributions of a mesa of 23, two calls of one person and a form are 25 and Ana."""
    call = Said("Llamo otra vez.", channel="telephone", voice="told:1")
    await say(town, MESA, MESA, MESA, call, call, Said("En papel.", channel="paper"))
    found = await heard_in_process(town.entity.id, town.process.id)
    assert found.all == Count(7, 26)
    assert dict(found.by_channel) == {
        "web": Count(1, 1),
        "telephone": Count(2, 1),
        "paper": Count(1, 1),
        "workshop": Count(3, 23),
    }


async def test_the_entity_and_hidden_threads_are_nobody(town: Municipality) -> None:
    """What the entity answers, and what was said in a hidden thread, is not counted."""
    thread_id = town.topic.thread_id
    await service.publish(town.diego, thread_id, Said("Sí.", office="Planeación"), now=NOW)
    counted = Heard(Count(1, 1), {"web": Count(1, 1)})
    assert await heard_in_kind(town.entity.id, town.process.id, "forums.topic") == counted
    assert await heard_in_kind(town.entity.id, town.process.id, "other") == Heard()
    await Thread.of(town.entity.id).filter(id=thread_id).update(is_hidden=True)
    assert await heard_in_process(town.entity.id, town.process.id) == Heard()


async def test_pages_count_by_channel(town: Municipality, web: Web) -> None:
    """A thread and its process say by which channels, once there are two."""
    visitor = await web.visit(town.elsa)
    pages = (f"/hilos/{town.topic.thread_id}", "/procesos/plan")
    for path in pages:
        assert "Por canal" not in (await visitor.get(path)).text
    await say(town, MESA, MESA)
    for path in pages:
        answer = await visitor.get(path)
        assert "24 personas" in answer.text
        assert "Mesas de trabajo: 2 aportes, 23 personas" in answer.text


def test_mesas_of_before_are_one_each_by_place_day_and_people() -> None:
    """The migration gives what was there its voice: one mesa, and another day's another."""
    step = importlib.import_module("participa.deliberation.migrations.0002_voice")
    base = sqlite3.connect(":memory:")
    base.execute(
        "CREATE TABLE deliberation_contribution "
        "(channel, place, created_at, people_count, voice DEFAULT '')"
    )
    rows = [
        ("workshop", "El Salado", "2026-11-20 14:00:00", 9),
        ("workshop", "El Salado", "2026-11-20 15:30:00", 9),
        ("workshop", "El Salado", "2026-11-21 14:00:00", 9),
        ("workshop", "", "2026-11-20 14:00:00", 9),
        ("paper", "El Salado", "2026-11-20 14:00:00", 1),
    ]
    base.executemany(
        "INSERT INTO deliberation_contribution (channel, place, created_at, people_count) "
        "VALUES (?, ?, ?, ?)",
        rows,
    )
    base.execute(step.MESAS)
    voices = [row[0] for row in base.execute("SELECT voice FROM deliberation_contribution")]
    first, other = "mesa:el salado:2026-11-20:9", "mesa:el salado:2026-11-21:9"
    assert voices == [first, first, other, "", ""]
