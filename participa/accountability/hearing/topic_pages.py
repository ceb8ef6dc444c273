"""The topics that citizens propose for a session and support, before its agenda is made."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accountability.forms import QUESTION_FIELDS, read_question
from participa.accountability.hearing.finding import Found, found_session
from participa.accountability.hearing.rules import TOPIC_KIND
from participa.accountability.queries import session_target
from participa.accountability.rules import ACTIVITY
from participa.accounts.guard import actor_of, page
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.deliberation.drafts import draft_form
from participa.deliberation.models import Contribution
from participa.deliberation.opening import open_from_form
from participa.deliberation.queries import supported_by
from participa.deliberation.rules import State
from participa.deliberation.service import open_topic
from participa.processes.queries import schedule_of
from participa.security.limits import POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.refusals import PhaseClosed
from participa.web.templating import render

MOST = 200


def topics_url(found: Found) -> str:
    """Give the page of a session's topics."""
    return f"{found.url}/temas"


async def topics(request: Request) -> Response:
    """List the topics proposed for a session, the most supported first."""
    found = await found_session(request, Action.READ)
    return await _show(request, found, await draft_form(request, QUESTION_FIELDS))


async def _show(request: Request, found: Found, form: Form) -> Response:
    session, now = found.session, context(request).now
    schedule = await schedule_of(session.entity_id, session.process_id)
    rows = Contribution.of(session.entity_id).filter(
        is_opening=True, state=State.PUBLISHED, thread__kind=TOPIC_KIND,
        thread__place_id=session.id, thread__is_hidden=False, thread__merged_at=None,
    )  # fmt: skip
    found_rows = await rows.select_related("thread").order_by("-support_count", "id").limit(MOST)
    return render(
        request,
        "accountability/hearing/topics.html",
        status=422 if form.has_errors else 200,
        topics={
            "url": topics_url(found),
            "session_url": found.url,
            "title": session.title,
            "items": found_rows,
            "mine": await supported_by(actor_of(request), [row.id for row in found_rows]),
            "may_propose": schedule.is_open(ACTIVITY, now) and session.started_at is None,
        },
        form=form,
        crumbs=found.crumbs,
    )


async def propose(request: Request) -> Response:
    """Propose a topic; who has not signed in is asked to, losing nothing."""
    found = await found_session(request, Action.READ)
    ctx, session = context(request), found.session
    schedule = await schedule_of(ctx.entity.id, session.process_id)
    schedule.require_open(ACTIVITY, ctx.now)
    if session.started_at is not None:
        raise PhaseClosed
    return await open_from_form(
        request,
        read_question(form_data(request)),
        target=session_target(session),
        back=f"{topics_url(found)}#proponer",
        show=lambda form: _show(request, found, form),
        opened=lambda title, said, key: open_topic(
            actor_of(request), process_id=session.process_id, kind=TOPIC_KIND,
            place_id=session.id, activity=ACTIVITY, title=title, said=said, now=ctx.now,
            request_key=key,
        ),
        onward=lambda _said: topics_url(found),
    )  # fmt: skip


TOPIC_ROUTES = [
    page("/rendicion-de-cuentas/{id:int}/temas", topics, action=Action.READ),
    page("/rendicion-de-cuentas/{id:int}/temas", propose, action=Action.CONTRIBUTE,
         methods=("POST",), limit=POST),
]  # fmt: skip
