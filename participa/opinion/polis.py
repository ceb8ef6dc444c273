"""The files of a Polis conversation: `summary`, `comments`, `votes`, `participants-votes`. Pure.

As exported by Polis and kept at github.com/compdemocracy/openData: 1 is agree, -1 disagree and
0 pass; `agrees` and `disagrees` of a comment count every vote cast, also those changed later,
while the matrix of participants holds the last ones.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO

from participa.kit.csvs import CsvError, CsvReader, Row, RowProblem

FILES = ("summary", "comments", "votes", "participants-votes")
_CHOICES = {"1": 1, "-1": -1, "0": 0}
_DATE = "%a %b %d %H:%M:%S UTC %Y"


class PolisError(ValueError):
    """A file that is none of these, with the line where that shows."""

    def __init__(self, file: str, line: int) -> None:
        super().__init__(f"{file}.csv, line {line}")
        self.file = file
        self.line = line


@dataclass(frozen=True, slots=True)
class Comment:
    """A statement; `moderated` is 1 accepted, 0 not looked at, -1 rejected, `at` milliseconds."""

    number: int
    author: int | None
    text: str
    moderated: int
    at: int
    is_seed: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """A vote as it was cast, at a millisecond."""

    at: int
    comment: int
    voter: int
    choice: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """Everything of a conversation; `groups` are the published ones of its participants."""

    summary: Mapping[str, str]
    comments: Sequence[Comment]
    events: Sequence[Event]
    groups: Mapping[int, int | None] = field(default_factory=dict)

    def last_votes(self) -> dict[tuple[int, int], Event]:
        """Replay the votes in the order of time and give the last by voter and comment."""
        ordered = sorted(self.events, key=lambda event: event.at)
        return {(event.voter, event.comment): event for event in ordered}


def read_conversation(files: Mapping[str, IO[bytes]]) -> Conversation:
    """Read the files by their names, each plain or gzip; without `votes` the matrix serves.

    Raises PolisError for a missing file or a line that does not fit.
    """
    summary = _summary(files)
    comments = [_comment(line, row) for line, row in _rows(files, "comments")]
    matrix = list(_rows(files, "participants-votes"))
    groups = {_int("participants-votes", line, row, "participant"): _group(line, row)
              for line, row in matrix}  # fmt: skip
    if "votes" in files:
        events = [_event(line, row) for line, row in _rows(files, "votes")]
    else:
        at = max((comment.at for comment in comments), default=0)
        events = [event for line, row in matrix for event in _of_matrix(line, row, at)]
    _check(comments, events)
    return Conversation(summary, comments, events, groups)


def _check(comments: Sequence[Comment], events: Sequence[Event]) -> None:
    known = {comment.number for comment in comments}
    if len(known) < len(comments):
        raise PolisError("comments", 0)
    if any(event.comment not in known for event in events):
        raise PolisError("votes", 0)


def _rows(files: Mapping[str, IO[bytes]], name: str) -> Iterator[tuple[int, Row]]:
    if name not in files:
        raise PolisError(name, 0)
    try:
        for line, row in CsvReader(files[name]):
            if isinstance(row, RowProblem):
                raise PolisError(name, line)
            yield line, row
    except CsvError as error:
        raise PolisError(name, error.line) from error


def _summary(files: Mapping[str, IO[bytes]]) -> dict[str, str]:
    if "summary" not in files:
        raise PolisError("summary", 0)
    try:
        text = files["summary"].read().decode("utf-8-sig")
        return {row[0]: row[1] for row in csv.reader(io.StringIO(text)) if len(row) > 1}
    except (UnicodeDecodeError, csv.Error) as error:
        raise PolisError("summary", 0) from error


def _int(file: str, line: int, row: Row, name: str) -> int:
    try:
        return int(row[name])
    except (KeyError, ValueError) as error:
        raise PolisError(file, line) from error


def _choice(file: str, line: int, value: str) -> int:
    if value not in _CHOICES:
        raise PolisError(file, line)
    return _CHOICES[value]


def _comment(line: int, row: Row) -> Comment:
    moderated = row.get("moderated", "")
    text = row.get("comment-body", "")
    if not text.strip():
        raise PolisError("comments", line)
    return Comment(
        number=_int("comments", line, row, "comment-id"),
        author=_int("comments", line, row, "author-id") if row.get("author-id") else None,
        text=text,
        moderated=_choice("comments", line, moderated),
        at=_int("comments", line, row, "timestamp"),
        is_seed=row.get("is-seed") == "true",
    )


def _event(line: int, row: Row) -> Event:
    return Event(
        at=_int("votes", line, row, "timestamp"),
        comment=_int("votes", line, row, "comment-id"),
        voter=_int("votes", line, row, "voter-id"),
        choice=_choice("votes", line, row.get("vote", "")),
    )


def _group(line: int, row: Row) -> int | None:
    return _int("participants-votes", line, row, "group-id") if row.get("group-id") else None


def _of_matrix(line: int, row: Row, at: int) -> Iterator[Event]:
    voter = _int("participants-votes", line, row, "participant")
    for name, value in row.items():
        if name.isdigit() and value:
            yield Event(at, int(name), voter, _choice("participants-votes", line, value))


def write_conversation(found: Conversation) -> dict[str, bytes]:
    """Write the four files, by their names without ending.

    Nothing is marked against spreadsheets that run formulas: the files are for programs, and
    what is read back must be what was written.
    """
    last = found.last_votes()
    return {
        "summary": _written(_summary_rows(found, last)),
        "comments": _written(_comment_rows(found)),
        "votes": _written(_vote_rows(found)),
        "participants-votes": _written(_matrix_rows(found, last)),
    }


def _written(rows: Iterable[Sequence[object]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue().encode()


def _summary_rows(
    found: Conversation, last: Mapping[tuple[int, int], Event]
) -> Iterator[Sequence[object]]:
    voters = len({voter for voter, _comment in last})
    counted: dict[str, object] = {
        "voters": voters,
        "voters-in-conv": voters,
        "commenters": len({each.author for each in found.comments} - {None}),
        "comments": len({comment for _voter, comment in last}),
    }
    names = ("topic", "url", "views", "voters", "voters-in-conv", "commenters", "comments",
             "groups", "conversation-description")  # fmt: skip
    for name in names:
        yield name, counted.get(name, found.summary.get(name, ""))


def _comment_rows(found: Conversation) -> Iterator[Sequence[object]]:
    cast = Counter((event.comment, event.choice) for event in found.events)
    yield ("timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated",
           "is-seed", "comment-body")  # fmt: skip
    for each in found.comments:
        yield (
            each.at, _date(each.at), each.number, "" if each.author is None else each.author,
            cast[each.number, 1], cast[each.number, -1], each.moderated,
            "true" if each.is_seed else "false", each.text,
        )  # fmt: skip


def _vote_rows(found: Conversation) -> Iterator[Sequence[object]]:
    yield "timestamp", "datetime", "comment-id", "voter-id", "vote"
    for each in found.events:
        yield each.at, _date(each.at), each.comment, each.voter, each.choice


def _matrix_rows(
    found: Conversation, last: Mapping[tuple[int, int], Event]
) -> Iterator[Sequence[object]]:
    columns = sorted({comment for _voter, comment in last})
    said = Counter(comment.author for comment in found.comments)
    yield "participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", *columns
    votes: dict[int, dict[int, int]] = {}
    for (voter, comment), event in last.items():
        votes.setdefault(voter, {})[comment] = event.choice
    for voter, own in sorted(votes.items()):
        counts = Counter(own.values())
        group = found.groups.get(voter)
        cells = (own.get(column, "") for column in columns)
        yield (voter, "" if group is None else group, said[voter], len(own), counts[1],
               counts[-1], *cells)  # fmt: skip


def _date(at: int) -> str:
    return moment_of(at).strftime(_DATE)


def moment_of(at: int) -> datetime:
    """Give a moment from its milliseconds. Raises PolisError for no moment of ours."""
    try:
        return datetime.fromtimestamp(at // 1000, UTC).replace(microsecond=at % 1000 * 1000)
    except (ValueError, OverflowError, OSError) as error:
        raise PolisError("votes", 0) from error
