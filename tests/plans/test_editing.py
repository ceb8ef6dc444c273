"""Correcting an outline: always a tree, nothing of the text lost, every step undone."""

import re
from collections import Counter
from collections.abc import Callable
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from participa.plans.editing import (
    EDITS,
    Unfit,
    Wording,
    as_kind,
    demote,
    join,
    move_down,
    move_up,
    paragraphs,
    promote,
    remove,
    reword,
    split,
)
from participa.plans.outlines import (
    Change,
    Outline,
    Piece,
    as_parsed,
    change_between,
    changed,
    outline_of,
)
from participa.plans.parsing import parse_plan
from participa.plans.parsing.model import Kind

KINDS: st.SearchStrategy[Kind] = st.sampled_from(get_args(Kind))
WORDS = st.sampled_from(["agua", "Campo", "vías", "niñez_rural", "*paz*", "[a]", "3.", "- uno"])
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), max_size=4).map("\n\n".join)
# What is promised here does not depend on how busy the machine is.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
Step = Callable[[Outline], Outline]


@st.composite
def outlines(draw: st.DrawFn) -> Outline:
    """Write a document of a few sections."""
    pieces: list[Piece] = []
    for key in range(draw(st.integers(1, 9))):
        deepest = pieces[-1].level + 1 if pieces else 0
        pieces.append(
            Piece(
                key,
                draw(st.integers(0, deepest)),
                draw(KINDS),
                "",
                "",
                draw(WORDS),
                draw(TEXTS),
            )
        )
    return tuple(pieces)


@st.composite
def steps(draw: st.DrawFn) -> Callable[[Outline], Outline]:
    """Choose a correction with what it is done to."""
    name = draw(st.sampled_from([*EDITS, "kind", "split", "reword"]))
    marked = draw(st.frozensets(st.integers(0, 10), min_size=1, max_size=4))
    if name == "kind":
        kind = draw(KINDS)
        return lambda outline: as_kind(kind)(outline, marked)
    one, first, titled = min(marked), draw(st.integers(0, 3)), draw(st.booleans())
    if name == "split":
        return lambda outline: split(outline, one, first, unused_id(outline), titled=titled)
    if name == "reword":
        wording = Wording("meta", "", "", draw(WORDS), draw(TEXTS))
        return lambda outline: reword(outline, one, wording)
    return lambda outline: EDITS[name](outline, marked)


def unused_id(outline: Outline) -> int:
    """Give an id that no piece has."""
    return max(piece.id for piece in outline) + 1


def words_of(outline: Outline) -> Counter[str]:
    """Count the words that stand anywhere in a document."""
    text = " ".join(
        f"{piece.label or piece.number} {piece.title} {piece.body}" for piece in outline
    )
    return Counter(re.findall(r"\w+", text.replace("\\", "")))


def is_valid(outline: Outline) -> bool:
    """Tell whether levels make a tree, and no two pieces share their id."""
    above = -1
    for piece in outline:
        if not 0 <= piece.level <= above + 1:
            return False
        above = piece.level
    return bool(outline) and len({piece.id for piece in outline}) == len(outline)


@UNHURRIED
@given(outlines(), st.lists(steps(), max_size=12))
def test_every_step_gives_a_tree_and_is_undone(first: Outline, wanted: list[Step]) -> None:
    """After any corrections levels make a tree; going back gives the document, and forth again."""
    outline, taken = first, list[Change]()
    for step in wanted:
        try:
            after = step(outline)
        except Unfit:
            continue
        assert is_valid(after)
        taken.append(change_between(outline, after))
        outline = changed(outline, taken[-1])
        assert outline == after
    back = outline
    for change in reversed(taken):
        back = changed(back, change.undone)
    assert back == first
    for change in taken:
        back = changed(back, change)
    assert back == outline
    assert len({section.key for section in as_parsed(outline).sections}) == len(outline)


@UNHURRIED
@given(outlines(), st.data())
def test_joining_and_splitting_lose_no_word(outline: Outline, data: st.DataObject) -> None:
    """Every word stays in its order, wherever sections are joined and divided."""
    at = data.draw(st.integers(0, len(outline) - 1))
    parts = paragraphs(outline[at].body)
    try:
        cut = split(
            outline,
            at,
            data.draw(st.integers(0, max(len(parts) - 1, 0))),
            99,
            titled=data.draw(st.booleans()),
        )
    except Unfit:
        return
    assert words_of(cut) == words_of(outline)
    joined = join(cut, [99])
    assert words_of(joined) == words_of(outline)
    assert len(joined) == len(outline)


def small() -> Outline:
    """Read a document of two chapters."""
    return outline_of(
        parse_plan(
            "# Capítulo 1. Agua\n\nUno.\n\n## Artículo 1. Pozos\n\nDos.\n\n"
            "## Artículo 2. Tubos\n\nTres.\n\n# Capítulo 2. Vías\n\n## Artículo 3. Puentes\n"
        )
    )


def shape(outline: Outline) -> list[tuple[int, int]]:
    """Give ids and levels in order."""
    return [(piece.id, piece.level) for piece in outline]


def test_levels() -> None:
    """A part is raised and lowered with what it contains."""
    lowered = demote(small(), [3])
    assert shape(lowered) == [(0, 0), (1, 1), (2, 1), (3, 1), (4, 2)]
    assert shape(promote(lowered, [3])) == shape(small())
    assert shape(promote(small(), [1, 2])) == [(0, 0), (1, 0), (2, 0), (3, 0), (4, 1)]
    # A chapter takes along its article, though both are marked.
    assert shape(demote(small(), [3, 4])) == shape(lowered)


def test_order() -> None:
    """Parts change places with their neighbours of the same level."""
    assert shape(move_up(small(), [3])) == [(3, 0), (4, 1), (0, 0), (1, 1), (2, 1)]
    assert move_down(move_up(small(), [3]), [3]) == small()
    assert shape(move_down(small(), [0])) == shape(move_up(small(), [3]))


def test_a_false_heading_goes_back_into_the_text() -> None:
    """Joining a chapter leaves its articles to the chapter before; a first child's move up."""
    joined = join(small(), [3])
    assert shape(joined) == [(0, 0), (1, 1), (2, 1), (4, 1)]
    assert joined[2].body == "Tres.\n\nCapítulo 2 Vías"
    nested = demote(small(), [2])
    assert shape(join(nested, [1])) == [(0, 0), (2, 1), (3, 0), (4, 1)]
    assert shape(join(small(), [1, 2]))[0] == (0, 0)
    assert (
        join(small(), [1, 2])[0].body
        == "Uno.\n\nArtículo 1 Pozos\n\nDos.\n\nArtículo 2 Tubos\n\nTres."
    )


def test_a_missed_heading_becomes_a_section() -> None:
    """A paragraph that names an article gives the new section its number and its title."""
    outline = outline_of(parse_plan("# Capítulo 1. Agua\n\nUno.\n\n**ARTÍCULO 7. Aguas.**\n\nDos."))
    head, new = split(outline, 0, 1, 5, titled=True)
    assert head.body == "Uno."
    assert (new.kind, new.number, new.title, new.body) == ("articulo", "7", "Aguas", "Dos.")
    assert [s.key for s in as_parsed((head, new)).sections] == ["capitulo-1", "articulo-7"]
    run_in = outline_of(parse_plan("# A\n\nUno.\n\nArtículo 8. Del pozo. Es\nde todos.\n\nDos."))
    whole = split(run_in, 0, 1, 5, titled=True)[1]
    assert (whole.number, whole.title, whole.body) == ("8", "Del pozo", "Es\nde todos.\n\nDos.")
    untitled = split(outline, 0, 1, 5, titled=False)[1]
    assert untitled.body == "**ARTÍCULO 7. Aguas.**\n\nDos."


@pytest.mark.parametrize(
    ("edit", "marked"),
    [
        (promote, [0]), (demote, [0]), (demote, [1]), (join, [0]), (move_up, [0]), (move_up, [1]),
        (move_down, [3]), (move_down, [2]), (remove, [0, 3]), (promote, []), (join, [77]),
    ],
)  # fmt: skip
def test_there_is_no_room(edit: Callable[..., Outline], marked: list[int]) -> None:
    """What would leave no tree, no text or nothing to do is refused in words."""
    with pytest.raises(Unfit):
        edit(small(), marked)


def test_a_document_corrected_by_nobody_is_the_same() -> None:
    """Going through an outline and back keeps every section and its key."""
    parsed = parse_plan("# Eje 1. Agua\n\nUno.\n\n## Programa 1.1. Pozos\n\n# Eje 2. Vías\n")
    assert as_parsed(outline_of(parsed)).sections == parsed.sections


@pytest.mark.parametrize(
    ("begins", "bodies"),
    [
        ("Habrá  dos puentes", ("El río crece.", "**Habrá** dos puentes.\n\nFin.")),
        ("el rio", ("", "El río crece. **Habrá** dos puentes.\n\nFin.")),
        ("crece", ("El río", "crece. **Habrá** dos puentes.\n\nFin.")),
    ],
)
def test_splitting_inside_a_paragraph(begins: str, bodies: tuple[str, str]) -> None:
    """A section may begin at any sentence or word, found as it is read."""
    body = "El río crece. **Habrá** dos puentes.\n\nFin."
    piece = Piece(1, 0, "articulo", "1", "ARTÍCULO 1", "", body)
    found = split((piece,), 1, 0, 2, titled=False, begins=begins)
    assert tuple(each.body for each in found) == bodies


@pytest.mark.parametrize("begins", ["puente", "los dos", "¿?"])
def test_words_that_do_not_begin_a_section(begins: str) -> None:
    """Words that are not in the paragraph, or twice, divide nothing."""
    piece = Piece(1, 0, "articulo", "1", "ARTÍCULO 1", "", "Los dos y los dos puentes.")
    with pytest.raises(Unfit):
        split((piece,), 1, 0, 2, titled=False, begins=begins)
