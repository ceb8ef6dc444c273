"""The municipality that benchmarks are run on: people signed in, threads filled."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from participa.accounts.permissions import Actor
from participa.accounts.service import create_person
from participa.accounts.sessions import actor_for, open_session
from participa.db import connected
from participa.db.migrations import migrate
from participa.deliberation import service
from participa.deliberation.saying import Said
from participa.entities.models import Entity
from participa.entities.service import create_entity
from participa.forums.models import Forum
from participa.forums.service import create_forum, start_topic
from participa.processes.service import PhasePlan, create_process
from participa.settings import Settings

TEXT = (
    "La vía de la vereda se daña con cada invierno y los niños llegan tarde a la escuela. "
    "Pedimos que la meta de kilómetros diga cuáles tramos y en qué año, porque hace cuatro años "
    "se prometió lo mismo y la obra quedó a la mitad. Con la junta ya medimos los tres puntos que "
    "más se dañan, y hay vecinos que ponen el trabajo si la alcaldía pone el material y la máquina."
)
MARKDOWN = (
    "**La vía de la vereda** se daña con cada invierno. Pedimos tres cosas:\n\n"
    "- que la meta diga *cuáles tramos*,\n- en qué año se hace cada uno,\n"
    "- y quién responde por la obra.\n\n"
    "El plan anterior prometía lo mismo: https://participa.example.gov.co/plan y no se cumplió. "
    "Con la junta ya medimos los puntos que más se dañan."
)
SUPPORTED = 10


@dataclass(frozen=True, slots=True)
class Stage:
    """What there is to load: sign-in tokens, and the threads by how they were filled."""

    tokens: list[str]
    threads: list[int]


def settings_in(folder: Path, database_url: str = "") -> Settings:
    """Give settings in which nothing of this installation's counts, its environment neither."""
    return Settings(
        _env_file=None,
        redis_url="",
        processes=1,
        https=False,
        trusted_proxies="",
        log_level="info",
        var_dir=folder,
        database_url=database_url,
        secret_key="b" * 40,
        mail_url="null:",
        embedded_worker=False,
        max_watchers=100_000,
    )


def set_up(
    settings: Settings, *, people: int, threads: int, posts: int, supports: bool = True
) -> Stage:
    """Create everything; each thread has so many contributions, its first one included.

    With `supports`, the last person supports ten of them, where there are as many.
    """
    supported = SUPPORTED if supports else 0
    return asyncio.run(
        _set_up(settings, people=people, threads=threads, posts=posts, supported=supported)
    )


async def _set_up(
    settings: Settings, *, people: int, threads: int, posts: int, supported: int
) -> Stage:
    await migrate(settings)
    now = datetime.now(UTC)
    async with connected(settings):
        entity = await create_entity(slug="medida", name="Medida", base_url="http://127.0.0.1")
        persons = [await _person(entity, at, now) for at in range(people)]
        actors = [actor for actor, _token in persons]
        forum = await _forum(entity, now)
        ids = [await _thread(forum, actors, posts, supported, now) for _each in range(threads)]
    return Stage([token for _actor, token in persons], ids)


async def _person(entity: Entity, at: int, now: datetime) -> tuple[Actor, str]:
    person = await create_person(
        entity_id=entity.id, name=f"Persona {at}", email=f"p{at}@example.org",
        password_hash="", now=now,
    )  # fmt: skip
    return await actor_for(person), await open_session(person, now)


async def _forum(entity: Entity, now: datetime) -> Forum:
    phase = PhasePlan(
        "Participación", now - timedelta(days=1), now + timedelta(days=30), ("forums.discuss",)
    )
    process = await create_process(
        entity_id=entity.id, slug="plan", title="Plan", summary="", promise="answered",
        participa_item="6.2.3", phases=[phase], now=now,
    )  # fmt: skip
    return await create_forum(entity_id=entity.id, process_id=process.id, title="Vías", question="")


async def _thread(
    forum: Forum, actors: Sequence[Actor], posts: int, supported: int, now: datetime
) -> int:
    opening = await start_topic(actors[0], forum, title="Las vías", said=Said(TEXT), now=now)
    thread_id = opening.thread_id
    said = await asyncio.gather(
        *(
            service.publish(actors[at % len(actors)], thread_id, Said(TEXT), now=now)
            for at in range(1, posts)
        )
    )
    reader = actors[-1]
    for each in [each for each in said if each.author_id != reader.person_id][:supported]:
        await service.set_support(reader, each.id, wanted=True, now=now)
    return thread_id
