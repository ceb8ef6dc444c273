"""My contributions: what I said, where, and what became of each."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from tortoise.expressions import Subquery
from tortoise.functions import Sum

from participa.accounts.guard import actor_of, entity_target, require
from participa.accounts.permissions import Action
from participa.deliberation.contribution_pages import trace_of
from participa.deliberation.models import Contribution, Merge
from participa.deliberation.pages import features_of
from participa.deliberation.queries import contributions_by, official_answers
from participa.deliberation.rules import PAGE_SIZE, State
from participa.deliberation.views import excerpt
from participa.i18n import Text
from participa.kit.html import plain_text
from participa.processes.models import Process
from participa.web.context import context
from participa.web.navigation import with_query
from participa.web.templating import render


@dataclass(frozen=True, slots=True)
class MineView:
    """One of my contributions with its trace."""

    receipt: str
    url: str
    title: str
    excerpt: str
    place_title: str
    place_url: str
    created_at: datetime
    state: str
    support_count: int
    reply_count: int
    answer_office: str
    answer_url: str
    verdict: str | Text
    days_waiting: int | None
    theme_label: str | Text
    theme_url: str


async def mine(request: Request) -> Response:
    """Show what the reader has said."""
    ctx = context(request)
    require(request, Action.SEE_OWN, entity_target(request))
    actor = actor_of(request)
    start = request.query_params.get("desde", "")
    before = int(start) if start.isascii() and start.isdigit() and len(start) < 10 else None
    rows = await contributions_by(ctx.entity.id, actor.person_id or 0, before)
    shown, following = rows[:PAGE_SIZE], rows[PAGE_SIZE:]
    count, supports = await totals(ctx.entity.id, actor.person_id or 0)
    url = "/mi-participacion"
    return render(
        request,
        "portal/mine.html",
        mine={
            "contribution_count": count,
            "supports_received": supports,
            "contributions": await _views(request, shown),
            "drafts": [],
            "first_url": url if before is not None else None,
            "next_url": with_query(url, desde=following[0].id) if following else None,
        },
    )


async def totals(entity_id: int, person_id: int) -> tuple[int, int]:
    """Count what somebody said, and the supports it received, no merge making two of one."""
    rows = Contribution.of(entity_id).filter(author_id=person_id)
    # What was merged into something else of theirs has its supports there.
    merged = Merge.of(entity_id).filter(
        contribution__author_id=person_id, into__author_id=person_id
    )
    apart = rows.exclude(id__in=Subquery(merged.values("contribution_id")))
    supports = await apart.annotate(s=Sum("support_count")).values_list("s", flat=True)
    return await rows.count(), int(str((supports and supports[0]) or 0))


async def _views(request: Request, rows: list[Contribution]) -> list[MineView]:
    ctx = context(request)
    features = features_of(request)
    ids = [row.id for row in rows]
    answers = await official_answers(ctx.entity.id, rows)
    themes = await features.themes(ctx.entity.id, ids)
    formal = await features.answers(ctx.entity.id, ids)
    processes = Process.of(ctx.entity.id).filter(id__in={row.process_id for row in rows})
    promises = {each.id: each.promise for each in await processes}
    views = []
    for row in rows:
        owed = promises[row.process_id] != "informs" and row.state == State.PUBLISHED
        days = (ctx.now - row.created_at).days if owed and not row.office else None
        trace = trace_of(themes.get(row.id), answers.get(row.id), days, formal.get(row.id))
        place_url = features.thread_url(row.thread.kind, row.thread_id, row.thread.place_id)
        views.append(
            MineView(
                receipt=row.receipt_number,
                url=f"/aportes/{row.receipt_number}",
                title=row.thread.title if row.is_opening else "",
                excerpt=excerpt(plain_text(row.body_html)),
                place_title=row.thread.title,
                place_url=place_url,
                created_at=row.created_at,
                state=row.state,
                support_count=row.support_count,
                reply_count=row.reply_count,
                answer_office=trace.answer_office,
                answer_url=trace.answer_url or f"/aportes/{row.receipt_number}#que-paso",
                verdict=trace.formal.label if trace.formal else "",
                days_waiting=trace.days_waiting,
                theme_label=trace.theme_label,
                theme_url=trace.theme_url,
            )
        )
    return views
