"""Receipt numbers survive the telephone: slips are noticed, ways of writing are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participa.kit.receipts import Receipt, parse_receipt, receipt_number

SEQUENCES = st.integers(1, 10**9)
YEARS = st.integers(1000, 9999)


def test_a_number_is_written_in_one_way() -> None:
    """Prefix, year, at least six digits, check digit."""
    assert receipt_number("PA", 2026, 123) == "PA-2026-000123-8"
    assert receipt_number("PA", 2026, 1_234_567).startswith("PA-2026-1234567-")
    assert str(Receipt("PA", 2026, 123)) == "PA-2026-000123-8"


@given(YEARS, SEQUENCES)
def test_what_is_written_is_read(year: int, sequence: int) -> None:
    """Every number given is understood again."""
    number = receipt_number("PQR", year, sequence)
    assert parse_receipt(number) == Receipt("PQR", year, sequence)


@pytest.mark.parametrize(
    "spoken",
    [
        "pa-2026-000123-8",
        "PA 2026 000123 8",
        "  pa20260001238 ",
        "PA–2026–000123–8",
        "PA.2026.000123.8",
        "PA/2026/000123/8",
        "ＰＡ-2026-000123-8",
        "PA - 2026 - 000123 - 8\n",
        "PA-2026-123-8",
        "PA\u00a02026\u2011000123\u20118",
    ],
)
def test_ways_of_writing_do_not_matter(spoken: str) -> None:
    """Small letters, spaces, other hyphens or none, dropped zeros: the same receipt."""
    assert parse_receipt(spoken) == Receipt("PA", 2026, 123)


@given(YEARS, SEQUENCES)
def test_every_wrong_digit_is_noticed(year: int, sequence: int) -> None:
    """Changing any one digit makes it no receipt."""
    number = receipt_number("PA", year, sequence)
    for at, sign in enumerate(number):
        for wrong in "0123456789":
            if sign.isdigit() and wrong != sign:
                assert parse_receipt(number[:at] + wrong + number[at + 1 :]) is None


@given(YEARS, SEQUENCES)
def test_every_exchange_of_neighbours_is_noticed(year: int, sequence: int) -> None:
    """Exchanging two neighbouring digits, also across a hyphen, makes it no receipt."""
    digits = receipt_number("PA", year, sequence).replace("-", "").removeprefix("PA")
    for at in range(len(digits) - 1):
        swapped = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
        if swapped != digits:
            assert parse_receipt(f"PA{swapped}") is None


@pytest.mark.parametrize(
    "text",
    [
        *("", "hola", "PA", "PA-2026", "PA-2026-000123", "PA-2026-000123-7", "2026-000123-8"),
        *("PA-2026-000000-5", "PA-0026-000123-8", "PÁ-2026-000123-8", "PA-2026-000123-8x"),
        *("PA-٢٠٢٦-٠٠٠١٢٣-٨", "PA" + "1" * 500, "A" * 9 + "-2026-000123-8"),
    ],
)
def test_what_is_no_receipt_is_none(text: str) -> None:
    """Nonsense is answered with None, never with an error."""
    assert parse_receipt(text) is None


@pytest.mark.parametrize(
    ("prefix", "year", "sequence"),
    [("pa", 2026, 1), ("", 2026, 1), ("PA-", 2026, 1), ("PA", 26, 1), ("PA", 2026, 0)],
)
def test_numbers_that_could_not_be_read_are_not_given(
    prefix: str, year: int, sequence: int
) -> None:
    """A prefix, a year or a sequence out of form is a mistake of the caller."""
    with pytest.raises(ValueError, match="receipt"):
        receipt_number(prefix, year, sequence)
