"""Decide Madrid's conversations of 2019, whole: every reply where it hung, every page opens."""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from participa.deliberation.importing import ImportResult, import_file
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.rules import depth
from participa.kit.html import clean_html
from participa.portal.import_places import destination, mapping_from, opener
from participa.settings import mappings_dir
from tests.deliberation.wholeness import assert_whole
from tests.people import NOW, Municipality
from tests.realdata import real_data
from tests.visitors import Web

pytestmark = pytest.mark.real_data


@dataclass(frozen=True)
class Source:
    """What a comment of the file answers, by ids."""

    thread: str
    parent: str | None
    depth: int


def comments(path: Path) -> dict[str, Source]:
    """Read the shape of the conversations without the code under test."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        rows = {row["comment_id"]: row for row in csv.DictReader(lines)}

    def above(key: str) -> Iterator[str]:
        while key := rows[key]["parent_id"]:
            yield key

    return {
        key: Source(row["proposal_id"], row["parent_id"] or None, len(list(above(key))))
        for key, row in rows.items()
    }


async def bring(town: Municipality, mapping: str, file: str) -> ImportResult:
    """Import a file of Madrid's by the mapping that comes with Participa."""
    process = town.process
    read = mapping_from((mappings_dir() / f"{mapping}.toml").read_bytes())
    with real_data(f"decide_madrid_2019/{file}").open("rb") as stream:
        return await import_file(
            town.entity.id, process.id, stream, read, now=NOW,
            place_of=opener(await destination(process, read)),
        )  # fmt: skip


async def test_madrid_comes_in_whole(town: Municipality, web: Web) -> None:
    """54 threads and 3,241 comments keep their shape, nothing unsafe, and every page opens."""
    opened = await bring(town, "madrid-proposals", "proposals.csv")
    said = await bring(town, "madrid-comments", "comments.csv.gz")
    assert (opened.stored.threads, said.stored.contributions, said.stored.removed) == (54, 3241, 43)
    assert (opened.error_count, said.error_count) == (0, 0)
    await assert_whole(town.entity.id)
    await _assert_shape(town)
    visitor = await web.visit()
    for thread in await Thread.of(town.entity.id).filter(kind="consultations.proposal"):
        page = await visitor.get(f"/hilos/{thread.id}")
        assert page.status_code == 200, thread.title
    again = await bring(town, "madrid-comments", "comments.csv.gz")
    assert (again.already_there, again.stored.contributions) == (3241, 0)


async def _assert_shape(town: Municipality) -> None:
    source = comments(real_data("decide_madrid_2019/comments.csv.gz"))
    rows = Contribution.of(town.entity.id).filter(source_key__startswith="madrid-2019-comments:")
    found = {}
    for row in await rows.select_related("parent", "thread"):
        assert clean_html(row.body_html) == row.body_html
        found[_id(row.source_key)] = Source(
            _id(row.thread.source_key),
            _id(row.parent.source_key) if row.parent else None,
            depth(row.path),
        )
    assert found == source


def _id(key: str | None) -> str:
    return str(key).partition(":")[2]
