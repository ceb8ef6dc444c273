"""What may happen in a conversation, one act after the other, each changing what readers see."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from participa.deliberation import service
from participa.deliberation.models import Contribution, Thread
from participa.insights.service import publish_report
from participa.moderation import service as moderation
from participa.processes.models import Process
from tests.deliberation.talking import say
from tests.people import CLOSES, NOW, Municipality
from tests.security.world import make_report
from tests.visitors import Web

Act = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Place:
    """A conversation to act in, and the pages it is read on."""

    thread_id: int
    paths: list[str]


def story(town: Municipality, place: Place, web: Web) -> dict[str, Act]:
    """Tell what happens in a conversation, in order."""
    said: dict[str, Contribution] = {}
    thread = Thread.of(town.entity.id).filter(id=place.thread_id)
    process = Process.of(town.entity.id).filter(id=town.process.id)

    async def publish() -> None:
        said["beto"] = await say(
            town, town.beto, "Que **pasen** ya.", thread_id=place.thread_id, stance="in_favour"
        )

    async def reply() -> None:
        said["ana"] = await say(
            town, town.ana, "Eso.", thread_id=place.thread_id, parent_id=said["beto"].id
        )

    async def support(name: str, *, wanted: bool) -> None:
        actor = town.ana if name == "beto" else town.beto
        await service.set_support(actor, said[name].id, wanted=wanted, now=NOW)

    async def answer() -> None:
        await say(
            town, town.diego, "Va en marzo.", office="Secretaría de Planeación",
            thread_id=place.thread_id, parent_id=said["ana"].id,
        )  # fmt: skip

    async def report() -> None:
        draft, _theme = await make_report(town.entity, town.process, town.topic, None)
        await publish_report(town.diego, draft.id, NOW)

    async def close() -> None:
        web.clock.now = CLOSES

    return {
        "published": publish,
        "replied": reply,
        "supported by ana": lambda: support("beto", wanted=True),
        "supported by beto": lambda: support("ana", wanted=True),
        "not supported any more": lambda: support("beto", wanted=False),
        "edited": lambda: service.edit(town.beto, said["beto"].id, "Que pasen hoy.", now=NOW),
        "answered by the entity": answer,
        "hidden": lambda: moderation.hide(town.carmen, said["beto"].id, rule="1", now=NOW),
        "restored": lambda: moderation.restore(town.carmen, said["beto"].id, now=NOW),
        "removed": lambda: service.remove(town.ana, said["ana"].id, now=NOW),
        "report published": report,
        "closed": close,
        "thread hidden": lambda: thread.update(is_hidden=True),
        "thread shown": lambda: thread.update(is_hidden=False),
        "unpublished": lambda: process.update(is_published=False),
    }
