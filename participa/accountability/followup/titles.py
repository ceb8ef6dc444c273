"""The titles of a sheet's columns: finding what a mapping names, guessing a mapping. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from participa.accountability.followup.figures import FIRST_YEAR, LAST_YEAR
from participa.accountability.followup.mapping import Columns, Periods, Years
from participa.accountability.followup.mapping import Mapping as SheetMapping
from participa.kit.names import slugify

HEADER_WITHIN = 20
_LONG = 300
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
MONTH_NAMES = dict(enumerate(
    ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
     "octubre", "noviembre", "diciembre"), 1,
))  # fmt: skip


def key_of(title: str) -> str:
    """Give what two spellings of a title have in common."""
    return slugify(title, _LONG)


@dataclass(frozen=True, slots=True)
class Titles:
    """The titles of a sheet by their keys; a title that comes again has `.1`, `.2` after it."""

    places: Mapping[str, int]
    written: Sequence[str]

    def place(self, wanted: Sequence[str], **values: object) -> int | None:
        """Give the column of the first of these titles that the sheet has."""
        for title in wanted:
            if (found := self.places.get(key_of(_filled(title, values)))) is not None:
                return found
        return None

    @property
    def years(self) -> list[int]:
        """The years that the titles name."""
        found = {int(year) for title in self.written for year in _YEAR.findall(title)}
        return sorted(year for year in found if FIRST_YEAR <= year <= LAST_YEAR)


def _filled(title: str, values: Mapping[str, object]) -> str:
    for name, value in values.items():
        title = title.replace(f"{{{name}}}", str(value))
    return title


def read_titles(row: Sequence[str]) -> Titles:
    """Read the row of titles."""
    places: dict[str, int] = {}
    written: list[str] = []
    seen: dict[str, int] = {}
    for place, cell in enumerate(row):
        title = " ".join(cell.split())
        again = seen.get(key_of(title), 0)
        seen[key_of(title)] = again + 1
        title = f"{title}.{again}" if again and title else title
        written.append(title)
        if title:
            places.setdefault(key_of(title), place)
    return Titles(places, written)


def header_row(rows: Sequence[Sequence[str]]) -> int:
    """Give the place of the row of titles: of the first ones, that with most different words."""
    counts = [
        len({key_of(cell) for cell in row if any(map(str.isalpha, cell))})
        for row in rows[:HEADER_WITHIN]
    ]
    most = max(counts, default=0)
    return next((at for at, count in enumerate(counts) if count * 2 > most), 0)


_GUESSES: dict[str, str] = {
    "axis": r"(?:eje|pilar|dimension|linea)(?:-estrategic[ao]|-del-plan)?",
    "programme": r"(?:nombre-(?:del-)?)?programa(?:-p[a-z]{2})?",
    "subprogramme": r"(?:nombre-(?:del-)?)?subprograma",
    "number": r"(?:cod(?:igo)?|no|numero|n)(?:-(?:de-)?(?:la-)?meta(?:-(?:de-)?producto)?)?",
    "title": r"meta(?:-de)?-producto|metas?|nombre-(?:de-la-)?meta|descripcion-(?:de-la-)?meta",
    "indicator": r"(?:nombre-(?:del-)?)?indicador(?:-de-producto)?",
    "unit": r"unidad(?:-de-medida)?",
    "direction": r"(?:tendencia|orientacion|tipo)(?:-(?:del-)?indicador)?|lectura",
    "total": r"(?:valor-esperado|meta|programado)-(?:del-)?cuatrienio",
    "base_line": r"(?:l-b-1|linea-(?:de-)?base|l-?b)",
    "office": r"responsable|dependencia(?:-responsable)?|secretaria(?:-responsable)?|oficina",
    "result": r"meta-de-resultado",
    "project": r"(?:nombre-(?:del-)?)?proyecto",
    "areas": r"territorios?|veredas?|barrios?|lugar(?:es)?|ubicacion|comunas?",
    "note": r"notas?|observaci(?:on|ones)",
}
_YEAR_GUESSES: dict[str, str] = {
    "programmed": r"(?:valor-esperado|total-planeado|programado|planeado|meta)-Y",
    "executed": r"(?:total-)?(?:ejecutado|logro|logrado)-Y",
    "planned": r"(?:plan-financiero-Y|Y-plan-financiero)(?:-p[a-z]{2})?",
    "appropriated": r"(?:apropiacion(?:-definitiva)?|apropiado)-Y",
    "committed": r"(?:compromisos?|comprometido)-Y",
    "paid": r"(?:pagos?|pagado)-Y",
}
_PERIOD_GUESSES: dict[str, str] = {
    "programmed": r"P-(?:planeado|programado)-Y|(?:planeado|programado)-P-Y",
    "executed": r"P-(?:ejecutado|logrado)-Y|(?:ejecutado|logrado)-P-Y",
}
_QUARTER = re.compile(r"\b(t[\s.\-]*|trimestre\s*|trim\.?\s*)[1-4]\b", re.IGNORECASE)
_PERIOD_KEY = re.compile(r"\b(?:t-?|trimestre-|trim-)?quarter\b|\bmonth\b")


def guess(titles: Titles) -> SheetMapping:
    """Guess what the columns hold from how municipalities usually call them."""
    return SheetMapping(
        columns=Columns(**dict(_guessed(titles, _GUESSES, _as_it_is))),
        years=Years(**dict(_guessed(titles, _YEAR_GUESSES, _by_year))),
        periods=Periods(**dict(_guessed(titles, _PERIOD_GUESSES, _by_period))),
    )


def _guessed(
    titles: Titles, guesses: Mapping[str, str], shape: Callable[[str], str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, pattern in guesses.items():
        found = dict.fromkeys(
            general
            for title in titles.written
            if title and (general := shape(title)) and re.fullmatch(pattern, _coded(general))
        )
        if found:
            yield name, tuple(found)


def _as_it_is(title: str) -> str:
    return title


def _by_year(title: str) -> str:
    return _YEAR.sub("{year}", title) if _YEAR.search(title) else ""


def _by_period(title: str) -> str:
    general = _by_year(title)
    for name in MONTH_NAMES.values():
        if name in general.casefold():
            return re.sub(name, "{month}", general, flags=re.IGNORECASE)
    return _QUARTER.sub(r"\1{quarter}", general)


def _coded(general: str) -> str:
    """Give a title as the guesses word it: Y for the year, P for the quarter or the month."""
    return re.sub(r"\byear\b", "Y", _PERIOD_KEY.sub("P", key_of(general)))
