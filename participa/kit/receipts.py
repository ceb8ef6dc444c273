"""Receipt numbers a citizen can dictate over the telephone: a slip of one digit is noticed.

The last digit is H. M. Damm's check digit over the year and the sequence. It finds every wrong
digit and every exchange of two neighbours, which the better known Luhn does not (09 and 90).
"""

import re
import unicodedata
from dataclasses import dataclass

_MIN_DIGITS = 6
_PREFIX = re.compile(r"[A-Z]{1,8}")
_DASHES = re.compile(r"[\s\u2010-\u2015\u2212_./-]+")
_RECEIPT = re.compile(r"([A-Z]{1,8})-?([1-9][0-9]{3})-?([0-9]{1,12})-?([0-9])")

# The quasigroup of order 10 of Damm's thesis (2004): totally anti-symmetric, zero diagonal.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt number in its parts; `str()` gives its one written form."""

    prefix: str
    year: int
    sequence: int

    def __str__(self) -> str:
        return receipt_number(self.prefix, self.year, self.sequence)


def receipt_number(prefix: str, year: int, sequence: int) -> str:
    """Write a receipt number such as "PA-2026-000123-8".

    Refuses with ValueError a prefix that is not one to eight capitals, a year that has not four
    digits, and a sequence that has not begun.
    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError("the prefix of a receipt is one to eight capital letters A-Z")
    if not 1000 <= year <= 9999 or not 1 <= sequence < 10**12:
        raise ValueError("a receipt needs a year of four digits and a sequence of 1 or more")
    digits = f"{sequence:0{_MIN_DIGITS}d}"
    return f"{prefix}-{year}-{digits}-{_check_digit(f'{year}{digits}')}"


def parse_receipt(text: str) -> Receipt | None:
    """Read a receipt number as people write it: small letters, spaces, other or no hyphens.

    None where it is no receipt number or its check digit says that it was copied wrong.
    """
    written = unicodedata.normalize("NFKC", text).strip().upper()
    match = _RECEIPT.fullmatch(_DASHES.sub("-", written))
    if match is None:
        return None
    prefix, year, digits, check = match.groups()
    if int(digits) == 0 or _check_digit(f"{year}{digits.zfill(_MIN_DIGITS)}") != int(check):
        return None
    return Receipt(prefix, int(year), int(digits))


def _check_digit(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim
