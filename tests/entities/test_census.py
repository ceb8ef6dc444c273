"""The list of who lives here: read with its faults named, kept whole, counted any way."""

from datetime import date

import pytest

from participa.entities.census import (
    Dimension,
    Group,
    age_band,
    population_of,
    read_census,
    save_population,
)
from tests.people import Municipality

LIST = """edad,sexo,lugar,personas
18 a 28,Mujeres,,1.200
18 a 28,Hombres,,"1 100"
29 o más,Mujeres,,900
29 o más,Hombres,,950
,,El Alto,400
,,La Loma,3750
"""


def test_a_list_is_read() -> None:
    """Points and spaces in numbers are no fault."""
    groups, problems = read_census(LIST)
    assert problems == []
    assert groups[0] == Group("18 a 28", "Mujeres", "", 1200)
    assert groups[1].people == 1100
    assert groups[-1] == Group(area="La Loma", people=3750)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("edad,sexo,lugar,personas\n18 a 28,M,,muchas\n18 a 28,F,,3\n", 2, "no es un número"),
        ("edad,sexo,lugar,personas\n18,M,El Alto,4\n", 2, "pero no los dos"),
        ("edad,sexo,lugar,personas\n,,,4\n", 2, "pero no los dos"),
        ("edad,sexo,lugar,personas\n,,A,4\n,,A,5\n", 0, "está dos veces"),
        ("edad,sexo,lugar,personas\n18 a 28,M,,4\n29 o más,,,5\n", 0, "solo uno de los dos"),
        ("edad,sexo,lugar,personas\n,,A,4\n", 0, "de 2 a 250"),
        ("edad,sexo,lugar,personas\n,,A,0\n,,B,0\n", 0, "no cuenta a nadie"),
        ("", 1, "no es un CSV"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, line: int, words: str) -> None:
    """Nothing is stored of a list that has a fault."""
    _groups, problems = read_census(text)
    assert problems[0].line == line
    assert words in str(problems[0].text)


def test_bands_of_ages() -> None:
    """From which age to which, in the ways that people write it."""
    assert age_band("18 a 28") == (18, 28)
    assert age_band("De 18 a 28 años") == (18, 28)
    assert age_band("60 o más") == (60, 150)
    assert age_band("Menores de 14") == (0, 13)
    assert age_band("Jóvenes") is None


async def test_the_list_is_kept_and_counted(town: Municipality) -> None:
    """One list for each entity; another one takes its place and has the next revision."""
    groups, _problems = read_census(LIST)
    await save_population(town.entity.id, "DANE 2026", groups, date(2026, 1, 1))
    await save_population(town.entity.id, "DANE 2027", groups[:-1], date(2027, 1, 1))
    found = await population_of(town.entity.id)
    assert (found.source, found.revision, found.updated_on) == ("DANE 2027", 2, date(2027, 1, 1))
    assert found.by(Dimension.SEX) == {("Mujeres",): 2100, ("Hombres",): 2050}
    assert found.by(Dimension.AGE, Dimension.SEX)["29 o más", "Hombres"] == 950
    assert found.by(Dimension.AREA) == {("El Alto",): 400}
    assert (await population_of(town.neighbour.id)).groups == ()
