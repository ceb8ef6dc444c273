"""The pages of a plan: its contents, a page for reading, one section with its conversation."""

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import require
from participa.accounts.permissions import Action
from participa.answers.changes import changed_here
from participa.consultations.margins import (
    Pointed,
    chosen,
    pointed_at,
    spots_in,
    with_spots,
)
from participa.consultations.queries import (
    changes_url,
    counts_of,
    plan_url,
    question_about,
    section_counts,
    section_thread,
    stances_of,
    versions_url,
)
from participa.consultations.reading import (
    Counts,
    anchor,
    beside,
    contents_of,
    named,
    passages,
    reading_url,
    side_contents,
    whole_contents,
)
from participa.consultations.remarks import FIELDS
from participa.consultations.rules import COMMENT, SECTION_KIND
from participa.deliberation.forms import POST_FIELDS
from participa.deliberation.pages import crumbs, show_with_thread, thread_pill
from participa.deliberation.tallies import Tally
from participa.deliberation.voices import heard_in_kind
from participa.plans.changes import last_change
from participa.plans.models import SectionText
from participa.plans.queries import (
    Entry,
    Outline,
    current_outline,
    latest_entries,
    latest_text,
    neighbourhood,
    texts_on_page,
)
from participa.plans.rules import kind_words, shown_title
from participa.processes.models import Process
from participa.processes.queries import schedule_by_slug, schedule_of
from participa.processes.views import activity_pill
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see
from participa.web.refusals import NotFound
from participa.web.templating import render


async def plan(request: Request) -> Response:
    """Show the contents of a process's plan or, with `capitulo`, a page of its text."""
    ctx = context(request)
    schedule = await schedule_by_slug(ctx.entity.id, request.path_params["slug"])
    require(request, Action.READ, schedule.target)
    process = schedule.process
    outline = await current_outline(ctx.entity.id, process.id)
    counts = await section_counts(ctx.entity.id, process.id)
    url = plan_url(process.slug)
    wanted = request.query_params.get("capitulo")
    page = None
    if wanted is not None:
        found = _entry(outline, wanted)
        if found is None:
            return see(f"/apartados/{_number(wanted)}")
        page = await _reading_page(outline, counts, url, found.page_position, ctx.locale)
    return render(
        request,
        "consultations/plan.html",
        plan={
            "title": outline.plan.title,
            "question": await question_about(ctx.entity.id, outline.plan.id),
            "url": url,
            "version": outline.version.number,
            "published_at": outline.version.published_at,
            "changes_url": changes_url(url) if outline.version.number > 1 else "",
            "versions_url": versions_url(url) if outline.version.number > 1 else "",
            "pill": activity_pill(schedule, COMMENT, ctx.now, ctx.zone),
            "section_count": len(outline.entries),
            "said": sum(counts.values(), Tally()),
            "heard": await heard_in_kind(ctx.entity.id, process.id, SECTION_KIND),
            "may_comment": schedule.is_open(COMMENT, ctx.now),
            **(page or await _contents_page(outline, counts, url)),
        },
        crumbs=[*crumbs(process), (url, outline.plan.title)] if page else crumbs(process),
    )


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise NotFound
    return int(text)


def _entry(outline: Outline, wanted: str) -> Entry | None:
    section_id = _number(wanted)
    return next((entry for entry in outline.entries if entry.section_id == section_id), None)


async def _contents_page(outline: Outline, counts: Counts, url: str) -> dict[str, object]:
    gone = set(counts) - {entry.section_id for entry in outline.entries}
    left_out = await latest_entries(outline.plan.entity_id, sorted(gone)) if gone else []
    return {
        "contents": whole_contents(outline, counts, url),
        "read_url": reading_url(url, outline.entries[0].section_id),
        "gone": [(entry.url, named(entry), counts[entry.section_id]) for entry in left_out],
        "sections": [],
        "previous": None,
        "next": None,
    }


async def _reading_page(
    outline: Outline, counts: Counts, url: str, page_position: int, locale: str
) -> dict[str, object]:
    before, after = beside(outline, url, page_position)
    texts = await texts_on_page(outline.version, page_position)
    spots = await spots_in(
        outline.plan.entity_id, outline.version.number, [text.section_id for text in texts]
    )
    html = [with_spots(text, spots.get(text.section_id, ()), locale) for text in texts]
    return {
        "contents": side_contents(outline, counts, url, page_position),
        "sections": passages(texts, html, counts),
        "previous": before,
        "next": after,
    }


async def section(request: Request) -> Response:
    """Show a section with what was said about it."""
    return await show_section(request, request.path_params["id"])


async def show_section(request: Request, section_id: int, form: Form | None = None) -> Response:
    """Answer with a section's page; with a form that needs mending, as it was filled in."""
    ctx = context(request)
    text = await latest_text(ctx.entity.id, section_id)
    shown_plan = text.version.plan
    schedule = await schedule_of(ctx.entity.id, shown_plan.process_id)
    # As it was when the text was read: the page is kept under this revision, not a later one.
    schedule = replace(schedule, process=shown_plan.process)
    require(request, Action.READ, schedule.target)
    around = await neighbourhood(text)
    thread = await section_thread(ctx.entity.id, section_id)
    change = await last_change(text)
    url = plan_url(schedule.process.slug)
    inside = [e for e in around if text.position < e.position <= text.last_position]
    counts = await counts_of(ctx.entity.id, [entry.section_id for entry in inside])
    found = await spots_in(ctx.entity.id, text.version.number, [section_id])
    spots = found.get(section_id, ())
    pointed = await pointed_at(text, request.query_params.get("pasaje", ""), spots)
    changed = await changed_here(ctx.entity.id, section_id)
    values: dict[str, Any] = {
        "section": {
            "id": section_id,
            "number": text.number,
            "kind_label": kind_words(text.kind, text.number, text.label),
            "title": shown_title(text.kind, text.number, text.title, text.label),
            "html": with_spots(text, spots, ctx.locale, pointed.spot if pointed else None),
            "pointed": pointed,
            "changed": changed,
            "plan_title": shown_plan.title,
            "plan_url": url,
            "read_url": f"{reading_url(url, section_id)}#{anchor(section_id)}",
            "version": text.version.number,
            "current_version": shown_plan.current_version,
            "versions_url": versions_url(url) if shown_plan.current_version > 1 else "",
            "changed_in": change and change[1],
            "changes_url": changes_url(url, *change, apartado=section_id) if change else "",
            "pill": thread_pill(thread, schedule, ctx)
            if thread
            else activity_pill(schedule, COMMENT, ctx.now, ctx.zone),
            "stances": await stances_of(thread) if thread else None,
            "children": contents_of(inside, text.position, counts),
            "previous": _link(around, text.position - 1),
            "next": _link(around, text.position + 1),
        },
        "crumbs": _crumbs(schedule.process, url, text, around),
    }
    template = "consultations/section.html"
    if thread is None:
        return render(request, template, thread=None, form=Form(fields=POST_FIELDS), **values)
    return await show_with_thread(
        request,
        template,
        values,
        schedule=schedule,
        thread=thread,
        form=form or _begun(request, text, pointed),
        # What it contains is counted too, and what changed it quotes other conversations.
        follows=None if inside or changed else True,
    )


def _begun(request: Request, text: SectionText, pointed: Pointed | None) -> Form | None:
    """Give the form with the passage that the address points at already in it."""
    query = request.query_params
    values = chosen(text, query.get("texto", ""))
    if pointed is not None and pointed.spot is not None:
        values = {"passage": pointed.words, "at": str(pointed.at)}
    if not values or "borrador" in query:
        return None
    return Form(values, fields=(*POST_FIELDS, *FIELDS))


def _at(entries: tuple[Entry, ...], position: int | None) -> Entry | None:
    return next((entry for entry in entries if entry.position == position), None)


def _link(entries: tuple[Entry, ...], position: int) -> tuple[str, str] | None:
    entry = _at(entries, position)
    return (entry.url, named(entry)) if entry else None


def _crumbs(
    process: Process, url: str, text: SectionText, around: tuple[Entry, ...]
) -> list[tuple[str, str]]:
    up = [*crumbs(process), (url, text.version.plan.title)]
    parent = _at(around, text.parent_position)
    return [*up, (parent.url, named(parent))] if parent else up
