"""Grouping: themes that are there are found, themes that are not are not, copies are tied."""

from collections.abc import Sequence

import numpy as np
import pytest
from sklearn.metrics import adjusted_mutual_info_score

from participa.insights.clustering import Group, find_groups, has_structure
from participa.insights.condense import Text
from participa.insights.duplicates import find_duplicates
from participa.insights.space import read_corpus
from participa.insights.words import read_words
from tests.insights.conftest import THEMES, shuffled, themed

pytestmark = pytest.mark.usefixtures("one_thread")

LONG = "El acueducto de la vereda falla cada semana y el agua llega turbia a todas las casas"


def groups_of(texts: Sequence[Text], seed: int = 5) -> tuple[Group, ...]:
    corpus = read_corpus(read_words([text.body for text in texts]))
    return find_groups(corpus, seed, lambda _share: None)[1]


def duplicates(*bodies: str) -> dict[int, int]:
    return find_duplicates(read_words(bodies))


@pytest.mark.parametrize("each", [10, 40])
def test_themes_that_are_there(each: int) -> None:
    """Five clear themes come out as five, nearly pure and found again every time."""
    texts = themed(each)
    groups = groups_of(texts)
    labels = np.full(len(texts), -1)
    for number, group in enumerate(groups):
        labels[list(group.rows)] = number
    assert len(groups) == len(THEMES)
    assert adjusted_mutual_info_score([t.id % len(THEMES) for t in texts], labels) > 0.85
    assert min(group.stability for group in groups) >= 0.7


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("each", [6, 40])
def test_no_themes_among_shuffled_words(each: int, seed: int) -> None:
    """The same words thrown together have no theme, whatever the seed and size."""
    assert groups_of(shuffled(themed(each), seed), seed) == ()


def test_structure_is_told_from_chance() -> None:
    """Halves of the vocabulary agree on real themes and on nothing else."""
    texts = themed(30)
    for corpus, expected in ((texts, True), (shuffled(texts), False)):
        read = read_corpus(read_words([text.body for text in corpus]))
        assert has_structure(read, 5, 1) is expected


def test_few_texts_have_no_themes() -> None:
    """Under a dozen texts any grouping would be of our making."""
    assert groups_of(themed(2)) == ()
    assert groups_of([]) == ()


def test_outsiders_are_left_out() -> None:
    """Texts of words that are in no theme belong to none."""
    strange = [
        Text(1000 + i, body, None)
        for i, body in enumerate(
            (
                "Quién contesta el correo del despacho",
                "Vuelvan las serenatas navideñas",
                "Denuncio quemas clandestinas nocturnas",
            )
        )
    ]
    texts = [*themed(20), *strange]
    placed = {row for group in groups_of(texts) for row in group.rows}
    assert not placed & {100, 101, 102}
    assert len(placed) > 80


def test_words_that_fit_anywhere_belong_nowhere() -> None:
    """Texts of words that all themes share lie no nearer to one theme than outsiders do."""
    vague = ("Pedimos urgente alcalde", "Comunidad necesitamos municipio", "Sector alcalde falta")
    texts = [*themed(20), *(Text(1000 + i, body, None) for i, body in enumerate(vague))]
    placed = {row for group in groups_of(texts) for row in group.rows}
    assert len(placed & {100, 101, 102}) <= 1
    assert len(placed) > 90


def test_the_most_central_first() -> None:
    """A theme opens with a text wholly of its words, not with one that mixes two themes."""
    mixed = [
        Text(1000 + i, "Acueducto, agua, médico, hospital y cancha: de todo falta.", None)
        for i in range(3)
    ]
    for group in groups_of([*themed(20), *mixed]):
        assert not {100, 101, 102} & set(group.rows[: len(group.rows) // 2])


def test_equal_texts_are_copies() -> None:
    """Case, accents, signs and spaces do not make a text another."""
    assert duplicates("Sí, de acuerdo.", "otra cosa", "si  DE ACUERDO!!") == {2: 0}


def test_near_copies() -> None:
    """A word more or a typing mistake in a long text is still the same text."""
    assert duplicates(LONG, f"Vecinos: {LONG}", LONG.replace("turbia", "turvia")) == {1: 0, 2: 0}


@pytest.mark.parametrize(
    "other",
    [
        LONG.replace("falla", "no falla"),
        LONG.replace("cada semana", "cada 3 semanas"),
        LONG.replace("agua llega turbia", "bus pasa lleno"),
        "El acueducto de la vereda falla",
    ],
)
def test_what_is_no_copy(other: str) -> None:
    """A negation, a number, other content or a part of the text make it another text."""
    assert duplicates(LONG, other) == {}


def test_short_texts_are_copies_only_when_equal() -> None:
    """In few words each counts."""
    assert duplicates("Más luz en el parque", "Más luz en el puente") == {}


def test_empty_texts_are_no_copies() -> None:
    """Texts without words say nothing, and so not the same."""
    assert duplicates("", "", "…") == {}


def test_no_chains() -> None:
    """Small changes one after another never tie the last text to the first."""
    words = [f"palabra{chr(97 + i)}" for i in range(20)]
    chain = [" ".join([*words[step:], *(f"nueva{chr(97 + i)}" for i in range(step))])
             for step in range(6)]  # fmt: skip
    ties = duplicates(*chain)
    assert ties[1] == 0
    assert 5 not in ties or ties[5] != 0
    assert all(first not in ties for first in ties.values())


def test_a_flood_of_copies_is_one_text() -> None:
    """A thousand copies, each with another word at the end, are tied to the first."""
    flood = [f"{LONG} {chr(97 + i % 26)}{chr(97 + i // 26 % 26)}sa" for i in range(1000)]
    assert set(duplicates(*flood).values()) == {0}
    assert len(duplicates(*flood)) == 999


def test_copies_changed_in_different_places() -> None:
    """Letters that people changed here and there are one campaign, by what most of them say."""
    words = [f"palabra{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(30)]
    letters = []
    for number, changes in enumerate([1, 1, 1, 3, 3, 3]):
        copy = list(words)
        for at in range(changes):
            copy[number * 4 + at] = f"otra{chr(97 + number)}{chr(97 + at)}"
        letters.append(" ".join(copy))
    other = " ".join(words[:15] + [f"nueva{chr(97 + n)}" for n in range(15)])
    assert duplicates(*letters, other) == dict.fromkeys(range(1, 6), 0)
