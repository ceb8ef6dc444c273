"""Real participation: themes agree with what people sorted by hand, beyond plain means."""

import csv
import gzip
from functools import cache

import pytest
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_mutual_info_score
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits

from participa.insights.condense import Condensed, Text, condense
from participa.insights.words import STOP_WORDS, fold
from tests.realdata import real_data

pytestmark = pytest.mark.real_data
TEXTS = 700


@cache
def comments() -> tuple[list[Text], list[str]]:
    """Comments of eight words and more from all threads of Madrid, every third."""
    path = real_data("decide_madrid_2019/comments.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if len(row["text"].split()) >= 8]
    rows = rows[:: len(rows) // TEXTS][:TEXTS]
    texts = [Text(int(row["comment_id"]), row["text"], None) for row in rows]
    return texts, [row["proposal_id"] for row in rows]


@cache
def condensed() -> Condensed:
    return condense(comments()[0])


def agreement(labels: dict[int, int]) -> float:
    texts, gold = comments()
    return float(adjusted_mutual_info_score(gold, [labels.get(text.id, -1) for text in texts]))


def plain_agreement(groups: int) -> float:
    """Agreement of the usual recipe with as many groups."""
    texts, _gold = comments()
    counts = TfidfVectorizer(
        preprocessor=lambda body: fold(body.lower()), stop_words=sorted(STOP_WORDS), min_df=2
    ).fit_transform([text.body for text in texts])
    with threadpool_limits(1):
        points = normalize(TruncatedSVD(100, random_state=1).fit_transform(counts))
        found = KMeans(groups, n_init=4, random_state=1).fit_predict(points)
    return agreement({text.id: int(n) for text, n in zip(texts, found, strict=True)})


def test_themes_agree_with_threads() -> None:
    """Comments come back to their threads far better than by words, SVD and k-means alone."""
    themes = condensed().themes
    found = agreement({i: n for n, theme in enumerate(themes) for i in theme.members})
    plain = plain_agreement(len(themes))
    assert 8 <= len(themes) <= 18
    assert found >= 0.3
    assert found >= plain + 0.08


def test_hardly_anybody_is_left_out() -> None:
    """Nine texts in ten count in a theme, and every theme has its words and quotes."""
    result = condensed()
    assert sum(len(theme.members) for theme in result.themes) >= 0.9 * TEXTS
    bodies = {text.id: text.body for text in comments()[0]}
    for theme in result.themes:
        assert len(theme.words) >= 5
        assert len(theme.quotes) >= 3
        assert all(quote.words in bodies[quote.text_id] for quote in theme.quotes)


def test_a_bilingual_city_is_not_split_by_language() -> None:
    """Barcelona's Spanish and Catalan proposals group by subject, not by tongue."""
    path = real_data("decidim_barcelona_pam2016/proposals.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    spanish = [row for row in rows if row["lang"] == "es"][::2]
    catalan = [row for row in rows if row["lang"] == "ca"][::16]
    mixed = spanish[:200] + catalan[:400]
    result = condense([Text(int(r["id"]), f"{r['title']}\n\n{r['summary']}", None) for r in mixed])
    themes = {i: number for number, theme in enumerate(result.themes) for i in theme.members}
    found = [themes.get(int(row["id"]), -1) for row in mixed]
    assert len(result.themes) >= 5
    assert adjusted_mutual_info_score([row["lang"] for row in mixed], found) < 0.2
    assert adjusted_mutual_info_score([row["subcategory"] for row in mixed], found) > 0.17
