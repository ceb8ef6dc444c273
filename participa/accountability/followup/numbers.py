"""Numbers as people write them in sheets. Pure."""

import re

_JUNK = re.compile(r"[\s$\u00a0\u202f']|COP", re.IGNORECASE)
_PLAIN = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
# Several points can only part thousands.
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{3}){2,}")
_LONGEST = 40


class NotANumber(ValueError):
    """A cell whose words are no number."""


def read_number(cell: str, decimal: str = ".") -> float | None:
    """Give a cell's number; None for an empty one or a dash. Refuses with NotANumber.

    Signs of money and blanks between thousands do not matter, and 85 % is 0.85. `decimal` is
    the sheet's mark of decimals: the other mark parts thousands, but a single comma is taken
    for one of decimals in any case, as `1,5` is written in a sheet that otherwise has points.
    """
    text = _JUNK.sub("", cell[:_LONGEST])
    if text in {"", "-", "–", "—"}:
        return None
    percent = text.endswith("%")
    text = _with_point(text.removesuffix("%"), decimal)
    if len(cell) > _LONGEST or not _PLAIN.fullmatch(text):
        raise NotANumber(cell)
    return float(text) / 100 if percent else float(text)


def _with_point(text: str, decimal: str) -> str:
    if decimal == ",":
        return text.replace(".", "").replace(",", ".")
    if text.count(",") == 1 and "." not in text:
        return text.replace(",", ".")
    text = text.replace(",", "")
    return text.replace(".", "") if _THOUSANDS.fullmatch(text) else text
