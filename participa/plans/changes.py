"""What changed between two versions of a plan: section by section, in the order of the later."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any, NamedTuple, cast

from participa.kit.alignment import rising
from participa.plans.models import PlanVersion, SectionText
from participa.plans.queries import ENTRY_FIELDS, Entry
from participa.web.refusals import NotFound


class Change(StrEnum):
    """What happened to a section; one whose words changed may have moved as well."""

    NEW = "new"
    CHANGED = "changed"
    MOVED = "moved"
    GONE = "gone"


class Standing(NamedTuple):
    """A section as it stands in a version, with the source of its text."""

    entry: Entry
    body: str


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section that is not in both versions as it was; `before` and `after` where it is."""

    change: Change
    before: Entry | None
    after: Entry | None

    @property
    def entry(self) -> Entry:
        """The section as it stands in the later version, or as it last stood."""
        return cast("Entry", self.after or self.before)


async def versions_of(entity_id: int, process_id: int) -> list[PlanVersion]:
    """Give the versions of a process's plan, the latest first. Refuses with NotFound without."""
    rows = PlanVersion.of(entity_id).filter(plan__process_id=process_id)
    versions = await rows.select_related("plan").order_by("-number")
    if not versions:
        raise NotFound
    return versions


async def changed_sections(entity_id: int, plan_id: int, version: int) -> list[SectionChange]:
    """Say what a version changed in the one before it; nothing for the first."""
    rows = PlanVersion.of(entity_id).filter(plan_id=plan_id, number__in=[version - 1, version])
    pair = await rows.order_by("number")
    return await changes_between(*pair) if len(pair) == 2 else []


async def changes_between(before: PlanVersion, after: PlanVersion) -> list[SectionChange]:
    """Say what is different in a version, compared with another of the same plan."""
    rows = SectionText.of(after.entity_id).filter(version_id__in=[before.id, after.id])
    found = await rows.order_by("position").values_list("version_id", "body_source", *ENTRY_FIELDS)
    standing: dict[int, list[Standing]] = {before.id: [], after.id: []}
    for row in cast("Sequence[tuple[Any, ...]]", found):
        standing[row[0]].append(Standing(Entry(*row[2:]), row[1]))
    return compared(standing[before.id], standing[after.id])


async def texts_of(
    before: PlanVersion, after: PlanVersion, sections: Collection[int]
) -> dict[int, tuple[str, str]]:
    """Give the text of sections as HTML in both versions; empty where one has it not."""
    rows = SectionText.of(after.entity_id).filter(version_id__in=[before.id, after.id])
    found = await rows.filter(section_id__in=list(sections)).only(
        "id", "version_id", "section_id", "body_html"
    )
    html = {(text.version_id, text.section_id): text.body_html for text in found}
    return {
        section: (html.get((before.id, section), ""), html.get((after.id, section), ""))
        for section in sections
    }


async def last_change(text: SectionText) -> tuple[int, int] | None:
    """Give the last version, up to a text's, that changed the section's words; the one before too.

    Numbers, the earlier first; None where they are what they were when it came into the plan.
    """
    rows = SectionText.of(text.entity_id).filter(section_id=text.section_id)
    until = rows.filter(version_id__lte=text.version_id).order_by("-version_id")
    found = await until.values_list("version__number", "title", "body_source")
    wordings = [
        (number, (title, _evened(body)))
        for number, title, body in cast("Sequence[tuple[int, str, str]]", found)
    ]
    for (number, words), (earlier, before) in pairwise(wordings):
        if words != before:
            return earlier, number
    return None


def compared(old: Sequence[Standing], new: Sequence[Standing]) -> list[SectionChange]:
    """Compare two versions: what is new, changed, moved or gone, where a reader would look for it.

    A section that only follows others up or down has not moved: it did if it has another number,
    stands under another one, or changed places with those beside it. What is gone stands after
    what it stood after.
    """
    earlier = {each.entry.section_id: each for each in old}
    places = {each.entry.section_id: place for place, each in enumerate(new)}
    moved = _moved([each.entry for each in old], [each.entry for each in new])
    found: list[tuple[int, int, SectionChange]] = []
    for place, each in enumerate(new):
        before = earlier.get(each.entry.section_id)
        change = _change(before, each, is_moved=each.entry.section_id in moved)
        if change:
            was = before.entry if before else None
            found.append((place, -1, SectionChange(change, was, each.entry)))
    reached = -1
    for place, each in enumerate(old):
        reached = places.get(each.entry.section_id, reached)
        if each.entry.section_id not in places:
            found.append((reached, place, SectionChange(Change.GONE, each.entry, None)))
    return [change for _reached, _place, change in sorted(found, key=lambda row: row[:2])]


def _change(before: Standing | None, after: Standing, *, is_moved: bool) -> Change | None:
    if before is None:
        return Change.NEW
    if _wording(before) != _wording(after):
        return Change.CHANGED
    return Change.MOVED if is_moved else None


def _wording(standing: Standing) -> tuple[str, str]:
    return standing.entry.title, _evened(standing.body)


def _evened(text: str) -> str:
    return " ".join(text.split())


def _moved(old: Sequence[Entry], new: Sequence[Entry]) -> set[int]:
    before = {entry.section_id: entry for entry in old}
    families: dict[int | None, list[tuple[int, int]]] = defaultdict(list)
    moved = set()
    for entry in new:
        was = before.get(entry.section_id)
        if was is None:
            continue
        parent = _parent(new, entry)
        if (was.kind, was.number) == (entry.kind, entry.number) and _parent(old, was) == parent:
            families[parent].append((entry.position, was.position))
        else:
            moved.add(entry.section_id)
    for family in families.values():
        moved |= {new[place].section_id for place, _was in set(family).difference(rising(family))}
    return moved


def _parent(entries: Sequence[Entry], entry: Entry) -> int | None:
    """Give the id of what contains a section; positions are places in its version."""
    position = entry.parent_position
    return None if position is None else entries[position].section_id
