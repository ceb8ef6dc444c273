"""Kinds of petitions, their terms, and what may happen to one: pure decisions over `terms.toml`."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from participa.i18n import Text, _
from participa.kit.calendar import (
    BusinessCalendar,
    FreeWeekday,
    NationalHolidays,
    Rule,
    Validity,
)

PREFIX = "PET"
MAX_SUBJECT = 160
MAX_TEXT = 20_000
SOON_DAYS = 3
# Fewer than this in a cell of the public figures could point to somebody (T39).
SMALL_CELL = 5
_FILE = Path(__file__).with_name("terms.toml")


class State(StrEnum):
    """Where a petition stands."""

    OPEN = "open"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of petition as people know it, and the term it has."""

    label: Text
    hint: Text
    term: str


KINDS: Mapping[str, Kind] = {
    "petition": Kind(_("Petición"), _("Pide algo de interés general o propio."), "general"),
    "complaint": Kind(_("Queja"), _("De la conducta de un funcionario."), "general"),
    "claim": Kind(_("Reclamo"), _("De un servicio mal prestado o no prestado."), "general"),
    "suggestion": Kind(_("Sugerencia"), _("Una idea para mejorar."), "general"),
    "report": Kind(_("Denuncia"), _("De un hecho irregular."), "general"),
    "information": Kind(
        _("Documentos o información"), _("Pide copias o datos que tiene la entidad."), "information"
    ),
    "advice": Kind(
        _("Consulta"), _("Pide un concepto sobre materias a cargo de la entidad."), "advice"
    ),
    "data_query": Kind(
        _("Consulta de datos personales"), _("Qué datos suyos tiene la entidad."), "data_query"
    ),
    "data_claim": Kind(
        _("Reclamo de datos personales"), _("Corregir o borrar datos suyos."), "data_claim"
    ),
    "inter_authority": Kind(
        _("De otra autoridad"), _("Información o documentos entre entidades."), "inter_authority"
    ),
}


@dataclass(frozen=True, slots=True)
class Term:
    """How long the entity has, in business days, and the norm that says so."""

    code: str
    version: str
    days: int
    extension_days: int
    copies_within: int
    norm: str
    article: str
    source: str
    validity: Validity

    @property
    def longest_days(self) -> int:
        """The term with its extension; never over twice the term, whatever the file says."""
        return self.days + min(self.extension_days, self.days)


@dataclass(frozen=True, slots=True)
class Filing:
    """The dates a petition gets at filing; it keeps them whatever laws do later."""

    term: Term
    effective_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything in `terms.toml`."""

    terms: tuple[Term, ...]
    receptions: tuple[tuple[time, Validity], ...]
    calendar: BusinessCalendar

    def term_for(self, kind: str, received: date) -> Term:
        """Give the term for a kind received on a day. Raises LookupError where no law is known."""
        code = KINDS[kind].term
        for term in self.terms:
            if term.code == code and term.validity.holds_on(received):
                return term
        raise LookupError(f"terms.toml has no term {code} for {received}")

    def term_kept(self, kind: str, version: str) -> Term:
        """Give the term a running case was filed under. Raises LookupError if it was erased."""
        code = KINDS[kind].term
        for term in self.terms:
            if (term.code, term.version) == (code, version):
                return term
        raise LookupError(f"terms.toml lost the version {version} of {code}")

    def received_on(self, moment: datetime, zone: ZoneInfo) -> date:
        """Give the day of receipt by the entity's clock; after hours, the day after."""
        local = moment.astimezone(zone)
        day = local.date()
        for until, validity in self.receptions:
            if validity.holds_on(day) and local.time().replace(microsecond=0) > until:
                return day + timedelta(days=1)
        return day

    def file(
        self, kind: str, moment: datetime, zone: ZoneInfo, calendar: BusinessCalendar
    ) -> Filing:
        """Compute the dates of a petition filed at a moment, on an entity's calendar."""
        effective = calendar.effective_on(self.received_on(moment, zone))
        term = self.term_for(kind, effective)
        return Filing(term, effective, calendar.after(effective, term.days))


def read_rulebook(text: str) -> Rulebook:
    """Read the rules from the text of a file such as `terms.toml`."""
    data = tomllib.loads(text)
    return Rulebook(
        terms=tuple(_term(block) for block in data["term"]),
        receptions=tuple((b["until"], _validity(b)) for b in data.get("reception", ())),
        calendar=BusinessCalendar(tuple(_calendar_rules(data))),
    )


@cache
def rulebook() -> Rulebook:
    """Give the rules in force, read once."""
    return read_rulebook(_FILE.read_text(encoding="utf-8"))


def _validity(block: Mapping[str, Any]) -> Validity:
    return Validity(block["valid_from"], block.get("valid_to", date.max))


def _term(block: Mapping[str, Any]) -> Term:
    return Term(
        code=block["code"],
        version=block["version"],
        days=block["days"],
        extension_days=block["extension_days"],
        copies_within=block.get("copies_within", 0),
        norm=block["norm"],
        article=block["article"],
        source=block["source"],
        validity=_validity(block),
    )


def _calendar_rules(data: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Rule]:
    off = data.get("holiday_off", ())
    rules: list[Rule] = [
        FreeWeekday(block["weekday"], block["name"], _validity(block))
        for block in data.get("free_weekday", ())
    ]
    rules += [
        NationalHolidays(
            block["country"],
            {b["name"]: _validity(b) for b in off if b["country"] == block["country"]},
            _validity(block),
        )
        for block in data.get("national_holidays", ())
    ]
    return rules


def is_late(state: str, due_on: date, today: date) -> bool:
    """Whether the term ended without an answer; on its last day there is still time."""
    return state == State.OPEN and today > due_on


def was_late(due_on: date, answered_on: date) -> bool:
    """Whether an answer came after the term."""
    return answered_on > due_on


def may_extend(state: str, extension_days: int, due_on: date, today: date) -> bool:
    """Whether an extension can still be told: once, before the term ends, while unanswered."""
    return state == State.OPEN and not extension_days and today <= due_on


def public_count(count: int) -> int | None:
    """Give a count for the public figures; None where it is too small to be shown."""
    return count if count >= SMALL_CELL else None
