"""The law as data: which term a petition gets, and what may still happen to it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from participa.petitions.codes import (
    code_hash,
    new_code,
    read_filing_number,
    sending_digest,
)
from participa.petitions.queries import paragraphs
from participa.petitions.rules import (
    KINDS,
    SMALL_CELL,
    State,
    is_late,
    may_extend,
    public_count,
    read_rulebook,
    rulebook,
)

BOGOTA = ZoneInfo("America/Bogota")
FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
SMALL = """
[[term]]
code = "general"
version = "one"
days = 15
extension_days = 99
norm = "N"
article = "1"
valid_from = 2020-01-01
source = "S"
[[reception]]
until = 17:00:00
valid_from = 2020-01-01
[[free_weekday]]
weekday = 6
name = "Domingo"
valid_from = 2020-01-01
[[national_holidays]]
country = "CO"
valid_from = 2020-01-01
[[holiday_off]]
country = "CO"
name = "Día de Nuestra Señora del Rosario de Chiquinquirá"
valid_from = 2027-01-01
"""


@pytest.mark.parametrize(
    ("kind", "days", "longest", "due", "longest_due"),
    [
        ("petition", 15, 30, "2026-12-14", "2027-01-06"),
        ("complaint", 15, 30, "2026-12-14", "2027-01-06"),
        ("claim", 15, 30, "2026-12-14", "2027-01-06"),
        ("suggestion", 15, 30, "2026-12-14", "2027-01-06"),
        ("report", 15, 30, "2026-12-14", "2027-01-06"),
        ("information", 10, 20, "2026-12-04", "2026-12-21"),
        ("advice", 30, 60, "2027-01-06", "2027-02-18"),
        ("inter_authority", 10, 20, "2026-12-04", "2026-12-21"),
        ("data_query", 10, 15, "2026-12-04", "2026-12-14"),
        ("data_claim", 15, 23, "2026-12-14", "2026-12-24"),
    ],
)
def test_each_kind_has_its_term(
    kind: str, days: int, longest: int, due: str, longest_due: str
) -> None:
    """The term of each kind and its longest extension, from Friday 20 November 2026."""
    book = rulebook()
    filing = book.file(kind, FRIDAY, BOGOTA, book.calendar)
    assert (filing.term.days, filing.term.longest_days) == (days, longest)
    assert filing.due_on == date.fromisoformat(due)
    assert book.calendar.after(filing.effective_on, longest) == date.fromisoformat(longest_due)


def test_terms_follow_the_laws_of_their_day() -> None:
    """In the emergency terms were longer; what was filed then keeps the version of then."""
    book = rulebook()
    days = [
        book.term_for("petition", date.fromisoformat(day)).days
        for day in ("2020-03-27", "2020-03-28", "2022-05-16", "2022-05-17")
    ]
    assert days == [15, 30, 30, 15]
    assert book.term_kept("petition", "decreto-491").days == 30
    with pytest.raises(LookupError):
        book.term_for("petition", date(2010, 1, 1))
    with pytest.raises(LookupError):
        book.term_kept("petition", "gone")


def test_each_kind_has_exactly_one_term_on_any_day() -> None:
    """No day since the law has two terms for one kind, or none."""
    book = rulebook()
    for kind in KINDS.values():
        for offset in range(0, 365 * 12, 7):
            day = date(2015, 7, 1) + timedelta(days=offset)
            fitting = [t for t in book.terms if t.code == kind.term and t.validity.holds_on(day)]
            assert len(fitting) == 1, (kind.term, day)


def test_every_number_names_its_norm() -> None:
    """No term stands in the file without norm, article and source."""
    assert all(term.norm and term.article and term.source for term in rulebook().terms)


@pytest.mark.parametrize(
    ("utc", "effective"),
    [
        ("2026-11-21T04:59:59", "2026-11-20"),
        ("2026-11-21T05:00:00", "2026-11-23"),
        ("2026-11-22T15:00:00", "2026-11-23"),
        ("2026-07-04T15:00:00", "2026-07-06"),
    ],
)
def test_the_day_of_receipt_is_the_entitys(utc: str, effective: str) -> None:
    """Until midnight in Bogotá it is the same day; a weekend counts as the next business day."""
    book = rulebook()
    moment = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    filing = book.file("petition", moment, BOGOTA, book.calendar)
    assert filing.effective_on == date.fromisoformat(effective)


def test_another_file_other_rules() -> None:
    """Hours of reception, working Saturdays and a struck holiday are data, not code."""
    book = read_rulebook(SMALL)
    at_five = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
    assert book.received_on(at_five, BOGOTA) == date(2026, 11, 20)
    assert book.received_on(at_five + timedelta(seconds=1), BOGOTA) == date(2026, 11, 21)
    assert book.calendar.is_business_day(date(2026, 11, 21))
    assert not book.calendar.is_business_day(date(2026, 7, 13))
    assert book.calendar.is_business_day(date(2027, 7, 12))
    assert book.terms[0].longest_days == 30


def test_late_begins_the_day_after() -> None:
    """On the last day there is still time; an answered petition is never late."""
    due = date(2026, 12, 14)
    assert not is_late(State.OPEN, due, due)
    assert is_late(State.OPEN, due, due + timedelta(days=1))
    assert not is_late(State.ANSWERED, due, due + timedelta(days=1))


@pytest.mark.parametrize(
    ("state", "extended", "days_to_go", "allowed"),
    [
        (State.OPEN, 0, 0, True),
        (State.OPEN, 0, -1, False),
        (State.OPEN, 5, 3, False),
        (State.ANSWERED, 0, 3, False),
    ],
)
def test_when_a_term_may_be_extended(
    state: State, extended: int, days_to_go: int, allowed: bool
) -> None:
    """Once, unanswered, and up to the last day."""
    today = date(2026, 12, 14)
    assert may_extend(state, extended, today + timedelta(days=days_to_go), today) is allowed


def test_small_numbers_are_not_public() -> None:
    """Nothing under five is shown, not even zero."""
    assert [public_count(n) for n in (0, 1, SMALL_CELL - 1, SMALL_CELL)] == [None] * 3 + [5]


def test_codes_are_read_as_people_write_them() -> None:
    """Small letters, spaces and look-alike letters are the same code; another one is not."""
    code = "0123-4567-89AB-CDEF"
    assert code_hash(code) == code_hash("o l23 4567 89ab cdef".replace("l", "I"))
    assert code_hash(code) != code_hash("0123-4567-89AB-CDEG")
    assert read_filing_number(" pet 2026 000001 x") == ""
    assert read_filing_number("PA-2026-000123-8") == ""


def test_codes_differ_and_repeat_only_for_the_same_sending() -> None:
    """A code comes back for the same form of the same server, and never otherwise."""
    sent = sending_digest(1, "key", "petition", "a", "b")
    other = sending_digest(1, "key", "petition", "a", "c")
    assert new_code(b"s", "key", sent) == new_code(b"s", "key", sent)
    codes = {new_code(b"s", "key", sent), new_code(b"s", "key", other), new_code(b"t", "key", sent)}
    codes |= {new_code(b"s", None, None) for _ in range(50)}
    assert len(codes) == 53
    assert all(len(code.replace("-", "")) == 16 for code in codes)


def test_texts_are_cut_into_paragraphs() -> None:
    """Empty lines part paragraphs, single ends break lines, nothing else is read into a text."""
    assert paragraphs("uno\ndos\n\n\n\n**tres**\n") == (("uno", "dos"), ("**tres**",))
    assert paragraphs("") == ()
