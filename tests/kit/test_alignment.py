"""Words of two texts are matched in order, and changes are shown word by word."""

from hypothesis import given
from hypothesis import strategies as st

from participa.kit.alignment import NONE, aligned, words_of
from participa.kit.diffs import Piece, word_diff

WORDS = ["uno", "dos", "tres", "cuatro", "agua,", "vía.", "¿No?", "\n"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=60)


@given(TEXTS, TEXTS)
def test_an_alignment_never_crosses_and_matches_only_equals(a: list[str], b: list[str]) -> None:
    """Each match joins equal words, and later words never go before earlier ones."""
    images = aligned(a, b)
    matched = [(at, image) for at, image in enumerate(images) if image != NONE]
    assert all(a[at] == b[image] for at, image in matched)
    assert [image for _at, image in matched] == sorted({image for _at, image in matched})


@given(TEXTS)
def test_a_text_is_aligned_with_itself(words: list[str]) -> None:
    """Nothing changed: each word is its own image."""
    assert aligned(words, words) == list(range(len(words)))


def test_a_chance_match_between_changes_is_none() -> None:
    """A lone common word amid longer changes is not taken for the same one."""
    old = ["la", "casa", "grande", "y", "vieja", "de", "mi", "abuela", "materna", "querida"]
    new = ["un", "pozo", "hondo", "con", "agua", "de", "todos", "los", "vecinos", "juntos"]
    assert set(aligned(old, new)) == {NONE}


def test_many_equal_words_cost_little() -> None:
    """Long texts of one word end at once instead of comparing every pair."""
    assert aligned(["a", "b"] * 5_000, ["b", "a", "c"] * 5_000)


def test_words_are_compared_without_accents_and_capitals() -> None:
    """The words of a text are its letters and digits; signs are between them."""
    assert [word.key for word in words_of("El AGUA, ¿aún?")] == ["el", "agua", "aun"]


def test_a_word_diff() -> None:
    """What went and what came stand side by side, the rest in long pieces."""
    assert word_diff("Diez filtros nuevos.", "Veinte filtros y tubos nuevos.") == (
        Piece("out", "Diez "),
        Piece("in", "Veinte "),
        Piece("same", "filtros "),
        Piece("in", "y tubos "),
        Piece("same", "nuevos."),
    )


@given(TEXTS, TEXTS)
def test_a_diff_has_every_word_of_both(a: list[str], b: list[str]) -> None:
    """Without what was taken out it is the later text; nothing of the earlier one is missing."""
    before, after = " ".join(a), " ".join(b)
    pieces = word_diff(before, after)
    assert "".join(p.text for p in pieces if p.kind != "out").strip() == after.strip()
    left = "".join(p.text for p in pieces if p.kind != "in")
    assert "".join(left.split()) == "".join(before.split())
