"""Finding where something belongs, NITs, days in time, without a database."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from participa.channels.rules import Places, Where, read_nit, was_received
from participa.i18n import Text, _
from participa.territory.naming import AreaNames

BOGOTA = ZoneInfo("America/Bogota")
WATER = Where("1.1 Acueductos", "s", 1, "c", 11, "1.1")
TANKS = Where("1.10 Tanques", "s", 2, "c", 12, "1.10")
BRIDGE = Where("El puente", "t", 3, "d", 13)
CALL = Where(_("Propuesta nueva: {title}", title="Ideas"), "p", 4, "p")
PARKS = [Where("El parque", "t", 5, "d", thread_id) for thread_id in (14, 15)]
PLACES = Places([WATER, TANKS, BRIDGE, CALL, *PARKS])


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("1.1", WATER),
        (" 1.1. ", WATER),
        ("programa 1.1", WATER),
        ("1.1 ACUEDUCTOS", WATER),
        ("Acueductos", WATER),
        ("1.1. acuedúctos", WATER),
        ("el puente", BRIDGE),
        ("Propuesta nueva: Ideas", CALL),
        ("New proposal: Ideas", CALL),
    ],
)
def test_a_place_is_found_as_people_write_it(written: str, found: Where) -> None:
    """By number, by name, by how the name begins, in either language."""
    assert PLACES.find(written) is found


@pytest.mark.parametrize("written", ["", "9.9", "el parque", "programa", "...", "lo que dice 1.1"])
def test_what_is_unclear_is_said(written: str) -> None:
    """Nothing, what is not there and what two have in common give a message, never a guess."""
    assert isinstance(PLACES.find(written), Text)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("899.999.090-2", "899999090-2"),
        ("800197268-4", "800197268-4"),
        ("899999090", "899999090"),
        ("899.999.090-3", None),
        ("12", None),
        ("nit", None),
        ("899999090-", None),
    ],
)
def test_a_nit_is_checked(written: str, kept: str | None) -> None:
    """Points and spaces go; a wrong check digit is found (those of two ministries)."""
    assert read_nit(written) == kept


def test_what_was_said_in_time_counts_by_the_entitys_clock() -> None:
    """The first and the last day count whole; the day before, the day after and others do not."""
    phase = SimpleNamespace(
        opens=("c",),
        opens_at=datetime(2026, 11, 10, 13, 0, tzinfo=UTC),
        closes_at=datetime(2026, 11, 21, 4, 59, tzinfo=UTC),
    )
    days = [date(2026, 11, day) for day in (9, 10, 20, 21)]
    assert [was_received([phase], "c", day, BOGOTA) for day in days] == [False, True, True, False]
    assert not was_received([phase], "other", days[1], BOGOTA)


AREAS = AreaNames([(1, "vereda", "El Salado"), (2, "vereda", "Centro"), (3, "barrio", "Centro")])


@pytest.mark.parametrize(
    ("words", "found"),
    [("el salado", 1), ("Vereda El Salado", 1), ("barrio centro", 3), ("VEREDA CENTRO", 2)],
)
def test_an_area_by_its_name(words: str, found: int) -> None:
    """However it is written; where two have one name, by what it is."""
    assert AREAS.find(words) == found


@pytest.mark.parametrize("words", ["Centro", "El Sala", "Salón comunal", ""])
def test_no_area_is_guessed(words: str) -> None:
    """What is no area's name, or several's, is told."""
    assert AREAS.find_or_none(words) is None
    assert isinstance(AREAS.find(words), Text)
