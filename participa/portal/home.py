"""Home: what is open now, and what became of what closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import entity_target, require
from participa.accounts.permissions import Action
from participa.deliberation.pages import features_of
from participa.features import ActivityCard
from participa.i18n import Day, Text, _
from participa.insights.queries import ReportItem, published_reports
from participa.processes.queries import Schedule, all_schedules
from participa.processes.rules import open_phase
from participa.processes.views import PhaseView, Pill, activity_pill, phase_views
from participa.web.context import context
from participa.web.templating import render

RESULTS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class CardView:
    """A card with its state; the first one of the page carries its process's phases."""

    kind: str
    kind_label: Text
    title: str
    summary: str
    url: str
    action: Text
    pill: Pill
    facts: tuple[Text | str, ...]
    phases: Sequence[PhaseView] = ()
    quote: str = ""


async def home(request: Request) -> Response:
    """Show what is open, ending soonest first, and the latest results."""
    ctx = context(request)
    require(request, Action.SEE_SITE, entity_target(request))
    schedules = [each for each in await all_schedules(ctx.entity.id) if each.process.is_published]
    by_id = {schedule.process.id: schedule for schedule in schedules}
    cards = await features_of(request).cards(ctx.entity.id, list(by_id))
    opened = open_cards(cards, by_id, ctx.now, ctx.zone)
    reports = await published_reports(ctx.entity.id, RESULTS_SHOWN)
    return render(
        request,
        "portal/home.html",
        home={
            "featured": opened[0] if opened else None,
            "cards": opened[1:],
            "next_opening": _next_opening(schedules, ctx.now, ctx.zone),
            "results": [_result(report) for report in reports],
            "results_url": "/informes" if reports else None,
        },
    )


def open_cards(
    cards: Sequence[ActivityCard],
    schedules: dict[int, Schedule],
    now: datetime,
    zone: ZoneInfo,
) -> list[CardView]:
    """Keep the cards whose activity is open, ending soonest first."""
    opened: list[tuple[datetime, int, CardView]] = []
    for card in cards:
        schedule = schedules[card.process_id]
        phase = open_phase(schedule.phases, card.activity, now)
        if phase is not None:
            opened.append((phase.closes_at, len(opened), card_view(card, schedule, now, zone)))
    return [view for _closes, _place, view in sorted(opened, key=lambda each: each[:2])]


def card_view(card: ActivityCard, schedule: Schedule, now: datetime, zone: ZoneInfo) -> CardView:
    """Show a card with where it stands in time."""
    return CardView(
        kind=card.kind,
        kind_label=card.kind_label,
        title=card.title,
        summary=card.summary,
        url=card.url,
        action=card.action,
        pill=activity_pill(schedule, card.activity, now, zone),
        facts=(card.fact, schedule.process.title),
        phases=phase_views(schedule, now, zone),
    )


def _next_opening(schedules: Sequence[Schedule], now: datetime, zone: ZoneInfo) -> Text | None:
    coming = [(p.opens_at, s) for s in schedules for p in s.phases if p.opens_at > now]
    if not coming:
        return None
    opens_at, schedule = min(coming, key=lambda each: each[0])
    return _("El {day} abre «{title}».", day=Day(opens_at, zone), title=schedule.process.title)


def _result(report: ReportItem) -> dict[str, object]:
    answered = _(
        "{answered} de {count} temas", answered=report.answered_count, count=report.theme_count
    )
    return {
        "title": report.title,
        "url": report.url,
        "said": report.said,
        "answered": answered,
        "pill": report.pill,
    }
