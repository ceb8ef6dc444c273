"""Answers of every kind put into lines, counted as one by one would, and given words."""

import random
from collections import Counter
from datetime import date
from math import nan

from hypothesis import given, settings
from hypothesis import strategies as st

from participa.surveys.questionnaire import Item, Kind, Row, plain_item
from participa.surveys.results.columns import (
    NONE,
    Stored,
    columns_of,
    counted,
    crossed,
    packed,
    unpacked,
)
from participa.surveys.results.lines import LEFT_OUT, Asked, asked_lines

THREE = ("Agua", "Luz", "Bus")
MATRIX = Item(
    code="m", kind=Kind.MATRIX, text={"es": "¿Cómo está?"}, rows=(
        Row(code="v", label={"es": "Vía"}), Row(code="p", label={"es": "Parque"}),
    ), options=plain_item("x", Kind.SCALE, "x", THREE).options,
)  # fmt: skip
ITEMS: list[Item] = [
    plain_item("uno", Kind.SINGLE, "¿Uno?", THREE),
    plain_item("varios", Kind.MULTIPLE, "¿Varios?", THREE),
    MATRIX,
    plain_item("orden", Kind.RANKING, "¿Orden?", THREE),
    plain_item("cuantos", Kind.NUMBER, "¿Cuántos?"),
    plain_item("cuando", Kind.DATE, "¿Cuándo?"),
    plain_item("donde", Kind.PLACE, "¿Dónde?"),
    plain_item("que", Kind.LONG, "¿Qué?"),
    plain_item("leer", Kind.SECTION, "Lea."),
]
DAY = float(date(2026, 3, 5).toordinal())
ANSWERS: list[list[Stored]] = [
    [(0, 0, 2, None), (1, 0, 0, None)],
    [(0, 0, 0, None), (0, 0, 2, None), (2, 0, 1, None)],
    [(0, 0, 1, None), (0, 1, 2, None), (1, 1, 0, None)],
    [(0, 0, 2, None), (0, 1, 0, None)],
    [(0, 0, None, 12.0), (2, 0, None, 40.0)],
    [(1, 0, None, DAY)],
    [(0, 0, None, 7.0), (1, 0, None, 9.0), (2, 0, None, 7.0)],
    [(2, 0, None, None)],
    [],
]


def _asked() -> list[Asked]:
    stored = [(at, item, rows) for at, (item, rows) in enumerate(zip(ITEMS, ANSWERS, strict=True))]
    columns = unpacked(packed(columns_of(3, stored)))
    return asked_lines(list(enumerate(ITEMS)), columns, {9: "El Alto", 7: "La Loma"}, "es")


def test_every_kind_has_its_lines() -> None:
    """Each line says what each of three people answered, after being kept and read."""
    found = {line.name: [*line.values] for each in _asked() for line in each.lines}
    assert found == {
        "0": [2, 0, NONE], "1.0": [1, NONE, 0], "1.1": [0, NONE, 1], "1.2": [1, NONE, 0],
        "2.0": [1, NONE, NONE], "2.1": [2, 0, NONE],
        "3.0": [1, NONE, NONE], "3.1": [3, NONE, NONE], "3.2": [0, NONE, NONE],
        "4": [0, NONE, 1], "5": [NONE, 0, NONE], "6": [1, 0, 1], "7": [NONE, NONE, 0],
    }  # fmt: skip
    labels = {
        line.name: [str(label) for label in line.labels] for e in _asked() for line in e.lines
    }
    assert labels["2.1"] == list(THREE)
    assert labels["3.1"] == ["1.º", "2.º", "3.º", str(LEFT_OUT)]
    assert (labels["4"], labels["5"], labels["6"]) == (
        ["12", "40"],
        ["2026-03"],
        ["El Alto", "La Loma"],
    )
    assert [each.number for each in _asked() if each.may_cross] == [1, 5, 7]


def test_many_numbers_fall_into_a_few_bins() -> None:
    """Bins are round, hold everybody, and one odd answer does not stretch them."""
    numbers = [*(float(n % 97) for n in range(500)), 1e12, nan]
    stored: list[Stored] = [(at, 0, None, n) for at, n in enumerate(numbers)]
    columns = columns_of(len(numbers), [(0, ITEMS[4], stored)])
    (asked,) = asked_lines([(0, ITEMS[4])], columns, {}, "es")
    (line,) = asked.lines
    counts = counted(line.values, line.width)
    assert sum(counts) == 501
    assert 4 <= line.width <= 9
    assert min(counts) > 20
    assert str(line.labels[1]) == "De 20 a menos de 40"
    assert str(line.labels[-1]).endswith("o más")


def test_many_years_fall_into_a_few_bins() -> None:
    """Dates of fifty years are counted by several years, each in one bin."""
    numbers = [float(date(1960 + n % 50, 6, 1).toordinal()) for n in range(300)]
    stored: list[Stored] = [(at, 0, None, n) for at, n in enumerate(numbers)]
    columns = columns_of(300, [(0, ITEMS[5], stored)])
    (line,) = asked_lines([(0, ITEMS[5])], columns, {}, "es")[0].lines
    assert sum(counted(line.values, line.width)) == 300
    assert str(line.labels[0]) == "1960–1966"


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 200), st.integers(1, 140), st.integers(0, 300), st.integers(0, 99))
def test_crossing_counts_as_one_by_one_would(
    height: int, width: int, people: int, seed: int
) -> None:
    """For any two lines, however many categories they have."""
    draw = random.Random(seed)  # noqa: S311
    rows = bytes(draw.choice([*range(height), NONE]) for _n in range(people))
    columns = bytes(draw.choice([*range(width), NONE]) for _n in range(people))
    expected = Counter((min(r, height), min(c, width)) for r, c in zip(rows, columns, strict=True))
    table = crossed(rows, height, columns, width)
    assert {(r, c): n for r, line in enumerate(table) for c, n in enumerate(line) if n} == expected
