"""What a text was said under helps to find its theme, and is never taken for its words.

On the demonstration's closed consultation: 377 short comments on the articles of a decree.
"""

import re
import tomllib
from dataclasses import replace
from functools import cache

from sklearn.metrics import adjusted_mutual_info_score

from participa.insights.condense import Condensed, Text, condense
from participa.settings import PACKAGE

DATA = PACKAGE / "demo" / "data"


@cache
def consultation() -> tuple[list[Text], dict[int, str]]:
    """Give the citizens' comments with the title of their article, and that article's number."""
    source = (DATA / "consultation.md").read_text(encoding="utf-8")
    titles = dict(re.findall(r"^## Artículo (\d+)\. (.+)$", source, flags=re.MULTILINE))
    said = tomllib.loads((DATA / "consultation.toml").read_text(encoding="utf-8"))
    rows = [row for row in said["contribution"] if "office" not in row]
    texts = [
        Text(n, row["body"], row.get("author"), row.get("stance"), context=titles[row["section"]])
        for n, row in enumerate(rows)
    ]
    return texts, {n: row["section"] for n, row in enumerate(rows)}


@cache
def condensed(*, with_titles: bool) -> Condensed:
    """Condense it, with what each comment answers to or without."""
    texts, _articles = consultation()
    return condense([text if with_titles else replace(text, context="") for text in texts])


def agreement(found: Condensed) -> float:
    """Compare the themes with the articles; who is in no theme counts as one more theme."""
    _texts, articles = consultation()
    theme = {member: n for n, each in enumerate(found.themes) for member in each.members}
    ids = sorted(articles)
    return float(
        adjusted_mutual_info_score([articles[i] for i in ids], [theme.get(i, -1) for i in ids])
    )


def test_short_comments_gather_by_what_they_answer_to() -> None:
    """With the titles there are firm themes close to what was asked; without, there are not."""
    found = condensed(with_titles=True)
    assert 8 <= len(found.themes) <= 15
    assert sum(theme.stability >= 0.7 for theme in found.themes) >= 8
    assert agreement(found) > 0.6
    assert agreement(condensed(with_titles=False)) < 0.3


def test_a_comment_may_count_elsewhere_than_it_was_made() -> None:
    """What a text says itself weighs more: the themes are not simply the articles."""
    _texts, articles = consultation()
    mixed = [
        theme
        for theme in condensed(with_titles=True).themes
        if len({articles[member] for member in theme.members}) > 1
    ]
    assert len(mixed) >= 5


def test_a_title_is_never_quoted() -> None:
    """Every quote is an exact part of what its author wrote."""
    texts, _articles = consultation()
    bodies = {text.id: text.body for text in texts}
    for theme in condensed(with_titles=True).themes:
        assert all(quote.words in bodies[quote.text_id] for quote in theme.quotes)


def test_a_word_of_titles_alone_names_no_theme() -> None:
    """Themes are named in words that citizens used."""
    texts, _articles = consultation()
    strange = condense([replace(t, context=f"Zanahoria {t.context}") for t in texts])
    assert strange.themes
    assert all("zanahoria" not in theme.words for theme in strange.themes)


def test_the_title_is_part_of_the_digest() -> None:
    """Another title may give other themes, so the report's digest names it too."""
    assert condensed(with_titles=True).digest != condensed(with_titles=False).digest
