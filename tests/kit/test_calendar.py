"""Business days: worked examples by hand, and what holds for every date."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participa.kit.calendar import (
    BusinessCalendar,
    FreeDay,
    FreeWeekday,
    NationalHolidays,
    NoBusinessDay,
    Validity,
)

SATURDAY, SUNDAY = FreeWeekday(5, "sábado"), FreeWeekday(6, "domingo")
ROSARY = "Día de Nuestra Señora del Rosario de Chiquinquirá"
COLOMBIA = BusinessCalendar((SATURDAY, SUNDAY, NationalHolidays("CO")))
DAYS = st.dates(date(2015, 6, 30), date(2040, 1, 1))
TERMS = st.integers(1, 60)

# Received, then the last days of terms of 5, 10, 15 and 30 business days.
EXAMPLES = [
    ("2026-06-30", "2026-07-07", "2026-07-15", "2026-07-23", "2026-08-14"),
    ("2026-12-22", "2026-12-30", "2027-01-07", "2027-01-15", "2027-02-05"),
    ("2026-04-01", "2026-04-10", "2026-04-17", "2026-04-24", "2026-05-19"),
    ("2026-03-20", "2026-03-30", "2026-04-08", "2026-04-15", "2026-05-07"),
    ("2025-06-20", "2025-07-01", "2025-07-08", "2025-07-15", "2025-08-05"),
    ("2026-07-04", "2026-07-14", "2026-07-22", "2026-07-29", "2026-08-21"),
    ("2026-11-20", "2026-11-27", "2026-12-04", "2026-12-14", "2027-01-06"),
]


def day(text: str) -> date:
    """Read a date."""
    return date.fromisoformat(text)


@pytest.mark.parametrize(("received", "five", "ten", "fifteen", "thirty"), EXAMPLES)
def test_the_worked_examples(received: str, five: str, ten: str, fifteen: str, thirty: str) -> None:
    """Each term ends on the day that was computed by hand."""
    ends = [COLOMBIA.due_on(day(received), term) for term in (5, 10, 15, 30)]
    assert ends == [day(five), day(ten), day(fifteen), day(thirty)]


def test_habeas_data_with_its_extensions() -> None:
    """A query of 10 days and 5 more, a claim of 15 and 8 more, both from 20 November."""
    ends = [COLOMBIA.due_on(day("2026-11-20"), term) for term in (10, 15, 15, 23)]
    assert ends == [day(d) for d in ("2026-12-04", "2026-12-14", "2026-12-14", "2026-12-24")]


def test_a_holiday_can_be_switched_off_from_a_date() -> None:
    """Without the holiday of Ley 2578 the terms over it end a day earlier, from then on only."""
    off = {ROSARY: Validity(first=day("2026-07-01"))}
    without = BusinessCalendar((SATURDAY, SUNDAY, NationalHolidays("CO", except_for=off)))
    ends = [without.due_on(day("2026-06-30"), term) for term in (10, 15)]
    assert ends == [day("2026-07-14"), day("2026-07-22")]
    later = {ROSARY: Validity(first=day("2026-07-14"))}
    struck = BusinessCalendar((SATURDAY, SUNDAY, NationalHolidays("CO", except_for=later)))
    assert struck.names_on(day("2026-07-13")) == (f"{ROSARY} (observado)",)
    assert struck.is_business_day(day("2027-07-12"))


@pytest.mark.parametrize(("year", "dates"), [(2024, 18), (2025, 17), (2026, 19), (2027, 19)])
def test_the_number_of_national_holidays(year: int, dates: int) -> None:
    """Years have as many free dates as the law gives them; two of 2025 fall on one day."""
    rule = NationalHolidays("CO")
    year_days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    assert sum(bool(rule.names_on(d)) for d in year_days if d.year == year) == dates
    assert len(rule.names_on(day("2025-06-30"))) == 2


def test_saturdays_may_count() -> None:
    """Without the rule for Saturdays a term runs on them."""
    with_saturdays = BusinessCalendar((SUNDAY, NationalHolidays("CO")))
    assert COLOMBIA.due_on(day("2026-11-20"), 1) == day("2026-11-23")
    assert with_saturdays.due_on(day("2026-11-20"), 1) == day("2026-11-21")


def test_a_weekday_is_free_only_while_its_rule_holds() -> None:
    """A rule that ended no longer frees the day."""
    ended = FreeWeekday(5, "sábado", Validity(last=day("2026-11-21")))
    calendar = BusinessCalendar((ended, SUNDAY))
    assert not calendar.is_business_day(day("2026-11-21"))
    assert calendar.is_business_day(day("2026-11-28"))


def test_a_towns_own_day_moves_the_term() -> None:
    """A día cívico does not count, and the page can say why."""
    civic = COLOMBIA.with_free_days([FreeDay(day("2026-11-24"), "Día cívico")])
    assert civic.due_on(day("2026-11-20"), 5) == day("2026-11-30")
    assert civic.names_on(day("2026-11-24")) == ("Día cívico",)
    assert COLOMBIA.is_business_day(day("2026-11-24"))


def test_senseless_questions_are_refused() -> None:
    """No term is shorter than a day, and a calendar without business days is told apart."""
    with pytest.raises(ValueError, match="one day"):
        COLOMBIA.due_on(day("2026-11-20"), 0)
    never = BusinessCalendar(tuple(FreeWeekday(n, "nunca") for n in range(7)))
    with pytest.raises(NoBusinessDay):
        never.effective_on(day("2026-11-20"))


@settings(deadline=None)
@given(DAYS, TERMS)
def test_a_term_ends_on_a_business_day_after_receipt(received: date, term: int) -> None:
    """No term ends on a free day, and it has exactly its number of business days."""
    end = COLOMBIA.due_on(received, term)
    assert COLOMBIA.is_business_day(end)
    assert COLOMBIA.days_between(COLOMBIA.effective_on(received), end) == term


@settings(deadline=None)
@given(DAYS, TERMS)
def test_a_longer_term_ends_later(received: date, term: int) -> None:
    """One day more moves the end to the next business day; filing later never ends earlier."""
    end = COLOMBIA.due_on(received, term)
    assert COLOMBIA.due_on(received, term + 1) == COLOMBIA.after(end, 1)
    assert COLOMBIA.due_on(received + timedelta(days=1), term) >= end


@settings(deadline=None)
@given(DAYS, DAYS)
def test_counting_backwards_is_the_opposite(one: date, other: date) -> None:
    """Days late are the days left of the other way round."""
    assert COLOMBIA.days_between(one, other) == -COLOMBIA.days_between(other, one)


@settings(deadline=None)
@given(DAYS)
def test_a_free_day_counts_as_the_next_business_day(received: date) -> None:
    """The effective day is the first business day that is not before receipt."""
    effective = COLOMBIA.effective_on(received)
    between = [received + timedelta(days=n) for n in range((effective - received).days)]
    assert effective >= received
    assert not any(COLOMBIA.is_business_day(d) for d in between)
