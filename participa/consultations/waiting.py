"""Reads of passages that a new version left in doubt, for the person who decides."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tortoise.expressions import F
from tortoise.functions import Count
from tortoise.queryset import QuerySet

from participa.consultations.anchoring import CONTEXT, State
from participa.consultations.models import Anchor
from participa.deliberation.rules import State as ContributionState
from participa.deliberation.views import author_name, excerpt
from participa.i18n import Text
from participa.kit.html import plain_text
from participa.kit.passages import text_of
from participa.plans.models import Plan, SectionText
from participa.plans.queries import latest_entries

PAGE = 20


@dataclass(frozen=True, slots=True)
class Wording:
    """A passage with what stands around it."""

    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class WaitingView:
    """A comment whose passage waits for a person; `now` is the guess, if there is one."""

    id: int
    url: str
    receipt: str
    author_name: str | Text
    excerpt: str
    section_url: str
    section_title: str
    made_on: int
    old: Wording
    now: Wording | None
    confidence: float


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """Some of the comments that wait, and how many there are."""

    items: tuple[WaitingView, ...]
    count: int
    next_id: int | None


def _waiting(entity_id: int, processes: Collection[int]) -> QuerySet[Anchor]:
    rows = Anchor.of(entity_id).filter(
        contribution__process_id__in=list(processes),
        contribution__state=ContributionState.PUBLISHED,
        state__in=(State.DOUBTFUL, State.SECTION),
        is_decided=False,
        seen_on__gt=F("made_on"),
    )
    return rows.exclude(words="")


async def waiting_counts(entity_id: int, processes: Collection[int]) -> Mapping[int, int]:
    """Count the comments that wait in each of these processes that has any."""
    if not processes:
        return {}
    rows = _waiting(entity_id, processes).annotate(n=Count("id"))
    found = await rows.group_by("contribution__process_id").values_list(
        "contribution__process_id", "n"
    )
    return {int(str(process)): int(str(count)) for process, count in found}


async def waiting_page(plan: Plan, start: int) -> WaitingPage:
    """Read a page of the comments of a plan that wait, from an anchor's id on."""
    rows = _waiting(plan.entity_id, [plan.process_id])
    count = await rows.count()
    found = await (
        rows.filter(id__gte=start)
        .select_related("contribution__author")
        .order_by("id")
        .limit(PAGE + 1)
    )
    shown, following = found[:PAGE], found[PAGE:]
    texts = await _texts(plan, {anchor.section_id for anchor in shown})
    titles = await _titles(plan, {anchor.section_id for anchor in shown})
    return WaitingPage(
        items=tuple(_view(anchor, texts, titles) for anchor in shown),
        count=count,
        next_id=following[0].id if following else None,
    )


async def _texts(plan: Plan, sections: Collection[int]) -> Mapping[int, str]:
    rows = SectionText.of(plan.entity_id).filter(
        version__plan_id=plan.id,
        version__number=plan.current_version,
        section_id__in=list(sections),
    )
    found = await rows.values_list("section_id", "body_html")
    return {int(str(section)): text_of(str(html)) for section, html in found}


async def _titles(plan: Plan, sections: Collection[int]) -> Mapping[int, str]:
    entries = await latest_entries(plan.entity_id, list(sections))
    return {entry.section_id: f"{entry.number} {entry.shown_title}".strip() for entry in entries}


def _view(anchor: Anchor, texts: Mapping[int, str], titles: Mapping[int, str]) -> WaitingView:
    said = anchor.contribution
    return WaitingView(
        id=anchor.id,
        url=f"/aportes/{said.receipt_number}",
        receipt=said.receipt_number,
        author_name=said.office or author_name(said),
        excerpt=excerpt(plain_text(said.body_html)),
        section_url=f"/apartados/{anchor.section_id}",
        section_title=titles[anchor.section_id],
        made_on=anchor.made_on,
        old=_wording(anchor.prefix, anchor.words, anchor.suffix),
        now=_guess(anchor, texts.get(anchor.section_id, "")),
        confidence=anchor.confidence,
    )


def _guess(anchor: Anchor, text: str) -> Wording | None:
    start, end = anchor.placed_start, anchor.placed_end
    if start is None or end is None:
        return None
    before = text[max(0, start - CONTEXT) : start]
    return _wording(before, text[start:end], text[end : end + CONTEXT])


def _wording(before: str, words: str, after: str) -> Wording:
    """Say with three dots that the text goes on."""
    return Wording(
        f"{'…' if len(before) == CONTEXT else ''}{before.lstrip()}",
        words,
        f"{after.rstrip()}{'…' if len(after) == CONTEXT else ''}",
    )
