"""Everybody's answers to a version, a byte each by line, to count any table at once. Pure.

A line is a question, or an option, a row or a number within it. Nobody's name is near; the order
of people is that of random keys, the same in all lines.
"""

import json
import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isnan, nan

from participa.surveys.questionnaire import IN_WORDS, ONE_CHOICE, Item, Kind

NONE = 255
"""Stands for no answer."""
UNRANKED = 254
"""An option that somebody who ranked others left out."""
_NUMBERED = frozenset({Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.PLACE})
# Who (counted from 0), row, choice and number of a stored answer.
Stored = tuple[int, int, int | None, float | None]


@dataclass(frozen=True, slots=True)
class Columns:
    """The lines by name: a question's place, then perhaps a point and its option or row."""

    size: int
    choices: Mapping[str, bytes]
    numbers: Mapping[str, Sequence[float]]


def line_names(position: int, item: Item) -> list[str]:
    """Name the lines that an item's answers are kept in."""
    if item.kind in {Kind.MULTIPLE, Kind.RANKING}:
        return [f"{position}.{option}" for option in range(len(item.options))]
    if item.kind is Kind.MATRIX:
        return [f"{position}.{row}" for row in range(len(item.rows))]
    return [str(position)] if item.is_asked else []


def columns_of(size: int, answers: Iterable[tuple[int, Item, Iterable[Stored]]]) -> Columns:
    """Put what was stored of each question, given with its place, into lines of so many people."""
    choices: dict[str, bytes] = {}
    numbers: dict[str, Sequence[float]] = {}
    for position, item, stored in answers:
        names = line_names(position, item)
        if item.kind in _NUMBERED:
            numbers[names[0]] = _numbers(size, stored)
        else:
            lines = [bytearray([NONE]) * size for _name in names]
            _fill(item.kind, lines, stored)
            choices |= {name: bytes(line) for name, line in zip(names, lines, strict=True)}
    return Columns(size, choices, numbers)


def _numbers(size: int, stored: Iterable[Stored]) -> Sequence[float]:
    line = array("d", [nan]) * size
    for who, _row, _choice, number in stored:
        if number is not None:
            line[who] = number
    return line


def _fill(kind: Kind, lines: Sequence[bytearray], stored: Iterable[Stored]) -> None:
    blank = UNRANKED if kind is Kind.RANKING else 0
    for who, row, choice, _number in stored:
        if kind in ONE_CHOICE and choice is not None:
            lines[0][who] = choice
        elif kind is Kind.MATRIX and choice is not None:
            lines[row][who] = choice
        elif kind in IN_WORDS:
            lines[0][who] = 0
        elif choice is not None:
            if lines[choice][who] == NONE:
                for line in lines:
                    line[who] = blank
            lines[choice][who] = row if kind is Kind.RANKING else 1


def packed(columns: Columns) -> bytes:
    """Write the lines as they are kept."""
    parts = [*columns.choices.values(), *(bytes(each) for each in _arrays(columns))]
    names = {"size": columns.size, "choices": [*columns.choices], "numbers": [*columns.numbers]}
    return zlib.compress(json.dumps(names).encode() + b"\n" + b"".join(parts), 3)


def _arrays(columns: Columns) -> Iterable["array[float]"]:
    return (array("d", line) for line in columns.numbers.values())


def unpacked(data: bytes) -> Columns:
    """Read the lines back."""
    header, _newline, body = zlib.decompress(data).partition(b"\n")
    names = json.loads(header)
    size, at = int(names["size"]), 0
    choices: dict[str, bytes] = {}
    for name in names["choices"]:
        choices[name] = body[at : at + size]
        at += size
    numbers: dict[str, Sequence[float]] = {}
    for name in names["numbers"]:
        line: array[float] = array("d")
        line.frombytes(body[at : at + size * line.itemsize])
        numbers[name], at = line, at + size * line.itemsize
    return Columns(size, choices, numbers)


def counted(values: bytes, width: int) -> list[int]:
    """Count how often each category of a line was answered."""
    return [mask.bit_count() for mask in _masks(values, width)[:-1]]


def crossed(rows: bytes, height: int, columns: bytes, width: int) -> list[list[int]]:
    """Count two lines against each other; the last row and column are who did not answer.

    Who gave a category is a number with a bit for each person, so that no loop goes through the
    people: a cell is what two such numbers have in common.
    """
    across = _masks(columns, width)
    return [[(row & column).bit_count() for column in across] for row in _masks(rows, height)]


@lru_cache(maxsize=500)
def _masks(values: bytes, width: int) -> tuple[int, ...]:
    """Give who gave each category of a line, and last who gave none of them."""
    if not values:
        return (0,) * (width + 1)
    digits = bytearray(b"0" * 256)
    masks = []
    for category in range(width):
        digits[category] = ord("1")
        masks.append(int(values.translate(digits), 2))
        digits[category] = ord("0")
    digits[:] = b"0" * width + b"1" * (256 - width)
    return (*masks, int(values.translate(digits), 2))


def known(line: Sequence[float]) -> list[float]:
    """Give the numbers that were answered, in their order."""
    return sorted(number for number in line if not isnan(number))
