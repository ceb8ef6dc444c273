"""A small municipality served for tests of live threads, as a program of its own.

Its people are signed in from the start and its rate limits never refuse: those have tests of
their own. Prints one line of JSON when it is ready to serve: tokens by name, thread addresses.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn

from participa.accountability.service import create_session
from participa.accounts.models import Person
from participa.accounts.permissions import Role
from participa.accounts.sessions import open_session
from participa.app import create_app
from participa.db import connected
from participa.db.migrations import migrate
from participa.deliberation.saying import Said
from participa.entities.models import Office
from participa.entities.service import create_entity
from participa.forums.service import create_forum, start_topic
from participa.processes.service import PhasePlan, create_process
from participa.realtime.server import server_config
from participa.settings import Settings
from tests.conftest import make_settings
from tests.people import ALL_ACTIVITIES, person
from tests.visitors import Unlimited

TOPICS = 24


async def build(settings: Settings) -> dict[str, object]:
    """Create the people, a hearing and the topics."""
    await migrate(settings)
    now = datetime.now(UTC)
    async with connected(settings):
        entity = await create_entity(slug="laloma", name="La Loma", base_url="http://127.0.0.1")
        ana = await person(entity, "Ana")
        await person(entity, "Beto")
        await person(entity, "Carmen", Role.MODERATOR)
        phase = PhasePlan("Participación", now - timedelta(1), now + timedelta(9), ALL_ACTIVITIES)
        process = await create_process(
            entity_id=entity.id, slug="plan", title="Plan", summary="", promise="answered",
            participa_item="6.2.3", phases=[phase], now=now,
        )  # fmt: skip
        forum = await create_forum(
            entity_id=entity.id, process_id=process.id, title="Vías", question=""
        )
        office = await Office.create(entity=entity, name="Secretaría de Obras")
        await person(entity, "Diego", Role.OFFICIAL, office=office)
        await create_session(
            entity_id=entity.id, process_id=process.id, title="Audiencia del año", summary="",
            place="Coliseo", held_at=now,
        )  # fmt: skip
        topics = [
            await start_topic(ana, forum, title=f"Tema {at}", said=Said("Para empezar."), now=now)
            for at in range(TOPICS)
        ]
        people = await Person.of(entity.id)
        return {
            "tokens": {each.display_name: await open_session(each, now) for each in people},
            "paths": [f"/hilos/{topic.thread_id}" for topic in topics],
        }


def main(folder: str, port: str) -> None:
    """Build and serve until stopped."""
    settings = make_settings(Path(folder))
    print(json.dumps(asyncio.run(build(settings))), flush=True)
    app = create_app(settings, limiter=Unlimited())
    uvicorn.Server(server_config(app, "127.0.0.1", int(port))).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
