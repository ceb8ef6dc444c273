"""Reading votes and statements from files: Polis exports (CSV) and recordings (JSON).

In both 1 is agree, -1 disagree and 0 pass. Of several votes of one person on one statement the
last in time counts; in the same millisecond the later line.
"""

import csv
import gzip
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from participa.insights.opinion.votes import Flags, Numbers, Votes, gather

_PERSON = ("voter-id", "pid", "participant_id", "participant")
_STATEMENT = ("comment-id", "tid", "statement_id")
_VOTE, _TIME = ("vote",), ("timestamp", "modified")
_MODERATED, _TEXT = ("moderated", "mod"), ("comment-body", "txt", "text")
_TAKEN_OUT = -1
_GZIP = b"\x1f\x8b"


class UnreadableVotes(ValueError):
    """A file that is none of these; `line` is where that shows, 0 for the whole file."""

    def __init__(self, file: str, line: int = 0) -> None:
        super().__init__(f"{file}, line {line}" if line else file)
        self.file = file
        self.line = line


@dataclass(frozen=True, slots=True)
class Read:
    """Votes with the numbers that the files give people and statements, and a digest of all."""

    votes: Votes
    people: Numbers
    statements: Numbers
    texts: tuple[str, ...]
    kept: Flags
    digest: str


def read_votes(votes: Path, comments: Path | None) -> Read:
    """Read both files, each CSV or JSON, plain or gzip; without `comments` nothing is taken out.

    Instead of single votes the table of `participants-votes.csv` serves too. Raises
    UnreadableVotes.
    """
    events = list(_events(votes))
    if not events:
        raise UnreadableVotes(votes.name)
    rows = np.array(events, dtype=np.int64)
    rows = rows[np.lexsort((rows[:, 3], rows[:, 1], rows[:, 0]))]
    last = np.append((rows[1:, :2] != rows[:-1, :2]).any(1), True)
    rows = rows[last]
    said = {} if comments is None else dict(_comments(comments))
    people = np.unique(rows[:, 0])
    statements = np.unique(np.concatenate([rows[:, 1], np.array(list(said), dtype=np.int64)]))
    table = gather(
        np.searchsorted(people, rows[:, 0]),
        np.searchsorted(statements, rows[:, 1]),
        rows[:, 2],
        (len(people), len(statements)),
    )
    known = [said.get(int(number), ("", 0)) for number in statements]
    kept = np.array([moderated != _TAKEN_OUT for _text, moderated in known])
    texts = tuple(text for text, _moderated in known)
    return Read(table, people, statements, texts, kept, _digest(rows[:, :3], statements, kept))


def _digest(rows: Numbers, statements: Numbers, kept: Flags) -> str:
    """Name what was read, whatever the order of lines."""
    whole = hashlib.sha256(rows.tobytes())
    whole.update(statements.tobytes())
    whole.update(kept.tobytes())
    return whole.hexdigest()


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    data = path.read_bytes()
    try:
        text = (gzip.decompress(data) if data[:2] == _GZIP else data).decode("utf-8-sig")
        if text.lstrip()[:1] in "[{":
            yield from enumerate(json.loads(text), start=1)
        else:
            yield from enumerate(csv.DictReader(io.StringIO(text)), start=2)
    except (ValueError, csv.Error, OSError, EOFError) as error:
        raise UnreadableVotes(path.name) from error


def _number(row: Mapping[str, object], names: Sequence[str]) -> int:
    value = next(row[name] for name in names if name in row)
    return int(float(str(value)))


def _events(path: Path) -> Iterator[tuple[int, int, int, int]]:
    """Give person, statement, vote and time."""
    for line, row in _rows(path):
        try:
            yield from _of_matrix(row) if "group-id" in row else (_event(row),)
        except (ValueError, StopIteration, AttributeError, TypeError) as error:
            raise UnreadableVotes(path.name, line) from error


def _event(row: Mapping[str, object]) -> tuple[int, int, int, int]:
    choice = _number(row, _VOTE)
    if choice not in {-1, 0, 1}:
        raise ValueError(choice)
    at = next((row[name] for name in _TIME if row.get(name)), 0)
    return _number(row, _PERSON), _number(row, _STATEMENT), choice, int(float(str(at)))


def _of_matrix(row: Mapping[str, object]) -> Iterator[tuple[int, int, int, int]]:
    for name, value in row.items():
        if name.isdigit() and value:
            one = {"participant": row["participant"], "tid": name, "vote": value}
            yield _event(one)


def _comments(path: Path) -> Iterator[tuple[int, tuple[str, int]]]:
    for line, row in _rows(path):
        try:
            text = str(next((row[name] for name in _TEXT if name in row), ""))
            yield _number(row, _STATEMENT), (text, _number(row, _MODERATED))
        except (ValueError, StopIteration, AttributeError, TypeError) as error:
            raise UnreadableVotes(path.name, line) from error
