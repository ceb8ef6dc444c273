"""The mapping of a sheet as fields of a form, and back."""

from collections.abc import Sequence
from typing import Any

from participa.accountability.followup.mapping import (
    AUTO,
    COLUMN_WORDS,
    PERIOD_WORDS,
    YEAR_WORDS,
    Mapping,
    MappingError,
    mapping_from,
)
from participa.accountability.followup.titles import header_row, read_titles
from participa.accountability.rules import DIRECTIONS
from participa.i18n import Text, _
from participa.web.forms import Form

BETWEEN = " | "
MAX_WORDS = 8
_TABLES: dict[str, dict[str, Text]] = {
    "columns": COLUMN_WORDS, "years": YEAR_WORDS, "periods": PERIOD_WORDS,
}  # fmt: skip
_DECIMALS = {".": _("Punto: 1.5"), ",": _("Coma: 1,5")}
_MONEY = {"1": _("Pesos"), "1000": _("Miles de pesos"), "1000000": _("Millones de pesos")}
MEANINGS: dict[str, Text] = {
    AUTO: _("Lo dice el total del cuatrienio"),
    **{str(key): words for key, words in DIRECTIONS.items()},
}
FIELDS = (
    "do", "decimal", "money",
    *(f"{table}_{name}" for table, names in _TABLES.items() for name in names),
    *(f"means_{number}" for number in range(1, MAX_WORDS + 1)),
)  # fmt: skip


def direction_words(rows: Sequence[Sequence[str]], mapping: Mapping) -> list[str]:
    """Give the words with which a sheet says how its years are read, as many as a form asks."""
    at = header_row(rows)
    place = read_titles(rows[at]).place(mapping.columns.direction)
    if place is None:
        return []
    found = {row[place].strip() for row in rows[at + 1 :] if place < len(row)} - {""}
    return sorted(found)[:MAX_WORDS]


def form_of(mapping: Mapping, words: Sequence[str]) -> Form:
    """Give the form that shows a mapping."""
    values = {"decimal": mapping.format.decimal, "money": str(mapping.format.money)}
    for table, names in _TABLES.items():
        held = getattr(mapping, table)
        values |= {f"{table}_{name}": BETWEEN.join(getattr(held, name)) for name in names}
    known = mapping.values.direction
    values |= {f"means_{at}": str(known.get(word, AUTO)) for at, word in enumerate(words, 1)}
    return Form(values, fields=FIELDS)


def read_mapping(form: Form, before: Mapping, words: Sequence[str]) -> Mapping | None:
    """Read the mapping of a form; what no field shows stays as it was.

    None with messages beside the fields.
    """
    values: dict[str, Any] = before.model_dump(mode="json")
    for table, names in _TABLES.items():
        values[table] = {name: _titles(form, f"{table}_{name}") for name in names}
    decimal = form.choice("decimal", tuple(_DECIMALS)) or "."
    money = form.choice("money", tuple(_MONEY)) or "1"
    values["format"] = {"decimal": decimal, "money": int(money)}
    means = {word: form.choice(f"means_{at}", tuple(MEANINGS)) for at, word in enumerate(words, 1)}
    values["values"]["direction"] |= {word: key for word, key in means.items() if key}
    if form.has_errors:
        return None
    try:
        return mapping_from(values)
    except MappingError as error:
        form.fail("_".join(error.place[:2]), _wrong(error))
        return None


def _titles(form: Form, name: str) -> list[str]:
    return [each for part in form.values[name].split("|") if (each := part.strip())]


def _wrong(error: MappingError) -> Text:
    if error.place[:1] == ["years"]:
        return _("El título debe llevar {year} donde va el año.")
    if error.place[:1] == ["periods"]:
        return _("El título debe llevar {year} y {quarter} o {month}.")
    return _("Escriba títulos de hasta 200 letras.")


def shown(words: Sequence[str]) -> dict[str, Any]:
    """Give what the form asks for, for its page."""
    return {
        "columns": [(f"columns_{name}", label) for name, label in COLUMN_WORDS.items()],
        "years": [(f"years_{name}", label) for name, label in YEAR_WORDS.items()],
        "periods": [(f"periods_{name}", label) for name, label in PERIOD_WORDS.items()],
        "decimals": list(_DECIMALS.items()),
        "moneys": list(_MONEY.items()),
        "words": [(f"means_{at}", word) for at, word in enumerate(words, 1)],
        "meanings": list(MEANINGS.items()),
    }
