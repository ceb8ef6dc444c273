"""What grouping and counting came to, in one form, from the database or counted again. Pure.

Areas are left out: where a person lives is in no open data, so nobody could count them again.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from participa.insights.editing import Change, Draft
from participa.insights.figures import Counting, Figures, Item
from participa.insights.placing import Place, place
from participa.insights.reading import Source
from participa.insights.rules import Standing, exact_quote

if TYPE_CHECKING:
    from participa.insights.condense import Condensed, Quote

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Group:
    """A theme, or a part of one: its number, what is in it and how it was found.

    One put together `by_hand` has no words and no stability of the program's.
    """

    number: int
    members: Sequence[int]
    figures: Json
    words: Sequence[str] = ()
    stability: float = 0.0
    by_hand: bool = False

    def told(self) -> Json:
        """Give it as data."""
        found = {} if self.by_hand else {"words": list(self.words), "stability": self.stability}
        members = sorted(self.members)
        return {"number": self.number, "members": members, "figures": self.figures, **found}


@dataclass(frozen=True, slots=True)
class Said:
    """Words quoted for the theme of a number: whose text, in which role."""

    theme: int
    part: int | None
    text: int
    role: str
    words: str


@dataclass(frozen=True, slots=True)
class Result:
    """Everything a report counts, by the ids of contributions."""

    engine: str
    seed: int
    input_digest: str
    figures: Json
    themes: Sequence[Group]
    parts: Sequence[Group]
    once: Sequence[int]
    empty: Sequence[int]
    repeats: Mapping[int, int]
    quotes: Sequence[Said]

    def written(self) -> bytes:
        """Write it as JSON: the same result, the same bytes."""
        quotes = [[each.theme, each.part, each.text, each.role, each.words] for each in self.quotes]
        told = {
            "engine": self.engine,
            "seed": self.seed,
            "input_digest": self.input_digest,
            "figures": self.figures,
            "themes": [each.told() for each in sorted(self.themes, key=lambda g: g.number)],
            "parts": [each.told() for each in sorted(self.parts, key=lambda g: g.number)],
            "once": sorted(self.once),
            "empty": sorted(self.empty),
            "repeats": {str(key): first for key, first in self.repeats.items()},
            "quotes": sorted(
                quotes, key=lambda quote: (quote[0], quote[1] or 0, quote[2], quote[3])
            ),
        }
        return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()


def open_figures(figures: Mapping[str, object]) -> Json:
    """Give stored figures without what open data cannot tell."""
    return {name: value for name, value in figures.items() if name != "areas"}


def counted_result(
    sources: Sequence[Source], condensed: "Condensed", changes: Iterable[Change]
) -> Result:
    """Count what was grouped, after what people changed of it.

    Raises Impossible when a change does not fit, which never happens to a report of ours.
    """
    places = place(sources, condensed)
    by_id = {source.id: source for source in sources}
    items = {p.text_id: replace(by_id[p.text_id].item, first=p.duplicate_of) for p in places}
    counting = Counting(items.values())
    draft = _draft(condensed, places)
    for change in changes:
        draft.apply(change)
    empty = [p.text_id for p in places if p.standing is Standing.EMPTY]
    placed = draft.theme_of.keys() | set(empty)
    return Result(
        engine=condensed.engine,
        seed=condensed.seed,
        input_digest=condensed.digest,
        figures=_json(counting.whole(len(draft.themes))),
        themes=tuple(_themes(condensed, draft, items, counting)),
        parts=tuple(_parts(condensed, draft, items, counting)),
        once=[p.text_id for p in places if p.text_id not in placed],
        empty=empty,
        repeats={p.text_id: p.duplicate_of for p in places if p.duplicate_of is not None},
        quotes=list(_quotes(condensed, by_id)),
    )


def _json(figures: Figures) -> Json:
    # Through JSON, as the database keeps them.
    stored: Json = json.loads(json.dumps(figures.as_json()))
    return open_figures(stored)


def _draft(condensed: "Condensed", places: Sequence[Place]) -> Draft:
    homes = [number for number, theme in enumerate(condensed.themes, 1) for _part in theme.parts]
    copies: dict[int, list[int]] = {}
    for p in places:
        if p.duplicate_of is not None:
            copies.setdefault(p.duplicate_of, []).append(p.text_id)
    return Draft(
        theme_of={p.text_id: p.theme + 1 for p in places if p.theme is not None},
        part_of={p.text_id: p.part + 1 for p in places if p.part is not None},
        part_home=dict(enumerate(homes, 1)),
        themes=set(range(1, len(condensed.themes) + 1)),
        copies=copies,
        known=frozenset(p.text_id for p in places if p.standing is not Standing.EMPTY),
    )


def _themes(
    condensed: "Condensed", draft: Draft, items: Mapping[int, Item], counting: Counting
) -> Iterable[Group]:
    for number in sorted(draft.themes):
        members = [each for each, theme in draft.theme_of.items() if theme == number]
        figures = _json(counting.part(items[each] for each in members))
        if number > len(condensed.themes):
            yield Group(number, members, figures, by_hand=True)
        else:
            theme = condensed.themes[number - 1]
            yield Group(number, members, figures, theme.words, theme.stability)


def _parts(
    condensed: "Condensed", draft: Draft, items: Mapping[int, Item], counting: Counting
) -> Iterable[Group]:
    parts = [part for theme in condensed.themes for part in theme.parts]
    for number, part in enumerate(parts, 1):
        members = [each for each, home in draft.part_of.items() if home == number]
        figures = _json(counting.part(items[each] for each in members))
        yield Group(number, members, figures, part.words, part.stability)


def _quotes(condensed: "Condensed", sources: Mapping[int, Source]) -> Iterable[Said]:
    part_number = 0
    for number, theme in enumerate(condensed.themes, 1):
        chosen: list[tuple[int | None, Quote]] = [(None, quote) for quote in theme.quotes]
        for part in theme.parts:
            part_number += 1
            chosen.append((part_number, part.quote))
        for home, quote in chosen:
            source = sources[quote.text_id]
            if words := exact_quote(quote.words, source.title, source.body):
                yield Said(number, home, source.id, quote.role, words)
