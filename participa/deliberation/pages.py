"""The page of a thread, for this package and for the features whose places hold threads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, require
from participa.accounts.permissions import Action, Target, can
from participa.deliberation.drafts import draft_form
from participa.deliberation.forms import POST_FIELDS, speaks_for
from participa.deliberation.heading import Heading, heading_of
from participa.deliberation.kept import slot
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.queries import (
    ThreadPage,
    contribution_of,
    shell_page,
    thread_of,
    thread_page,
    wanted,
)
from participa.deliberation.reading import Facts, Making, keep, key_of
from participa.deliberation.rules import MAX_BODY
from participa.deliberation.standing import phase_at
from participa.deliberation.views import contribution_target
from participa.features import Features, Outcome
from participa.i18n import Text, _
from participa.processes.models import Process
from participa.processes.queries import Schedule, process_target, schedule_of
from participa.processes.views import Pill, activity_pill
from participa.web.context import PageContext, context
from participa.web.forms import Form
from participa.web.templating import render


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A thread's page with everything its template names."""

    page: ThreadPage
    title: str
    kind_label: Text
    pill: Pill
    post_url: str
    state: str
    changes_at: datetime | None
    may_post: bool
    may_reply: bool
    may_support: bool
    may_edit: bool
    only_for_entity: bool
    ask_stance: bool
    speaks_for: tuple[tuple[str, str], ...]
    outcome_found: Outcome | None
    heading: Heading
    facilitates: bool
    is_pinned: bool
    may_pin: bool
    is_merged: bool
    max_length: int = MAX_BODY
    lede: str = ""
    # What the feature adds to the form of a contribution that answers no other.
    beside_template: str = ""
    # What the form of such a contribution asks of its place, if there are any.
    area_template: str = ""
    areas: Sequence[Any] = ()
    # A shell is kept for many readers: the conversation is put into its slots.
    is_shell: bool = False

    def __getattr__(self, name: str) -> object:
        return getattr(self.page, name)

    def slot(self, name: str) -> str:
        """Mark a place that is filled in later; empty on a page that is made at once."""
        return slot(name) if self.is_shell else ""

    @property
    def outcome(self) -> tuple[str, str] | None:
        """Address and title of the report that came out of it."""
        found = self.outcome_found
        return (found.url, found.title) if found else None

    @property
    def themes(self) -> tuple[object, ...]:
        """The first themes of that report."""
        return self.outcome_found.themes[:5] if self.outcome_found else ()

    @property
    def themes_url(self) -> str:
        """Where the report stands."""
        return self.outcome_found.url if self.outcome_found else ""


def features_of(request: Request) -> Features:
    """Give the features of the application, to be asked about kinds and outcomes."""
    features: Features = request.app.state.features
    return features


def thread_target(thread: Thread, process: Process) -> Target:
    """Give a thread as what is acted upon: public when its process is."""
    return Target(
        thread.entity_id,
        process_id=thread.process_id,
        is_public=process.is_published and not thread.is_hidden,
    )


def thread_pill(thread: Thread, schedule: Schedule, ctx: PageContext) -> Pill:
    """Say whether a thread may be written in, and why it may not."""
    if thread.merged_at is not None:
        return Pill("closed", _("Unida a otra"))
    if thread.closed_at is not None:
        return Pill("closed", _("Concluida"))
    return activity_pill(schedule, thread.activity, ctx.now, ctx.zone)


async def thread_view(
    request: Request, schedule: Schedule, thread: Thread, *, is_shell: bool = False
) -> ThreadView:
    """Read a page of a thread for this reader, or the shell that the page of many is made from.

    The caller has asked permission to read.
    """
    ctx = context(request)
    actor = actor_of(request)
    features = features_of(request)
    kind = features.thread_kind(thread.kind)
    phase = phase_at(schedule.phases, thread.activity, ctx.now, thread.closed_at)
    is_open = phase.state == "open"
    target = process_target(schedule.process)
    offices = speaks_for(actor, target) if thread.closed_at is None else ()
    may_write = is_open and (actor.is_anonymous or can(actor, Action.CONTRIBUTE, target))
    url = kind.url(thread.id, thread.place_id)
    asked = wanted(request.query_params)
    placing = features.placing if may_write or offices else None
    page = shell_page(thread, url, asked) if is_shell else None
    return ThreadView(
        page=page or await thread_page(actor, thread, url, asked, kind.beside_of),
        title=thread.title,
        kind_label=kind.label,
        pill=thread_pill(thread, schedule, ctx),
        post_url=f"/hilos/{thread.id}/aportes",
        state=phase.state,
        changes_at=phase.changes_at,
        # The entity may answer when citizens may no longer speak.
        may_post=may_write or bool(offices),
        may_reply=may_write or bool(offices),
        may_support=may_write,
        may_edit=is_open,
        only_for_entity=not may_write,
        ask_stance=kind.has_stance,
        speaks_for=tuple((office, office) for office in offices),
        outcome_found=await features.outcome(thread.entity_id, thread.process_id),
        heading=Heading(thread.id) if is_shell else await heading_of(thread.entity_id, thread.id),
        facilitates=can(actor, Action.FACILITATE, target),
        is_pinned=thread.pinned_at is not None,
        may_pin=thread.sole_key is None and thread.merged_at is None,
        is_merged=thread.merged_at is not None,
        beside_template=kind.beside.template if kind.beside else "",
        area_template=placing.template if placing else "",
        areas=await placing.choices(thread.entity_id) if placing else (),
        is_shell=is_shell,
    )


async def show_thread(request: Request, thread: Thread, form: Form | None = None) -> Response:
    """Answer with the thread's own page; with a form, as it was filled in."""
    schedule = await schedule_of(thread.entity_id, thread.process_id)
    if form is None and key_of(request) is not None:
        # After the process: what is kept under its revision is not older than that.
        thread = await thread_of(thread.entity_id, thread.id)
    require(request, Action.READ, thread_target(thread, schedule.process))
    kind = features_of(request).thread_kind(thread.kind)
    values: dict[str, Any] = {"crumbs": [*crumbs(schedule.process), *_place_crumb(request, thread)]}
    if kind.around is not None:
        values |= await kind.around(request, thread.id)
    return await show_with_thread(
        request, kind.template, values, schedule=schedule, thread=thread, form=form
    )


async def show_with_thread(
    request: Request,
    template: str,
    values: dict[str, Any],
    *,
    schedule: Schedule,
    thread: Thread,
    form: Form | None = None,
    follows: bool | None = False,
) -> Response:
    """Answer with a page around a thread, kept for others where it may be.

    `follows` says that what is around the thread may change with each of its events; None that
    it shows other things too that may change without anybody being told, so it is not kept.
    """
    features = features_of(request)
    kind = features.thread_kind(thread.kind)
    fields = (*POST_FIELDS, *features.fields_of(thread.kind))
    key = key_of(request) if form is None and follows is not None else None
    if key is None:
        return render(
            request,
            template,
            status=422 if form is not None and form.has_errors else 200,
            thread=await thread_view(request, schedule, thread),
            form=form or await draft_form(request, fields),
            **values,
        )
    view = await thread_view(request, schedule, thread, is_shell=True)
    making = Making(
        template=template,
        values={**values, "thread": view, "form": Form(fields=fields)},
        thread_id=thread.id,
        url=view.page.url,
        is_open=view.may_support,
        facts=Facts(thread.last_number, thread.contribution_count),
        revision=schedule.process.revision,
        changes_at=phase_at(schedule.phases, thread.activity, context(request).now).next_at,
        follows=bool(follows),
        beside_of=kind.beside_of,
    )
    return await keep(request, key, making)


def _place_crumb(request: Request, thread: Thread) -> list[tuple[str, Text]]:
    kind = features_of(request).thread_kind(thread.kind)
    return [(kind.place_url(thread.place_id), kind.label)] if kind.place_url else []


def crumbs(process: Process) -> list[tuple[str, str]]:
    """Give the way up from anything inside a process."""
    return [(f"/procesos/{process.slug}", process.title)]


async def readable(request: Request) -> Contribution:
    """Find the contribution of an address, asking permission to read it."""
    entity_id = context(request).entity.id
    found = await contribution_of(entity_id, request.path_params["receipt"])
    schedule = await schedule_of(entity_id, found.process_id)
    is_public = schedule.process.is_published
    require(request, Action.READ, contribution_target(found, is_public=is_public))
    return found
