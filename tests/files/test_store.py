"""Files on disk: once each, whole, and swept only when nobody refers to them."""

import os
import threading
from pathlib import Path

import pytest

from participa.db import transaction
from participa.files.models import StoredFile
from participa.files.receiving import Received
from participa.files.rules import PNG
from participa.files.service import attach, erase_all, missing, sweep, take_away
from participa.files.store import GRACE_SECONDS, Store
from participa.web.refusals import Conflict, NotFound
from tests.people import NOW, Municipality

KIND = "tests.thing"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Give an empty store."""
    return Store(tmp_path / "archivos")


def received(store: Store, data: bytes = b"uno") -> Received:
    """Keep some bytes as if they had been checked."""
    return Received(PNG, store.keep(data), len(data), 1, 1, "uno.png", "Uno")


def age(store: Store, digest: str) -> None:
    """Make a file as old as the sweep wants it."""
    past = store.path(digest).stat().st_mtime - GRACE_SECONDS - 60
    os.utime(store.path(digest), (past, past))


def kept(store: Store) -> list[str]:
    """List what is on the disk."""
    return sorted(path.name for path in store.folder.rglob("*") if path.is_file())


def test_the_same_file_is_kept_once(store: Store) -> None:
    """Two who send the same leave one file, of just those bytes."""
    digest = store.keep(b"uno")
    assert store.keep(b"uno") == digest
    assert kept(store) == [digest]
    assert store.path(digest).read_bytes() == b"uno"


def test_a_write_that_breaks_leaves_no_file(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the bytes are flushed the file has no name of its own; the rest is swept later."""
    monkeypatch.setattr("os.fsync", lambda _handle: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        store.keep(b"uno")
    assert [name.startswith("new-") for name in kept(store)] == [True]
    monkeypatch.undo()
    digest = store.keep(b"uno")
    assert digest in kept(store)


def test_a_file_wanted_again_while_it_is_dropped_stays(store: Store) -> None:
    """Many who keep the same old file while it is swept over and over: it is there at the end."""
    digest = store.keep(b"uno")
    lost: list[int] = []

    def keep_it() -> None:
        for _time in range(200):
            store.keep(b"uno")

    def drop_it() -> None:
        lost.extend(store.drop([store.path(digest)]) for _time in range(200))

    tasks = [threading.Thread(target=each) for each in (keep_it, drop_it, keep_it)]
    for task in tasks:
        task.start()
    for task in tasks:
        task.join()
    assert sum(lost) == 0
    assert store.keep(b"uno") == digest
    assert store.path(digest).read_bytes() == b"uno"


def test_old_and_unwanted_is_dropped(store: Store) -> None:
    """An old file goes; one that was kept again a moment ago does not, though it was listed."""
    one, two = store.keep(b"uno"), store.keep(b"dos")
    age(store, one)
    age(store, two)
    old = store.old()
    store.keep(b"dos")
    assert store.drop(old) == 1
    assert kept(store) == [two]


async def test_the_sweep_keeps_what_rows_refer_to(town: Municipality, store: Store) -> None:
    """Of three old files the attached one stays, also when only the neighbour has it attached."""
    there = received(store)
    await attach(town.neighbour.id, KIND, 1, there, most=5, now=NOW)
    taken = received(store, b"dos")
    row = await attach(town.entity.id, KIND, 1, taken, most=5, now=NOW)
    await take_away(town.entity.id, KIND, 1, row.id, now=NOW)
    for digest in (there.digest, taken.digest, store.keep(b"nadie")):
        age(store, digest)
    assert await sweep(store) == 2
    assert kept(store) == [there.digest]
    assert await missing(store) == 0
    store.path(there.digest).unlink()
    assert await missing(store) == 1


async def test_a_crash_between_file_and_row_leaves_nothing_to_read(
    town: Municipality, store: Store
) -> None:
    """When the transaction is lost there is no row, and the sweep finds the file."""
    given = received(store)

    class Crash(Exception):
        pass

    with pytest.raises(Crash):
        async with transaction():
            await attach(town.entity.id, KIND, 1, given, most=5, now=NOW)
            raise Crash
    assert await StoredFile.of(town.entity.id).count() == 0
    assert await sweep(store) == 0
    age(store, given.digest)
    assert await sweep(store) == 1


async def test_attaching_is_counted_and_twice_is_once(town: Municipality, store: Store) -> None:
    """The same file is attached once; one too many is refused; a place taken away is free."""
    entity_id = town.entity.id
    first = await attach(entity_id, KIND, 1, received(store), most=2, now=NOW)
    again = await attach(entity_id, KIND, 1, received(store), most=2, now=NOW)
    assert again.id == first.id
    await attach(entity_id, KIND, 1, received(store, b"dos"), most=2, now=NOW)
    with pytest.raises(Conflict):
        await attach(entity_id, KIND, 1, received(store, b"tres"), most=2, now=NOW)
    gone = await take_away(entity_id, KIND, 1, first.id, now=NOW)
    assert (gone.name, gone.description, gone.digest) == ("", "", "")
    assert await take_away(entity_id, KIND, 1, first.id, now=NOW) == gone
    with pytest.raises(NotFound):
        await take_away(entity_id, KIND, 2, first.id, now=NOW)
    await attach(entity_id, KIND, 1, received(store, b"tres"), most=2, now=NOW)
    await erase_all(entity_id, KIND, 1)
    assert await StoredFile.of(entity_id).count() == 0
