"""The versions that a plan has had, and an old one read as it was, without a conversation."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import require
from participa.accounts.permissions import Action
from participa.consultations.queries import changes_url, plan_url, versions_url
from participa.consultations.reading import (
    beside,
    page_of,
    passages,
    reading_url,
    side_contents,
    whole_contents,
)
from participa.deliberation.pages import crumbs
from participa.i18n import _
from participa.kit.html import SafeHtml
from participa.plans.changes import versions_of
from participa.plans.models import PlanVersion
from participa.plans.queries import Entry, Outline, outline_of, texts_on_page
from participa.processes.models import Process
from participa.processes.queries import schedule_by_slug
from participa.web.context import context
from participa.web.navigation import see
from participa.web.refusals import NotFound
from participa.web.templating import render


async def versions(request: Request) -> Response:
    """List the versions of a process's plan, the latest first, to read or to compare."""
    process = await _readable(request)
    found = await versions_of(process.entity_id, process.id)
    url = plan_url(process.slug)
    title = found[0].plan.title
    return render(
        request,
        "consultations/versions.html",
        plan={"title": title, "url": url, "versions": [_line(found, each, url) for each in found]},
        crumbs=[*crumbs(process), (url, title)],
    )


async def _readable(request: Request) -> Process:
    schedule = await schedule_by_slug(context(request).entity.id, request.path_params["slug"])
    require(request, Action.READ, schedule.target)
    return schedule.process


def _line(found: Sequence[PlanVersion], version: PlanVersion, url: str) -> dict[str, object]:
    number = version.number
    is_current = number == found[0].number
    return {
        "number": number,
        "published_at": version.published_at,
        "is_current": is_current,
        "url": url if is_current else versions_url(url, number),
        "changes_url": changes_url(url, number - 1, number) if number > 1 else "",
    }


async def version(request: Request) -> Response:
    """Show the contents of a version or, with `capitulo`, a page of its text as it was.

    The version in force is read where it is discussed.
    """
    process = await _readable(request)
    number = request.path_params["number"]
    outline = await outline_of(process.entity_id, process.id, number)
    present = plan_url(process.slug)
    wanted = request.query_params.get("capitulo")
    entry = _entry(outline, wanted) if wanted is not None else None
    if number == outline.plan.current_version:
        return see(page_of(outline, present, entry) if entry else present)
    url = versions_url(present, number)
    return render(
        request,
        "consultations/old_version.html",
        plan={
            "title": outline.plan.title,
            "version": number,
            "published_at": outline.version.published_at,
            "current_version": outline.plan.current_version,
            "url": present,
            "changes_url": changes_url(present, number, outline.plan.current_version),
            **(await _page(outline, url, entry) if entry else _contents(outline, url)),
        },
        crumbs=[
            *crumbs(process),
            (present, outline.plan.title),
            (versions_url(present), _("Versiones")),
            *([(url, _("Versión {number}", number=str(number)))] if entry else []),
        ],
    )


def _entry(outline: Outline, wanted: str) -> Entry:
    found = next((each for each in outline.entries if str(each.section_id) == wanted), None)
    if found is None:
        raise NotFound
    return found


def _contents(outline: Outline, url: str) -> dict[str, object]:
    return {
        "contents": whole_contents(outline, {}, url, is_old=True),
        "read_url": reading_url(url, outline.entries[0].section_id),
        "sections": [],
    }


async def _page(outline: Outline, url: str, entry: Entry) -> dict[str, object]:
    before, after = beside(outline, url, entry.page_position)
    texts = await texts_on_page(outline.version, entry.page_position)
    return {
        "contents": side_contents(outline, {}, url, entry.page_position),
        "sections": passages(texts, [SafeHtml(text.body_html) for text in texts], {}),
        "previous": before,
        "next": after,
    }
