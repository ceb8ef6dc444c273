"""Reads of plans: the outline of the current version, a page of its text, one section."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from tortoise.expressions import Q

from participa.i18n import Text
from participa.plans.continuity import continued_by
from participa.plans.models import Plan, PlanVersion, SectionText
from participa.plans.parsing import ParsedPlan
from participa.plans.rules import kind_words, shown_title
from participa.web.refusals import NotFound

ENTRY_FIELDS = (
    "section_id",
    "position",
    "depth",
    "last_position",
    "page_position",
    "parent_position",
    "kind",
    "number",
    "label",
    "title",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A section in the outline of a version, without its text."""

    section_id: int
    position: int
    depth: int
    last_position: int
    page_position: int
    parent_position: int | None
    kind: str
    number: str
    label: str
    title: str

    @property
    def shown_title(self) -> str:
        """The words it is called by."""
        return shown_title(self.kind, self.number, self.title, self.label)

    @property
    def kind_label(self) -> str | Text:
        """What it is: an article, a goal."""
        return kind_words(self.kind, self.number, self.label)

    @property
    def url(self) -> str:
        """Its own page, the same in every version."""
        return f"/apartados/{self.section_id}"


@dataclass(frozen=True, slots=True)
class Outline:
    """A version of a plan with its sections in order."""

    plan: Plan
    version: PlanVersion
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What publishing a document would change in the version of this number.

    `gone` are the ids of the sections that it would leave out.
    """

    number: int
    is_same: bool
    added: int
    kept: int
    gone: tuple[int, ...]


async def current_outline(entity_id: int, process_id: int) -> Outline:
    """Give the outline of a process's plan, in two statements. Refuses with NotFound."""
    rows = PlanVersion.of(entity_id).filter(plan__process_id=process_id)
    version = await rows.select_related("plan").order_by("-number").first()
    return await _outline(version)


async def outline_of(entity_id: int, process_id: int, number: int) -> Outline:
    """Give the outline of a process's plan as one of its versions had it. Refuses with NotFound."""
    rows = PlanVersion.of(entity_id).filter(plan__process_id=process_id, number=number)
    return await _outline(await rows.select_related("plan").first())


async def _outline(version: PlanVersion | None) -> Outline:
    if version is None:
        raise NotFound
    texts = SectionText.of(version.entity_id).filter(version_id=version.id).order_by("position")
    return Outline(version.plan, version, _entries(await texts.values_list(*ENTRY_FIELDS)))


def _entries(rows: Sequence[object]) -> tuple[Entry, ...]:
    return tuple(Entry(*cast("Sequence[int]", row)) for row in rows)  # type: ignore[arg-type]


async def texts_on_page(version: PlanVersion, page_position: int) -> list[SectionText]:
    """Give the text of one page for reading."""
    rows = SectionText.of(version.entity_id).filter(version_id=version.id)
    return await rows.filter(page_position=page_position).order_by("position")


async def latest_text(entity_id: int, section_id: int) -> SectionText:
    """Give a section as it stands in the latest version that has it, with plan and process.

    Refuses with NotFound, also for another entity's.
    """
    rows = SectionText.of(entity_id).filter(section_id=section_id)
    found = rows.select_related("version__plan__process").order_by("-version_id")
    text = await found.first()
    if text is None:
        raise NotFound
    return text


async def latest_entries(entity_id: int, sections: Sequence[int]) -> list[Entry]:
    """Give sections by id as they last stood, for those that a new version left out."""
    rows = SectionText.of(entity_id).filter(section_id__in=list(sections))
    found = _entries(await rows.order_by("version_id").values_list(*ENTRY_FIELDS))
    latest = {entry.section_id: entry for entry in found}
    return sorted(latest.values(), key=lambda entry: entry.position)


async def neighbourhood(text: SectionText) -> tuple[Entry, ...]:
    """Give what stands around a section: what contains it, what it contains, before and after."""
    rows = SectionText.of(text.entity_id).filter(version_id=text.version_id)
    inside = Q(
        position__gte=text.position - 1,
        position__lte=max(text.last_position, text.position + 1),
    )
    around = Q(position__lt=text.position, last_position__gte=text.position)
    found = rows.filter(inside | around).order_by("position")
    return _entries(await found.values_list(*ENTRY_FIELDS))


async def changes_of(
    entity_id: int, process_id: int, parsed: ParsedPlan, digest: str
) -> Changes | None:
    """Compare a document with the current version, section by section; None for a first one."""
    rows = PlanVersion.of(entity_id).filter(plan__process_id=process_id)
    version = await rows.order_by("-number").first()
    if version is None:
        return None
    texts = SectionText.of(entity_id).filter(version_id=version.id)
    ids = await texts.values_list("section_id", flat=True)
    current = {int(str(each)) for each in ids}
    stay = current.intersection(await continued_by(version, parsed.sections))
    return Changes(
        number=version.number,
        is_same=version.source_digest == digest,
        added=len(parsed.sections) - len(stay),
        kept=len(stay),
        gone=tuple(sorted(current - stay)),
    )
