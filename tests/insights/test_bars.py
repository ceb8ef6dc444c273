"""What a report promises to a statistician: no themes of chance, intervals that cover, no flood.

The long runs are the whole promise; a few of them are enough to see it broken.
"""

import random
from dataclasses import replace

import numpy as np
import pytest

from participa.insights.condense import Condensed, Text, condense
from participa.insights.grouping import group_texts
from participa.insights.intervals import ratio_interval
from tests.insights.conftest import THEMES, themed
from tests.insights.groups_of_texts import shuffled


def themeless(runs: int, sizes: tuple[int, ...]) -> int:
    """Count how many corpora of words thrown together, of these sizes in turn, give no theme."""
    return sum(
        not group_texts(shuffled(sizes[run % len(sizes)], run), seed=run).groups
        for run in range(runs)
    )


def test_some_shuffled_words_have_no_themes() -> None:
    """Nine in ten at the least, of few runs."""
    assert themeless(10, (60, 100)) >= 9


@pytest.mark.long
def test_shuffled_words_have_no_themes() -> None:
    """In 95 % of 200 runs at the least."""
    assert themeless(200, (60, 120, 240)) >= 190


def covered(people: int, share: float, alike: float, runs: int) -> float:
    """Give the part of runs whose interval holds the planted share.

    Each speaks once to many times and leans to the theme in a way of their own; the smaller
    `alike`, the more all texts of one person speak of the same.
    """
    dice = np.random.default_rng(people)
    hits = 0
    for _run in range(runs):
        texts = dice.geometric(1 / 3, people)
        lean = dice.beta(share * alike, (1 - share) * alike, people)
        told = dice.binomial(texts, lean)
        interval = ratio_interval(zip(told.tolist(), texts.tolist(), strict=True))
        assert interval is not None
        hits += interval[0] <= share <= interval[1]
    return hits / runs


@pytest.mark.long
@pytest.mark.parametrize("people", [30, 100, 400])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6])
@pytest.mark.parametrize("alike", [1, 5])
def test_intervals_cover_small_and_large_shares(people: int, share: float, alike: float) -> None:
    """In 93 to 97 % of 1,000 runs, with what chance adds to a thousand (two deviations)."""
    assert 0.93 - 0.014 <= covered(people, share, alike, 1000) <= 0.97 + 0.014


def people_shares(found: Condensed, texts: list[Text]) -> dict[int, float]:
    """Give by planted theme the share of people in the found theme that holds it."""
    person = {text.id: text.person for text in texts}
    everyone = {text.person for text in texts}
    shares = {}
    for theme in found.themes:
        own = [text_id for text_id in theme.members if text_id < 1000]
        name = max(range(len(THEMES)), key=lambda n: sum(i % len(THEMES) == n for i in own))
        shares[name] = len({person[i] for i in theme.members}) / len(everyone)
    return shares


LETTER = (
    "Señor alcalde pedimos con todo respeto que arregle el acueducto porque el agua llega turbia "
    "a la vereda y la tubería vieja tiene una fuga grande junto al tanque de la planta"
)


@pytest.mark.parametrize("kind", ["one sender", "one sender, reworded", "many accounts"])
def test_a_flood_moves_no_share(kind: str) -> None:
    """Thirty copies in a hundred texts: no theme's share of people moves by over a point.

    Of many accounts the campaign is one text, counted once; its senders stand beside it.
    """
    texts = themed(14)
    letter = Text(1000, LETTER, "sender")
    dice = random.Random(4)  # noqa: S311
    flood = []
    for number in range(30):
        words = LETTER.split()
        if kind != "one sender":
            words[dice.randrange(len(words))] = "ojalá"
        who = f"account{number}" if kind == "many accounts" else "sender"
        flood.append(Text(1001 + number, " ".join(words), who))
    before = people_shares(condense([*texts, letter]), [*texts, letter])
    found = condense([*texts, letter, *flood])
    copies = {i for group in found.duplicates for i in group[1:]}
    assert copies == {text.id for text in flood}
    counted = [text for text in (*texts, letter, *flood) if text.id not in copies]
    once = {text.id for text in counted}
    themes = [tuple(i for i in theme.members if i in once) for theme in found.themes]
    after = people_shares(_only(found, themes), counted)
    assert before.keys() == after.keys() == set(range(len(THEMES)))
    assert max(abs(before[name] - after[name]) for name in before) <= 0.01


def _only(found: Condensed, members: list[tuple[int, ...]]) -> Condensed:
    themes = tuple(replace(t, members=m) for t, m in zip(found.themes, members, strict=True))
    return replace(found, themes=themes)


def test_quotes_are_exact_and_nobody_is_quoted_twice() -> None:
    """In a consultation where five people wrote everything, each is quoted once in a theme."""
    texts = [Text(t.id, f"{t.body} ¡Gracias!", f"p{t.id % 7}") for t in themed(20)]
    body = {text.id: text for text in texts}
    themes = condense(texts).themes
    assert themes
    for theme in themes:
        people = [body[quote.text_id].person for quote in theme.quotes]
        assert len(people) == len(set(people)) >= 3
        assert all(quote.words in body[quote.text_id].body for quote in theme.quotes)
