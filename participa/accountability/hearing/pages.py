"""The public pages of a hearing in course: in the hall, on the screen, and their news."""

import hashlib
import json
from datetime import datetime, timedelta

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from participa.accountability.forms import QUESTION_FIELDS, read_question
from participa.accountability.hearing.board import Board, board_of
from participa.accountability.hearing.finding import Found, found_session
from participa.accountability.hearing.live import MOST_MISSED, event_message, parts_of, shown
from participa.accountability.hearing.models import HearingEvent
from participa.accountability.queries import session_target
from participa.accountability.rules import ACTIVITY
from participa.accountability.service import ask
from participa.accounts.guard import actor_of, page
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.deliberation.drafts import draft_form
from participa.deliberation.models import Contribution
from participa.deliberation.opening import open_from_form
from participa.deliberation.pages import features_of
from participa.deliberation.queries import supported_by
from participa.kit.html import SafeHtml
from participa.processes.queries import schedule_of
from participa.realtime import Message
from participa.security.limits import POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.templating import Reader, render

LATEST = "despues"


async def hall(request: Request) -> Response:
    """Show a session to who is in the hall with a telephone, or far away."""
    found = await found_session(request, Action.READ)
    return await _hall(request, found, await draft_form(request, QUESTION_FIELDS))


async def _hall(request: Request, found: Found, form: Form) -> Response:
    ctx, session = context(request), found.session
    board = await board_of(session, ctx.now)
    schedule = await schedule_of(session.entity_id, session.process_id)
    mine = await supported_by(actor_of(request), [row.opening_id for row in board.open])
    return render(
        request,
        "accountability/hearing/hall.html",
        status=422 if form.has_errors else 200,
        hall={
            "url": hall_url(found),
            "session_url": found.url,
            "live": live_path(session.id),
            "news_url": f"{found.url}/novedades",
            "may_ask": schedule.is_open(ACTIVITY, ctx.now),
        },
        form=form,
        crumbs=found.crumbs,
        **shown(board, mine),
    )


def hall_url(found: Found) -> str:
    """Give the page of the hall."""
    return f"{found.url}/en-vivo"


def live_path(session_id: int) -> str:
    """Give the address of a session's socket."""
    return f"/en-vivo/audiencias/{session_id}"


async def ask_in_hall(request: Request) -> Response:
    """Ask a question and stay in the hall."""
    ctx = context(request)
    found = await found_session(request, Action.READ)
    schedule = await schedule_of(ctx.entity.id, found.session.process_id)
    schedule.require_open(ACTIVITY, ctx.now)
    calendar = await features_of(request).calendar(ctx.entity.id)
    return await open_from_form(
        request,
        read_question(form_data(request)),
        target=session_target(found.session),
        back=f"{hall_url(found)}#preguntar",
        show=lambda form: _hall(request, found, form),
        opened=lambda title, said, key: ask(
            actor_of(request), found.session, title=title, said=said, now=ctx.now,
            request_key=key, calendar=calendar,
        ),
        onward=lambda _asked: hall_url(found),
    )  # fmt: skip


async def screen(request: Request) -> Response:
    """Show what a projector shows: the question in huge type, no name of anybody."""
    found = await found_session(request, Action.READ)
    board = await board_of(found.session, context(request).now)
    return render(
        request,
        "accountability/hearing/screen.html",
        screen={"live": live_path(found.session.id), "news_url": f"{found.url}/novedades"},
        **shown(board),
    )


async def news(request: Request) -> Response:
    """Give what the socket would have told since a number, where sockets are blocked."""
    found = await found_session(request, Action.READ)
    ctx, session = context(request), found.session
    number = _number(request)
    reader = Reader(ctx.entity, ctx.locale)
    board = await board_of(session, ctx.now)
    messages = [
        *([] if number is None else await _events(found, number)),
        *parts_of(request.app.state.pages, reader, board),
    ]
    written = json.dumps({"n": session.last_number, "messages": messages}, ensure_ascii=False)
    etag = f'"{hashlib.sha256(written.encode()).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Cookie"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(written, headers=headers, media_type="application/json")


def _number(request: Request) -> int | None:
    typed = request.query_params.get(LATEST, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


async def _events(found: Found, number: int) -> list[Message]:
    rows = HearingEvent.of(found.session.entity_id).filter(
        session_id=found.session.id, number__gt=number
    )
    return [event_message(row) for row in await rows.order_by("number").limit(MOST_MISSED)]


async def speaker(request: Request) -> Response:
    """Show who speaks what is on the screen, since when, and what comes next."""
    found = await found_session(request, Action.FACILITATE)
    ctx = context(request)
    board = await board_of(found.session, ctx.now)
    return render(
        request,
        "accountability/hearing/speaker.html",
        speaker={
            "live": live_path(found.session.id),
            "desk_url": f"{found.desk_url}/mesa",
            "point_ends_at": _point_end(board),
            "details": await _details(found, board),
        },
        now=ctx.now,
        crumbs=found.staff_crumbs,
        **shown(board),
    )


def _point_end(board: Board) -> datetime | None:
    if board.point is None:
        return None
    return board.point.starts_at + timedelta(minutes=board.point.minutes)


async def _details(found: Found, board: Board) -> Markup | str:
    if board.live is None:
        return ""
    rows = Contribution.of(found.session.entity_id).filter(id=board.live.opening_id)
    said = await rows.first()
    return SafeHtml(said.body_html) if said is not None else ""


HALL_ROUTES = [
    page("/rendicion-de-cuentas/{id:int}/en-vivo", hall, action=Action.READ),
    page("/rendicion-de-cuentas/{id:int}/en-vivo", ask_in_hall, action=Action.CONTRIBUTE,
         methods=("POST",), limit=POST),
    page("/rendicion-de-cuentas/{id:int}/pantalla", screen, action=Action.READ),
    page("/rendicion-de-cuentas/{id:int}/novedades", news, action=Action.READ),
    page("/gestion/audiencias/{id:int}/vocero", speaker, action=Action.FACILITATE),
]  # fmt: skip
