"""The hot acts of a conversation as steps: read everything, refuse, then write.

Each runs among others in one transaction. The thread's row is the first thing changed, so that
numbers have no gaps and follow the order of commits.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from participa.accounts.permissions import Actor
from participa.db import Row, Rows, Statement, Steps
from participa.deliberation.closing import ThreadConcluded
from participa.deliberation.receipts import taking_receipts
from participa.deliberation.rules import BY_ITSELF, State, child_path
from participa.deliberation.saying import Said
from participa.deliberation.shown import SPEAKERS
from participa.deliberation.texts import Body
from participa.features import Keeping
from participa.i18n import _
from participa.processes.queries import PHASES, phases_from
from participa.processes.rules import is_open
from participa.web.refusals import Conflict, NotFound, PhaseClosed


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in a thread something is placed: under a parent or at its root."""

    thread_id: int
    process_id: int
    parent_id: int | None = None
    parent_path: str = ""
    is_opening: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A contribution just stored; `is_new` is false for what an earlier sending made."""

    id: int
    thread_id: int
    process_id: int
    number: int
    path: str
    receipt_number: str
    is_new: bool = True
    # Who said it and what it answers, as `shown.SPEAKERS` names them, where that was read.
    speakers: Row = ()


@dataclass(frozen=True, slots=True)
class Supported:
    """What a press of the support button came to; `number` is None where it changed nothing."""

    thread_id: int
    number: int | None
    id: int
    receipt_number: str
    path: str
    supports: int

    @property
    def is_new(self) -> bool:
        """Whether it changed anything."""
        return self.number is not None


_SITUATION = f"""
    SELECT t.process_id, t.activity, t.closed_at, earlier.id, earlier.number, earlier.path,
        earlier.receipt_number, parent.id, parent.path,
        CASE WHEN united.id IS NULL THEN parent.state ELSE 'merged' END, {SPEAKERS},
        phase.opens, phase.opens_at, phase.closes_at
    FROM deliberation_thread t
    LEFT JOIN processes_phase phase
        ON phase.process_id = t.process_id AND phase.entity_id = t.entity_id
    LEFT JOIN accounts_person author ON author.id = $3
    LEFT JOIN entities_territory territory ON territory.id = author.territory_id
    LEFT JOIN deliberation_contribution earlier
        ON earlier.author_id = $3 AND earlier.request_key = $4
    LEFT JOIN deliberation_contribution parent
        ON parent.id = $5 AND parent.thread_id = t.id
    LEFT JOIN deliberation_merge united ON united.contribution_id = parent.id
    LEFT JOIN accounts_person answered ON answered.id = parent.author_id
    WHERE t.id = $2 AND t.entity_id = $1 AND NOT t.is_hidden
"""  # noqa: S608 - only names of columns

# A row for each phase of the process, the same but for the phase.
_SPEAKERS_AT, _PHASE_AT = 10, 19
_ANYWHERE = "SELECT id FROM deliberation_contribution WHERE entity_id = $1 AND id = $2"


def publishing(
    actor: Actor,
    thread_id: int,
    said: Said,
    body: Body,
    *,
    now: datetime,
    parent_id: int | None,
    request_key: str | None,
    keeping: Keeping | None = None,
) -> Steps[Placed]:
    """Publish in a thread. See `service.publish`."""
    values = (actor.entity_id, thread_id, actor.person_id, request_key, parent_id)
    found: Rows = yield Statement(_SITUATION, values)
    if not found:
        raise NotFound
    process_id, activity, closed_at, *others = found[0][:_SPEAKERS_AT]
    *earlier, parent, parent_path, parent_state = others
    if earlier[0] is not None:
        first_id, number, path, receipt = earlier
        return Placed(first_id, thread_id, process_id, number, path, receipt, is_new=False)
    if closed_at is not None:
        raise ThreadConcluded
    if not said.office:
        _require_open([row[_PHASE_AT:] for row in found if row[-1] is not None], activity, now)
    if parent_id is not None and parent is None:
        elsewhere: Rows = yield Statement(_ANYWHERE, (actor.entity_id, parent_id))
        if not elsewhere:
            raise NotFound
        raise Conflict(_("Lo que respondía ya no está en esta conversación."))
    if parent_id is not None and parent_state != State.PUBLISHED:
        raise Conflict(_("Ya no se puede responder a ese aporte."))
    spot = Spot(thread_id, process_id, parent_id, parent_path or "")
    speakers = found[0][_SPEAKERS_AT:_PHASE_AT]
    placed = yield from placing(
        actor, spot, said, body, now=now, request_key=request_key, speakers=speakers
    )
    if keeping is not None:
        yield from keeping(placed.id)
    return placed


def requiring_open(entity_id: int, process_id: int, activity: str, now: datetime) -> Steps[None]:
    """Refuse with PhaseClosed outside the phases that open an activity."""
    rows: Rows = yield Statement(PHASES, (entity_id, process_id))
    _require_open(rows, activity, now)


def _require_open(phases: Rows, activity: str, now: datetime) -> None:
    if not is_open(phases_from(phases), activity, now):
        raise PhaseClosed


_NUMBER = """
    UPDATE deliberation_thread
    SET last_number = last_number + 1, contribution_count = contribution_count + $2,
        last_activity_at = $3
    WHERE id = $1 RETURNING last_number
"""
_CONTRIBUTION = """
    INSERT INTO deliberation_contribution (
        entity_id, thread_id, process_id, number, path, parent_id, is_opening, author_id, office,
        body_source, body_format, body_html, sanitiser_version, stance, state, hidden_reason,
        channel, people_count, place, category, receipt_number, request_key, support_count,
        reply_count, edit_count, created_at, voice)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'markdown', $11, $12, $13, 'published', '',
        $14, $15, $16, $17, $18, $19, 0, 0, 0, $20, $21)
    RETURNING id
"""
_REPLIED = "UPDATE deliberation_contribution SET reply_count = reply_count + 1 WHERE id = $1"
_EVENT = """
    INSERT INTO deliberation_event (entity_id, thread_id, number, kind, contribution_id, at)
    VALUES ($1, $2, $3, $4, $5, $6)
"""


def placing(
    actor: Actor,
    spot: Spot,
    said: Said,
    body: Body,
    *,
    now: datetime,
    request_key: str | None,
    speakers: Row = (),
) -> Steps[Placed]:
    """Store a contribution with its number, its receipt and its event. Nothing is asked here."""
    numbers: Rows = yield Statement(_NUMBER, (spot.thread_id, 1, now))
    number = int(numbers[0][0])
    receipts = yield from taking_receipts(actor.entity_id, now.year)
    path = child_path(spot.parent_path, number)
    values: tuple[Any, ...] = (
        actor.entity_id, spot.thread_id, spot.process_id, number, path, spot.parent_id,
        spot.is_opening, actor.person_id, said.office, said.body, body.html, body.version,
        said.stance, said.channel, said.people_count, said.place, said.category, receipts[0],
        request_key, now, said.voice,
    )  # fmt: skip
    ids: Rows = yield Statement(_CONTRIBUTION, values)
    new_id = int(ids[0][0])
    if spot.parent_id is not None:
        yield Statement(_REPLIED, (spot.parent_id,))
    yield Statement(_EVENT, (actor.entity_id, spot.thread_id, number, "published", new_id, now))
    return Placed(
        new_id, spot.thread_id, spot.process_id, number, path, receipts[0], speakers=speakers
    )


_SUPPORTABLE = """
    SELECT c.thread_id, c.process_id, c.author_id,
        CASE WHEN united.id IS NULL THEN c.state ELSE 'merged' END, c.is_opening, t.activity,
        c.receipt_number, c.path, t.closed_at, c.channel,
        EXISTS (
            SELECT 1 FROM deliberation_merge m
            JOIN deliberation_contribution same ON same.id = m.contribution_id
            WHERE m.into_id = c.id AND same.author_id = $3 AND same.channel = 'web'
        )
    FROM deliberation_contribution c JOIN deliberation_thread t ON t.id = c.thread_id
    LEFT JOIN deliberation_merge united ON united.contribution_id = c.id
    WHERE c.id = $2 AND c.entity_id = $1 AND NOT t.is_hidden
"""
_SUPPORT = """
    INSERT INTO deliberation_support (entity_id, contribution_id, person_id, created_at)
    VALUES ($1, $2, $3, $4) ON CONFLICT (contribution_id, person_id) DO NOTHING RETURNING id
"""
_UNSUPPORT = """
    DELETE FROM deliberation_support
    WHERE entity_id = $1 AND contribution_id = $2 AND person_id = $3 RETURNING id
"""
_COUNT = """
    UPDATE deliberation_contribution SET support_count = support_count + $2 WHERE id = $1
    RETURNING support_count
"""
_COUNT_THREAD = """
    UPDATE deliberation_thread SET support_count = support_count + $2 WHERE id = $1
"""


def supporting(
    actor: Actor, contribution_id: int, *, wanted: bool, now: datetime
) -> Steps[Supported]:
    """Support or stop supporting. See `service.set_support`."""
    entity_id = actor.entity_id
    found: Rows = yield Statement(_SUPPORTABLE, (entity_id, contribution_id, actor.person_id))
    if not found:
        raise NotFound
    thread_id, process_id, author_id, state, is_opening, activity, *rest = found[0]
    receipt, path, closed, channel, said_the_same = rest
    if closed is not None:
        raise ThreadConcluded
    yield from requiring_open(entity_id, process_id, activity, now)
    # Who writes down what came by another channel did not say it.
    is_own = author_id == actor.person_id and channel == BY_ITSELF
    if is_own or (wanted and said_the_same):
        raise Conflict(_("No puede apoyar su propio aporte."))
    if state != State.PUBLISHED:
        raise Conflict(_("Ese aporte ya no se puede apoyar."))
    whose = (entity_id, contribution_id, actor.person_id)
    pressed = Statement(_SUPPORT, (*whose, now)) if wanted else Statement(_UNSUPPORT, whose)
    changed: Rows = yield pressed
    if not changed:
        return Supported(thread_id, None, contribution_id, receipt, path, supports=0)
    change = 1 if wanted else -1
    numbers: Rows = yield Statement(_NUMBER, (thread_id, 0, now))
    number = int(numbers[0][0])
    counts: Rows = yield Statement(_COUNT, (contribution_id, change))
    if is_opening:
        yield Statement(_COUNT_THREAD, (thread_id, change))
    yield Statement(_EVENT, (entity_id, thread_id, number, "supported", contribution_id, now))
    supports = int(counts[0][0])
    return Supported(thread_id, number, contribution_id, receipt, path, supports)
