"""Numbers as people write them in sheets."""

import pytest

from participa.accountability.followup.numbers import NotANumber, read_number


@pytest.mark.parametrize(
    ("cell", "decimal", "number"),
    [
        ("", ".", None), (" - ", ".", None), ("–", ",", None),
        ("3", ".", 3), ("2.6", ".", 2.6), ("0,5", ".", 0.5), ("1.234.567", ".", 1_234_567),
        ("1,234,567.5", ".", 1_234_567.5), ("$ 1.250.000", ",", 1_250_000), ("1.234", ",", 1234),
        ("1.234,5", ",", 1234.5), ("85%", ".", 0.85), ("12,5 %", ",", 0.125), ("-4", ".", -4),
        ("1e3", ".", 1000), ("COP 500", ".", 500), ("2 000", ".", 2000),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_was_meant(cell: str, decimal: str, number: float | None) -> None:
    """Signs of money, blanks, marks of thousands and percentages do not matter."""
    assert read_number(cell, decimal) == (None if number is None else pytest.approx(number))


@pytest.mark.parametrize("cell", ["SD", "2 km", "1..2", "nan", "inf", "0x10", "1" * 41, "٣", "%"])
def test_words_are_no_number(cell: str) -> None:
    """What is no number is refused, not guessed."""
    with pytest.raises(NotANumber):
        read_number(cell)
