"""What changed between two versions of a plan: the list of changes, and one section whole."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import require
from participa.accounts.permissions import Action
from participa.consultations.queries import changes_url, plan_url, versions_url
from participa.consultations.reading import anchor, named, reading_url
from participa.consultations.versions import (
    PAGE,
    WORDS,
    differences,
    figures,
    items,
    selected,
    was_called,
)
from participa.deliberation.pages import crumbs
from participa.i18n import Text, _
from participa.kit.html import SafeHtml
from participa.plans.changes import SectionChange, changes_between, texts_of, versions_of
from participa.plans.models import PlanVersion
from participa.processes.models import Process
from participa.processes.queries import schedule_by_slug
from participa.web.context import context
from participa.web.navigation import see, with_query
from participa.web.refusals import NotFound
from participa.web.templating import render


@dataclass(frozen=True, slots=True)
class _Compared:
    """Two versions of a process's plan, with all there are and what is different."""

    process: Process
    versions: Sequence[PlanVersion]
    before: PlanVersion
    after: PlanVersion
    changes: Sequence[SectionChange]

    @property
    def url(self) -> str:
        return changes_url(plan_url(self.process.slug), self.before.number, self.after.number)

    def reading_url(self, version: PlanVersion, section_id: int) -> str:
        """Where a section is read among the others of a version."""
        url = versions_url(plan_url(self.process.slug), version.number)
        return f"{reading_url(url, section_id)}#{anchor(section_id)}"


async def changes(request: Request) -> Response:
    """Show what changed from one version (`de`) to another (`a`); with `apartado`, one section."""
    ctx = context(request)
    query = request.query_params
    schedule = await schedule_by_slug(ctx.entity.id, request.path_params["slug"])
    require(request, Action.READ, schedule.target)
    versions = await versions_of(ctx.entity.id, schedule.process.id)
    before, after = _chosen(versions, query.get("de"), query.get("a"))
    found = await changes_between(before, after)
    compared = _Compared(schedule.process, versions, before, after, found)
    if "apartado" in query:
        return await _show_section(request, compared, query["apartado"])
    return await _show_list(request, compared)


def _chosen(
    versions: Sequence[PlanVersion], before: str | None, after: str | None
) -> tuple[PlanVersion, PlanVersion]:
    """Give the versions asked for; without, the latest and the one before it."""
    numbered = {str(version.number): version for version in versions}
    later = numbered.get(after or str(versions[0].number))
    if later is None:
        raise NotFound
    earlier = numbered.get(before or str(max(later.number - 1, 1)))
    if earlier is None:
        raise NotFound
    return earlier, later


async def _show_list(request: Request, compared: _Compared) -> Response:
    query = request.query_params
    kind = query.get("tipo", "")
    shown = selected(compared.changes, kind)
    starts = {str(n + 1): start for n, start in enumerate(range(0, len(shown) or 1, PAGE))}
    start = starts.get(query.get("pagina", "1"))
    if start is None:
        raise NotFound
    part = shown[start : start + PAGE]
    texts = await texts_of(
        compared.before, compared.after, [each.entry.section_id for each in part]
    )
    url = compared.url
    here = with_query(url, tipo=kind or None)
    more = start + PAGE < len(shown)
    return render(
        request,
        "consultations/changes.html",
        changes={
            **_heading(compared),
            "figures": figures(compared.changes, url, kind),
            "all_url": url if kind else "",
            "items": await asyncio.to_thread(items, part, texts, url),
            "first_url": here if start else None,
            "next_url": with_query(here, pagina=start // PAGE + 2) if more else None,
        },
        crumbs=_crumbs(compared),
    )


def _heading(compared: _Compared) -> dict[str, object]:
    return {
        "plan_title": compared.after.plan.title,
        "plan_url": plan_url(compared.process.slug),
        "url": changes_url(plan_url(compared.process.slug)),
        "before": compared.before.number,
        "after": compared.after.number,
        "versions_url": versions_url(plan_url(compared.process.slug)),
        "versions": [(each.number, each.published_at) for each in compared.versions],
    }


def _crumbs(compared: _Compared) -> list[tuple[str, str | Text]]:
    plan = compared.after.plan.title
    return [*crumbs(compared.process), (plan_url(compared.process.slug), plan)]


async def _show_section(request: Request, compared: _Compared, wanted: str) -> Response:
    by_id = {str(each.entry.section_id): each for each in compared.changes}
    change = by_id.get(wanted)
    if change is None:
        if wanted.isascii() and wanted.isdigit() and len(wanted) <= 9:
            return see(f"/apartados/{int(wanted)}")
        raise NotFound
    section_id = change.entry.section_id
    texts = await texts_of(compared.before, compared.after, [section_id])
    before, after = texts[section_id]
    return render(
        request,
        "consultations/section_changes.html",
        changes={
            **_heading(compared),
            "list_url": compared.url,
            "title": named(change.entry),
            "was": was_called(change),
            "change": change.change,
            "kind_label": WORDS[change.change],
            "section_url": change.entry.url,
            "pieces": await asyncio.to_thread(differences, before, after),
            "texts": [
                (version.number, SafeHtml(html), compared.reading_url(version, section_id))
                for version, html in ((compared.before, before), (compared.after, after))
                if html
            ],
            **_beside(compared, change),
        },
        crumbs=[*_crumbs(compared), (compared.url, _("Qué cambió"))],
    )


def _beside(compared: _Compared, change: SectionChange) -> dict[str, object]:
    """Give the changes of words before and after one, as (address, name)."""
    around = selected(compared.changes, "")
    links = [
        (with_query(compared.url, apartado=e.entry.section_id), named(e.entry)) for e in around
    ]
    place = around.index(change) if change in around else None
    if place is None:
        return {"previous": None, "next": None}
    return {
        "previous": links[place - 1] if place else None,
        "next": links[place + 1] if place + 1 < len(links) else None,
    }
