"""What somebody holds who has answered a survey."""

from collections.abc import Callable
from datetime import tzinfo

from starlette.requests import Request
from starlette.responses import Response

from participa.i18n import Day, Moment, Text, _
from participa.processes.queries import Schedule
from participa.surveys.models import Participation, Survey
from participa.surveys.queries import sealed_until, survey_url
from participa.surveys.rules import Audience
from participa.web.context import context
from participa.web.templating import render


def results_note(
    request: Request, survey: Survey, schedule: Schedule, *, is_live: bool | None = None
) -> Text | str:
    """Say why results are not to be read yet; empty once they are.

    `is_live` says whether percentages show before the closing, where that is known.
    """
    ctx = context(request)
    if sealed := sealed_until(survey, schedule, ctx.now):
        return _NOTES[is_live](Moment(sealed, ctx.zone))
    if schedule.final_closing(survey.activity) is None:
        return _("Esta encuesta todavía no tiene fechas.")
    return ""


_NOTES: dict[bool | None, Callable[[Moment], Text]] = {
    None: lambda when: _(
        "Los resultados se publican el {when}, cuando cierre la encuesta.", when=when
    ),
    False: lambda when: _(
        "Los resultados se publican el {when}, cuando cierre la encuesta. Antes este sitio no "
        "se los muestra a nadie, tampoco a la entidad.",
        when=when,
    ),
    True: lambda when: _(
        "Los resultados se publican el {when}, cuando cierre la encuesta. Mientras está abierta se "
        "muestran solo porcentajes, desde 50 respuestas y hasta el día anterior.",
        when=when,
    ),
}


def already_answered(
    request: Request, survey: Survey, schedule: Schedule, mine: Participation, status: int = 200
) -> Response:
    """Tell somebody that their answers are stored already."""
    title = _("Usted ya respondió esta encuesta")
    return slip(request, survey, schedule, mine, title, status=status)


def slip(
    request: Request,
    survey: Survey,
    schedule: Schedule,
    mine: Participation,
    title: Text,
    *,
    status: int = 200,
) -> Response:
    """Show the receipt of somebody's own answers."""
    ctx = context(request)
    url = survey_url(survey)
    note = results_note(request, survey, schedule)
    results = [] if note else [(f"{url}/resultados", _("Ver los resultados"))]
    return render(
        request,
        "web/message.html",
        status=status,
        message={
            "title": title,
            "text": _sent(survey, Day(mine.created_at, ctx.zone)),
            "receipt": mine.receipt_number,
            "facts": [
                (_("Encuesta"), survey.title),
                (_("Enviada"), _when(mine, survey, ctx.zone)),
            ],
            "next_steps": [note] if note else [],
            "main": (f"/procesos/{survey.process.slug}", _("Volver al proceso")),
            "links": [*results, (url, _("Sobre esta encuesta"))],
        },
    )  # fmt: skip


def _sent(survey: Survey, day: Day) -> Text:
    if survey.may_change:
        return _("Enviadas por primera vez el {day}. Cuentan las últimas que envíe antes del "
                 "cierre.", day=day)  # fmt: skip
    if survey.audience == Audience.OPEN:
        return _("Cuentan las respuestas que envió el {day}.", day=day)
    return _("Cada persona responde una sola vez. Cuentan las respuestas que envió el {day}.",
             day=day)  # fmt: skip


def _when(mine: Participation, survey: Survey, zone: tzinfo) -> Day | Moment:
    """Give the moment; of a secret ballot only the day is known."""
    return Day(mine.created_at, zone) if survey.is_secret else Moment(mine.created_at, zone)
