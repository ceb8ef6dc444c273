"""Which sections of a plan a document would continue: reads what there is and matches it."""

import asyncio
from collections.abc import Collection, Mapping, Sequence

from participa.plans.matching import Earlier, Later, continued
from participa.plans.models import PlanVersion, Section, SectionText
from participa.plans.parsing import ParsedSection

MAX_NUMBER = 40
Places = Mapping[tuple[int, int | None], int]
_FIELDS = (
    "id",
    "version_id",
    "section_id",
    "position",
    "parent_position",
    "kind",
    "number",
    "title",
    "body_source",
)


async def continued_by(
    version: PlanVersion | None, sections: Sequence[ParsedSection]
) -> list[int | None]:
    """Give for each section of a document the id of the one it continues; None if it is new.

    What the current version says comes first; what an earlier one said may come back.
    """
    if version is None:
        return [None] * len(sections)
    rows = SectionText.of(version.entity_id).filter(version_id=version.id)
    current = await rows.order_by("position").only(*_FIELDS)
    gone = await _gone(version, {text.section_id for text in current})
    old = [
        *_earlier(current, _places(current), is_current=True),
        *_earlier(gone, await _places_in({text.version_id for text in gone}, version)),
    ]
    new = [
        Later(each.parent, each.kind, each.number[:MAX_NUMBER], each.title, each.body)
        for each in sections
    ]
    return await asyncio.to_thread(continued, old, new)


async def _gone(version: PlanVersion, current: Collection[int]) -> list[SectionText]:
    """Give the sections that the current version does not have, as they last were."""
    known = await Section.of(version.entity_id).filter(plan_id=version.plan_id).only("id")
    missing = {section.id for section in known}.difference(current)
    if not missing:
        return []
    rows = SectionText.of(version.entity_id).filter(section_id__in=sorted(missing))
    texts = await rows.order_by("version_id", "position").only(*_FIELDS)
    return list({text.section_id: text for text in texts}.values())


async def _places_in(versions: Collection[int], version: PlanVersion) -> Places:
    if not versions:
        return {}
    rows = SectionText.of(version.entity_id).filter(version_id__in=sorted(versions))
    return _places(await rows.only("id", "version_id", "section_id", "position"))


def _places(texts: Sequence[SectionText]) -> Places:
    return {(text.version_id, text.position): text.section_id for text in texts}


def _earlier(
    texts: Sequence[SectionText], places: Places, *, is_current: bool = False
) -> list[Earlier]:
    return [
        Earlier(
            section_id=text.section_id,
            parent_id=places.get((text.version_id, text.parent_position)),
            kind=text.kind,
            number=text.number,
            title=text.title,
            body=text.body_source,
            is_current=is_current,
        )
        for text in texts
    ]
