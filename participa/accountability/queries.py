"""Reads of sessions: the list of them, one, and what other pages show."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup
from tortoise.expressions import Subquery
from tortoise.functions import Count, Min
from tortoise.queryset import QuerySet

from participa.accountability.hearing.rules import QuestionState
from participa.accountability.models import AccountabilitySession, HearingQuestion
from participa.accountability.rules import (
    ACTIVITY,
    KIND,
    SessionState,
    days_until,
    session_state,
)
from participa.accounts.permissions import Action, Actor, Target, can
from participa.deliberation.models import Contribution
from participa.deliberation.rules import State
from participa.deliberation.tallies import Tally, tally_of
from participa.deliberation.views import excerpt
from participa.features import ActivityCard, Origin
from participa.i18n import Day, Moment, Number, Text, _, n_
from participa.kit.html import SafeHtml, plain_text
from participa.processes.views import Pill
from participa.web.refusals import NotFound

SOON_DAYS = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """How many questions of a session can be read, by channel, and how many have an answer."""

    tally: Tally = field(default_factory=Tally)
    answered: int = 0

    @property
    def count(self) -> int:
        """How many there are by all channels."""
        return self.tally.total

    @property
    def words(self) -> Text:
        """Say it: "16 preguntas: 12 por internet, 4 por teléfono"."""
        said = n_("{n} pregunta", "{n} preguntas", self.count, n=Number(self.count))
        channels = self.tally.channels
        return _("{said}: {channels}", said=said, channels=channels) if channels else said


@dataclass(frozen=True, slots=True)
class SessionItem:
    """A session in a list."""

    url: str
    title: str
    process_title: str
    held_at: datetime
    place: str
    asked: Asked
    pill: Pill


def session_url(session_id: int) -> str:
    """Give the page of a session."""
    return f"/rendicion-de-cuentas/{session_id}"


async def session_of(entity_id: int, session_id: int) -> AccountabilitySession:
    """Find a session with its process. Refuses with NotFound, also for another entity's."""
    rows = AccountabilitySession.of(entity_id).filter(id=session_id)
    session = await rows.select_related("process").first()
    if session is None:
        raise NotFound
    return session


async def session_links(entity_id: int, ids: Collection[int]) -> dict[int, Origin]:
    """Link sessions of processes that the public can see."""
    rows = AccountabilitySession.of(entity_id).filter(id__in=list(ids), process__is_published=True)
    return {each.id: Origin(each.title, session_url(each.id)) for each in await rows}


def session_target(session: AccountabilitySession) -> Target:
    """Give a session as what is acted upon: public when its process is."""
    return Target(session.entity_id, session.process_id, is_public=session.process.is_published)


def summary_html(session: AccountabilitySession) -> Markup:
    """Give a session's summary, made by the sanitiser when it was written."""
    return SafeHtml(session.summary_html)


async def sessions(
    actor: Actor, now: datetime, zone: ZoneInfo
) -> tuple[list[SessionItem], list[SessionItem]]:
    """List the sessions the actor may read, in four statements.

    First those of today and to come, the next one leading; then those held, the latest leading.
    """
    rows = AccountabilitySession.of(actor.entity_id).select_related("process")
    every = await rows.order_by("held_at", "position", "id")
    found = [each for each in every if can(actor, Action.READ, session_target(each))]
    ids = [each.id for each in found]
    asked = await questions_asked(actor.entity_id, ids)
    owed = await owed_in(actor.entity_id, ids)
    coming: list[SessionItem] = []
    held: list[SessionItem] = []
    for each in found:
        is_past = session_state(each.held_at, now, zone) is SessionState.HELD
        is_held = is_past or each.ended_at is not None
        pill = session_pill(each, asked.get(each.id, Asked()), owed.get(each.id), now, zone)
        item = _item(each, asked.get(each.id, Asked()), pill)
        (held if is_held else coming).append(item)
    return coming, held[::-1]


def _item(session: AccountabilitySession, asked: Asked, pill: Pill) -> SessionItem:
    return SessionItem(
        url=session_url(session.id),
        title=session.title,
        process_title=session.process.title,
        held_at=session.held_at,
        place=session.place,
        asked=asked,
        pill=pill,
    )


def session_pill(
    session: AccountabilitySession,
    asked: Asked,
    owed: "Owed | None",
    now: datetime,
    zone: ZoneInfo,
) -> Pill:
    """Say in how many days a session is or, once it was held, whether answers are owed."""
    if session.started_at is not None and session.ended_at is None:
        return Pill("open", _("En curso"))
    days = days_until(session.held_at, now, zone)
    if session.ended_at is None and days > 0:
        words = n_("Empieza mañana", "Empieza en {count} días", days)
        return Pill("soon" if days <= SOON_DAYS else "coming", words)
    if session.ended_at is None and days == 0:
        return Pill("soon", _("Es hoy, {when}", when=Moment(session.held_at, zone)))
    unanswered = asked.count - asked.answered
    if not unanswered:
        day = Day(session.ended_at or session.held_at, zone)
        return Pill("done", _("Realizada el {day}", day=day))
    words = n_(
        "Realizada · {count} pregunta sin respuesta",
        "Realizada · {count} preguntas sin respuesta",
        unanswered,
    )
    late = owed is not None and now.astimezone(zone).date() > owed.due_on
    return Pill("late" if late else "follow", words)


@dataclass(frozen=True, slots=True)
class Owed:
    """How many written answers a session owes, and the first last day of them."""

    count: int
    due_on: date


async def owed_in(entity_id: int, places: Sequence[int]) -> dict[int, Owed]:
    """Give, by session, the answers it owes in writing, in one statement."""
    owed = HearingQuestion.of(entity_id).filter(
        session_id__in=list(places), state=QuestionState.PENDING, due_on__not_isnull=True,
        thread__is_hidden=False, thread__merged_at=None,
    )  # fmt: skip
    answered = official_answers_in(entity_id).values("thread_id")
    rows = owed.exclude(thread_id__in=Subquery(answered))
    counted = rows.annotate(n=Count("id"), first=Min("due_on")).group_by("session_id")
    found = await counted.values_list("session_id", "n", "first")
    return {int(str(place)): Owed(int(str(n)), _day(first)) for place, n, first in found}


async def sessions_in_hand(
    entity_id: int, processes: Sequence[int], now: datetime
) -> list[tuple[AccountabilitySession, Owed | None]]:
    """List the sessions in course or about to begin, and those that owe answers.

    In two statements, the one that asks for something first leading.
    """
    rows = AccountabilitySession.of(entity_id).filter(process_id__in=list(processes))
    found = await rows.select_related("process", "entity").order_by("held_at", "id")
    owed = await owed_in(entity_id, [each.id for each in found])
    soon = now + timedelta(days=SOON_DAYS)
    return [
        (each, owed.get(each.id))
        for each in found
        if each.id in owed
        or (each.ended_at is None and now - timedelta(days=1) < each.held_at < soon)
    ]


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


async def questions_asked(entity_id: int, places: Sequence[int]) -> dict[int, Asked]:
    """Count the questions of several sessions and those answered, in two statements."""
    openings = Contribution.of(entity_id).filter(
        is_opening=True, state=State.PUBLISHED, thread__kind=KIND,
        thread__place_id__in=list(places), thread__is_hidden=False, thread__merged_at=None,
    )  # fmt: skip
    answered = openings.filter(
        thread_id__in=Subquery(official_answers_in(entity_id).values("thread_id"))
    )
    counts = await _by_place(openings)
    answers = await _by_place(answered)
    return {
        place: Asked(tally_of(parts), sum(answers.get(place, {}).values()))
        for place, parts in counts.items()
    }


def official_answers_in(entity_id: int) -> QuerySet[Contribution]:
    """Start a query of what the entity has answered in its threads."""
    said = Contribution.of(entity_id).filter(is_opening=False, state=State.PUBLISHED)
    return said.exclude(office="")


async def _by_place(openings: QuerySet[Contribution]) -> dict[int, dict[str, int]]:
    counted = openings.annotate(n=Count("id")).group_by("thread__place_id", "channel")
    found: dict[int, dict[str, int]] = {}
    for place, channel, n in await counted.values_list("thread__place_id", "channel", "n"):
        found.setdefault(int(str(place)), {})[str(channel)] = int(str(n))
    return found


async def cards_of(entity_id: int, processes: Sequence[int]) -> list[ActivityCard]:
    """Give the sessions of several processes as cards, in three statements."""
    rows = AccountabilitySession.of(entity_id).filter(process_id__in=list(processes))
    found = await rows.select_related("entity").order_by("process_id", "position", "id")
    asked = await questions_asked(entity_id, [each.id for each in found])
    return [_card(each, asked.get(each.id, Asked())) for each in found]


def _card(session: AccountabilitySession, asked: Asked) -> ActivityCard:
    return ActivityCard(
        kind="accountability",
        kind_label=_("Rendición de cuentas"),
        process_id=session.process_id,
        activity=ACTIVITY,
        title=session.title,
        summary=excerpt(plain_text(session.summary_html)),
        url=session_url(session.id),
        # A card does not know the hour it is read at, so it names the day of the hearing.
        fact=_(
            "{questions} · audiencia el {day}",
            questions=asked.words,
            day=Day(session.held_at, session.entity.zone),
        ),
        action=_("Ver y preguntar"),
    )
