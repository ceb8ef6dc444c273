"""What a new list changes in a goal, without taking anything away."""

from dataclasses import replace

from participa.accountability.followup.changes import Change, differences, merged, read, stored
from participa.accountability.followup.figures import FundFigures, PeriodFigures, YearFigures
from participa.accountability.followup.importing import Imported, outcome_of
from tests.accountability.hearing import goal, year

FULL = goal(
    years=(year(2024, 3, 2.6), year(2025, 5)),
    periods=(PeriodFigures(2024, "T1", 1, 1),),
    funds=(FundFigures(2024, "SGP", 5, 4, 3),),
    areas=("El Salado",),
    note="Nota",
)


def test_what_a_list_leaves_empty_stays() -> None:
    """An empty cell, a year, quarter, source or place not named erase nothing."""
    bare = replace(FULL, note="", office="", base_line=None, years=(YearFigures(2025, 5),),
                   periods=(), funds=(), areas=())  # fmt: skip
    assert merged(FULL, bare) == FULL
    assert differences(FULL, merged(FULL, bare)) == []


def test_what_a_list_says_is_told_with_what_was() -> None:
    """Each figure that changes is a change of its own, and survives being stored."""
    new = replace(
        FULL,
        title="Otra",
        years=(year(2024, 3, 2.8), YearFigures(2026, 7)),
        periods=(PeriodFigures(2024, "T1", executed=0.9), PeriodFigures(2024, "T2", 2)),
        areas=("La Palma",),
    )
    found = differences(FULL, merged(FULL, new))
    assert found == [
        Change("title", FULL.title, "Otra"),
        Change("areas", ("El Salado",), ("La Palma",)),
        Change("executed", 2.6, 2.8, 2024),
        Change("programmed", None, 7, 2026),
        Change("executed", 1, 0.9, 2024, "T1"),
        Change("programmed", None, 2, 2024, "T2"),
    ]
    again = read(stored(found))
    assert again[2:] == found[2:]
    assert again[1] == Change("areas", "El Salado", "La Palma")


def test_an_outcome_counts_and_forgets_nothing() -> None:
    """New, changed, same and not named are told apart."""
    known = {"1": goal("1"), "2": goal("2"), "3": goal("3")}
    outcome = outcome_of(known, [goal("1"), goal("2", title="Otra"), goal("4")])
    assert outcome.done == Imported(created=1, updated=1, unchanged=1, missing=1)
    assert list(outcome.changes) == ["2", "4"]
    assert outcome.goals["4"] == goal("4")
