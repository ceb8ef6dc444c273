"""The pages on which people register for a session, and the list for who organises it."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accountability.hearing.finding import Found, found_session
from participa.accountability.hearing.forms import (
    OTHER_FIELDS,
    REGISTER_FIELDS,
    read_other,
    read_registering,
    registering_values,
)
from participa.accountability.hearing.models import Registration
from participa.accountability.hearing.registering import (
    NoRoom,
    TooLateToRegister,
    attendance,
    cancel,
    note_attendance,
    numbers_of,
    register,
    register_other,
    registration_of,
    registrations_of,
)
from participa.accountability.hearing.rules import MODES, NEEDS, Mode, Registering, has_room
from participa.accounts.guard import actor_of, needs_less, page, require_bare
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.deliberation.drafts import draft_form, forget_draft, keep_draft
from participa.i18n import Text, _
from participa.security.limits import CORRECTION, POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.templating import render


def register_url(found: Found) -> str:
    """Give the page on which people register."""
    return f"{found.url}/inscripcion"


async def registration(request: Request) -> Response:
    """Show the form to register, filled in for who did."""
    found = await found_session(request, Action.READ)
    mine = await registration_of(actor_of(request), found.session.id)
    form = await draft_form(request, REGISTER_FIELDS)
    if mine is not None and not form.values.get("mode"):
        form = Form(_values(mine), fields=REGISTER_FIELDS)
    return await _show(request, found, form, is_mine=mine is not None)


def _values(mine: Registration) -> dict[str, str]:
    return registering_values(Registering(Mode(mine.mode), tuple(mine.needs), mine.note))


async def _show(request: Request, found: Found, form: Form, *, is_mine: bool) -> Response:
    session = found.session
    came = await numbers_of(session)
    return render(
        request,
        "accountability/hearing/register.html",
        status=422 if form.has_errors else 200,
        registering={
            "url": register_url(found),
            "title": session.title,
            "held_at": session.held_at,
            "place": session.place,
            "came": came,
            "seats": session.seats,
            "is_full": not has_room(session.seats, came.in_person, Mode.IN_PERSON),
            "is_mine": is_mine,
            "is_over": session.ended_at is not None,
            "modes": list(MODES.items()),
            "needs": list(NEEDS.items()),
        },
        form=form,
        crumbs=found.crumbs,
    )


async def send_registration(request: Request) -> Response:
    """Register, or change what was said; who has not signed in is asked to, losing nothing."""
    found = await found_session(request, Action.READ)
    actor = actor_of(request)
    form = Form(form_data(request), fields=REGISTER_FIELDS)
    said = read_registering(form)
    if said is not None and actor.is_anonymous:
        needs_less(request, Action.CONTRIBUTE)
        return await keep_draft(request, register_url(found), form.values)
    if said is not None:
        await found_session(request, Action.CONTRIBUTE)
        try:
            await register(actor, found.session.id, said, now=context(request).now)
        except (NoRoom, TooLateToRegister) as refusal:
            form.fail("mode", _advice(refusal))
        else:
            await forget_draft(found.session.entity_id, form.request_key)
            return see(with_query(register_url(found), aviso="inscrito"))
    needs_less(request, Action.CONTRIBUTE)
    mine = await registration_of(actor, found.session.id)
    return await _show(request, found, form, is_mine=mine is not None)


def _advice(refusal: NoRoom | TooLateToRegister) -> Text:
    return _("{title}. {advice}", title=refusal.title, advice=refusal.advice)


async def cancel_registration(request: Request) -> Response:
    """Take one's registration back."""
    found = await found_session(request, Action.CONTRIBUTE)
    require_bare(request)
    await cancel(actor_of(request), found.session.id)
    return see(with_query(register_url(found), aviso="inscripcion-retirada"))


async def registered(request: Request) -> Response:
    """List who registered and what they need, for who organises the session."""
    found = await found_session(request, Action.MANAGE_PROCESS)
    return await _list(request, found, Form(fields=OTHER_FIELDS))


async def _list(request: Request, found: Found, form: Form) -> Response:
    rows = await registrations_of(found.session)
    return render(
        request,
        "accountability/hearing/registered.html",
        status=422 if form.has_errors else 200,
        listing={
            "url": f"{found.desk_url}/inscritos",
            "title": found.session.title,
            "came": attendance(rows),
            "seats": found.session.seats,
            "is_over": found.session.ended_at is not None,
            "rows": [_line(row) for row in rows],
            "modes": list(MODES.items()),
            "needs": list(NEEDS.items()),
        },
        form=form,
        crumbs=found.staff_crumbs,
    )


def _line(row: Registration) -> dict[str, object]:
    return {
        "id": row.id,
        "name": row.name,
        "channel": row.channel,
        "mode": MODES[Mode(row.mode)],
        "needs": [NEEDS[need] for need in row.needs if need in NEEDS],
        "note": row.note,
        "attended_at": row.attended_at,
    }


async def send_other(request: Request) -> Response:
    """Write down somebody who called, or who is at the door."""
    found = await found_session(request, Action.MANAGE_PROCESS)
    form = Form(form_data(request), fields=OTHER_FIELDS)
    name, channel, said = read_other(form)
    if said is not None:
        is_here = channel == "door"
        try:
            await register_other(
                actor_of(request), found.session.id, name, "paper" if is_here else channel, said,
                now=context(request).now, is_here=is_here, request_key=form.request_key,
            )  # fmt: skip
            return see(with_query(f"{found.desk_url}/inscritos", aviso="guardado"))
        except (NoRoom, TooLateToRegister) as refusal:
            form.fail("mode", _advice(refusal))
    return await _list(request, found, form)


async def send_attendance(request: Request) -> Response:
    """Note that somebody came, or that they did not."""
    found = await found_session(request, Action.MANAGE_PROCESS)
    form = Form(form_data(request), fields=("hacer",))
    await note_attendance(
        actor_of(request), found.session.id, request.path_params["registration_id"],
        came=form.values["hacer"] != "no", now=context(request).now,
    )  # fmt: skip
    return see(f"{found.desk_url}/inscritos#lista")


REGISTRATION_ROUTES = [
    page("/rendicion-de-cuentas/{id:int}/inscripcion", registration, action=Action.READ),
    page("/rendicion-de-cuentas/{id:int}/inscripcion", send_registration,
         action=Action.CONTRIBUTE, methods=("POST",), limit=POST),
    page("/rendicion-de-cuentas/{id:int}/inscripcion/cancelar", cancel_registration,
         action=Action.CONTRIBUTE, methods=("POST",), limit=POST),
    page("/gestion/audiencias/{id:int}/inscritos", registered, action=Action.MANAGE_PROCESS),
    page("/gestion/audiencias/{id:int}/inscritos", send_other, action=Action.MANAGE_PROCESS,
         methods=("POST",), limit=CORRECTION),
    page("/gestion/audiencias/{id:int}/inscritos/{registration_id:int}", send_attendance,
         action=Action.MANAGE_PROCESS, methods=("POST",), limit=CORRECTION),
]  # fmt: skip
