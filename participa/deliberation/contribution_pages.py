"""The pages of one contribution: its trace, its history, its edit form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of
from participa.accounts.permissions import Action, Actor, can
from participa.deliberation.attachment_pages import files_url, takes_files
from participa.deliberation.attachments import file_history, files_of
from participa.deliberation.diffs import word_diff
from participa.deliberation.models import Contribution
from participa.deliberation.pages import crumbs, features_of
from participa.deliberation.queries import (
    official_answers,
    replies_to,
    revisions_of,
    start_of_page,
    supported_by,
)
from participa.deliberation.rules import MAX_BODY, MODERATION_RULES, State
from participa.deliberation.unions import origins_of, union_of
from participa.deliberation.views import ContributionView, contribution_view
from participa.features import Commitment, FormalAnswer, Origin, PlaceLink, Shown, ThemeLink
from participa.i18n import Text
from participa.kit.html import SafeHtml
from participa.processes.queries import Schedule, schedule_of
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import with_query
from participa.web.refusals import NotFound
from participa.web.templating import render

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a contribution was said."""

    title: str
    url: str
    here_url: str
    kind_label: Text


@dataclass(frozen=True, slots=True)
class Trace:
    """What became of a contribution, as far as anything did."""

    theme_label: str | Text = ""
    theme_url: str = ""
    report_title: str = ""
    answer_office: str = ""
    answer_url: str = ""
    answer_html: Markup = field(default_factory=Markup)
    days_waiting: int | None = None
    formal: FormalAnswer | None = None
    commitments: Sequence[Commitment] = ()
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class WritingView:
    """What a single contribution's page needs of its thread."""

    url: str
    may_reply: bool
    may_support: bool
    may_edit: bool
    reasons: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class VersionView:
    """One wording of a contribution."""

    number: int
    is_current: bool
    at: datetime
    html: Markup
    diff_html: Markup


async def show_contribution(request: Request, contribution: Contribution) -> Response:
    """Answer with a contribution's permanent page. The caller has asked permission."""
    ctx = context(request)
    actor = actor_of(request)
    schedule = await schedule_of(contribution.entity_id, contribution.process_id)
    thread = contribution.thread
    union = await union_of(contribution)
    is_apart = thread.closed_at is None and union.into is None
    is_open = is_apart and schedule.is_open(thread.activity, ctx.now)
    supported = await supported_by(actor, [contribution.id])
    view = contribution_view(
        contribution, actor, supported=supported, beside=await _beside(request, contribution)
    )
    place = _place(request, contribution)
    return render(
        request,
        "deliberation/contribution.html",
        c=view,
        files=await files_of(contribution, actor)
        if _has_files(request, view, contribution)
        else (),
        place=place,
        about=await _about(request, contribution, schedule),
        place_url=_place_url(request, contribution, view, is_open=is_open),
        withheld_title=thread.withheld_title if view.may_restore else "",
        trace=await _trace(request, contribution, schedule, union.kept),
        union=union,
        acts_url=f"/hilos/{thread.id}/actuaciones",
        origins=await origins_of(contribution),
        merge_url=f"{view.url}/unir" if view.may_facilitate else "",
        answer_it_url=_answer_it_url(actor, contribution, schedule),
        promise_url=_promise_url(actor, contribution, schedule),
        replies=await replies_to(contribution, actor),
        thread=WritingView(
            url=place.url,
            may_reply=is_open,
            may_support=is_open,
            may_edit=is_open,
            reasons=tuple(MODERATION_RULES.items()) if view.may_hide else (),
        ),
        crumbs=[*crumbs(schedule.process), (place.url, place.title)],
    )


async def _about(
    request: Request, contribution: Contribution, schedule: Schedule
) -> PlaceLink | None:
    """Give the place it speaks of, while it can be read."""
    placing = features_of(request).placing
    if placing is None or contribution.state != State.PUBLISHED:
        return None
    return await placing.of(contribution.entity_id, schedule.process.slug, contribution.id)


def _place_url(
    request: Request, contribution: Contribution, view: ContributionView, *, is_open: bool
) -> str:
    """Give the page where that place is said, to who may say it."""
    placing = features_of(request).placing
    is_own = view.is_mine and is_open
    if placing is None or contribution.state != State.PUBLISHED:
        return ""
    return f"{view.url}/{placing.url}" if is_own or view.may_facilitate else ""


def _has_files(request: Request, view: ContributionView, contribution: Contribution) -> bool:
    is_shown = view.state == State.PUBLISHED or view.may_restore
    return is_shown and takes_files(request, contribution)


async def _beside(request: Request, contribution: Contribution) -> Shown | None:
    beside_of = features_of(request).thread_kind(contribution.thread.kind).beside_of
    if beside_of is None:
        return None
    return (await beside_of(contribution.entity_id, [contribution.id])).get(contribution.id)


def _place(request: Request, contribution: Contribution) -> Place:
    thread = contribution.thread
    kind = features_of(request).thread_kind(thread.kind)
    url = kind.url(thread.id, thread.place_id)
    here = with_query(url, desde=start_of_page(thread, contribution))
    return Place(thread.title, url, f"{here}#{contribution.receipt_number}", kind.label)


def _answer_it_url(actor: Actor, contribution: Contribution, schedule: Schedule) -> str:
    """Give who may speak for the entity the desk with this contribution chosen."""
    if contribution.state != State.PUBLISHED or contribution.office:
        return ""
    if not can(actor, Action.SPEAK_FOR_ENTITY, schedule.target):
        return ""
    desk = f"/gestion/procesos/{schedule.process.slug}/respuestas"
    return with_query(desk, aporte=contribution.receipt_number)


def _promise_url(actor: Actor, contribution: Contribution, schedule: Schedule) -> str:
    """Give who manages the process the form of a commitment that names this contribution."""
    if contribution.state != State.PUBLISHED or contribution.office:
        return ""
    if not can(actor, Action.MANAGE_PROCESS, schedule.target):
        return ""
    form = f"/gestion/procesos/{schedule.process.slug}/compromisos"
    return with_query(form, aporte=contribution.receipt_number)


async def _trace(
    request: Request, contribution: Contribution, schedule: Schedule, kept: Contribution | None
) -> Trace:
    """Say what became of a contribution; what became of that it was merged into counts too."""
    if contribution.state != State.PUBLISHED or contribution.office:
        return Trace()
    entity_id, features = contribution.entity_id, features_of(request)
    both = [contribution] if kept is None else [contribution, kept]
    ids = [each.id for each in both]
    theme = _first(await features.themes(entity_id, ids), ids)
    answer = _first(await official_answers(entity_id, both), ids)
    formal = _first(await features.answers(entity_id, ids), ids)
    days = (context(request).now - contribution.created_at).days
    owed = days if schedule.process.promise != "informs" else None
    led = await features.commitments(entity_id, ids, context(request).now)
    return replace(
        trace_of(theme, answer, owed, formal),
        commitments=[each for said in ids for each in led.get(said, ())],
        origin=await _origin(request, contribution),
    )


def _first(found: Mapping[int, Found], ids: Sequence[int]) -> Found | None:
    return next((found[each] for each in ids if each in found), None)


async def _origin(request: Request, contribution: Contribution) -> Origin | None:
    if contribution.channel == "web":
        return None
    found = await features_of(request).origins(contribution.entity_id, [contribution.id])
    return found.get(contribution.id)


def trace_of(
    theme: ThemeLink | None,
    answer: Contribution | None,
    days: int | None,
    formal: FormalAnswer | None = None,
) -> Trace:
    """Join what is known, in the order of truth.

    The formal answer goes before what an office said in the conversation, and that before the
    answer to its theme.
    """
    trace = Trace(days_waiting=days)
    if theme is not None:
        trace = replace(
            trace,
            theme_label=theme.label,
            theme_url=theme.url,
            report_title=theme.report_title,
        )
    if formal is not None:
        return replace(
            trace,
            days_waiting=None,
            formal=formal,
            answer_office=formal.office,
            answer_html=formal.html,
        )
    if answer is not None:
        return replace(
            trace,
            days_waiting=None,
            answer_office=answer.office,
            answer_url=f"/aportes/{answer.receipt_number}",
            answer_html=SafeHtml(answer.body_html),
        )
    if theme is not None and theme.answer_office:
        return replace(
            trace,
            days_waiting=None,
            answer_office=theme.answer_office,
            answer_url=theme.url,
            answer_html=theme.answer_html,
        )
    return trace


async def show_history(request: Request, contribution: Contribution) -> Response:
    """Answer with every wording, newest first; what is not shown has no history either."""
    if contribution.state != State.PUBLISHED:
        raise NotFound
    view = contribution_view(contribution, actor_of(request))
    return render(
        request,
        "deliberation/history.html",
        history={
            "receipt": view.receipt,
            "url": view.url,
            "author_name": view.office or view.author_name,
            "versions": await _versions(contribution),
            "files": await file_history(contribution),
            "files_url": files_url(contribution),
        },
        crumbs=[(view.url, view.receipt)],
    )


async def _versions(contribution: Contribution) -> Sequence[VersionView]:
    revisions = await revisions_of(contribution)
    wordings = [
        (contribution.body_source, contribution.body_html),
        *((each.body_source, each.body_html) for each in revisions),
    ]
    # A wording was written when the one before it was replaced.
    written = [*(each.replaced_at for each in revisions), contribution.created_at]
    return versions_of(wordings, written)


def versions_of(
    wordings: Sequence[tuple[str, str]], written: Sequence[datetime]
) -> Sequence[VersionView]:
    """Show wordings (source and sanitised HTML), newest first, each beside the one before it."""
    return [
        VersionView(
            number=len(wordings) - index,
            is_current=index == 0,
            at=written[index],
            html=SafeHtml(html),
            diff_html=word_diff(wordings[index + 1][0], source)
            if index + 1 < len(wordings)
            else Markup(),
        )
        for index, (source, html) in enumerate(wordings)
    ]


def show_edit(request: Request, contribution: Contribution, form: Form) -> Response:
    """Answer with the edit form, as filled in."""
    url = f"/aportes/{contribution.receipt_number}"
    return render(
        request,
        "deliberation/edit.html",
        status=422 if form.has_errors else 200,
        edit={
            "receipt": contribution.receipt_number,
            "url": url,
            "place_title": contribution.thread.title,
            "max_length": MAX_BODY,
            "has_stance": False,
            "files_url": files_url(contribution) if takes_files(request, contribution) else "",
        },
        form=form,
        crumbs=[(url, contribution.receipt_number)],
    )
