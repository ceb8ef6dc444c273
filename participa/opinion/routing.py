"""Which statement a reader is shown next, so that those that come late are seen too. Pure.

Compared with other ways by `participa bench routing` (docs/benchmarks.md).
"""

import hashlib
import math
from collections.abc import Iterable

# Of so many statements, the least seen that a reader has not answered, the next one is drawn.
NEEDED = 24
# Every so many turns all that are left have equal chances: nobody reads only new ones.
EQUAL_EVERY = 6
# On such a turn these many are drawn from, in a row from a place that is the reader's own.
IN_A_ROW = 12
# With a tenth more views a statement is drawn about a fifth as often.
_STEEPNESS = 16


def is_equal_turn(answered: int) -> bool:
    """Whether all statements left have equal chances, after so many answers."""
    return answered % EQUAL_EVERY == EQUAL_EVERY - 1


def beginning(reader: str, answered: int, last_number: int) -> int:
    """Give the number from which on a reader's equal turn takes statements."""
    return int(_chance(reader, -1 - answered) * (last_number + 1))


def next_statement(
    reader: str, unseen: Iterable[tuple[int, int]], *, equally: bool = False
) -> int | None:
    """Choose what a reader is shown next, from pairs of a statement's id and its views.

    Weighted sampling without replacement (Efraimidis and Spirakis, Weighted random sampling
    with a reservoir, 2006) with a high power of views + 1 against a statement: one that came
    late is shown to nearly everybody until it has caught up. The chance is drawn once for each
    reader and statement, so that a reload shows no other and readers differ.
    """
    power = 0 if equally else _STEEPNESS
    ranked = ((math.log(_chance(reader, key)) * (1 + views) ** power, key) for key, views in unseen)
    best = max(ranked, default=None)
    return None if best is None else best[1]


def _chance(reader: str, statement: int) -> float:
    """Draw a number above 0 and below 1."""
    digest = hashlib.blake2b(f"{reader}:{statement}".encode(), digest_size=8).digest()
    return (int.from_bytes(digest, "big") + 0.5) / 2**64
