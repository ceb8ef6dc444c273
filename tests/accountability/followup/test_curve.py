"""The S-curve: how much should be done by when, and how much is."""

from dataclasses import dataclass

import pytest

from participa.accountability.followup.curve import Followed, curve, drawing, quarter_of
from participa.accountability.followup.queries import Part


@dataclass
class Goal:
    """A goal as the curve takes it."""

    direction: str = "sum"
    base_line: float | None = None


@dataclass
class Year:
    """A year as the curve takes it."""

    year: int
    programmed: float
    executed: float | None = None


YEARS = (Year(2024, 1, 0.5), Year(2025, 3, 3), Year(2026, 4), Year(2027, 2))


def shares(goals: list[Followed]) -> list[tuple[float, float | None]]:
    """Give both lines, rounded."""
    return [
        (round(mark.programmed, 3), None if mark.executed is None else round(mark.executed, 3))
        for mark in curve(goals)
    ]


def test_a_sum_goes_by_its_amounts() -> None:
    """What is done is drawn until the last year of which something was reported."""
    assert shares([Followed(Goal(), YEARS)]) == [(0.1, 0.05), (0.4, 0.35), (0.8, None), (1, None)]


def test_other_goals_have_an_equal_part_in_each_year() -> None:
    """A year of more than whole does not make up for another."""
    years = (Year(2024, 10, 5), Year(2025, 10, 40), Year(2026, 0))
    assert shares([Followed(Goal("each_year"), years)]) == [(0.5, 0.25), (1, 0.75), (1, None)]


def test_goals_weigh_the_same() -> None:
    """A goal of millions counts as one of units, and one without anything programmed does not."""
    big = Followed(Goal(), (Year(2024, 1_000_000, 0), Year(2025, 1_000_000)))
    small = Followed(Goal(), (Year(2024, 1, 1), Year(2025, 1)))
    nothing = Followed(Goal(), (Year(2024, 0),))
    assert shares([big, small, nothing]) == [(0.5, 0.25), (1, None)]
    assert curve([nothing]) == curve([]) == []


def test_quarters_say_when_within_a_year() -> None:
    """Where quarters are known they divide their year, and what is done ends with the last."""
    parts = (Part(2024, "T1", 1, 1), Part(2024, "T2", 3, 0), Part(2024, "T3", None, None))
    found = shares([Followed(Goal(), (Year(2024, 4, 2), Year(2025, 4)), parts)])
    assert found[:4] == [(0.125, 0.25), (0.5, 0.25), (0.5, None), (0.5, None)]
    assert found[4:] == [(0.5, None), (0.5, None), (0.5, None), (1, None)]


@pytest.mark.parametrize(("part", "quarter"), [("T3", 3), ("M01", 1), ("M03", 1), ("M12", 4)])
def test_months_belong_to_quarters(part: str, quarter: int) -> None:
    """July is in the third quarter."""
    assert quarter_of(part) == quarter


def test_the_drawing_begins_at_nothing_and_stays_inside() -> None:
    """Both lines begin at zero; a plan done twice over does not leave the picture."""
    marks = curve([Followed(Goal(), (Year(2024, 1, 5), Year(2025, 1)))])
    drawn = drawing(marks)
    assert drawn.programmed.split()[0] == drawn.executed.split()[0] == "72.0,244.0"
    assert all(mark.executed is None or mark.executed <= 1 for mark in marks)
    assert [year for year, _x in drawn.years] == [2024, 2025]
    assert drawn.end == (350.0, 130.0)
