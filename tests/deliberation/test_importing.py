"""Another platform's conversations come in whole, once, and under pseudonyms."""

import asyncio
import gzip
import io
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain

import pytest

from participa.accounts.models import Person
from participa.accounts.permissions import Actor
from participa.accounts.service import sign_in
from participa.audit import AuditRecord
from participa.db import transaction
from participa.deliberation import service
from participa.deliberation.importing import (
    FileRefused,
    ImportResult,
    Place,
    acts,
    count_rows,
    import_file,
    import_records,
    told,
)
from participa.deliberation.importing.people import people_for
from participa.deliberation.mapping import load_mapping, read_records
from participa.deliberation.models import Contribution, Support, Thread, ThreadEvent
from participa.deliberation.saying import Said
from participa.forums.models import Forum
from participa.forums.service import create_forum
from participa.processes.models import Process
from tests.deliberation.wholeness import assert_whole
from tests.people import NOW, Municipality

PROPOSALS = """
[source]
name = "otra-propuestas"
people = "otra"
[thread]
kind = "forums.topic"
place = "Traídas"
opens = true
[columns]
id = "id"
title = "título"
text = "texto"
author = "quién"
date = "fecha"
supports = "apoyos"
category = "eje"
place = "barrio"
official = "oficial"
"""
PROPOSAL_ROWS = """id,título,texto,quién,fecha,apoyos,eje,barrio,oficial
1,La vía,Pavimentar **ya**.,Juana Pérez,2016-03-01,12,Vías,Centro,
2,El parque,Con árboles.,Juana Pérez,2016-03-02,3,,,
3,La obra,Se hará.,,2016-03-03,,,,1
"""
COMMENTS = """
[source]
name = "otra-comentarios"
people = "otra"
[thread]
kind = "forums.topic"
in = "propuesta"
prefix = "otra-propuestas"
[columns]
id = "id"
text = "texto"
author = "quién"
date = "fecha"
parent = "a"
stance = "postura"
supports = "apoyos"
[format]
html = true
"""
# 11 answers 13, which comes later; 15 answers what has no text; 14 answers nobody knows whom.
COMMENT_ROWS = """id,propuesta,a,texto,quién,fecha,postura,apoyos
10,1,,<p>De acuerdo.</p>,Luis,2016-03-05,in_favour,4
11,1,13,<p>¿Cuándo?</p>,Juana Pérez,2016-03-08,,
12,2,,<p>No <script>alert(1)</script><b onclick="x()">así</b></p>,Luis,2016-03-04,against,1
13,1,10,<p>Pronto.</p>,Rosa,2016-03-06,,
14,2,99,<p>A nadie.</p>,Rosa,2016-03-07,,
16,2,12,,Rosa,2016-03-07,,
15,2,16,<p>¿Qué decía?</p>,Luis,2016-03-09,,
"""


async def bring(
    town: Municipality,
    mapping: str,
    content: str | bytes,
    process: Process | None = None,
    **options: object,
) -> ImportResult:
    """Import a table written in a test."""
    where = process or town.process

    async def place_of() -> Place:
        forums = Forum.of(where.entity_id).filter(process_id=where.id, title="Traídas")
        forum = await forums.first() or await create_forum(
            entity_id=where.entity_id, process_id=where.id, title="Traídas", question=""
        )
        return Place("forums.topic", forum.id, "forums.discuss")

    stream = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    values = {"now": NOW, "place_of": place_of, **options}
    return await import_file(
        where.entity_id,
        where.id,
        stream,
        load_mapping(mapping),
        **values,  # type: ignore[arg-type]
    )


async def bring_all(town: Municipality, **options: object) -> ImportResult:
    """Import both tables and give the second's result."""
    await bring(town, PROPOSALS, PROPOSAL_ROWS, None, **options)
    return await bring(town, COMMENTS, COMMENT_ROWS, None, **options)


async def one(town: Municipality, key: str) -> Contribution:
    """Find what was imported under a key."""
    return await Contribution.of(town.entity.id).get(source_key=key).select_related("author")


async def parents(town: Municipality) -> dict[str, str | None]:
    """Say of each imported comment what it answers, by the source's own ids."""
    rows = Contribution.of(town.entity.id).filter(source_key__startswith="otra-comentarios:")
    return {
        str(row.source_key).partition(":")[2]: None
        if row.parent is None
        else str(row.parent.source_key).partition(":")[2]
        for row in await rows.select_related("parent")
    }


async def everything(town: Municipality) -> list[object]:
    """Read every row an import could touch."""
    tables = (Person, Thread, Contribution, ThreadEvent, Forum, AuditRecord)
    return [await table.of(town.entity.id).order_by("id").values() for table in tables]


async def test_a_row_opens_a_thread_with_all_it_says(town: Municipality) -> None:
    """Title, text, date, category, supports and place come over; supporters stay unknown."""
    await bring(town, PROPOSALS, PROPOSAL_ROWS)
    opening = await one(town, "otra-propuestas:1")
    thread = await Thread.of(town.entity.id).get(id=opening.thread_id)
    forum = await Forum.of(town.entity.id).get(title="Traídas")
    moment = datetime(2016, 3, 1, 5, tzinfo=UTC)
    assert (thread.title, thread.kind, thread.place_id) == ("La vía", "forums.topic", forum.id)
    assert (thread.category, thread.support_count, thread.created_at) == ("Vías", 12, moment)
    assert opening.body_html == "<p>Pavimentar <strong>ya</strong>.</p>"
    assert (opening.support_count, opening.place, opening.created_at) == (12, "Centro", moment)
    assert opening.receipt_number.startswith("PA-2026-")
    assert await Support.of(town.entity.id).all().count() == 0


async def test_threads_keep_their_shape_across_batches(
    town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the order of the file and the size of a batch, replies hang where they hung."""
    monkeypatch.setattr(acts, "BATCH", 2)
    result = await bring_all(town)
    assert await parents(town) == {
        "10": None, "11": "13", "12": None, "13": "10", "14": None, "15": "16", "16": "12",
    }  # fmt: skip
    await assert_whole(town.entity.id)
    assert [(note.line, note.code, note.severity) for note in result.errors] == [
        (6, "parent_missing", "note")
    ]


async def test_replies_to_what_an_earlier_file_brought(town: Municipality) -> None:
    """A later file may answer an earlier one's comments, in their thread only."""
    await bring_all(town)
    header = COMMENT_ROWS.partition("\n")[0]
    more = f"{header}\n20,1,13,<p>Gracias.</p>,,,,\n21,2,13,<p>Aquí no.</p>,,,,\n"
    result = await bring(town, COMMENTS, more)
    shape = await parents(town)
    assert (shape["20"], shape["21"]) == ("13", None)
    assert (await one(town, "otra-comentarios:13")).reply_count == 2
    assert [(note.line, note.code) for note in result.errors] == [(3, "parent_elsewhere")]
    await assert_whole(town.entity.id)


async def test_a_second_run_changes_nothing(town: Municipality) -> None:
    """Importing the same files again leaves every row as it was and says so."""
    await bring_all(town, actor=town.diego)
    before = await everything(town)
    again = await bring_all(town, actor=town.diego, now=NOW.replace(hour=20))
    assert await everything(town) == before
    assert (again.already_there, again.stored.contributions, again.is_repetition) == (7, 0, True)


async def test_an_interrupted_run_is_finished_by_the_next(
    town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was stored before the interruption stays whole and logged; the rest comes after."""
    monkeypatch.setattr(acts, "BATCH", 3)
    await bring(town, PROPOSALS, PROPOSAL_ROWS)

    def stop(share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await bring(town, COMMENTS, COMMENT_ROWS, progress=stop, actor=town.diego)
    await assert_whole(town.entity.id)
    logged = await AuditRecord.of(town.entity.id).filter(action="deliberation.import")
    assert "Aportes nuevos: 6" in logged[0].reason
    rest = await bring(town, COMMENTS, COMMENT_ROWS)
    assert (rest.already_there, rest.stored.contributions) == (6, 1)
    await assert_whole(town.entity.id)


async def test_a_batch_that_fails_leaves_nothing(
    town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither rows nor receipts nor an empty forum remain of a batch whose last step failed."""
    before = await everything(town)

    def broken(_rows: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(ThreadEvent, "bulk_create", broken)
    with pytest.raises(OSError, match="disk is full"):
        await bring(town, PROPOSALS, PROPOSAL_ROWS, actor=town.diego)
    assert await everything(town) == before
    monkeypatch.undo()
    await bring(town, PROPOSALS, PROPOSAL_ROWS)
    await assert_whole(town.entity.id)


async def test_a_trial_foretells_and_writes_nothing(
    town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trial's figures and remarks are those of the import that follows."""
    monkeypatch.setattr(acts, "BATCH", 2)
    for mapping, rows in ((PROPOSALS, PROPOSAL_ROWS), (COMMENTS, COMMENT_ROWS)):
        before = await everything(town)
        trial = await bring(town, mapping, rows, dry_run=True, actor=town.diego)
        assert await everything(town) == before
        assert trial.is_trial
        assert trial == replace(await bring(town, mapping, rows), is_trial=True)


async def test_openings_and_replies_may_come_together(
    town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Records that open threads and those that join them can be one import, tried or done."""
    monkeypatch.setattr(acts, "BATCH", 4)
    forum = town.forum

    async def place_of() -> Place:
        return Place("forums.topic", forum.id, "forums.discuss")

    async def bring_both(*, dry_run: bool) -> ImportResult:
        tables = ((PROPOSALS, PROPOSAL_ROWS), (COMMENTS, COMMENT_ROWS))
        read = [
            read_records(io.BytesIO(rows.encode()), load_mapping(mapping))
            for mapping, rows in tables
        ]
        return await import_records(
            town.entity.id, town.process.id, chain(*read), source_name="otra", now=NOW,
            place_of=place_of, dry_run=dry_run,
        )  # fmt: skip

    trial = await bring_both(dry_run=True)
    assert trial == replace(await bring_both(dry_run=False), is_trial=True)
    assert (trial.stored.threads, trial.stored.contributions, trial.refused) == (3, 10, 0)
    await assert_whole(town.entity.id)


async def test_authors_become_people_nobody_knows(town: Municipality) -> None:
    """One author is one pseudonym in all files, and the pseudonym says nothing of the name."""
    result = await bring_all(town)
    juana = await one(town, "otra-propuestas:1")
    answer = await one(town, "otra-comentarios:11")
    assert juana.author is not None
    assert answer.author_id == juana.author_id
    assert (juana.author.kind, juana.author.display_name) == ("imported", "Participante 00001")
    people = Person.of(town.entity.id).filter(kind="imported")
    assert await people.count() == 1 + result.stored.people == 3
    assert {person.display_name for person in await people} == {
        "Participante 00001", "Participante 00002", "Participante 00003",
    }  # fmt: skip


async def test_imported_people_cannot_sign_in(town: Municipality) -> None:
    """There is no address and no password to try."""
    await bring_all(town)
    for person in await Person.of(town.entity.id).filter(kind="imported"):
        assert (person.email, person.password_hash) == (None, "")
        for address in (person.source_key, person.display_name, "", "None"):
            token = await sign_in(
                entity_id=town.entity.id, email=str(address), password="", now=NOW
            )
            assert token is None


async def test_who_spoke_for_the_entity_has_an_office_and_no_person(town: Municipality) -> None:
    """An official row speaks in the name of the entity, whoever typed it."""
    rows = PROPOSAL_ROWS.replace("3,La obra,Se hará.,,", "3,La obra,Se hará.,La alcaldesa,")
    await bring(town, PROPOSALS, rows)
    official = await one(town, "otra-propuestas:3")
    assert (official.office, official.author_id) == ("La Loma", None)
    assert not await Person.of(town.entity.id).filter(source_key="otra:La alcaldesa").exists()


async def test_html_is_sanitised(town: Municipality) -> None:
    """Only the allow-list is stored to be shown; the source is kept beside it."""
    await bring_all(town)
    comment = await one(town, "otra-comentarios:12")
    assert comment.body_html == "<p>No <strong>así</strong></p>"
    assert comment.body_format == "html"
    assert comment.sanitiser_version == 1
    assert (comment.stance, comment.support_count) == ("against", 1)


async def test_a_text_the_sanitiser_refuses_is_told_by_line(town: Municipality) -> None:
    """A text nested without end is left out with its reason, and the others come in."""
    await bring(town, PROPOSALS, PROPOSAL_ROWS)
    header = COMMENT_ROWS.partition("\n")[0]
    deep = "<blockquote>" * 300 + "x"
    result = await bring(town, COMMENTS, f"{header}\n30,1,,{deep},,,,\n31,1,30,Sí.,,,,\n")
    assert [(each.line, each.code) for each in result.errors] == [
        (2, "text_refused"), (3, "parent_missing"),
    ]  # fmt: skip
    assert (result.refused, result.notes, result.stored.contributions) == (1, 1, 1)


async def test_what_lost_its_text_keeps_its_place(town: Municipality) -> None:
    """An empty row stands as removed, with the replies to it under it."""
    result = await bring_all(town)
    gone = await one(town, "otra-comentarios:16")
    answer = await one(town, "otra-comentarios:15")
    assert (gone.state, gone.body_source, gone.body_html) == ("removed_by_author", "", "")
    assert answer.parent_id == gone.id
    assert result.stored.removed == 1


async def test_comments_without_their_threads_are_left_out(town: Municipality) -> None:
    """Rows whose thread is not there, or in another process or entity, are told one by one."""
    result = await bring(town, COMMENTS, COMMENT_ROWS)
    assert {each.code for each in result.errors if each.severity == "row"} == {"thread_missing"}
    assert (result.refused, result.is_failure) == (7, True)
    await bring(town, PROPOSALS, PROPOSAL_ROWS)
    elsewhere = await bring(town, COMMENTS, COMMENT_ROWS, town.closed_process)
    assert {each.code for each in elsewhere.errors if each.severity == "row"} == {
        "thread_elsewhere"
    }
    next_door = await bring(town, COMMENTS, COMMENT_ROWS, town.neighbour_process)
    assert (next_door.refused, next_door.stored.contributions) == (7, 0)
    assert await Contribution.of(town.neighbour.id).all().count() == 1


async def test_two_entities_import_the_same_file(town: Municipality) -> None:
    """Keys are an entity's own: the neighbour's import neither meets nor touches ours."""
    await bring_all(town)
    before = await everything(town)
    result = await bring(town, PROPOSALS, PROPOSAL_ROWS, town.neighbour_process)
    assert result.stored.contributions == 3
    assert await everything(town) == before
    await assert_whole(town.neighbour.id)


async def test_a_file_imported_into_another_process_is_told(town: Municipality) -> None:
    """Rows that are in another process are not passed over in silence."""
    await bring(town, PROPOSALS, PROPOSAL_ROWS)
    result = await bring(town, PROPOSALS, PROPOSAL_ROWS, town.closed_process)
    assert [each.code for each in result.errors] == ["elsewhere"] * 3
    assert result.is_failure


async def test_keys_of_another_file_are_told(town: Municipality) -> None:
    """Two files that share a name and an id do not pass for one another."""
    await bring(town, PROPOSALS, PROPOSAL_ROWS)
    mistaken = COMMENTS.replace('"otra-comentarios"', '"otra-propuestas"')
    header = COMMENT_ROWS.partition("\n")[0]
    result = await bring(town, mistaken, f"{header}\n1,1,,Hola.,,,,\n40,1,,Hola.,,,,\n")
    assert [(each.line, each.code) for each in result.errors] == [(2, "key_taken")]
    assert result.stored.contributions == 1


async def test_a_date_to_come_is_left_out(town: Municipality) -> None:
    """Nobody has said anything tomorrow: the day and the month were probably exchanged."""
    result = await bring(town, PROPOSALS, PROPOSAL_ROWS.replace("2016-03-02", "2026-12-01"))
    assert [(each.line, each.code) for each in result.errors] == [(3, "future_date")]
    assert result.stored.contributions == 2


async def test_errors_are_counted_and_the_first_are_kept(town: Municipality) -> None:
    """Of many faulty rows only some are told, with line and column, and all are counted."""
    header = PROPOSAL_ROWS.partition("\n")[0]
    rows = "".join(f"{n},T,x,,ayer,muchos,,,\n" for n in range(40))
    result = await bring(town, PROPOSALS, f"{header}\n{rows}", errors_kept=5)
    assert (len(result.errors), result.error_count, result.refused) == (5, 80, 40)
    assert str(told(result.errors[0])) == (
        "línea 2, columna «fecha»: «ayer» no es una fecha en los formatos dados."
    )


async def test_a_file_that_breaks_off_stores_nothing(town: Municipality) -> None:
    """A fault on the last line is found before the first one is stored."""
    latin = PROPOSAL_ROWS.encode() + "4,El puente,Señal,,,,,,\n".encode("latin-1")
    cut = gzip.compress(PROPOSAL_ROWS.encode() * 50)[:-20]
    for content in (latin, cut, b"", b"id,texto\n"):
        with pytest.raises(FileRefused):
            await bring(town, PROPOSALS, content)
    assert await Thread.of(town.entity.id).all().count() == 1


def test_counting_stops_when_it_is_enough() -> None:
    """Counting leaves the stream at its beginning, also when it ends early."""
    stream = io.BytesIO(PROPOSAL_ROWS.encode())
    assert count_rows(stream) == 3
    assert count_rows(stream, stop_after=1) == 2
    assert stream.tell() == 0


async def test_keys_too_long_for_their_column_are_shortened(town: Municipality) -> None:
    """An author whose key is a long name is one person all the same, every time."""
    namespace, long = "n" * 60, "Juana " * 16
    async with transaction():
        first, created = await people_for(town.entity.id, [f"{namespace}:{long}"], NOW)
    async with transaction():
        second, created_again = await people_for(town.entity.id, [f"{namespace}:{long}"], NOW)
    assert first == second
    assert (created, created_again) == (1, 0)


async def test_two_imports_at_once_make_no_doubles(
    town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes second finds what the first stored, and everything stays whole."""
    monkeypatch.setattr(acts, "BATCH", 2)
    results = await asyncio.gather(*(bring(town, PROPOSALS, PROPOSAL_ROWS) for _ in range(3)))
    assert sum(result.stored.contributions for result in results) == 3
    results = await asyncio.gather(*(bring(town, COMMENTS, COMMENT_ROWS) for _ in range(3)))
    assert sum(result.stored.contributions for result in results) == 7
    await assert_whole(town.entity.id)


async def test_people_post_while_an_import_runs(
    town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers, counts and receipts have no gap when citizens speak in the same threads."""
    monkeypatch.setattr(acts, "BATCH", 2)
    await bring(town, PROPOSALS, PROPOSAL_ROWS)
    opening = await one(town, "otra-propuestas:1")
    said = [
        service.publish(town.ana, opening.thread_id, Said(f"Sí {n}"), now=NOW, parent_id=opening.id)
        for n in range(8)
    ]
    await asyncio.gather(bring(town, COMMENTS, COMMENT_ROWS), *said)
    await assert_whole(town.entity.id)
    thread = await Thread.of(town.entity.id).get(id=opening.thread_id)
    assert thread.contribution_count == 1 + 3 + 8


async def test_the_public_log_says_who_imported_what(town: Municipality) -> None:
    """One record with the figures for each import that stored something."""
    command = Actor(town.entity.id, name="participa import contributions")
    await bring(town, PROPOSALS, PROPOSAL_ROWS, actor=command)
    await bring(town, COMMENTS, COMMENT_ROWS)
    records = await AuditRecord.of(town.entity.id).filter(action="deliberation.import")
    assert [(each.actor_name, each.object_label) for each in records] == [
        ("participa import contributions", town.process.title)
    ]
    assert "otra-propuestas" in records[0].reason
    assert "Apoyos: 15" in records[0].reason
