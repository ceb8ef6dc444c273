"""Polis files in and out: every vote replayed, the published counts exactly, nothing lost."""

import csv
import gzip
import io
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participa.cli.imports_polis import read_folder
from participa.opinion.importing import conversation_of, import_conversation, votes_matrix
from participa.opinion.models import EarlierVote, Round, Statement, Vote
from participa.opinion.polis import (
    Comment,
    Conversation,
    Event,
    PolisError,
    read_conversation,
    write_conversation,
)
from participa.opinion.queries import people_count
from participa.opinion.rules import State
from participa.web.refusals import BadInput, Conflict, NotFound
from tests.opinion.rounds import a_round
from tests.people import CLOSES, NOW, Municipality
from tests.realdata import real_data
from tests.visitors import Web

SMALL = ("london.youth.policing", "15-per-hour-seattle")
OTHERS = (
    "brexit-consensus", "canadian-electoral-reform", "bg2050-volunteers",
    "scoop-hivemind.biodiversity", "vtaiwan.uberx",
)  # fmt: skip
MATRIX_ONLY = "american-assembly.bowling-green"

_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=40
).filter(lambda text: bool(text.strip()))


@st.composite
def conversations(draw: st.DrawFn) -> Conversation:
    """Give any small conversation, with votes changed and moments shared."""
    count = draw(st.integers(1, 6))
    comments = [
        Comment(
            number, draw(st.none() | st.integers(0, 5)), draw(_TEXT),
            draw(st.sampled_from((1, 0, -1))), draw(st.integers(0, 10**12)), draw(st.booleans()),
        )
        for number in range(count)
    ]  # fmt: skip
    events = draw(
        st.lists(
            st.builds(
                Event, st.integers(0, 5), st.integers(0, count - 1), st.integers(0, 5),
                st.sampled_from((1, 0, -1)),
            ),
            min_size=1, max_size=40,
        )
    )  # fmt: skip
    voters = {event.voter for event in events}
    groups = {voter: draw(st.none() | st.integers(0, 4)) for voter in voters}
    return Conversation({"topic": draw(_TEXT).strip(), "groups": "2"}, comments, events, groups)


def _read(files: dict[str, bytes]) -> Conversation:
    return read_conversation({name: io.BytesIO(data) for name, data in files.items()})


def _table(folder: Path, name: str) -> list[dict[str, str]]:
    plain = folder / f"{name}.csv"
    data = plain.read_bytes() if plain.exists() else b""
    data = data or gzip.decompress((folder / f"{name}.csv.gz").read_bytes())
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@settings(max_examples=150, deadline=None)
@given(conversations())
def test_what_is_written_is_read_back(found: Conversation) -> None:
    """Comments, votes and groups come back the same, and so does the file made of them."""
    files = write_conversation(found)
    back = _read(files)
    assert list(back.comments) == list(found.comments)
    assert list(back.events) == list(found.events)
    assert dict(back.groups) == dict(found.groups)
    assert write_conversation(back) == files


@pytest.mark.parametrize("name", ["summary", "comments", "participants-votes"])
def test_a_missing_file_is_named(name: str) -> None:
    """Without one of the three that are needed nothing is read."""
    found = Conversation({}, [Comment(0, 0, "Algo.", 1, 0)], [Event(0, 0, 0, 1)], {0: None})
    files = write_conversation(found)
    del files[name]
    with pytest.raises(PolisError, match=name):
        _read(files)


@pytest.mark.parametrize("line", ["x,,0,0,1", "1,,9,0,1", "1,,0,0,2", "1,,0"])
def test_a_wrong_vote_is_named(line: str) -> None:
    """A moment, a statement or a sign that is none is refused with its file."""
    found = Conversation({}, [Comment(0, 0, "Algo.", 1, 0)], [Event(0, 0, 0, 1)], {0: None})
    files = write_conversation(found)
    files["votes"] += f"{line}\n".encode()
    with pytest.raises(PolisError, match="votes"):
        _read(files)


async def test_an_import_is_all_or_nothing_and_once(town: Municipality) -> None:
    """Again it is refused; no votes, a neighbour's process: nothing is stored."""
    comments = [Comment(0, 0, "Algo que decir.", 1, 0), Comment(1, None, "Nada más.", -1, 0)]
    found = Conversation(
        {"topic": "Agua"}, comments, [Event(5, 0, 0, 1), Event(5, 0, 0, -1)], {0: 1}
    )
    done = await import_conversation(town.diego, town.process.id, found, NOW)
    assert (done.participants, done.statements, done.votes, done.changes) == (1, 2, 1, 1)
    back = await conversation_of(done.round)
    assert (list(back.comments), list(back.events)) == (comments, list(found.events))
    with pytest.raises(Conflict):
        await import_conversation(town.diego, town.process.id, found, NOW)
    with pytest.raises(BadInput):
        empty = Conversation({"topic": "Otra"}, comments, [])
        await import_conversation(town.diego, town.process.id, empty, NOW)
    with pytest.raises(NotFound):
        await import_conversation(town.diego, town.neighbour_process.id, found, NOW)
    assert await Round.of(town.entity.id).all().count() == 1


async def _imported(town: Municipality, name: str) -> tuple[Path, Round]:
    folder = real_data(f"polis/{name}")
    found = read_folder(folder)
    done = await import_conversation(town.diego, town.process.id, found, NOW)
    return folder, done.round


async def _holds_published_counts(town: Municipality, name: str) -> None:
    """Compare everything a conversation publishes of itself with what was stored."""
    folder, opened = await _imported(town, name)
    inside = {"statement__round_id": opened.id}
    summary = read_folder(folder).summary
    assert await people_count(opened) == int(summary["voters"])
    votes = (
        await Vote.of(town.entity.id)
        .filter(**inside)
        .values_list("statement__number", "participant__number", "choice")
    )
    assert len({vote[0] for vote in votes}) == int(summary["comments"])
    statements = await Statement.of(town.entity.id).filter(round_id=opened.id)
    assert len({each.author_id for each in statements}) == int(summary["commenters"])
    matrix = {
        (row["participant"], column): int(value)
        for row in _table(folder, "participants-votes")
        for column, value in row.items()
        if column.isdigit() and value
    }
    assert {(str(who), str(what)): choice for what, who, choice in votes} == matrix
    changed = (
        await EarlierVote.of(town.entity.id)
        .filter(**inside)
        .values_list("statement__number", "choice")
    )
    cast = Counter((what, choice) for what, _who, choice in votes) + Counter(changed)
    if name != MATRIX_ONLY:
        assert len(votes) + len(changed) == len(_table(folder, "votes"))
        for row in _table(folder, "comments"):
            number = int(row["comment-id"])
            assert cast[number, 1] == int(row["agrees"])
            assert cast[number, -1] == int(row["disagrees"])
    now = Counter((what, choice) for what, _who, choice in votes)
    for each in statements:
        counted = (now[each.number, 1], now[each.number, -1], now[each.number, 0])
        assert (each.agrees, each.disagrees, each.passes) == counted


@pytest.mark.parametrize("name", SMALL)
async def test_published_counts(town: Municipality, name: str) -> None:
    """Participants, statements, votes and counts per statement are those published."""
    await _holds_published_counts(town, name)


@pytest.mark.long
@pytest.mark.parametrize("name", [*OTHERS, MATRIX_ONLY])
async def test_published_counts_of_all(town: Municipality, name: str) -> None:
    """The same for every other conversation, and for the one known by its matrix alone."""
    await _holds_published_counts(town, name)


def test_every_conversation_is_compared() -> None:
    """None of those with votes is left out of the two tests above."""
    folders = {each.parent.name for each in real_data("polis").glob("*/participants-votes.csv*")}
    assert folders == {*SMALL, *OTHERS, MATRIX_ONLY}


async def test_an_export_of_real_votes_comes_back(town: Municipality) -> None:
    """What is given out holds the same comments, votes, groups and matrix as what came in."""
    folder, opened = await _imported(town, SMALL[1])
    found = read_folder(folder)
    back = await conversation_of(opened)
    assert list(back.comments) == list(found.comments)
    assert Counter(back.events) == Counter(found.events)
    assert back.last_votes().items() == found.last_votes().items()
    assert {voter: back.groups[voter] for voter in found.groups} == dict(found.groups)
    written = write_conversation(back)
    theirs = {row["participant"]: row for row in _table(folder, "participants-votes")}
    ours = csv.DictReader(io.StringIO(written["participants-votes"].decode()))
    assert {row["participant"]: row for row in ours} == theirs


async def test_the_matrix_for_groups(town: Municipality) -> None:
    """Every present vote is a cell, by participant and statement, with its sign."""
    _folder, opened = await _imported(town, SMALL[0])
    matrix = await votes_matrix(town.entity.id, opened.id)
    assert len(matrix.rows) == len(matrix.columns) == len(matrix.choices) == 638
    assert Counter(matrix.choices) == {1: 392, -1: 192, 0: 54}
    assert (len(matrix.participants), len(matrix.statements)) == (26, 39)
    assert Counter(matrix.states) == {State.PUBLISHED: 36, State.REJECTED: 3}
    assert not (await votes_matrix(town.neighbour.id, opened.id)).rows


def _archive(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"export/{name}.csv", data)
    return buffer.getvalue()


async def test_officials_bring_in_and_take_out(town: Municipality, web: Web) -> None:
    """An archive becomes a round; its download is the same conversation; mistakes are told."""
    found = Conversation(
        {"topic": "Agua"},
        [Comment(0, 0, "El agua va primero.", 1, 1000)],
        [Event(2000, 0, 0, 1), Event(3000, 0, 0, -1)],
        {0: 1},
    )
    files = write_conversation(found)
    url = "/gestion/procesos/plan/polis"
    diego = await web.visit(town.diego)
    assert (await diego.get(url)).status_code == 200
    wrong = (b"", b"nada", _archive({**files, "votes": b"timestamp\nx\n"}), _archive({}))
    for data in wrong:
        sent = await diego.post(url, {"source": "Mía"}, files={"file": ("a.zip", data)})
        assert sent.status_code == 422
        assert "Mía" in sent.text
    assert await Round.of(town.entity.id).all().count() == 0
    form = {"source": "Datos de prueba, CC BY 4.0"}
    done = await diego.post(url, form, files={"file": ("a.zip", _archive(files))})
    assert done.status_code == 303
    page = await diego.follow(done)
    assert "Datos de prueba, CC BY 4.0" in page.text
    assert "1 frase" in page.text
    opened = await Round.of(town.entity.id).get()
    zipped = await diego.get(f"/gestion/opiniones/{opened.id}/polis.zip")
    with zipfile.ZipFile(io.BytesIO(zipped.content)) as archive:
        back = {name: archive.read(f"{name}.csv") for name in files}
    assert _read(back) == _read(files)
    reader = await web.visit()
    assert "polis.zip" not in (await reader.get(f"/opiniones/{opened.id}/resultados")).text


async def test_single_votes_wait_for_the_end(town: Municipality, web: Web) -> None:
    """While a round is open nobody downloads its votes."""
    opened = await a_round(town)
    path = f"/gestion/opiniones/{opened.id}/polis.zip"
    assert (await (await web.visit(town.alma)).get(path)).status_code == 409
    web.clock.now = CLOSES
    assert (await (await web.visit(town.alma)).get(path)).status_code == 200
