"""The question desk: the page of those who moderate a session, and what they press there."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from participa.accountability.hearing import desk
from participa.accountability.hearing.board import agenda_of, board, mark_text
from participa.accountability.hearing.finding import Found, found_session, offices_of
from participa.accountability.hearing.forms import (
    ANSWER_FIELDS,
    RECORD_FIELDS,
    read_answer,
    read_recorded,
)
from participa.accountability.hearing.holding import end as end_session
from participa.accountability.hearing.holding import start as start_session
from participa.accountability.hearing.likeness import questions_like
from participa.accountability.hearing.pages import live_path
from participa.accountability.hearing.rows import QuestionRow, question_row, question_rows
from participa.accountability.hearing.rules import (
    STATE_WORDS,
    Move,
    Phase,
    QuestionState,
    minute_text,
    moves_from,
    phase_of,
)
from participa.accounts.guard import actor_of, page, require_bare
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.deliberation.pages import features_of
from participa.deliberation.texts import TextRefused
from participa.i18n import Text, _
from participa.kit.receipts import parse_receipt
from participa.security.limits import CORRECTION
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import BadInput, NotFound
from participa.web.templating import render

MOVE_FIELDS = ("hacer", "desde")
MOVE_WORDS: dict[Move, Text] = {
    Move.SHORTLIST: _("A la lista"),
    Move.UNLIST: _("Sacar de la lista"),
    Move.SHOW: _("A la pantalla"),
    Move.TAKE_DOWN: _("Bajar de la pantalla"),
}
# In which order the desk reads its columns.
COLUMNS = (
    QuestionState.LIVE,
    QuestionState.SHORTLISTED,
    QuestionState.RECEIVED,
    QuestionState.PENDING,
    QuestionState.ANSWERED,
    QuestionState.MERGED,
)
MOST_IN_COLUMN = 100


def desk_url(found: Found) -> str:
    """Give the page of the desk."""
    return f"{found.desk_url}/mesa"


async def question_desk(request: Request) -> Response:
    """Show every question of a session by where it stands, and what can be done with it."""
    found = await found_session(request, Action.FACILITATE)
    return await _show(request, found, Form(fields=RECORD_FIELDS))


async def _show(request: Request, found: Found, form: Form) -> Response:
    ctx, session = context(request), found.session
    rows = await question_rows(session.entity_id, session.id)
    offices = await offices_of(session.entity_id)
    points = await agenda_of(session, ctx.now)
    return render(
        request,
        "accountability/hearing/desk.html",
        status=422 if form.has_errors else 200,
        desk={
            "url": desk_url(found),
            "session_url": found.url,
            "manage_url": found.desk_url,
            "title": session.title,
            "phase": phase_of(session.started_at, session.ended_at),
            "live": live_path(session.id),
            "columns": _columns(rows, phase_of(session.started_at, session.ended_at)),
            "offices": [(str(office.id), office.name) for office in offices],
            "office": str(session.office_id or ""),
            "channels": [("telephone", _("Por teléfono")), ("paper", _("En papel"))],
            "is_long": len(rows) > MOST_IN_COLUMN,
        },
        board=board(session, rows, points),
        form=form,
        crumbs=found.staff_crumbs,
    )


def _columns(rows: Sequence[QuestionRow], phase: Phase) -> list[dict[str, object]]:
    return [
        {
            "state": state,
            "label": STATE_WORDS[state],
            "count": sum(row.state is state for row in rows),
            "rows": [row for row in rows if row.state is state][:MOST_IN_COLUMN],
            "moves": [(m, MOVE_WORDS[m]) for m in moves_from(state, phase) if m in MOVE_WORDS],
            "may_answer": Move.ANSWER in moves_from(state, phase),
            "mark": mark_text,
        }
        for state in COLUMNS
    ]


async def move(request: Request) -> Response:
    """Move a question, as the button pressed says."""
    found = await found_session(request, Action.FACILITATE)
    form = Form(form_data(request), fields=MOVE_FIELDS)
    try:
        wanted = Move(form.values["hacer"])
    except ValueError as error:
        raise BadInput from error
    thread_id = request.path_params["thread_id"]
    await desk.move(
        actor_of(request), found.session.id, thread_id, wanted, form.values["desde"],
        now=context(request).now,
    )  # fmt: skip
    return see(f"{desk_url(found)}#p{thread_id}")


async def answering(request: Request) -> Response:
    """Show the form in which the desk notes what was answered, or who will."""
    found = await found_session(request, Action.FACILITATE)
    return await _answering(request, found, Form(fields=ANSWER_FIELDS))


async def _answering(request: Request, found: Found, form: Form) -> Response:
    session = found.session
    row = await _question(request, found)
    offices = await offices_of(session.entity_id)
    if not form.values["second"] and row.second is not None:
        form.values["second"] = minute_text(row.second)
    return render(
        request,
        "accountability/hearing/answer.html",
        status=422 if form.has_errors else 200,
        answering={
            "url": f"{desk_url(found)}/{row.thread_id}",
            "row": row,
            "label": STATE_WORDS[row.state],
            "alike": questions_like(row, await question_rows(session.entity_id, session.id)),
            "may_answer": row.state is not QuestionState.MERGED,
            "may_owe": Move.OWE in moves_from(row.state, phase_of(None, None)),
            "offices": [("", _("Elija una")), *((office.name, office.name) for office in offices)],
            "owners": [(str(office.id), office.name) for office in offices],
            "is_live": phase_of(session.started_at, session.ended_at) is Phase.LIVE,
        },
        form=form,
        crumbs=[*found.staff_crumbs, (desk_url(found), _("Mesa de preguntas"))],
    )


async def _question(request: Request, found: Found) -> QuestionRow:
    session, thread_id = found.session, request.path_params["thread_id"]
    row = await question_row(session.entity_id, session.id, thread_id)
    if row is None:
        raise NotFound
    return row


async def send_answer(request: Request) -> Response:
    """Note what an office answered, and publish it with the question."""
    found = await found_session(request, Action.FACILITATE)
    offices = [office.name for office in await offices_of(found.session.entity_id)]
    said, form = read_answer(form_data(request), offices)
    if said is None:
        return await _answering(request, found, form)
    try:
        await desk.answer(
            actor_of(request), found.session.id, request.path_params["thread_id"], said,
            now=context(request).now, request_key=form.request_key,
        )  # fmt: skip
    except TextRefused as refusal:
        form.fail("body", refusal.title)
        return await _answering(request, found, form)
    return see(with_query(f"{desk_url(found)}", aviso="respuesta-anotada"))


async def send_owner(request: Request) -> Response:
    """Promise a written answer in the name of an office."""
    found = await found_session(request, Action.FACILITATE)
    form = Form(form_data(request), fields=("owner",))
    await desk.owe(
        actor_of(request), found.session.id, request.path_params["thread_id"],
        form.number("owner"), now=context(request).now,
        calendar=await features_of(request).calendar(found.session.entity_id),
    )  # fmt: skip
    return see(with_query(desk_url(found), aviso="guardado"))


async def send_union(request: Request) -> Response:
    """Merge a question into the one whose receipt number was typed."""
    found = await found_session(request, Action.FACILITATE)
    form = Form(form_data(request), fields=("into", "typed"))
    receipt = str(parse_receipt(form.values["into"] or form.values["typed"]) or "")
    rows = await question_rows(found.session.entity_id, found.session.id)
    into = next((row for row in rows if row.receipt == receipt), None)
    if into is None:
        raise BadInput(_("Escriba el radicado de otra pregunta de esta audiencia."))
    await desk.unite_questions(
        actor_of(request), found.session.id, request.path_params["thread_id"], into.thread_id,
        now=context(request).now,
    )  # fmt: skip
    return see(with_query(f"{desk_url(found)}#p{into.thread_id}", aviso="guardado"))


async def record(request: Request) -> Response:
    """Write down a question that came by telephone or on paper."""
    found = await found_session(request, Action.FACILITATE)
    title, body, channel, form = read_recorded(form_data(request))
    if form.has_errors:
        return await _show(request, found, form)
    try:
        said = await desk.record_question(
            actor_of(request), found.session.id, title, body, channel, now=context(request).now
        )
    except TextRefused as refusal:
        form.fail("body", refusal.title)
        return await _show(request, found, form)
    return see(with_query(desk_url(found), aviso="registrado", radicado=said.receipt_number))


async def start(request: Request) -> Response:
    """Begin the session."""
    found = await found_session(request, Action.FACILITATE)
    require_bare(request)
    await start_session(actor_of(request), found.session.id, now=context(request).now)
    return see(desk_url(found))


async def end(request: Request) -> Response:
    """End the session; what is unanswered gets a last day and an owner."""
    found = await found_session(request, Action.FACILITATE)
    form = Form(form_data(request), fields=("office",))
    await end_session(
        actor_of(request), found.session.id, form.number("office"), now=context(request).now,
        calendar=await features_of(request).calendar(found.session.entity_id),
    )  # fmt: skip
    return see(with_query(desk_url(found), aviso="audiencia-terminada"))


_DESK = "/gestion/audiencias/{id:int}/mesa"
DESK_ROUTES = [
    page(_DESK, question_desk, action=Action.FACILITATE),
    page(f"{_DESK}/preguntas", record, action=Action.FACILITATE, methods=("POST",),
         limit=CORRECTION),
    page(f"{_DESK}/empezar", start, action=Action.FACILITATE, methods=("POST",),
         limit=CORRECTION),
    page(f"{_DESK}/terminar", end, action=Action.FACILITATE, methods=("POST",),
         limit=CORRECTION),
    page(f"{_DESK}/{{thread_id:int}}", answering, action=Action.FACILITATE),
    page(f"{_DESK}/{{thread_id:int}}", move, action=Action.FACILITATE, methods=("POST",),
         limit=CORRECTION),
    page(f"{_DESK}/{{thread_id:int}}/respuesta", send_answer, action=Action.FACILITATE,
         methods=("POST",), limit=CORRECTION),
    page(f"{_DESK}/{{thread_id:int}}/pendiente", send_owner, action=Action.FACILITATE,
         methods=("POST",), limit=CORRECTION),
    page(f"{_DESK}/{{thread_id:int}}/unir", send_union, action=Action.FACILITATE,
         methods=("POST",), limit=CORRECTION),
]  # fmt: skip
