"""What an official writes down about a session, checked row by row beside its fields."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from starlette.datastructures import FormData

from participa.channels.marks import LONGEST_SOURCE, source_of
from participa.channels.rules import (
    KINDS,
    MARK,
    MAX_NAME,
    MAX_PEOPLE,
    MAX_ROWS,
    ORGANISATION_KINDS,
    ROW,
    ROWS_AT_FIRST,
    Places,
    Where,
    is_blank,
    read_nit,
    row_fields,
    was_received,
)
from participa.channels.service import Line, OrganisationNamed, Session
from participa.deliberation.rules import MAX_BODY, MAX_TITLE, STANCES
from participa.deliberation.texts import TextRefused, render
from participa.i18n import Text, _
from participa.kit.names import NameRefused, normalise_name, without_controls
from participa.processes.rules import PhaseLike
from participa.territory.naming import AreaNames
from participa.web.forms import Form

AGAIN = "again"
HEAD = (
    "kind", "held_on", "place", "people", "name", "sort", "nit", "rows", "do", "sheet", "source",
    AGAIN,
)  # fmt: skip
LONGEST_PLACE = 80
LONGEST_PERSON = 40


@dataclass(frozen=True, slots=True)
class Receiving:
    """What decides whether something was received: where, in which phases, by which clock."""

    places: Places
    areas: AreaNames
    phases: Sequence[PhaseLike]
    now: datetime
    zone: tzinfo

    @property
    def today(self) -> date:
        """The day it is here."""
        return self.now.astimezone(self.zone).date()


def row_count(data: FormData | dict[str, str]) -> int:
    """Say how many rows a form has; nonsense has as many as an empty one."""
    written = str(data.get("rows", ""))
    count = int(written) if written.isascii() and written.isdigit() and len(written) < 4 else 0
    return min(count, MAX_ROWS) or ROWS_AT_FIRST


def opened_form(data: FormData | dict[str, str]) -> Form:
    """Take a form as it was filled in, with as many rows as it has."""
    count = row_count(data)
    form = Form(data, fields=(*HEAD, *row_fields(count)))
    form.values["rows"] = str(count)
    if form.values["kind"] not in KINDS:
        form.values["kind"] = next(iter(KINDS))
    return form


def add_rows(form: Form) -> None:
    """Give a form more rows, up to the most it may have."""
    count = min(int(form.values["rows"]) + ROWS_AT_FIRST, MAX_ROWS)
    form.values = dict.fromkeys(row_fields(count), "") | form.values | {"rows": str(count)}


def read_session(form: Form, receiving: Receiving) -> Session | None:
    """Read a session; None with the messages beside their fields when something needs mending.

    It renders every text: of many rows not on the event loop.
    """
    head, lines = read_parts(form, receiving)
    if not lines and not form.has_errors:
        form.fail("body_1", _("Escriba al menos un aporte."))
    return None if form.has_errors else replace(head, lines=list(lines.values()))


def read_parts(form: Form, receiving: Receiving) -> tuple[Session, dict[int, Line]]:
    """Read what a form says of the session, and those of its rows that are right."""
    day = _day(form, receiving.today)
    head = _head(form, day or receiving.today)
    lines: dict[int, Line] = {}
    marks: set[str] = set()
    for at in range(1, int(form.values["rows"]) + 1):
        if is_blank(form.values, at):
            continue
        _mark(form, at, head.source, marks)
        line = _line(form, at, receiving, day, head.place)
        if line is not None and not any(f"{name}_{at}" in form.errors for name in ROW):
            lines[at] = line
    return head, lines


def _head(form: Form, day: date) -> Session:
    kind = form.values["kind"]
    return Session(
        kind=kind,
        held_on=day,
        lines=(),
        organisation=_organisation(form) if kind == "organisation" else None,
        place=_place(form, kind),
        people_count=_people(form) if kind == "workshop" else 0,
        source=source_of(form.text("source", longest=LONGEST_SOURCE)),
        is_another=form.checked(AGAIN),
    )


def _mark(form: Form, at: int, source: str, marks: set[str]) -> None:
    """Mark a row that was added to a sheet by hand; refuse one with the id of an earlier row."""
    field = f"{MARK}_{at}"
    if source and form.request_key and not form.values[field]:
        form.values[field] = f"form:{form.request_key}:{at}"
    mark = form.values[field]
    if mark in marks:
        form.fail(f"body_{at}", _("Otra fila de la hoja tiene el mismo número."))
    if mark:
        marks.add(mark)


def _day(form: Form, today: date) -> date | None:
    written = form.text("held_on", required=_("Escriba la fecha."))
    if not written:
        return None
    try:
        day = date.fromisoformat(written)
    except ValueError:
        form.fail("held_on", _("Escriba la fecha como año-mes-día: 2026-11-14."))
        return None
    if day > today:
        form.fail("held_on", _("La fecha todavía no ha llegado."))
    return day


def _organisation(form: Form) -> OrganisationNamed:
    name = _organisation_name(form)
    sort = form.choice("sort", tuple(ORGANISATION_KINDS), required=_("Elija una de las opciones."))
    written = form.text("nit")
    nit = read_nit(written) if written else ""
    if nit is None:
        form.fail("nit", _("Ese NIT no es válido: revise los dígitos y el de verificación."))
    return OrganisationNamed(name, sort or "", nit or "")


def _organisation_name(form: Form) -> str:
    required = _("Escriba el nombre de la organización.")
    name = " ".join(form.text("name", required=required, longest=MAX_NAME).split())
    try:
        return normalise_name(name, MAX_NAME) if name else ""
    except NameRefused:
        words = _("Ese nombre tiene signos que no se ven o no se leen: escríbalo a mano.")
        form.fail("name", words)
        return ""


def _place(form: Form, kind: str) -> str:
    required = _("Escriba dónde fue.") if kind == "workshop" else None
    words = form.text("place", required=required, longest=LONGEST_PLACE)
    return " ".join(without_controls(words).split())


def _people(form: Form) -> int:
    written = form.text("people", required=_("Escriba cuántas personas asistieron."))
    people = form.number("people") or 0
    if written and "people" not in form.errors and not 1 <= people <= MAX_PEOPLE:
        form.fail("people", _("Escriba un número entre 1 y {most}.", most=MAX_PEOPLE))
    return people


def _line(form: Form, at: int, receiving: Receiving, day: date | None, place: str) -> Line | None:
    where = _where(form, at, receiving, day)
    title = _title(form, at, where)
    text = form.text(f"body_{at}", required=_("Escriba qué dijeron."), longest=MAX_BODY)
    stance = form.choice(f"stance_{at}", tuple(STANCES))
    person = form.text(f"person_{at}", longest=LONGEST_PERSON)
    area = _area(form, at, receiving.areas, place)
    try:
        body = render(text)
    except TextRefused as refusal:
        form.fail(f"body_{at}", refusal.title)
        return None
    if where is None:
        return None
    return Line(where, text, body, title, stance, person, form.values[f"{MARK}_{at}"], area)


def _area(form: Form, at: int, areas: AreaNames, place: str) -> int | None:
    """Read of which place a row speaks: the one it names, or else where the session was."""
    words = form.text(f"area_{at}", longest=LONGEST_PLACE)
    if not words:
        return areas.find_or_none(place)
    found = areas.find(words)
    if isinstance(found, Text):
        form.fail(f"area_{at}", found)
        return None
    return found


def _where(form: Form, at: int, receiving: Receiving, day: date | None) -> Where | None:
    found = receiving.places.find(form.values[f"where_{at}"])
    if isinstance(found, Text):
        form.fail(f"where_{at}", found)
        return None
    if day is not None and not was_received(receiving.phases, found.activity, day, receiving.zone):
        form.fail(f"where_{at}", _("Ese día no se recibían aportes aquí: revise la fecha."))
    return found


def _title(form: Form, at: int, where: Where | None) -> str:
    opens = where is not None and where.opens
    required = _("Ponga un título a lo que proponen.") if opens else None
    title = form.text(f"title_{at}", required=required, longest=MAX_TITLE)
    if title and where is not None and not opens:
        form.fail(f"title_{at}", _("El título es para lo que abre una propuesta o un tema nuevo."))
    return " ".join(without_controls(title).split())
