"""A planning sheet's rows as goals: which columns, which figures, what is wrong where."""

from collections.abc import Sequence

import pytest

from participa.accountability.followup.figures import FundFigures, PeriodFigures, YearFigures
from participa.accountability.followup.mapping import Mapping, MappingError, load_mapping
from participa.accountability.followup.mapping_form import (
    direction_words,
    form_of,
    read_mapping,
)
from participa.accountability.followup.sheet import Reading, read_goals
from participa.accountability.followup.titles import guess, header_row, read_titles
from participa.accountability.followup.waiting import known_mappings

HEADER = [
    "EJE", "Programa", "Subprograma", "Cód. Meta Producto", "Meta de producto", "Indicador",
    "Unidad de medida", "Tendencia", "Valor esperado cuatrienio", "Línea base", "Responsable",
    "Valor esperado 2024", "Valor esperado 2025", "Total ejecutado 2024", "Apropiación 2024",
    "Compromisos 2024", "Pagos 2024", "T1. Planeado 2024", "T1. Ejecutado 2024", "Vereda",
]  # fmt: skip
ROW = [
    "Campo", "Vías", "Rural", "1.1", "Placa huella", "Km", "km", "I", "5", "11", "Planeación",
    "2", "3", "1,5", "$ 2.000.000", "1500000", "", "1", "0.5", "El Salado",
]  # fmt: skip
TOML = """
[columns]
axis = "eje"
number = ["código", "cód. meta producto"]
title = "META DE PRODUCTO"
total = "valor esperado cuatrienio"
direction = "Tendencia"
[years]
programmed = "Valor esperado {year}"
executed = "Total ejecutado {year}"
[funds.SGP]
appropriated = "Apropiación {year}"
[values.direction]
I = "auto"
M = "each_year"
"""


def read(*rows: Sequence[str], mapping: Mapping | None = None) -> Reading:
    """Read rows under the usual titles."""
    found = [HEADER, *rows]
    return read_goals(found, mapping or guess(read_titles(HEADER)), areas=("El Salado",))


def row(**changes: str) -> list[str]:
    """Give the usual row with other cells, by their titles."""
    return [changes.get(title, cell) for title, cell in zip(HEADER, ROW, strict=True)]


def test_the_columns_are_known_by_their_titles() -> None:
    """A usual sheet needs no mapping: every figure finds its place."""
    (goal,) = read(ROW).goals
    assert (goal.axis, goal.programme, goal.subprogramme) == ("Campo", "Vías", "Rural")
    assert (goal.number, goal.title, goal.unit, goal.office) == (
        "1.1", "Placa huella", "km", "Planeación",
    )  # fmt: skip
    assert (goal.base_line, goal.direction, goal.areas) == (11, "sum", ("El Salado",))
    assert goal.years == (
        YearFigures(2024, 2, 1.5, appropriated=2_000_000, committed=1_500_000),
        YearFigures(2025, 3),
    )
    assert goal.periods == (PeriodFigures(2024, "T1", 1, 0.5),)


def test_a_mapping_says_it_where_titles_do_not() -> None:
    """Titles are compared without accents and case; sources of money have their own columns."""
    (goal,) = read(ROW, mapping=load_mapping(TOML.encode())).goals
    assert (goal.number, goal.programme, goal.years[0].executed) == ("1.1", "", 1.5)
    assert goal.funds == (FundFigures(2024, "SGP", 2_000_000),)


@pytest.mark.parametrize(
    ("word", "total", "direction"),
    [("I", "5", "sum"), ("I", "3", "level"), ("I", "9", "sum"), ("M", "3", "each_year")],
)
def test_the_total_says_how_years_are_read(word: str, total: str, direction: str) -> None:
    """Years that add up to the total are summed; one that reaches it is a level."""
    changed = row(**{"Tendencia": word, "Valor esperado cuatrienio": total})
    reading = read(changed, mapping=load_mapping(TOML.encode()))
    assert reading.goals[0].direction == direction
    assert len(reading.notices) == (total == "9")


def test_what_is_wrong_is_told_by_its_line() -> None:
    """A goal without number or twice is fatal; a cell that is no number is told and left empty."""
    reading = read(
        ROW,
        row(**{"Cód. Meta Producto": ""}),
        ROW,
        [],
        row(**{"Cód. Meta Producto": "2", "Total ejecutado 2024": "mucho", "Vereda": "Marte"}),
        row(**{"Cód. Meta Producto": "3", "Línea base": "2 estrategias"}),
    )
    assert [each.line for each in reading.fatal] == [3, 4]
    assert [(each.line, each.excerpt) for each in reading.notices] == [(6, "mucho"), (6, "Marte")]
    assert [goal.number for goal in reading.goals] == ["1.1", "2", "3"]
    assert reading.goals[1].years[0].executed is None
    assert (reading.goals[2].base_line, reading.goals[2].base_words) == (None, "2 estrategias")
    assert reading.row_count == 5


def test_a_sheet_without_what_is_needed_is_refused() -> None:
    """Axis, number and title are needed, and the words name what is missing."""
    reading = read_goals([["Eje", "Otra"], ["Campo", "x"]], Mapping())
    assert len(reading.fatal) == 3
    assert "Código de la meta" in " ".join(str(each.words) for each in reading.fatal)
    assert read_goals([], Mapping()).fatal


def test_titles_that_come_again_are_told_apart() -> None:
    """The second of a title is `.1`, and rows above the titles do not count."""
    titles = read_titles(["Pagos 2025", "Eje", "Pagos 2025", ""])
    assert titles.place(("Pagos {year}",), year=2025) == 0
    assert titles.place(("Pagos {year}.1", "Pagos {year}"), year=2025) == 2
    assert titles.place(("Otro",)) is None
    assert titles.years == [2025]
    assert header_row([["Plan 2024"], [], HEADER, ROW]) == 2


@pytest.mark.parametrize(
    ("toml", "key"),
    [
        ("columns = 1", "columns"),
        ('[columns]\nnada = "x"', "columns.nada"),
        ('[years]\nexecuted = "Ejecutado"', "years.executed"),
        ('[periods]\nexecuted = "Ejecutado {year}"', "periods.executed"),
        ('[values.direction]\nI = "arriba"', "values.direction.I"),
        ("[format]\nmoney = 0", "format.money"),
        ("esto no es", "TOML"),
    ],
)
def test_a_bad_mapping_is_refused_by_its_key(toml: str, key: str) -> None:
    """The official is told which key to mend."""
    with pytest.raises(MappingError, match=key.replace(".", r"\.")):
        load_mapping(toml.encode())


def test_the_mappings_that_come_with_participa_are_sound() -> None:
    """Every one of them can be read, and asks for what is needed."""
    assert "tenjo-2024-2027" in known_mappings()
    for path in known_mappings().values():
        columns = load_mapping(path.read_bytes()).columns
        assert columns.axis
        assert columns.number
        assert columns.title


def test_a_mapping_survives_its_form() -> None:
    """What the form shows and what comes back is the same, funds and source too."""
    mapping = load_mapping(TOML.encode())
    words = direction_words([HEADER, ROW, row(Tendencia="M")], mapping)
    assert words == ["I", "M"]
    form = form_of(mapping, words)
    assert read_mapping(form, mapping, words) == mapping
    form.values |= {"years_executed": "Hecho", "decimal": ";"}
    assert read_mapping(form, mapping, words) is None
    assert list(form.errors) == ["decimal"]
    form.values["decimal"], form.errors = ",", {}
    assert read_mapping(form, mapping, words) is None
    assert list(form.errors) == ["years_executed"]


def test_months_are_known_by_their_names() -> None:
    """A sheet by month has its parts in M01 to M12."""
    header = ["Eje", "Código", "Meta", "Programado enero 2025", "Ejecutado enero 2025"]
    rows = [header, ["Campo", "1", "Vía", "4", "2"]]
    (goal,) = read_goals(rows, guess(read_titles(header))).goals
    assert goal.periods == (PeriodFigures(2025, "M01", 4, 2),)
