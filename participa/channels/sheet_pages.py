"""Pages of a long sheet: what was found line by line, and the button that records it."""

import asyncio
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of
from participa.accounts.guard import form as form_data
from participa.channels.checking import (
    PLACES_SHOWN,
    PROBLEMS_SHOWN,
    Checked,
    check,
    preview,
    totals,
)
from participa.channels.desk import desk_crumbs, new_url, receiving_of, recordable, sheet_url
from participa.channels.forms import AGAIN
from participa.channels.models import CheckedSheet
from participa.channels.queries import known_marks
from participa.channels.repeated import LooksRecorded
from participa.channels.rules import KINDS
from participa.channels.waiting import record_sheet, sheet_of
from participa.i18n import _
from participa.processes.queries import Schedule
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.templating import render


async def checked_sheet(request: Request) -> Response:
    """Show an official what a sheet comes to."""
    schedule = await recordable(request)
    sheet = await sheet_of(schedule.process, request.path_params["sheet_id"])
    if sheet.recording_id is not None:
        return see(f"/registros/{sheet.recording_id}")
    checked = await asyncio.to_thread(check, sheet, await receiving_of(request, schedule))
    return await _show(request, schedule, sheet, checked)


async def record_checked(request: Request) -> Response:
    """Record a sheet, unless something in it needs mending by now."""
    schedule = await recordable(request)
    form = Form(form_data(request), fields=(AGAIN,))
    sheet = await sheet_of(schedule.process, request.path_params["sheet_id"])
    checked = await asyncio.to_thread(check, sheet, await receiving_of(request, schedule))
    session = checked.complete
    if session is None and sheet.recording_id is None:
        return await _show(request, schedule, sheet, checked)
    session = replace(session or checked.session, is_another=form.checked(AGAIN))
    try:
        stored = await record_sheet(
            actor_of(request), schedule.process, sheet, session, now=context(request).now
        )
    except LooksRecorded as refusal:
        form.fail(AGAIN, refusal.title)
        return await _show(request, schedule, sheet, checked, form)
    return see(f"/registros/{stored.id}?aviso=registrado")


async def _show(
    request: Request,
    schedule: Schedule,
    sheet: CheckedSheet,
    checked: Checked,
    form: Form | None = None,
) -> Response:
    process, session = schedule.process, checked.session
    form = form or Form(fields=(AGAIN,))
    marks = [line.mark for line in checked.lines.values()]
    known = await known_marks(process, session.source, marks)
    new = [line for line in checked.lines.values() if line.mark not in known]
    places = totals(new)
    return render(
        request,
        "channels/sheet.html",
        status=422 if checked.problems or form.has_errors else 200,
        form=form,
        sheet={
            "url": sheet_url(process.slug, sheet.id),
            "again_url": with_query(new_url(process.slug), tipo=session.kind),
            "process_title": process.title,
            "kind_label": KINDS[session.kind],
            "held_on": session.held_on,
            "place": session.place,
            "people_count": session.people_count,
            "source": session.source,
            "new_count": len(new),
            "may_record": not checked.problems and bool(new),
            "result": {
                "figures": [
                    (_("Filas en la hoja"), checked.row_count),
                    (_("Aportes por registrar"), len(new)),
                    (_("Ya registradas antes"), len(known)),
                    (_("Filas con problemas"), checked.bad),
                ],
                "problems": checked.problems[:PROBLEMS_SHOWN],
                "problem_count": len(checked.problems),
                "url": "",
            },
            "totals": places[:PLACES_SHOWN],
            "places_count": len(places),
            "preview": preview(checked),
        },
        crumbs=desk_crumbs(schedule),
    )
