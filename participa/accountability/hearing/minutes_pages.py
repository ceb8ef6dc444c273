"""The pages of the acta: writing it, publishing it, reading it with the record it froze."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from participa.accountability.hearing import minutes
from participa.accountability.hearing.finding import Found, found_session
from participa.accountability.hearing.models import HearingMinutes
from participa.accountability.hearing.rows import QuestionRow, question_rows
from participa.accountability.hearing.rules import STATE_WORDS, QuestionState, minute_text
from participa.accounts.guard import actor_of, page
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.deliberation.rules import MAX_BODY
from participa.deliberation.texts import TextRefused
from participa.i18n import _
from participa.kit.html import SafeHtml
from participa.security.limits import POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import NotFound
from participa.web.templating import render

MAX_REASON = 500


async def published(request: Request) -> Response:
    """Show the acta of a session; of several, the number asked for or the one that counts."""
    found = await found_session(request, Action.READ)
    every = await minutes.minutes_of(found.session)
    wanted = request.query_params.get("numero", "")
    shown = next((each for each in every if str(each.number) == wanted), None)
    if not every or (wanted and shown is None):
        raise NotFound
    row = shown or every[0]
    questions = await question_rows(found.session.entity_id, found.session.id)
    return render(
        request,
        "accountability/hearing/minutes.html",
        minutes={
            "title": found.session.title,
            "number": row.number,
            "html": SafeHtml(row.body_html),
            "reason": row.reason,
            "digest": row.digest,
            "published_at": row.published_at,
            "signed_by": row.signed_by,
            "record": row.record,
            "questions": _lines(row, questions),
            "others": [
                (with_query(f"{found.url}/acta", numero=each.number), each.number, each.reason)
                for each in every
                if each.number != row.number
            ],
            "is_latest": row.number == every[0].number,
        },
        crumbs=found.crumbs,
    )


def _lines(row: HearingMinutes, questions: Sequence[QuestionRow]) -> list[Mapping[str, object]]:
    """Give the frozen questions with their words of today, as their authors left them."""
    by_receipt = {each.receipt: each for each in questions}
    frozen: Any = row.record.get("questions", ())
    return [_line(each, by_receipt.get(each["receipt"])) for each in frozen]


def _line(frozen: Mapping[str, object], now: QuestionRow | None) -> Mapping[str, object]:
    second = frozen["second"]
    return {
        "receipt": frozen["receipt"],
        "title": now.title if now is not None else _("Retirada u oculta después"),
        "state": STATE_WORDS[QuestionState(str(frozen["state"]))],
        "office": frozen["office"],
        "mark": minute_text(second) if isinstance(second, int) else "",
    }


async def writing(request: Request) -> Response:
    """Show the acta as it is being written; at first, what the record knows."""
    found = await found_session(request, Action.MANAGE_PROCESS)
    ctx = context(request)
    draft = await minutes.draft_of(found.session)
    body = (
        draft.body_source
        if draft
        else await minutes.first_draft(found.session, ctx.entity, ctx.now)
    )
    return await _write(request, found, Form({"body": body}, fields=("body", "reason")))


async def _write(request: Request, found: Found, form: Form) -> Response:
    draft = await minutes.draft_of(found.session)
    every = await minutes.minutes_of(found.session)
    return render(
        request,
        "accountability/hearing/minutes_desk.html",
        status=422 if form.has_errors else 200,
        writing={
            "url": f"{found.desk_url}/acta",
            "public_url": f"{found.url}/acta",
            "title": found.session.title,
            "is_over": found.session.ended_at is not None,
            "has_draft": draft is not None,
            "preview": SafeHtml(draft.body_html) if draft is not None else "",
            "published": [(each.number, each.published_at) for each in every],
        },
        form=form,
        crumbs=found.staff_crumbs,
    )


async def send_draft(request: Request) -> Response:
    """Keep the acta as it is being written."""
    found = await found_session(request, Action.MANAGE_PROCESS)
    form = Form(form_data(request), fields=("body", "reason"))
    body = form.text("body", required=_("Escriba el acta."), longest=MAX_BODY)
    if not form.has_errors:
        try:
            await minutes.keep_draft(
                actor_of(request), found.session.id, body, now=context(request).now
            )
            return see(with_query(f"{found.desk_url}/acta", aviso="guardado"))
        except TextRefused as refusal:
            form.fail("body", refusal.title)
    return await _write(request, found, form)


async def publish(request: Request) -> Response:
    """Publish the acta for good."""
    found = await found_session(request, Action.MANAGE_PROCESS)
    form = Form(form_data(request), fields=("reason",))
    reason = form.text("reason", longest=MAX_REASON)
    await minutes.publish(actor_of(request), found.session.id, reason, now=context(request).now)
    return see(with_query(f"{found.url}/acta", aviso="acta-publicada"))


MINUTES_ROUTES = [
    page("/rendicion-de-cuentas/{id:int}/acta", published, action=Action.READ),
    page("/gestion/audiencias/{id:int}/acta", writing, action=Action.MANAGE_PROCESS),
    page("/gestion/audiencias/{id:int}/acta", send_draft, action=Action.MANAGE_PROCESS,
         methods=("POST",), limit=POST),
    page("/gestion/audiencias/{id:int}/acta/publicar", publish, action=Action.MANAGE_PROCESS,
         methods=("POST",), limit=POST),
]  # fmt: skip
