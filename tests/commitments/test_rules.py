"""Where a commitment stands, where it may go, who judges, when its owner is reminded."""

from datetime import date, timedelta

import pytest

from participa.commitments.rules import (
    MAX_TERM_DAYS,
    REMIND_DAYS,
    Act,
    Reminder,
    Standing,
    State,
    act_of,
    after_dispute,
    due_after,
    may_judge,
    may_move,
    needs_reason,
    reminder_due,
    standing,
    was_late,
)
from participa.kit.calendar import BusinessCalendar, FreeWeekday

DUE = date(2026, 12, 4)
WEEKDAYS = BusinessCalendar((FreeWeekday(5, "sábado"), FreeWeekday(6, "domingo")))


@pytest.mark.parametrize(
    ("state", "days", "stands"),
    [
        (State.OPEN, 0, Standing.OPEN),
        (State.OPEN, 1, Standing.LATE),
        (State.IN_PROGRESS, 0, Standing.IN_PROGRESS),
        (State.IN_PROGRESS, 1, Standing.LATE),
        (State.DONE, 90, Standing.DONE),
        (State.CANCELLED, 90, Standing.CANCELLED),
    ],
)
def test_being_late_is_what_the_calendar_says(state: State, days: int, stands: Standing) -> None:
    """On the last day there is still time, and what is settled is never late."""
    assert standing(state, DUE, DUE + timedelta(days=days)) is stands


def test_every_way_from_state_to_state() -> None:
    """What is settled is only opened again; nothing goes where it stands or back to waiting."""
    ways = {(a.value, b.value) for a in State for b in State if may_move(a, b)}
    assert ways == {
        ("open", "in_progress"), ("open", "done"), ("open", "cancelled"),
        ("in_progress", "done"), ("in_progress", "cancelled"),
        ("done", "in_progress"), ("cancelled", "in_progress"),
    }  # fmt: skip


def test_taking_back_and_reopening_are_explained() -> None:
    """Cancelling and opening again need a reason; fulfilling needs proof instead."""
    assert needs_reason(State.OPEN, State.CANCELLED)
    assert needs_reason(State.DONE, State.IN_PROGRESS)
    assert not needs_reason(State.IN_PROGRESS, State.DONE)
    assert act_of(State.DONE, State.IN_PROGRESS) is Act.REOPENED
    assert act_of(State.OPEN, State.DONE) is Act.DONE


def test_a_dispute_reopens_only_what_is_done() -> None:
    """A dispute brings what was called done back into progress."""
    assert after_dispute(State.DONE) is State.IN_PROGRESS
    assert {after_dispute(each) for each in State if each is not State.DONE} == {None}


@pytest.mark.parametrize(
    ("state", "has_asked", "is_owner", "has_judged", "may"),
    [
        (State.DONE, True, False, False, True),
        (State.IN_PROGRESS, True, False, False, False),
        (State.DONE, False, False, False, False),
        (State.DONE, True, True, False, False),
        (State.DONE, True, False, True, False),
    ],
)
def test_who_judges(
    state: State, has_asked: bool, is_owner: bool, has_judged: bool, may: bool
) -> None:
    """Who asked, once, what is called done, and never what they answer for themselves."""
    found = may_judge(state, has_asked=has_asked, is_owner=is_owner, has_judged=has_judged)
    assert found is may


def test_a_term_counts_working_days() -> None:
    """Two working days from a Friday end on Tuesday; a term has a day or more."""
    friday = date(2026, 11, 27)
    assert due_after(2, friday, WEEKDAYS) == date(2026, 12, 1)
    for wrong in (0, MAX_TERM_DAYS + 1):
        with pytest.raises(ValueError, match="term"):
            due_after(wrong, friday, WEEKDAYS)


def test_when_the_owner_is_reminded() -> None:
    """In the last days, and when the day has passed; never of what is settled."""
    first = DUE - timedelta(days=REMIND_DAYS)
    assert reminder_due(State.OPEN, DUE, first - timedelta(days=1)) is None
    assert reminder_due(State.OPEN, DUE, first) is Reminder.SOON
    assert reminder_due(State.IN_PROGRESS, DUE, DUE) is Reminder.SOON
    assert reminder_due(State.OPEN, DUE, DUE + timedelta(days=1)) is Reminder.LATE
    assert reminder_due(State.DONE, DUE, DUE + timedelta(days=1)) is None


def test_done_after_its_day() -> None:
    """What was fulfilled after its day says so."""
    assert was_late(DUE, DUE + timedelta(days=1))
    assert not was_late(DUE, DUE)
    assert not was_late(DUE, None)
