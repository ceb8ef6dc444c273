"""A passage is found again after edits: never lost, and never shown as sure where it is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participa.consultations.anchoring import (
    SURE,
    Placement,
    State,
    occurrences,
    quote_at,
    reanchor,
    reanchor_among,
)
from participa.consultations.moves import Known, News, moved
from participa.kit.alignment import Word, words_of

OLD = (
    "El agua es de todos. Se construirán diez filtros nuevos en la vereda El Salado antes de "
    "diciembre. Las vías se arreglan con la comunidad."
)
PASSAGE = "Se construirán diez filtros nuevos en la vereda El Salado antes de diciembre."


def placed(new: str, passage: str = PASSAGE, old: str = OLD) -> tuple[Placement, str]:
    at = old.index(passage)
    place = reanchor(quote_at(old, at, at + len(passage)), new, old)
    return place, "" if place.start is None else new[place.start : place.end]


@pytest.mark.parametrize(
    ("new", "found", "state"),
    [
        (OLD, PASSAGE, State.EXACT),
        (f"Antes. {OLD} Después.", PASSAGE, State.EXACT),
        (OLD.replace("diez", "veinte"), PASSAGE.replace("diez", "veinte"), State.SURE),
        (f"{PASSAGE} {OLD.replace(PASSAGE, '')}", PASSAGE, State.EXACT),
        (OLD.replace("construirán", "harán"), PASSAGE.replace("construirán", "harán"), State.SURE),
        (OLD.replace(PASSAGE, ""), "", State.SECTION),
        ("", "", State.SECTION),
        (OLD.upper().replace(".", "\n"), PASSAGE.upper()[:-1], State.EXACT),
    ],
)  # fmt: skip
def test_edits(new: str, found: str, state: State) -> None:
    """Unchanged, moved, changed and deleted passages are told apart."""
    place, words = placed(new)
    assert (words, place.state) == (found, state)


def test_a_rewritten_passage_is_a_question_for_a_person() -> None:
    """Other words in its place are shown as doubtful, never as sure."""
    place, words = placed(OLD.replace(PASSAGE, "Habrá otra cosa distinta."))
    assert (place.state, words) == (State.DOUBTFUL, "Habrá otra cosa distinta.")


def test_a_copy_is_not_taken_for_what_was_deleted() -> None:
    """Where a sentence stood twice and the one spoken about went, the other is not it."""
    old = f"{PASSAGE} En medio hay mucho más texto que separa. {OLD}"
    new = old[len(PASSAGE) :]
    place, _words = placed(new, old=old)
    assert place.confidence < SURE


def test_without_the_older_text_what_stood_around_serves() -> None:
    """The kept words before and after a passage choose among equal ones."""
    text = "El puente norte se cae. Nada más. El puente sur se cae. Fin del informe."
    at = text.index("se cae. Fin")
    place = reanchor(quote_at(text, at, at + 6), f"Introducción nueva. {text}")
    assert (place.start, place.state) == (at + len("Introducción nueva. "), State.EXACT)


def test_a_quote_is_found_whatever_its_spaces() -> None:
    """A passage copied with other spaces, line ends and capitals is found, with its signs."""
    ((start, end),) = occurrences(OLD, "  se construirán\n diez FILTROS nuevos")
    assert OLD[start:end] == "Se construirán diez filtros nuevos"
    assert occurrences(OLD, "no está") == occurrences(OLD, "…") == []


def test_equal_words_are_each_read_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """A passage of a table of zeros is found at every place, its own words read twice."""
    read: list[str] = []

    def counting(text: str) -> list[Word]:
        read.append(text)
        return words_of(text)

    monkeypatch.setattr("participa.consultations.anchoring.words_of", counting)
    found = occurrences("0 \n" * 3000, "0 " * 900)
    assert [start for start, _end in found] == [3 * at for at in range(2101)]
    assert len(read) == 3


@given(st.lists(st.sampled_from("ab"), max_size=40), st.lists(st.sampled_from("ab"), max_size=5))
def test_every_place_is_found_also_where_they_overlap(text: list[str], wanted: list[str]) -> None:
    """The places are those found by comparing at each word."""
    size = len(wanted)
    compared = [
        2 * at for at in range(len(text) - size + 1) if wanted and text[at : at + size] == wanted
    ]
    assert [start for start, _end in occurrences(" ".join(text), " ".join(wanted))] == compared


def test_a_passage_moved_to_another_section_and_edited() -> None:
    """A person is asked where new words are like it, but not of words that stood there before."""
    wells = "La alcaldía hará un pozo profundo en cada escuela rural del norte."
    old = {1: f"Sobre el agua. {wells}", 2: "Sobre las vías."}
    news = {
        2: "Sobre las vías. La alcaldía cavará un pozo profundo en cada escuela rural del norte."
    }
    known = Known(1, 1, quote_at(old[1], 15, len(old[1])))
    found = moved(known, News(2, {1: old, 2: news}))
    assert found is not None
    assert (found.section_id, found.placement.state) == (2, State.DOUBTFUL)
    assert news[2][found.placement.start : found.placement.end] == news[2][16:]
    # The same words stood in the text before, and came from there.
    twin = {**old, 3: news[2][16:]}
    assert moved(known, News(2, {1: twin, 2: news})) is None


def test_lines_of_a_list_that_are_alike() -> None:
    """What is taken out is not taken for its neighbour, and what changes places goes along."""
    gone, left = "Dos aulas rurales hechas.", "Dos aulas urbanas hechas."
    old = f"Metas. {gone} {left} Fin de las metas."
    quote = quote_at(old, 7, 7 + len(gone))
    assert reanchor(quote, old.replace(f"{gone} ", ""), old).state is State.SECTION
    swapped = f"Metas. {left} {gone} Fin de las metas."
    place = reanchor(quote, swapped, old)
    assert swapped[place.start : place.end] == gone


def test_a_passage_in_another_section() -> None:
    """What moved to another section is found there; what stands in several is not chosen."""
    at = OLD.index(PASSAGE)
    quote = quote_at(OLD, at, at + len(PASSAGE))
    found = reanchor_among(quote, [OLD], {7: "Nada.", 8: f"Aquí: {PASSAGE}"})
    assert found is not None
    assert (found[0], found[1].start, found[1].state) == (8, 6, State.EXACT)
    assert reanchor_among(quote, [OLD], {7: PASSAGE, 8: PASSAGE}) is None


WORDS = [
    "el",
    "agua",
    "la",
    "vía",
    "de",
    "un",
    "y",
    "salud",
    "rural",
    "niñas",
    "nueva",
    "2026",
    ".",
]
TEXT = st.lists(st.sampled_from(WORDS), min_size=1, max_size=50)
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["delete", "insert", "move"]), st.integers(0, 60), st.integers(0, 60), TEXT
    ),
    max_size=6,
)


def edited(words: list[str], edits: list[tuple[str, int, int, list[str]]]) -> list[str]:
    words = list(words)
    for kind, a, b, new in edits:
        start, end = sorted((a % (len(words) + 1), b % (len(words) + 1)))
        cut = words[start:end]
        if kind == "insert":
            words[start:start] = new
        else:
            del words[start:end]
        if kind == "move":
            words[a % (len(words) + 1) :] = [*cut, *words[a % (len(words) + 1) :]]
    return words


@settings(max_examples=400, deadline=None)
@given(TEXT, st.integers(0, 49), st.integers(1, 12), EDITS)
def test_no_edit_loses_a_passage(
    words: list[str], at: int, size: int, edits: list[tuple[str, int, int, list[str]]]
) -> None:
    """Whatever is edited, there is a placement: words of the new text, or the whole section."""
    old, new = " ".join(words), " ".join(edited(words, edits))
    start = len(" ".join(words[: at % len(words)]))
    end = min(len(old), start + size * 4)
    place = reanchor(quote_at(old, start, end), new, old)
    assert 0 <= place.confidence <= 1
    if place.start is None or place.end is None:
        assert (place.state, place.end) == (State.SECTION, None)
    else:
        assert 0 <= place.start < place.end <= len(new)
        assert (place.confidence >= SURE) == (place.state in {State.EXACT, State.SURE})


@settings(max_examples=200, deadline=None)
@given(TEXT, TEXT, TEXT)
def test_an_unchanged_text_keeps_its_place(
    before: list[str], inside: list[str], after: list[str]
) -> None:
    """Where nothing was edited, every passage that has words stays exactly where it is."""
    old = " ".join([*before, "Pasaje", *inside, "completo", *after])
    start = old.index("Pasaje")
    end = old.index("completo") + len("completo")
    place = reanchor(quote_at(old, start, end), old, old)
    assert (place.start, place.end, place.state) == (start, end, State.EXACT)
