"""Any CSV becomes contributions by its mapping; what cannot is told line by line in Spanish."""

import gzip
import io
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participa.deliberation.mapping import (
    ImportRecord,
    LineError,
    MappingError,
    load_mapping,
    read_records,
)

MAPPINGS = Path(__file__).parents[2] / "mappings"

OPENING = """
[source]
name = "plan"
people = "vecinos"
[thread]
kind = "consultations.proposal"
place = "Propuestas"
opens = true
[columns]
id = "id"
title = "título"
text = ["resumen", "detalle"]
author = "quién"
date = "fecha"
supports = "apoyos"
channel = "canal"
category = "eje"
place = "barrio"
official = "oficial"
status = "estado"
[values.channel]
mesa = "workshop"
[values.official]
"Alcaldía" = true
vecino = false
[format]
date = ["%d/%m/%Y %H:%M", "%d/%m/%Y"]
"""
OPENING_HEADER = "id,título,resumen,detalle,quién,fecha,apoyos,canal,eje,barrio,oficial,estado\n"

REPLYING = """
[source]
name = "respuestas"
[thread]
kind = "forums.topic"
in = "hilo"
prefix = "plan"
[columns]
id = "id"
text = "texto"
parent = "a"
stance = "postura"
[values.stance]
"1" = "in_favour"
"-1" = "against"
"""
REPLYING_HEADER = "id,hilo,a,texto,postura\n"


def read(
    mapping: str, content: str, known: frozenset[str] = frozenset()
) -> list[ImportRecord | LineError]:
    """Read a table written in a test."""
    stream = io.BytesIO(content.encode())
    return list(read_records(stream, load_mapping(mapping), known=known))


def records(found: list[ImportRecord | LineError]) -> list[ImportRecord]:
    """Pick what was understood."""
    return [item for item in found if isinstance(item, ImportRecord)]


def errors(found: list[ImportRecord | LineError]) -> list[tuple[int, str | None, str, str]]:
    """Pick what was not, as line, column, code and severity."""
    return [
        (one.line, one.column, one.code, one.severity)
        for one in found
        if isinstance(one, LineError)
    ]


def test_a_row_opens_a_thread_with_all_it_says() -> None:
    """Every column finds its place: joined text, date in UTC, place, category, channel, office."""
    [record] = read(
        OPENING,
        OPENING_HEADER + '7," La  vía ",Uno,"Dos\nlíneas",ana,31/01/2026 08:30,12,mesa,Vías,Centro,'
        "Alcaldía,aceptada\n",
    )
    assert record == ImportRecord(
        line=2,
        source_key="plan:7",
        thread_source_key="plan:7",
        opens_thread=True,
        parent_source_key=None,
        title="La vía",
        body="Uno\n\nDos\nlíneas",
        is_html=False,
        author_key="vecinos:ana",
        official=True,
        created_at=datetime(2026, 1, 31, 13, 30, tzinfo=UTC),
        stance=None,
        supports=12,
        channel="workshop",
        category="Vías",
        place="Centro",
        status="aceptada",
    )


def test_empty_cells_are_absent_values() -> None:
    """A row with little said is taken with little; a title alone is the text of its proposal."""
    [record] = records(read(OPENING, OPENING_HEADER + "7,La vía,,,,,,,,,,\n"))
    assert record.body == "La vía"
    assert not record.empty
    assert (record.author_key, record.created_at, record.category, record.place) == (None,) * 4
    assert (record.supports, record.channel, record.official) == (0, "web", False)


def test_a_reply_names_its_thread_and_its_parent() -> None:
    """Keys carry the namespace of who opened the thread and of the reply's own file."""
    [first, second] = records(read(REPLYING, REPLYING_HEADER + "1,7,,Sí,1\n2,7,1,No,-1\n"))
    assert (first.thread_source_key, first.parent_source_key) == ("plan:7", None)
    assert (second.thread_source_key, second.parent_source_key) == ("plan:7", "respuestas:1")
    assert (first.stance, second.stance) == ("in_favour", "against")
    assert not first.opens_thread


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (",La vía,x,,,,,,,,,", "id", "missing"),
        ("7,,x,,,,,,,,,", "título", "missing"),
        ("7,La vía,x,,,ayer,,,,,,", "fecha", "bad_date"),
        ("7,La vía,x,,,31/02/2026,,,,,,", "fecha", "bad_date"),
        ("7,La vía,x,,,,-1,,,,,", "apoyos", "bad_number"),
        ("7,La vía,x,,,,muchos,,,,,", "apoyos", "bad_number"),
        ("7,La vía,x,,,,,paloma,,,,", "canal", "unknown_value"),
        ("7,La vía,x,,,,,,,,quizás,", "oficial", "unknown_value"),
        (f"7,{'x' * 301},x,,,,,,,,,", "título", "too_long"),
        (f"7,La vía,{'x' * 20_001},,,,,,,,,", "resumen", "too_long"),
        (f"7,La vía,x,,,,,,{'x' * 121},,,", "eje", "too_long"),
        (f"{'x' * 101},La vía,x,,,,,,,,,", "id", "too_long"),
        ("7,La vía", None, "ragged"),
        ('7,"La vía"x,x,,,,,,,,,', None, "quotes"),
    ],
)
def test_a_bad_cell_is_named_and_the_next_row_is_read(
    row: str, column: str | None, code: str
) -> None:
    """The line, the column and the fault are told; the rows around are not lost."""
    found = read(OPENING, f"{OPENING_HEADER}6,A,x,,,,,,,,,\n{row}\n8,B,x,,,,,,,,,\n")
    assert errors(found) == [(3, column, code, "row")]
    assert [one.line for one in records(found)] == [2, 4]


def test_every_fault_of_a_row_is_told_at_once() -> None:
    """Nobody mends a file one error at a time; the words are Spanish and quote the value."""
    found = read(OPENING, OPENING_HEADER + "7,,x,,,ayer,muchos,,,,,\n")
    assert [code for _, _, code, _ in errors(found)] == ["missing", "bad_date", "bad_number"]
    assert [str(one.message) for one in found if isinstance(one, LineError)] == [
        "La columna «título» está vacía.",
        "«ayer» no es una fecha en los formatos dados.",
        "«muchos» no es un número de apoyos.",
    ]


def test_the_same_id_twice_is_an_error() -> None:
    """The second row with a key is left out, naming the line of the first."""
    found = read(REPLYING, REPLYING_HEADER + "1,7,,Sí,\n1,7,,Otra vez,\n")
    assert errors(found) == [(3, None, "duplicate_id", "row")]
    assert [one.body for one in records(found)] == ["Sí"]


def test_an_empty_text_keeps_its_place() -> None:
    """A comment without text is kept as empty, so that the replies to it stay below it."""
    content = REPLYING_HEADER + "1,7,, ,\n2,7,1,Respondo,\n"
    [gone, reply] = records(read(REPLYING, content))
    assert (gone.empty, gone.body) == (True, "")
    assert (reply.empty, reply.parent_source_key) == (False, gone.source_key)
    dropped = read(REPLYING + "[format]\ndrop_empty = true\n", content)
    assert errors(dropped) == [(2, "texto", "empty", "row"), (3, None, "parent_missing", "note")]


@pytest.mark.parametrize(("body", "empty"), [("<p> &nbsp;</p><br/>", True), ("<p>x</p>", False)])
def test_html_without_words_is_empty(body: str, empty: bool) -> None:
    """Empty paragraphs of an editor are no text."""
    [record] = records(
        read(REPLYING + "[format]\nhtml = true\n", f"{REPLYING_HEADER}1,7,,{body},\n")
    )
    assert record.empty is empty
    assert record.is_html


def test_replies_come_after_what_they_reply_to() -> None:
    """Whatever the order of the file, a parent is given first and keeps its replies."""
    rows = "3,7,2,c,\n2,7,1,b,\n4,7,2,d,\n1,7,,a,\n5,7,,e,\n"
    found = records(read(REPLYING, REPLYING_HEADER + rows))
    assert [one.body for one in found] == ["a", "b", "c", "d", "e"]
    assert found[2].parent_source_key == "respuestas:2"


def test_only_the_reply_to_the_missing_one_is_detached() -> None:
    """What hangs below an orphan goes with it; a circle is broken at one place only."""
    found = read(REPLYING, REPLYING_HEADER + "3,7,2,c,\n2,7,9,b,\n")
    assert errors(found) == [(3, None, "parent_missing", "note")]
    assert [one.parent_source_key for one in records(found)] == [None, "respuestas:2"]
    circle = read(REPLYING, REPLYING_HEADER + "1,7,3,a,\n2,7,1,b,\n3,7,2,c,\n")
    assert errors(circle) == [(2, None, "parent_missing", "note")]


@given(st.permutations(range(1, 9)), st.lists(st.integers(0, 9), min_size=8, max_size=8))
def test_any_tangle_of_replies_is_stored_once_and_in_order(
    order: list[int], parents: list[int]
) -> None:
    """Missing parents, circles and self-replies: each row comes once, never before its parent."""
    rows = "".join(f"{key},7,{parents[key - 1] or ''},t{key},\n" for key in order)
    found = read(REPLYING, REPLYING_HEADER + rows)
    seen: set[str] = set()
    for record in records(found):
        assert record.parent_source_key is None or record.parent_source_key in seen
        seen.add(record.source_key)
    assert len(seen) == len(records(found)) == 8
    detached = sum(bool(parents[key - 1]) for key in order) - sum(
        record.parent_source_key is not None for record in records(found)
    )
    assert [code for _, _, code, _ in errors(found)] == ["parent_missing"] * detached


def test_a_parent_imported_before_counts_as_present() -> None:
    """A second file with only the new replies hangs them where they belong."""
    content = REPLYING_HEADER + "2,7,1,b,\n3,7,9,c,\n"
    [reply, orphan] = records(read(REPLYING, content, known=frozenset({"respuestas:1"})))
    assert reply.parent_source_key == "respuestas:1"
    assert orphan.parent_source_key is None


def test_a_parent_in_another_thread_is_no_parent() -> None:
    """A reply stays in the thread its row names, directly under it, with a note."""
    found = read(REPLYING, REPLYING_HEADER + "1,7,,a,\n2,8,1,b,\n")
    assert errors(found) == [(3, None, "parent_elsewhere", "note")]
    assert [one.parent_source_key for one in records(found)] == [None, None]


def test_t06_controls_do_not_enter() -> None:
    """Overrides and controls are taken out of titles and texts, and titles are one line."""
    row = '7,"La\u202e v\x07ía\nrota",a\u202eb,,,,,,,,,\n'
    [record] = records(read(OPENING, OPENING_HEADER + row))
    assert (record.title, record.body) == ("La vía rota", "ab")


@pytest.mark.parametrize(
    ("content", "line", "code"),
    [
        (b"", 1, "no_header"),
        (REPLYING_HEADER.encode() + b"1,7,,caf\xe9,\n", 2, "not_utf8"),
        (b"id,id\n", 1, "duplicate_column"),
        (gzip.compress(REPLYING_HEADER.encode() * 50, mtime=0)[:-9], 51, "broken_gzip"),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_an_error(
    content: bytes, line: int, code: str
) -> None:
    """What was read stays read; the last word says where and why reading ended."""
    found = list(read_records(io.BytesIO(content), load_mapping(REPLYING)))
    assert errors(found)[-1] == (line, None, code, "file")


def test_missing_columns_are_named_together() -> None:
    """A mapping for another file is refused before any row, saying what the file has."""
    with pytest.raises(MappingError) as caught:
        read(REPLYING, "id,texto,otra\n1,x,y\n")
    assert str(caught.value) == (
        "El archivo no tiene estas columnas: a, postura, hilo. Tiene: id, texto, otra."
    )


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("opens = true", "opens = maybe", "no es TOML válido: revise la línea 8, columna 9."),
        ('id = "id"', 'id = "id"\ncolor = "rojo"', "«columns.color» no es una clave conocida."),
        ('id = "id"\n', "", "Falta «columns.id»."),
        ("opens = true", "", "escriba «opens = true» o «in"),
        ("opens = true", 'opens = true\nin = "x"', "escriba «opens = true» o «in"),
        ('place = "Propuestas"\n', "", "En «thread» falta «place»"),
        ('title = "título"\n', "", "falta «columns.title»"),
        ('id = "id"', 'id = "id"\nparent = "a"', "quite «columns.parent»"),
        ("consultations.proposal", "foro", "«thread.kind» debe ser una de estas: 'forums.topic'"),
        ('name = "plan"', 'name = "Mi plan"', "«source.name»: use de 1 a 60 letras minúsculas"),
        ('id = "id"', "id = 3", "«columns.id» debe ser un texto entre comillas."),
        ('mesa = "workshop"', 'mesa = "taller"', "«values.channel.mesa» debe ser una de estas"),
        (
            '"Alcaldía" = true',
            '"Alcaldía" = "sí"',
            "«values.official.Alcaldía» debe ser true o false",
        ),
        ("[format]", '[format]\ntimezone = "Colombia/Bogota"', "la zona horaria no existe"),
        ('text = ["resumen", "detalle"]', "text = []", "«columns.text» está vacío."),
    ],
)
def test_a_wrong_mapping_is_explained_in_spanish(before: str, after: str, problem: str) -> None:
    """Each mistake in the file names its key and what to write instead."""
    assert before in OPENING
    with pytest.raises(MappingError) as caught:
        load_mapping(OPENING.replace(before, after))
    assert problem in str(caught.value)


def test_all_mistakes_of_a_mapping_come_together() -> None:
    """Three mistakes are three problems in one error."""
    wrong = OPENING.replace('id = "id"\n', "color = 1\n").replace('"plan"', "3")
    with pytest.raises(MappingError) as caught:
        load_mapping(wrong)
    assert len(caught.value.problems) == 3


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("mapping", "file", "rows", "notes", "empty", "replies", "authors", "supports"),
    [
        (
            *("barcelona-proposals", "decidim_barcelona_pam2016/proposals.csv.gz"),
            *(7_749, 0, 0, 0, 1_233, 110_779),
        ),
        (
            *("barcelona-comments", "decidim_barcelona_pam2016/comments.csv.gz"),
            *(13_522, 1, 0, 1_680, 2_115, 7_172),
        ),
        ("madrid-proposals", "decide_madrid_2019/proposals.csv", 54, 0, 0, 0, 0, 0),
        ("madrid-comments", "decide_madrid_2019/comments.csv.gz", 3_241, 0, 43, 1_563, 0, 0),
    ],
)
def test_real_participation_is_read_whole(
    mapping: str,
    file: str,
    rows: int,
    notes: int,
    empty: int,
    replies: int,
    authors: int,
    supports: int,
) -> None:
    """Barcelona's and Madrid's files give every row, and lose no reply but the one orphan."""
    found = read_real(mapping, file)
    taken = records(found)
    assert [(code, severity) for _, _, code, severity in errors(found)] == [
        ("parent_missing", "note")
    ] * notes
    assert len(taken) == rows
    assert sum(one.empty for one in taken) == empty
    assert sum(one.parent_source_key is not None for one in taken) == replies
    assert len({one.author_key for one in taken} - {None}) == authors
    assert sum(one.supports for one in taken) == supports


@pytest.mark.real_data
def test_real_stances_channels_and_threads_agree() -> None:
    """Barcelona's stances and channels are those its README counts; every thread exists."""
    proposals = records(
        read_real("barcelona-proposals", "decidim_barcelona_pam2016/proposals.csv.gz")
    )
    comments = records(read_real("barcelona-comments", "decidim_barcelona_pam2016/comments.csv.gz"))
    stances = Counter(one.stance for one in comments)
    assert stances == {"in_favour": 3_666, "against": 667, "neutral": 7_508, None: 1_681}
    assert Counter(one.channel for one in proposals) == {"web": 4_244, "workshop": 3_505}
    assert sum(one.official for one in proposals) == 809
    assert {one.thread_source_key for one in comments} <= {one.source_key for one in proposals}
    assert {one.author_key for one in comments} & {one.author_key for one in proposals} - {None}


def read_real(mapping: str, file: str) -> list[ImportRecord | LineError]:
    """Read one of the shared data files by the mapping that ships with the platform."""
    from tests.realdata import real_data

    content = (MAPPINGS / f"{mapping}.toml").read_text(encoding="utf-8")
    with real_data(file).open("rb") as stream:
        return list(read_records(stream, load_mapping(content)))
