"""The space: kin lie near, whatever their inflections, and what is unknown stays at zero."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from participa.insights.space import Corpus, Space, draw_near, learn_space, read_corpus
from participa.insights.words import LANGUAGES, read_words
from tests.insights.conftest import THEMES, themed

pytestmark = pytest.mark.usefixtures("one_thread")


def learned(bodies: list[str], seed: int = 3) -> Space:
    return learn_space(read_corpus(read_words(bodies)), seed)


def test_counts() -> None:
    """Each text's stems are counted, stop words not."""
    corpus = read_corpus(read_words(["La vía y los huecos de la vía", "", "la y de"]))
    assert corpus.counts.toarray().tolist() == [[2, 1], [0, 0], [0, 0]]


def test_a_theme_lies_together() -> None:
    """Two texts of a theme are nearer than two of different themes, on average by far."""
    texts = themed(30)
    space = learned([text.body for text in texts])
    near = space.own @ space.own.T
    names = np.array([text.id % len(THEMES) for text in texts])
    same = names[:, None] == names
    np.fill_diagonal(near, 0)
    assert near[same].mean() > 0.2
    assert near[~same].mean() < 0.05


def test_company_brings_synonyms_together() -> None:
    """Texts without a common word are kin when their words keep the same company."""
    rows = [
        *["el bus no llega a la estación norte", "la buseta no llega a la estación norte"] * 6,
        *["el médico atiende poco en urgencias", "la doctora atiende poco en urgencias"] * 6,
    ]
    space = learned([*rows, "buseta", "bus", "doctora"])
    buseta, bus, doctora = space.drawn[-3:]
    assert buseta @ bus > 0.5 > buseta @ doctora


def test_rows_are_unit_or_unknown() -> None:
    """Every known text is a unit row; a text of words nobody else uses is unknown and zero."""
    bodies = [text.body for text in themed(12)] + ["Ornitorrinco xilófono", "y de la", ""]
    space = learned(bodies)
    lengths = np.linalg.norm(space.own, axis=1)
    assert space.known.tolist() == [True] * 60 + [False] * 3
    assert np.allclose(lengths[:60], 1, atol=1e-4)
    assert not lengths[60:].any()
    assert not space.drawn[60:].any()


def test_drawing_brings_kin_nearer() -> None:
    """After drawing, themes are tighter than before."""
    texts = themed(30)
    space = learned([text.body for text in texts])
    names = np.array([text.id % len(THEMES) for text in texts])
    same = names[:, None] == names
    assert (space.drawn @ space.drawn.T)[same].mean() > (space.own @ space.own.T)[same].mean() + 0.2


def test_too_few_to_draw() -> None:
    """With hardly any neighbours each text stays where it is."""
    own = np.eye(4, dtype=np.float32)
    assert draw_near(own, np.ones(4, dtype=np.bool_), np.random.RandomState(1)) is own


def test_degenerate_corpora() -> None:
    """No texts, one text, equal texts and texts without common words are no failure."""
    for bodies in ([], ["agua"], ["agua limpia"] * 5, ["uno dos", "tres cuatro"], ["vía", "vía"]):
        space = learned(bodies)
        assert len(space.own) == len(bodies)
        assert np.isfinite(space.drawn).all()


def test_no_stems_at_all() -> None:
    """A corpus of small words has an empty vocabulary."""
    space = learn_space(Corpus(csr_array((3, 0), dtype=np.float32), (), np.zeros(3, np.int32)), 1)
    assert not space.known.any()


def test_languages_are_levelled() -> None:
    """In a bilingual corpus no language lies apart as a whole, so that themes may be mixed."""
    small = {
        True: "perquè aquest amb els veïns també",
        False: "porque este con los vecinos también",
    }
    bodies = [f"{text.body} {small[text.id % 3 == 0]}" for text in themed(20)]
    table = read_words(bodies)
    catalan = np.array([number % 3 == 0 for number in range(100)])
    assert (np.array(LANGUAGES)[table.tongues] == np.where(catalan, "ca", "es")).all()
    own = learn_space(read_corpus(table), 1).own
    assert np.linalg.norm(own[catalan].mean(axis=0) - own[~catalan].mean(axis=0)) < 0.1
