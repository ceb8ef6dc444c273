"""Condensing many contributions into themes: the one way in, and what comes out.

Pure: no database, no clock. The same texts and seed give the same result, byte for byte.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from scipy.sparse import csr_array
from sklearn import config_context
from threadpoolctl import threadpool_limits

from participa.insights.clustering import Group, find_groups
from participa.insights.duplicates import find_duplicates
from participa.insights.labels import theme_words
from participa.insights.quotes import Source, choose_quotes
from participa.insights.rules import FEWEST_PEOPLE
from participa.insights.space import Corpus, Space, in_context, read_corpus
from participa.insights.words import WordTable, read_words

ENGINE = "condense/3"
# MiB that one table of distances may take.
_WORKING_MEMORY = 64


@dataclass(frozen=True, slots=True)
class Text:
    """A contribution as plain text, as written; `weight` is how many people stand behind it.

    `context` is the title it was said under, such as a section's: it helps to find what a short
    text is about, at a lower weight, and is never quoted or counted among its words.
    """

    id: int
    body: str
    person: str | None
    stance: str | None = None
    weight: int = 1
    context: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """An exact part of a text and what it stands for: typical, diverse, dissenting or short."""

    text_id: int
    words: str
    role: str


@dataclass(frozen=True, slots=True)
class Part:
    """A sub-theme: what some of a theme's texts have in common, with one quote that says it."""

    words: tuple[str, ...]
    members: tuple[int, ...]
    quote: Quote
    stability: float


@dataclass(frozen=True, slots=True)
class Theme:
    """What several people speak of.

    `members` are text ids, the most central first, each followed by the copies of it.
    `stability` is the share of runs on part of the texts that find the theme again: some group
    of the run and the theme share at least half of all their texts.
    """

    words: tuple[str, ...]
    members: tuple[int, ...]
    quotes: tuple[Quote, ...]
    stability: float
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Condensed:
    """Where every text went: to one theme, among those heard once, or among the empty.

    Each group of `duplicates` says the same in nearly the same words; its first stands for the
    others, which are placed where it is.
    """

    themes: tuple[Theme, ...]
    heard_once: tuple[int, ...]
    duplicates: tuple[tuple[int, ...], ...]
    empty: tuple[int, ...]
    engine: str
    seed: int
    digest: str


def condense(
    texts: Sequence[Text],
    *,
    language: str = "es",
    seed: int = 2026,
    progress: Callable[[float], None] | None = None,
) -> Condensed:
    """Condense texts into themes, with words, quotes and how surely each is found again.

    Nobody is dropped: a text is in exactly one of a theme, `heard_once` and `empty` (no word at
    all). Few texts, or texts without structure, give no themes. The order of the texts does not
    matter; a repeated id is refused with ValueError.
    """
    ordered = sorted(texts, key=lambda text: text.id)
    if len({text.id for text in ordered}) < len(ordered):
        raise ValueError("two texts have the same id")
    told = progress or _tell_nobody
    told(0.0)
    # Threads change the last digits of sums, and with them, now and then, a text's theme.
    with threadpool_limits(limits=1), config_context(working_memory=_WORKING_MEMORY):
        result = _condense(ordered, language, seed, told)
    told(1.0)
    return result


def digest_of(texts: Iterable[Text], language: str) -> str:
    """Name a corpus by its content: SHA-256 over its texts by id, each a JSON list on a line."""
    found = hashlib.sha256(f"{ENGINE} {language}\n".encode())
    for text in sorted(texts, key=lambda text: text.id):
        values = [text.id, text.body, text.person, text.stance, text.weight, text.context]
        found.update(json.dumps(values, separators=(",", ":")).encode() + b"\n")
    return found.hexdigest()


def _tell_nobody(_share: float) -> None:
    return


def _condense(
    texts: Sequence[Text], language: str, seed: int, told: Callable[[float], None]
) -> Condensed:
    everything = [*(text.body for text in texts), *(text.context for text in texts)]
    read = read_words(everything, language)
    table, context = (read.only(range(start, start + len(texts))) for start in (0, len(texts)))
    copies = _copies_by_first(find_duplicates(table))
    repeated = {row for rows in copies.values() for row in rows}
    empty = [row for row, words in enumerate(table.texts) if not len(words)]
    learned = sorted(set(range(len(texts))) - repeated - set(empty))
    told(0.05)
    titles = read_corpus(context.only(learned))
    themes = _themes(texts, table.only(learned), titles, learned, copies, seed, told)
    placed = {text_id for theme in themes for text_id in theme.members}
    apart = {texts[row].id for row in empty}
    return Condensed(
        themes=themes,
        heard_once=tuple(t.id for t in texts if t.id not in placed and t.id not in apart),
        duplicates=tuple(
            tuple(texts[row].id for row in (first, *rows)) for first, rows in copies.items()
        ),
        empty=tuple(texts[row].id for row in empty),
        engine=ENGINE,
        seed=seed,
        digest=digest_of(texts, language),
    )


def _copies_by_first(duplicates: Mapping[int, int]) -> dict[int, list[int]]:
    copies: defaultdict[int, list[int]] = defaultdict(list)
    for row, first in sorted(duplicates.items()):
        copies[first].append(row)
    return dict(sorted(copies.items()))


def _themes(
    texts: Sequence[Text],
    table: WordTable,
    titles: Corpus,
    learned: Sequence[int],
    copies: Mapping[int, Sequence[int]],
    seed: int,
    told: Callable[[float], None],
) -> tuple[Theme, ...]:
    corpus = read_corpus(table)
    space, found = find_groups(
        in_context(corpus, titles), seed, lambda share: told(0.05 + 0.85 * share)
    )
    gathered = _Gathered(texts, table, corpus.counts, space, learned, copies)
    kept = [group for group in found if gathered.people(group) >= FEWEST_PEOPLE]
    words = theme_words(table, corpus.counts, [group.rows for group in kept])
    themes = [
        Theme(
            words=theme,
            members=gathered.members(group),
            quotes=gathered.quotes(group, theme),
            stability=group.stability,
            parts=gathered.parts(group),
        )
        for group, theme in zip(kept, words, strict=True)
    ]
    return tuple(sorted(themes, key=lambda theme: -len(theme.members)))


@dataclass(frozen=True, slots=True)
class _Gathered:
    """The texts that were grouped, those they stand for, and the space they lie in."""

    texts: Sequence[Text]
    table: WordTable
    counts: csr_array
    space: Space
    learned: Sequence[int]
    copies: Mapping[int, Sequence[int]]

    def members(self, group: Group) -> tuple[int, ...]:
        """List a group's texts by id, each followed by its copies."""
        return tuple(text.id for text in self._texts(group))

    def people(self, group: Group) -> int:
        """Count who is behind a group."""
        return _people_in(self._texts(group))

    def _texts(self, group: Group) -> list[Text]:
        own = [self.learned[row] for row in group.rows]
        return [self.texts[row] for each in own for row in (each, *self.copies.get(each, ()))]

    def quotes(self, group: Group, words: Sequence[str]) -> tuple[Quote, ...]:
        """Choose what is quoted of a group."""
        texts = [self.texts[self.learned[row]] for row in group.rows]
        sources = [Source(text.body, text.person, text.stance) for text in texts]
        chosen = choose_quotes(sources, self.space.own[list(group.rows)], words)
        return tuple(Quote(texts[quote.place].id, quote.words, quote.role) for quote in chosen)

    def parts(self, theme: Group) -> tuple[Part, ...]:
        """Say what tells the parts of a theme from each other, with a quote of each."""
        kept = [part for part in theme.parts if self.people(part) >= FEWEST_PEOPLE]
        if len(kept) < 2:
            return ()
        inside = sorted(theme.rows)
        place = {row: at for at, row in enumerate(inside)}
        within = [[place[row] for row in part.rows] for part in kept]
        words = theme_words(self.table.only(inside), self.counts[inside], within)
        quoted = [self.quotes(part, theme) for part, theme in zip(kept, words, strict=True)]
        return tuple(
            Part(said, self.members(part), quotes[0], part.stability)
            for part, said, quotes in zip(kept, words, quoted, strict=True)
            if said and quotes
        )


def _people_in(texts: Iterable[Text]) -> int:
    """Count people: a known person once, however much they wrote; an unknown one by text."""
    most: dict[str | int, int] = {}
    for text in texts:
        key = text.id if text.person is None else text.person
        most[key] = max(most.get(key, 1), text.weight)
    return sum(most.values())
