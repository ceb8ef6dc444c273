"""Numbered events of a hearing: stored with the act, announced after its commit."""

from datetime import datetime
from functools import partial

from tortoise.expressions import F

from participa.accountability.hearing.models import HearingEvent
from participa.accountability.models import AccountabilitySession
from participa.accounts.permissions import Actor
from participa.audit import record
from participa.db import after_commit
from participa.processes.service import touch
from participa.realtime import wake
from participa.web.refusals import NotFound


def topic(session_id: int) -> str:
    """Name the topic that a session's watchers wait on."""
    return f"accountability.session:{session_id}"


async def held(entity_id: int, session_id: int) -> AccountabilitySession:
    """Take the session's next number, which holds its row until commit, and read it.

    The first thing every act at a hearing does: so numbers have no gaps, follow the order of
    commits, and no two acts wait in a circle. Refuses with NotFound.
    """
    rows = AccountabilitySession.of(entity_id).filter(id=session_id)
    await rows.update(last_number=F("last_number") + 1)
    found = await rows.select_related("process", "office").first()
    if found is None:
        raise NotFound
    return found


async def locked(entity_id: int, session_id: int) -> AccountabilitySession:
    """Hold a session's row until commit without a number, for what its watchers are not told.

    Refuses with NotFound.
    """
    rows = AccountabilitySession.of(entity_id).filter(id=session_id)
    found = await rows.select_for_update(no_key=True).first()
    if found is None:
        raise NotFound
    return found


async def happened(
    session: AccountabilitySession, kind: str, now: datetime, thread_id: int | None = None
) -> None:
    """Store what happened under the number that `held` took, and wake the watchers after it."""
    await HearingEvent.create(
        entity_id=session.entity_id,
        session=session,
        number=session.last_number,
        kind=kind,
        thread_id=thread_id,
        at=now,
    )
    after_commit(partial(wake, topic(session.id)))


async def done(
    actor: Actor,
    session: AccountabilitySession,
    kind: str,
    now: datetime,
    *,
    thread_id: int | None = None,
    label: str = "",
    reason: str = "",
) -> None:
    """Store an act of those who hold a hearing: its event, the public log, pages made anew."""
    await happened(session, kind, now, thread_id)
    await record(
        entity_id=session.entity_id,
        actor_id=actor.person_id,
        actor_name=actor.name,
        action=f"accountability.{kind}",
        object_kind="deliberation.thread" if thread_id else "accountability.session",
        object_id=thread_id or session.id,
        object_label=label or session.title,
        reason=reason,
        now=now,
    )
    await touch(session.entity_id, session.process_id)
