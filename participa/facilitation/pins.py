"""Pinning: a contribution that its thread shows first, a thread that its list shows first."""

from datetime import datetime

from participa.accounts.permissions import Actor
from participa.db import transaction
from participa.deliberation.models import Pin, Thread
from participa.deliberation.rules import State
from participa.deliberation.service import held
from participa.facilitation.rules import MOST_PINNED
from participa.facilitation.service import done, held_thread, log
from participa.i18n import _
from participa.processes.service import touch
from participa.web.refusals import Conflict


class TooManyPinned(Conflict):
    """As much is pinned as may be."""

    title = _("Ya hay tres fijados")
    advice = _("Deje de fijar uno antes de fijar otro.")


async def pin(actor: Actor, contribution_id: int, *, wanted: bool, now: datetime) -> None:
    """Show a contribution first in its thread, or no longer; twice changes nothing.

    Refuses with NotFound, with TooManyPinned, and with Conflict what cannot be read.
    """
    async with transaction():
        found = await held(actor, contribution_id)
        pins = Pin.of(actor.entity_id).filter(thread_id=found.thread_id)
        if await pins.filter(contribution_id=found.id).exists() is wanted:
            return
        if not wanted:
            await pins.filter(contribution_id=found.id).delete()
        else:
            if found.state != State.PUBLISHED:
                raise Conflict(_("Solo se fija lo que se puede leer."))
            if await pins.filter(contribution__state=State.PUBLISHED).count() >= MOST_PINNED:
                raise TooManyPinned
            await Pin.create(
                entity_id=actor.entity_id, thread_id=found.thread_id, contribution=found,
                pinned_at=now,
            )  # fmt: skip
        act = "pinned" if wanted else "unpinned"
        await done(actor, found.thread, act, now=now, contribution=found, is_activity=False)


async def pin_thread(actor: Actor, thread_id: int, *, wanted: bool, now: datetime) -> None:
    """Show a thread first in its place's list, or no longer; twice changes nothing.

    Refuses with NotFound, with TooManyPinned, and with Conflict where there is no list.
    """
    async with transaction():
        thread = await held_thread(actor, thread_id)
        if (thread.pinned_at is not None) is wanted:
            return
        # The process's row makes those who pin in one list wait for each other.
        await touch(actor.entity_id, thread.process_id)
        rows = Thread.of(actor.entity_id)
        listed = rows.filter(kind=thread.kind, place_id=thread.place_id, pinned_at__isnull=False)
        if thread.sole_key is not None:
            raise Conflict(_("Esta conversación no está en ninguna lista."))
        if wanted and await listed.count() >= MOST_PINNED:
            raise TooManyPinned
        await rows.filter(id=thread.id).update(pinned_at=now if wanted else None)
        await log(actor, thread, "pinned" if wanted else "unpinned", reason="", now=now)
