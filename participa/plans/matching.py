"""Which section of a new version continues which one of before, told by what they say. No I/O.

Numbers and places are not trusted, since an article put in between moves them all; they decide
only between sections that say the same, and where a section was written anew in its place.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from participa.plans.likeness import Likeness, plain_words, share_of_words

# So many equal words are no chance, wherever they stand.
LONG_ENOUGH = 8
# Alike to one section, and to no other nearly as much.
SURE, MARGIN = 0.5, 0.1
# Alike enough where place, number and title speak for it too; what each of them adds.
ALIKE, SUPPORTED, SUPPORT = 0.3, 0.45, 0.1
TITLES_ALIKE = 0.4


@dataclass(frozen=True, slots=True)
class Earlier:
    """A section as it last was; one that the current version had left out may come back."""

    section_id: int
    parent_id: int | None
    kind: str
    number: str
    title: str
    body: str
    is_current: bool = True


@dataclass(frozen=True, slots=True)
class Later:
    """A section of the new version; `parent` is the place of what contains it."""

    parent: int | None
    kind: str
    number: str
    title: str
    body: str


def continued(old: Sequence[Earlier], new: Sequence[Later]) -> list[int | None]:
    """Give, for each section of a new version, the id of the one it continues; None if new.

    `old` comes in the order of its version, with what had left before at the end; in `new` what
    contains comes before what it contains. No section is continued twice.
    """
    matching = _Matching(old, new)
    matching.same_words()
    matching.alike(SURE, 0)
    matching.in_place()
    matching.by_contents()
    matching.alike(ALIKE, SUPPORTED)
    matching.in_place()
    matching.only_one_left()
    matching.rewritten()
    return [None if place is None else old[place].section_id for place in matching.found]


class _Matching:
    """What is known so far: `found` gives for each later section the place of its earlier one."""

    def __init__(self, old: Sequence[Earlier], new: Sequence[Later]) -> None:
        self.old, self.new = old, new
        self.found: list[int | None] = [None] * len(new)
        self.images: dict[int, int] = {}
        self.old_bodies = [plain_words(each.body) for each in old]
        self.new_bodies = [plain_words(each.body) for each in new]
        self.old_words = _with_titles(old, self.old_bodies)
        self.new_words = _with_titles(new, self.new_bodies)
        self.likeness: Likeness | None = None

    def pair(self, before: int, after: int) -> None:
        """Take a later section for the continuation of an earlier one, if both are free."""
        if self.found[after] is None and before not in self.images:
            self.found[after] = before
            self.images[before] = after

    def free_old(self) -> list[int]:
        """Give the earlier sections that nothing continues yet."""
        return [place for place in range(len(self.old)) if place not in self.images]

    def free_new(self) -> list[int]:
        """Give the later sections that continue none yet."""
        return [place for place, before in enumerate(self.found) if before is None]

    def parent_of(self, after: int) -> int | None:
        """Give the id of what contained the earlier self of a section's parent; -1 for new."""
        parent = self.new[after].parent
        if parent is None:
            return None
        before = self.found[parent]
        return -1 if before is None else self.old[before].section_id

    def same_words(self) -> None:
        """Pair the long sections whose words stand once in both versions, or all but the title."""
        self._once_in_both(self.old_words, self.new_words)
        self._once_in_both(self.old_bodies, self.new_bodies)

    def _once_in_both(self, old_words: Sequence[str], new_words: Sequence[str]) -> None:
        for here, there in self._same(old_words, new_words):
            if len(here) == len(there) == 1 and _is_long(new_words[there[0]]):
                self.pair(here[0], there[0])

    def only_one_left(self) -> None:
        """Pair equal words that moved: the long in order, the short where only one has them."""
        once = _once(self.old_words) & _once(self.new_words)
        for here, there in self._same(self.old_words, self.new_words):
            alone = self.new_words[there[0]] in once and self._same_kind(here[0], there[0])
            if _is_long(self.new_words[there[0]]) or alone:
                for before, after in zip(here, there, strict=False):
                    self.pair(before, after)

    def _same(
        self, old_words: Sequence[str], new_words: Sequence[str]
    ) -> list[tuple[list[int], list[int]]]:
        places: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for place in self.free_old():
            places[old_words[place]][0].append(place)
        for place in self.free_new():
            places[new_words[place]][1].append(place)
        return [(here, there) for here, there in places.values() if here and there]

    def _same_kind(self, before: int, after: int) -> bool:
        return self.old[before].kind == self.new[after].kind

    def in_place(self) -> None:
        """Pair equal words inside the same parent: first by number, then in their order."""
        by_number: dict[object, list[int]] = defaultdict(list)
        by_order: dict[object, list[int]] = defaultdict(list)
        for place in reversed(self.free_old()):
            each = self.old[place]
            within = self.old_words[place], each.parent_id
            by_number[within, each.kind, each.number].append(place)
            by_order[within].append(place)
        free = self.free_new()
        for after in free:
            later = self.new[after]
            inside = self.new_words[after], self.parent_of(after)
            self._take(by_number[inside, later.kind, later.number], after)
        for after in free:
            self._take(by_order[self.new_words[after], self.parent_of(after)], after)

    def _take(self, places: list[int], after: int) -> None:
        while places and self.found[after] is None:
            self.pair(places.pop(), after)

    def by_contents(self) -> None:
        """Pair what contains most of the same sections."""
        ids = {each.section_id: place for place, each in enumerate(self.old)}
        old_sizes = Counter(each.parent_id for each in self.old if each.is_current)
        held: dict[int, Counter[int]] = defaultdict(Counter)
        sizes: Counter[int] = Counter()
        for after in reversed(range(len(self.new))):
            for parent_id, count in held[after].most_common(1):
                most = 2 * count > max(sizes[after], old_sizes[parent_id])
                if most and count > 1 and parent_id in ids:
                    self.pair(ids[parent_id], after)
            before, parent = self.found[after], self.new[after].parent
            if parent is not None:
                sizes[parent] += 1
                up = None if before is None else self.old[before].parent_id
                if up is not None:
                    held[parent][up] += 1

    def alike(self, least: float, supported: float) -> None:
        """Pair what is alike, the most alike first; without support, only what has no rival."""
        self.likeness = self.likeness or self._likeness()
        pairs = [
            pair
            for after in self._comparable()
            for pair in self._scored(self.likeness, after, least, supported)
        ]
        if not supported:
            pairs = _without_rivals(pairs)
        for _score, _far, before, after in sorted(pairs, key=lambda pair: (-pair[0], *pair[1:])):
            self.pair(before, after)

    def _likeness(self) -> Likeness:
        return Likeness(
            {place: self.old_words[place] for place in self.free_old()},
            {place: self.new_words[place] for place in self.free_new()},
        )

    def _comparable(self) -> list[int]:
        """Leave out what stands word for word in both: it is a matter of place."""
        same = self._same(self.old_words, self.new_words)
        waiting = set(chain.from_iterable(there for _here, there in same))
        return [place for place in self.free_new() if place not in waiting]

    def _scored(
        self, likeness: Likeness, after: int, least: float, supported: float
    ) -> Iterable[tuple[float, int, int, int]]:
        for before in likeness.resembling(after):
            if before in self.images:
                continue
            alike = likeness.between(before, after)
            if not self._same_kind(before, after):
                alike -= MARGIN
            score = alike + (self._support(before, after) if supported else 0)
            if alike >= least and score >= supported:
                yield round(score, 2), abs(after - before), before, after

    def _support(self, before: int, after: int) -> float:
        here, there = self.old[before], self.new[after]
        same_parent = here.parent_id == self.parent_of(after)
        same_number = (here.kind, here.number) == (there.kind, there.number)
        title = share_of_words(here.title, there.title)
        return SUPPORT * (same_parent + same_number + title)

    def rewritten(self) -> None:
        """Pair what was written anew where it stood, from the top of the tree downwards."""
        known = -1
        while known < len(self.images):
            known = len(self.images)
            self._by_title()
            self._by_number()
            self._between_neighbours()
            self.in_place()

    def _by_title(self) -> None:
        places: dict[object, list[int]] = defaultdict(list)
        for place, each in self._free_current():
            places[each.parent_id, each.kind, each.title].append(place)
        for after in self.free_new():
            later = self.new[after]
            found = places.get((self.parent_of(after), later.kind, later.title), [])
            if later.title and len(found) == 1:
                self.pair(found[0], after)

    def _by_number(self) -> None:
        places: dict[object, list[int]] = defaultdict(list)
        for place, each in self._free_current():
            places[each.parent_id, each.kind, each.number].append(place)
        for after in self.free_new():
            later = self.new[after]
            found = places.get((self.parent_of(after), later.kind, later.number), [])
            if later.number and len(found) == 1 and self._titles_alike(found[0], after):
                self.pair(found[0], after)

    def _between_neighbours(self) -> None:
        siblings: dict[int | None, list[int]] = defaultdict(list)
        for place, each in enumerate(self.old):
            if each.is_current:
                siblings[each.parent_id].append(place)
        families: dict[int | None, list[int]] = defaultdict(list)
        for after, later in enumerate(self.new):
            families[later.parent].append(after)
        for family in families.values():
            self._in_gaps(siblings.get(self.parent_of(family[0]), []), family)

    def _in_gaps(self, siblings: list[int], family: list[int]) -> None:
        """Pair the only free one between two neighbours with the only one between theirs."""
        ranks: dict[int | None, int] = {place: rank for rank, place in enumerate(siblings)}
        at = [-1, *(ranks.get(self.found[after]) for after in family), len(siblings)]
        for after, left, right in zip(family, at, at[2:], strict=False):
            if left is None or right is None or right - left != 2:
                continue
            before = siblings[left + 1]
            if self._same_kind(before, after) and self._titles_alike(before, after):
                self.pair(before, after)

    def _free_current(self) -> Iterable[tuple[int, Earlier]]:
        return [(n, each) for n in self.free_old() if (each := self.old[n]).is_current]

    def _titles_alike(self, before: int, after: int) -> bool:
        here, there = self.old[before].title, self.new[after].title
        return not (here and there) or share_of_words(here, there) >= TITLES_ALIKE


def _with_titles(sections: Sequence[Earlier | Later], bodies: Sequence[str]) -> list[str]:
    pairs = zip(sections, bodies, strict=True)
    return [f"{plain_words(each.title)} {body}".strip() for each, body in pairs]


def _is_long(words: str) -> bool:
    return words.count(" ") >= LONG_ENOUGH


def _once(words: Iterable[str]) -> set[str]:
    return {each for each, count in Counter(words).items() if count == 1}


def _without_rivals(
    pairs: list[tuple[float, int, int, int]],
) -> list[tuple[float, int, int, int]]:
    """Keep the pairs that are more alike by MARGIN than any other of either section."""
    scores: dict[tuple[str, int], list[float]] = defaultdict(list)
    for score, _far, before, after in pairs:
        scores["old", before].append(score)
        scores["new", after].append(score)
    rivals = {side: sorted(each)[-2] for side, each in scores.items() if len(each) > 1}
    return [
        (score, far, before, after)
        for score, far, before, after in pairs
        if score >= MARGIN + max(rivals.get(("old", before), 0), rivals.get(("new", after), 0))
    ]
