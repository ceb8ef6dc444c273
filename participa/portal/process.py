"""The page of a process: what is asked, when, what the answer binds, what came of it."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import require
from participa.accounts.permissions import Action
from participa.answers.table_pages import table_url
from participa.deliberation.pages import features_of
from participa.deliberation.voices import heard_in_process
from participa.i18n import _
from participa.insights.queries import reports_of_process
from participa.portal.home import card_view, open_cards
from participa.processes.queries import schedule_by_slug
from participa.processes.rules import PARTICIPA_ITEMS, PROMISE_NAMES, PROMISES
from participa.processes.views import phase_views, process_pill
from participa.territory.queries import has_areas
from participa.territory.routes import places_url
from participa.web.context import context
from participa.web.templating import render


async def process(request: Request) -> Response:
    """Show a process."""
    ctx = context(request)
    schedule = await schedule_by_slug(ctx.entity.id, request.path_params["slug"])
    require(request, Action.READ, schedule.target)
    found = schedule.process
    cards = await features_of(request).cards(ctx.entity.id, [found.id])
    opened = open_cards(cards, {found.id: schedule}, ctx.now, ctx.zone)
    closed = [card for card in cards if not schedule.is_open(card.activity, ctx.now)]
    await found.fetch_related("territory")
    return render(
        request,
        "processes/process.html",
        process={
            "title": found.title,
            "summary": found.summary,
            "pill": process_pill(schedule, ctx.now, ctx.zone),
            "answers_url": table_url(found.slug),
            "places_url": places_url(found.slug) if await has_areas(ctx.entity.id) else None,
            "territory": found.territory.name if found.territory else _("Todo el municipio"),
            "promise_name": PROMISE_NAMES[found.promise],
            "promise_text": PROMISES[found.promise],
            "participa_item": found.participa_item,
            "participa_label": PARTICIPA_ITEMS.get(found.participa_item, ""),
            "phases": phase_views(schedule, ctx.now, ctx.zone),
            "heard": await heard_in_process(ctx.entity.id, found.id),
            "main": {"url": opened[0].url, "label": opened[0].action} if opened else None,
            "what_can_change": found.what_can_change,
            "cards": opened,
            "closed": [
                {
                    "url": card.url,
                    "title": card.title,
                    "kind": card.kind,
                    "kind_label": card.kind_label,
                    "note": card_view(card, schedule, ctx.now, ctx.zone).pill.text,
                }
                for card in closed
            ],
            "reports": await reports_of_process(ctx.entity.id, found.id),
        },
        crumbs=[("/", _("Participe"))],
    )
