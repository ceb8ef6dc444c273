"""The acts of officials on commitments: making one, telling how it goes, changing it, settling it.

Each is a step of the public history and stands in the public log.
"""

from collections.abc import Collection
from datetime import date, datetime

from participa.accounts.officials import officials_of
from participa.accounts.permissions import Actor
from participa.commitments.evidence_reads import evidence_count
from participa.commitments.models import Commitment, Source, Step
from participa.commitments.rules import (
    MAX_SOURCES,
    SETTLED,
    Act,
    Promise,
    State,
    act_of,
    may_move,
    needs_reason,
)
from participa.commitments.steps import held, permit, take_step, today_of
from participa.db import transaction
from participa.deliberation.models import Contribution
from participa.deliberation.rules import State as SaidState
from participa.entities.models import Entity, Office
from participa.i18n import _
from participa.processes.models import Process
from participa.processes.queries import process_target
from participa.web.refusals import BadInput, Conflict, NotFound


class MovedMeanwhile(Conflict):
    """Somebody else did something with the commitment after the page was shown."""

    title = _("El compromiso cambió mientras usted escribía")
    advice = _("Mire cómo quedó y, si todavía hace falta, envíe otra vez.")


class EvidenceMissing(BadInput):
    """A commitment was called done without anything that shows it."""

    status = 422
    title = _("Antes de darlo por cumplido, adjunte una prueba: un archivo o un enlace.")


class ReasonMissing(BadInput):
    """A step that has to be explained was not."""

    status = 422
    title = _("Escriba el motivo: quienes lo pidieron lo van a leer.")


async def make_commitment(
    actor: Actor,
    process_id: int,
    promise: Promise,
    *,
    now: datetime,
    request_key: str | None = None,
) -> Commitment:
    """Promise something in the entity's name; those who asked for it are told.

    The same request key gives what it made the first time. Refuses with NotFound, with
    NotAllowed, and with BadInput a day that has passed, an office or an official that may not
    answer for it, and contributions that cannot be read.
    """
    async with transaction():
        process = await _locked_process(actor.entity_id, process_id)
        permit(actor, process_target(process))
        if request_key is not None and (same := await _asked_before(process, request_key)):
            return same
        await _check(process, promise, now)
        made = await _store(process, promise, request_key, now)
        await add_sources(made, promise.sources)
        await take_step(actor, made, Act.MADE, note="", now=now)
    return made


async def _locked_process(entity_id: int, process_id: int) -> Process:
    """Hold the process until commit, so that the same form sent twice at once counts once."""
    rows = Process.of(entity_id).filter(id=process_id).select_for_update(no_key=True)
    process = await rows.first()
    if process is None:
        raise NotFound
    return process


async def _asked_before(process: Process, request_key: str) -> Commitment | None:
    same = await Commitment.of(process.entity_id).filter(request_key=request_key).first()
    if same is not None and same.process_id != process.id:
        raise Conflict
    return same


async def _check(process: Process, promise: Promise, now: datetime) -> None:
    if not promise.title.strip():
        raise BadInput(_("Escriba qué se compromete a hacer la entidad."))
    await _require_to_come(process.entity_id, promise.due_on, now)
    await _require_answerable(process.entity_id, process.id, promise.office_id, promise.owner_id)


async def _require_to_come(entity_id: int, due_on: date, now: datetime) -> None:
    if due_on < today_of(await Entity.get(id=entity_id), now):
        raise BadInput(_("Elija un día que todavía no haya pasado."))


async def _require_answerable(
    entity_id: int, process_id: int, office_id: int, owner_id: int
) -> None:
    if not await Office.of(entity_id).filter(id=office_id).exists():
        raise BadInput(_("Elija la dependencia que responde."))
    if owner_id not in {each.id for each in await officials_of(entity_id, process_id)}:
        raise BadInput(_("Elija a quien responde: alguien con el rol de funcionario."))


async def _store(
    process: Process, promise: Promise, request_key: str | None, now: datetime
) -> Commitment:
    kind, object_id = promise.origin or ("", None)
    return await Commitment.create(
        entity_id=process.entity_id,
        process=process,
        title=promise.title,
        indicator=promise.indicator,
        office_id=promise.office_id,
        owner_id=promise.owner_id,
        first_due_on=promise.due_on,
        due_on=promise.due_on,
        term_days=promise.term_days,
        state=State.OPEN,
        origin_kind=kind,
        origin_id=object_id,
        session_id=promise.session_id,
        request_key=request_key,
        made_at=now,
    )


async def add_sources(commitment: Commitment, ids: Collection[int]) -> None:
    """Name contributions that led to a commitment. Refuses with BadInput what cannot be read."""
    there = Source.of(commitment.entity_id).filter(commitment_id=commitment.id)
    known = {each.contribution_id for each in await there}
    fresh = sorted(set(ids) - known)
    rows = Contribution.of(commitment.entity_id).filter(
        id__in=fresh, state=SaidState.PUBLISHED, thread__is_hidden=False, office=""
    )
    if await rows.count() != len(fresh):
        raise BadInput(_("Uno de los aportes ya no se puede leer."))
    await Source.bulk_create(
        [
            Source(
                entity_id=commitment.entity_id, commitment_id=commitment.id, contribution_id=each
            )
            for each in fresh
        ]
    )


async def report_progress(
    actor: Actor, commitment_id: int, note: str, *, seen: str, now: datetime
) -> None:
    """Tell how a commitment goes; one that only waited is in progress from then on.

    The same words again change nothing. Refuses with NotFound, NotAllowed, MovedMeanwhile, with
    BadInput no words, and with Conflict what is settled.
    """
    if not note.strip():
        raise BadInput(_("Cuente cómo va."))
    async with transaction():
        found = await held(actor, commitment_id)
        if await _was_said(found, Act.PROGRESS, note):
            return
        _require_unmoved(found, seen)
        if found.state in SETTLED:
            raise Conflict(_("El compromiso ya está cerrado: reábralo primero."))
        found.state = State.IN_PROGRESS
        await take_step(actor, found, Act.PROGRESS, note=note, now=now)


async def _was_said(found: Commitment, act: Act, note: str) -> bool:
    last = Step.of(found.entity_id).filter(commitment_id=found.id, number=found.step_count)
    return await last.filter(act=act, note=note).exists()


def _require_unmoved(found: Commitment, seen: str) -> None:
    if str(found.step_count) != seen:
        raise MovedMeanwhile


async def move(
    actor: Actor, commitment_id: int, to: State, *, reason: str, seen: str, now: datetime
) -> None:
    """Call a commitment done or cancelled, or open it again; those who asked are told.

    Where it stands there already nothing changes. Refuses with NotFound, NotAllowed,
    MovedMeanwhile, EvidenceMissing and ReasonMissing.
    """
    async with transaction():
        found = await held(actor, commitment_id)
        since = State(found.state)
        if since is to:
            return
        _require_unmoved(found, seen)
        if not may_move(since, to):
            raise MovedMeanwhile
        if needs_reason(since, to) and not reason.strip():
            raise ReasonMissing
        if to is State.DONE:
            await _fulfil(found, now)
        found.state = to
        await take_step(actor, found, act_of(since, to), note=reason, now=now)


async def _fulfil(found: Commitment, now: datetime) -> None:
    if not await evidence_count(found.entity_id, found.id):
        raise EvidenceMissing
    found.done_on = today_of(await Entity.get(id=found.entity_id), now)
    found.done_count += 1


async def change(
    actor: Actor,
    commitment_id: int,
    *,
    due_on: date,
    office_id: int,
    owner_id: int,
    indicator: str,
    sources: Collection[int],
    reason: str,
    seen: str,
    now: datetime,
) -> None:
    """Give a commitment another day, office, official or indicator, or more to come from.

    What it was is told in its history. The same again changes nothing. Refuses as
    `make_commitment` does, with MovedMeanwhile, and with ReasonMissing another day or office.
    """
    async with transaction():
        found = await held(actor, commitment_id)
        before = (found.due_on, found.office_id, found.owner_id, found.indicator)
        named = Source.of(actor.entity_id).filter(commitment_id=found.id)
        fresh = set(sources) - {each.contribution_id for each in await named}
        if before == (due_on, office_id, owner_id, indicator) and not fresh:
            return
        _require_unmoved(found, seen)
        if before[:2] != (due_on, office_id) and not reason.strip():
            raise ReasonMissing
        if due_on != found.due_on:
            await _require_to_come(found.entity_id, due_on, now)
            found.due_on, found.term_days = due_on, None
        await _require_answerable(found.entity_id, found.process_id, office_id, owner_id)
        found.office_id, found.owner_id, found.indicator = office_id, owner_id, indicator
        if len(sources) > MAX_SOURCES:
            raise BadInput(_("Un compromiso nombra como mucho {most} aportes.", most=MAX_SOURCES))
        await add_sources(found, sources)
        await take_step(actor, found, Act.CHANGED, note=reason, now=now)
