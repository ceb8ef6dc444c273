"""Conversations made quickly, for the tests that read them."""

import asyncio

from participa.accounts.permissions import Actor
from participa.deliberation import service
from participa.deliberation.models import Contribution
from participa.deliberation.saying import Said
from tests.people import NOW, Municipality


def thread_path(town: Municipality) -> str:
    """Give the address of the conversation about the bridge."""
    return f"/hilos/{town.topic.thread_id}"


async def say(
    town: Municipality,
    actor: Actor,
    body: str,
    *,
    thread_id: int | None = None,
    parent_id: int | None = None,
    request_key: str | None = None,
    office: str = "",
    stance: str | None = None,
) -> Contribution:
    """Say something, about the bridge or elsewhere."""
    return await service.publish(
        actor,
        thread_id or town.topic.thread_id,
        Said(body, office=office, stance=stance),
        now=NOW,
        parent_id=parent_id,
        request_key=request_key,
    )


async def fill(town: Municipality, count: int, thread_id: int | None = None) -> list[Contribution]:
    """Say many things, a third of them in answer to others; give them as they were said."""
    answers = count // 3
    said = await asyncio.gather(
        *(
            say(town, town.beto if n % 2 else town.carmen, f"Aporte {n}.", thread_id=thread_id)
            for n in range(count - answers)
        )
    )
    said += await asyncio.gather(
        *(
            say(town, town.ana, f"Respuesta {n}.", thread_id=thread_id, parent_id=said[2 * n].id)
            for n in range(answers)
        )
    )
    return sorted(said, key=lambda each: each.number)
