"""What figures show and hide: alone, against each other, of one group, and weighted."""

import random
from collections.abc import Sequence

import pytest

from participa.entities.census import Dimension, Group, Population
from participa.surveys.questionnaire import Kind, plain_item
from participa.surveys.results.columns import NONE, Stored, columns_of
from participa.surveys.results.figures import cross, figures_of, middle_of, of_group
from participa.surveys.results.lines import Asked, Line, asked_lines
from participa.surveys.results.traits import grouped, traits_of
from participa.surveys.results.weighing import weigh

SEX = plain_item("sexo", Kind.SINGLE, "¿Sexo?", ("Mujer", "Hombre", "Prefiero no decir"))
AGE = plain_item("edad", Kind.NUMBER, "¿Edad?")
WANTS = plain_item("quiere", Kind.YES_NO, "¿Quiere?", ("Sí", "No"))
FAILS = plain_item("falla", Kind.MULTIPLE, "¿Qué falla?", ("Agua", "Luz"))
POPULATION = Population("DANE", None, 1, tuple(
    Group(age=age, sex=sex, people=1000)
    for age in ("18 a 28", "29 a 59", "60 o más") for sex in ("Mujeres", "Hombres")
))  # fmt: skip


Person = tuple[int, float, int, tuple[int, ...]]


def _asked(people: Sequence[Person]) -> list[Asked]:
    """Give the questions answered by people: sex, age, wish, what fails; -1 is no answer."""
    stored: list[list[Stored]] = [[], [], [], []]
    for who, (sex, age, wish, fails) in enumerate(people):
        stored[0] += [(who, 0, sex, None)] if sex >= 0 else []
        stored[1] += [(who, 0, None, age)] if age >= 0 else []
        stored[2] += [(who, 0, wish, None)] if wish >= 0 else []
        stored[3] += [(who, 0, choice, None) for choice in fails]
    items = [SEX, AGE, WANTS, FAILS]
    columns = columns_of(len(people), list(zip(range(4), items, stored, strict=True)))
    return asked_lines(list(enumerate(items)), columns, {}, "es")


MANY = [
    (n % 2, 18.0 + (n * 7) % 60, int((n * n) % 5 > 1), (0,) if n % 3 else (0, 1))
    for n in range(300)
]


def test_a_sample_has_intervals_and_a_census_none() -> None:
    """Each share lies within its interval; where everybody was asked chance plays no part."""
    asked = _asked(MANY)
    (sample,) = figures_of(asked[2], is_sample=True)
    for row in sample.rows:
        assert row.interval is not None
        assert row.share is not None
        assert row.interval[0] < row.share < row.interval[1]
    (census,) = figures_of(asked[2], is_sample=False)
    assert [row.interval for row in census.rows] == [None, None]


def _lines(table: Sequence[Sequence[int]]) -> tuple[Asked, Line]:
    """Give a question and a line that make this table when they are crossed."""
    pairs = [(r, c) for r, row in enumerate(table) for c, n in enumerate(row) for _n in range(n)]
    rows, columns = (bytes(pair[at] for pair in pairs) for at in (0, 1))
    options = ("Agua", "Luz", "Bus")
    line = Line("0", "", options, rows)
    by = Line("1", "", ("Norte", "Sur", "Este", "Oeste"), columns)
    return Asked(1, plain_item("x", Kind.SINGLE, "¿Qué?", options), "¿Qué?", (line,)), by


def test_a_group_alone_is_a_column_of_the_table() -> None:
    """The same counts are hidden in both, so a filter tells nothing that the table does not."""
    asked, by = _lines([(40, 3, 50, 60), (30, 45, 2, 70), (4, 9, 60, 55)])
    table = cross(asked.lines[0], by, "pocas")
    assert table is not None
    assert table.has_hidden
    assert any(cell is not None for row in table.cells for cell in row)
    for code in range(4):
        (alone,) = of_group(asked, by, code, "pocas")
        assert [row.count for row in alone.rows] == [row[code] for row in table.cells]
        assert alone.answered == table.columns[code][1]


def test_marked_options_of_a_group() -> None:
    """Each option of several is a table of its own; of a group the marks are shown."""
    sex, _age, _wish, fails = _asked(MANY)
    (marked,) = of_group(fails, sex.lines[0], 0, "pocas")
    assert [str(row.label) for row in marked.rows] == ["Agua", "Luz"]
    assert [row.count for row in marked.rows] == [150, 50]


def test_nothing_is_said_of_a_group_of_few() -> None:
    """Three people are no group: their column is joined with others, or the table not shown."""
    people = [*MANY[:40], *MANY[:20:2], *[(2, 30.0, 0, (0,))] * 3]
    sex, _age, wish, _fails = _asked(people)
    assert list(of_group(wish, sex.lines[0], 2, "pocas")) == []
    table = cross(wish.lines[0], sex.lines[0], "pocas")
    assert table is not None
    heads = [label for label, _people in table.columns]
    assert "Prefiero no decir" not in heads
    assert "pocas" in heads


def test_the_middle_of_numbers() -> None:
    """Median and quartiles, of enough numbers only."""
    found = middle_of([float(n) for n in range(1, 101)])
    assert found is not None
    assert (found.low, found.median, found.high) == (26, 51, 76)
    assert middle_of([1.0] * 19) is None


def test_groups_of_the_census_are_found_in_the_answers() -> None:
    """By an option's words or by an age in years; the ages are then shown by those groups."""
    asked, told = grouped(
        _asked(MANY), {"sex": "sexo", "age": "edad", "area": "nada"}, POPULATION, {}
    )
    assert set(told) == {Dimension.SEX, Dimension.AGE}
    ages = [str(label) for label in asked[1].lines[0].labels]
    assert ages == ["18 a 28", "29 a 59", "60 o más"]
    by_hand = [0 if age < 29 else 1 if age < 60 else 2 for _s, age, _w, _f in MANY]
    assert [*told[Dimension.AGE].line.values] == by_hand
    assert told[Dimension.SEX].groups == (0, 1, NONE)
    (trait,) = traits_of(told, POPULATION)
    assert sum(trait.heard) == 300


def _skewed(count: int) -> list[Person]:
    """Give many women who want it and few men who do not."""
    draw = random.Random(4)  # noqa: S311
    people: list[Person] = []
    for n in range(count):
        sex = int(n % 4 == 0)
        wants = draw.random() < (0.8 if sex == 0 else 0.2)
        people.append((sex, 18.0 + n % 70, int(not wants), (0,)))
    return people


def test_weighting_moves_towards_the_census() -> None:
    """Three quarters of women would say 65 %; half of each say 50 %, and less surely."""
    asked, told = grouped(_asked(_skewed(600)), {"sex": "sexo", "age": "edad"}, POPULATION, {})
    found = weigh(traits_of(told, POPULATION))
    assert found.refusal is None
    share = found.weighted(asked[2].lines[0], 0)
    assert share is not None
    assert share.low < 0.5 < share.high
    assert share.share == pytest.approx(0.5, abs=0.05)
    assert 1.2 < found.effect < 1.6
    assert found.effective == pytest.approx(600 / found.effect)


def test_few_answers_are_not_weighted() -> None:
    """Below a hundred effective answers there is a reason instead of figures."""
    asked, told = grouped(_asked(_skewed(90)), {"sex": "sexo"}, POPULATION, {})
    found = weigh(traits_of(told, POPULATION))
    assert found.weighted(asked[2].lines[0], 0) is None
    assert "hacen falta 100" in str(found.refusal)
    assert weigh([]).refusal is not None
