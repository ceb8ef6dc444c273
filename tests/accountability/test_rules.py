"""When a session is, and how far a goal has come."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participa.accountability.rules import (
    Direction,
    Light,
    Progress,
    SessionState,
    days_until,
    number_key,
    progress,
    session_state,
)

BOGOTA = ZoneInfo("America/Bogota")
HELD = datetime(2026, 12, 5, 13, 0, tzinfo=UTC)  # 8:00 a. m. in Bogotá


@dataclass
class AGoal:
    direction: str
    base_line: float | None = None


@dataclass
class AYear:
    year: int
    programmed: float
    executed: float | None = None


def measured(
    direction: str,
    programmed: list[float],
    executed: list[float | None],
    base: float | None = None,
) -> Progress:
    figures = zip(programmed, [*executed, *[None] * len(programmed)], strict=False)
    years = [AYear(2024 + place, p, e) for place, (p, e) in enumerate(figures)]
    return progress(AGoal(direction, base), years)


@pytest.mark.parametrize(
    ("direction", "base", "programmed", "executed", "share", "light"),
    [
        # Sums: what was done in all over what was programmed in all; more is more.
        ("sum", 11, [3, 5, 5, 4], [2.6, 3.4], 0.75, Light.BEHIND),
        ("sum", 0, [0, 12, 20, 20], [0, 6], 0.5, Light.LATE),
        ("sum", 6, [4, 6, 6, 6], [5, 6], 1.1, Light.ON_TRACK),
        ("sum", 0, [0, 4], [0], None, Light.UNKNOWN),
        # Each year for itself: the year done twice over does not pay for the year not done.
        ("each_year", 9, [10, 10], [20, 0], 0.5, Light.LATE),
        ("each_year", 0, [2, 2, 2, 2], [1, 2], 0.75, Light.BEHIND),
        ("each_year", 0, [0, 10], [0, 9], 0.9, Light.ON_TRACK),
        ("each_year", 0, [0, 5], [0], None, Light.UNKNOWN),
        # A level: the way gone from the base line.
        ("level", 8, [10, 16, 24, 30], [11, 13], 0.625, Light.BEHIND),
        ("level", 0, [10, 40, 100], [10, 12], 0.3, Light.LATE),
        ("level", 0, [0, 1, 1, 1], [0], None, Light.UNKNOWN),
        ("level", 0, [0, 1, 1, 1], [0, 1], 1.0, Light.ON_TRACK),
        ("level", 50, [60], [40], 0.0, Light.LATE),
        ("level", 95, [95, 95], [95, 94], 94 / 95, Light.ON_TRACK),
        ("level", None, [40], [30], 0.75, Light.BEHIND),
        # Less is better: the way gone down from the base line.
        ("lower_is_better", 52, [45, 35, 25], [50, 48], 4 / 17, Light.LATE),
        ("lower_is_better", 7, [4, 2, 0, 0], [5, 2], 1.0, Light.ON_TRACK),
        ("lower_is_better", 7, [0], [9], 0.0, Light.LATE),
        ("lower_is_better", None, [0], [0], 1.0, Light.ON_TRACK),
        ("lower_is_better", None, [0], [3], 0.0, Light.LATE),
        ("lower_is_better", None, [4], [5], 0.8, Light.BEHIND),
        # Nothing closed yet.
        ("sum", 0, [3, 5], [], None, Light.UNKNOWN),
    ],
)
def test_progress_by_direction(
    direction: str,
    base: float | None,
    programmed: list[float],
    executed: list[float | None],
    share: float | None,
    light: Light,
) -> None:
    """Each direction reads its closed years in its own way, and future years do not count."""
    found = measured(direction, programmed, executed, base)
    assert found.share == (None if share is None else pytest.approx(share))
    assert found.light is light


@pytest.mark.parametrize(
    ("share", "light"),
    [(0.9, Light.ON_TRACK), (0.899, Light.BEHIND), (0.6, Light.BEHIND), (0.599, Light.LATE)],
)
def test_the_light_changes_at_its_thresholds(share: float, light: Light) -> None:
    """Ninety and sixty per cent themselves still belong to the better light."""
    assert Progress(share).light is light


def test_the_figures_named_fit_the_direction() -> None:
    """A sum names its totals, a level the last closed year; both say until when."""
    total = measured("sum", [3, 5, 5], [2.5, 3.5])
    assert (total.executed, total.programmed, total.until) == (6, 8, 2025)
    level = measured("level", [10, 40, 100], [10, 12])
    assert (level.executed, level.programmed, level.until) == (12, 40, 2025)


AMOUNT = st.floats(0, 1e9, allow_nan=False)
WAYS = st.sampled_from(list(Direction))
CLOSED = st.lists(st.tuples(AMOUNT, AMOUNT), min_size=1, max_size=6)


@given(WAYS, st.none() | AMOUNT, CLOSED)
def test_a_share_is_never_negative(
    direction: Direction, base: float | None, years: list[tuple[float, float]]
) -> None:
    """Whatever the figures, there is a share from zero up, or none, and a light."""
    found = measured(direction, [p for p, _e in years], [e for _p, e in years], base)
    assert found.share is None or found.share >= 0
    assert (found.share is None) is (found.light is Light.UNKNOWN)


@given(WAYS, st.none() | AMOUNT, st.lists(AMOUNT, min_size=1, max_size=6))
def test_doing_what_was_programmed_is_everything(
    direction: Direction, base: float | None, programmed: list[float]
) -> None:
    """Who does exactly what was programmed is on track, in every direction."""
    found = measured(direction, programmed, list(programmed), base)
    assert found.share is None or found.share == pytest.approx(1)
    assert found.light in {Light.ON_TRACK, Light.UNKNOWN}


@given(WAYS, AMOUNT, CLOSED, st.floats(0, 1e6, allow_nan=False))
def test_doing_better_never_looks_worse(
    direction: Direction, base: float, years: list[tuple[float, float]], more: float
) -> None:
    """A better last year never lowers the share: more, or less where less is better."""
    programmed, executed = [p for p, _e in years], [e for _p, e in years]
    before = measured(direction, programmed, list(executed), base).share
    down = direction is Direction.LOWER_IS_BETTER
    last = max(executed[-1] - more, 0.0) if down else executed[-1] + more
    after = measured(direction, programmed, [*executed[:-1], last], base).share
    assert (before is None) is (after is None)
    assert after is None or before is None or after >= before - 1e-9


@given(WAYS, CLOSED)
def test_the_order_of_the_years_does_not_matter(
    direction: Direction, figures: list[tuple[float, float]]
) -> None:
    """Years are read by their number, however they come."""
    years = [AYear(2020 + place, p, e) for place, (p, e) in enumerate(figures)]
    goal = AGoal(direction, 1.0)
    backwards, forwards = progress(goal, years[::-1]), progress(goal, years)
    assert backwards == forwards


@pytest.mark.parametrize(
    ("now", "days", "state"),
    [
        (HELD - timedelta(days=12), 12, SessionState.COMING),
        # 11:59 p. m. of the day before in Bogotá is already the day itself in Greenwich.
        (datetime(2026, 12, 5, 4, 59, tzinfo=UTC), 1, SessionState.COMING),
        (datetime(2026, 12, 5, 5, 0, tzinfo=UTC), 0, SessionState.TODAY),
        (datetime(2026, 12, 6, 4, 59, tzinfo=UTC), 0, SessionState.TODAY),
        (datetime(2026, 12, 6, 5, 0, tzinfo=UTC), -1, SessionState.HELD),
    ],
)
def test_a_session_lives_by_its_entitys_clock(
    now: datetime, days: int, state: SessionState
) -> None:
    """Days change at midnight where the session is held."""
    assert days_until(HELD, now, BOGOTA) == days
    assert session_state(HELD, now, BOGOTA) is state


def test_numbers_are_sorted_as_numbers() -> None:
    """1.10 comes after 1.2, and what is not a number neither fails nor comes first."""
    numbers = ["1.10.1", "2", "1.2.1", "A.1", "1.2", "MP-7"]
    assert sorted(numbers, key=number_key) == ["1.2", "1.2.1", "1.10.1", "2", "A.1", "MP-7"]
