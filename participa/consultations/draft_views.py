"""What the pages of a draft show: its outline page by page, a section, its paragraphs."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from participa.deliberation.views import excerpt
from participa.i18n import Text, _
from participa.plans.checks import concerns
from participa.plans.drafts import DraftItem
from participa.plans.editing import STEP_WORDS, paragraphs
from participa.plans.models import PlanDraft, PlanDraftStep
from participa.plans.outlines import Outline, Piece, pages_of
from participa.plans.parsing.markdown import plain_words
from participa.plans.parsing.model import Warning_
from participa.plans.rules import KIND_NAMES, kind_words
from participa.processes.views import Pill
from participa.web.navigation import with_query

PARAGRAPHS_SHOWN = 150
_EXCERPT_SOURCE = 400
_ROW_EXCERPT = 110
_DEEPEST_SHOWN = 6
LINKS = 30
# After a month a draft may be forgotten; it is named, never removed by itself.
IDLE_DAYS = 30


@dataclass(frozen=True, slots=True)
class PieceView:
    """A section in the outline of a draft; `indent` is its level, as far as a page has room."""

    id: int
    anchor: str
    level: int
    indent: int
    kind_label: str | Text
    number: str
    name: str
    excerpt: str
    paragraph_count: int
    is_marked: bool
    edit_url: str
    split_url: str


@dataclass(frozen=True, slots=True)
class PartLink:
    """A page of the outline, named by the section it begins with."""

    url: str
    name: str
    indent: int
    count: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A place where a section can be divided."""

    number: int
    excerpt: str
    may_be_title: bool


@dataclass(frozen=True, slots=True)
class ConcernView:
    """Something to look at, with the first of its sections; `more` counts the others."""

    words: Text
    links: Sequence[tuple[str, str]]
    more: int


@dataclass(frozen=True, slots=True)
class FindingView:
    """What was noticed when the document was read; the address is empty without a place."""

    line: int | None
    words: Text
    excerpt: str
    url: str


@dataclass(frozen=True, slots=True)
class DraftLink:
    """A draft in a list."""

    url: str
    title: str
    pill: Pill


def draft_url(draft: PlanDraft) -> str:
    """Give the address where a draft is corrected."""
    return f"/gestion/borradores/{draft.id}"


def anchor(piece_id: int) -> str:
    """Name a section within the page of its draft."""
    return f"s{piece_id}"


def place_url(draft: PlanDraft, piece_id: int, **query: str) -> str:
    """Give the address of a section within its draft."""
    return f"{with_query(draft_url(draft), desde=piece_id, **query)}#{anchor(piece_id)}"


def rows_of(
    draft: PlanDraft, outline: Outline, at: int, marked: Collection[int]
) -> list[PieceView]:
    """Give the sections on the page that shows the one at a place."""
    pages = pages_of(outline)
    return [
        _row(draft, piece, piece.id in marked)
        for piece, page in zip(outline, pages, strict=True)
        if page == pages[at]
    ]


def _row(draft: PlanDraft, piece: Piece, is_marked: bool) -> PieceView:
    url = f"{draft_url(draft)}/apartados/{piece.id}"
    return PieceView(
        id=piece.id,
        anchor=anchor(piece.id),
        level=piece.level + 1,
        indent=min(piece.level, _DEEPEST_SHOWN),
        kind_label=kind_words(piece.kind, piece.number, piece.label),
        number=piece.number,
        name=piece.name,
        excerpt=excerpt(plain_words(piece.body[:_EXCERPT_SOURCE]), _ROW_EXCERPT),
        paragraph_count=len(paragraphs(piece.body)),
        is_marked=is_marked,
        edit_url=url,
        split_url=f"{url}/dividir",
    )


def parts_of(draft: PlanDraft, outline: Outline, at: int) -> list[PartLink]:
    """Give the pages of the outline, in order."""
    pages = pages_of(outline)
    counts = Counter(pages)
    return [
        PartLink(
            url=with_query(draft_url(draft), desde=outline[page].id),
            name=named(outline[page]),
            indent=min(outline[page].level, 3),
            count=counts[page],
            is_current=page == pages[at],
        )
        for page in dict.fromkeys(pages)
    ]


def named(piece: Piece) -> str:
    """Give the number and the title of a section."""
    return f"{piece.number} {piece.name}" if piece.number and piece.title else piece.name


def step_words(step: PlanDraftStep | None) -> Text | None:
    """Say which step it is."""
    if step is None:
        return None
    return _("{act}: {label}", act=STEP_WORDS[step.act], label=step.label)


def paragraphs_of(piece: Piece, first: int) -> list[Paragraph]:
    """Give the paragraphs of a section from one on, as many as a page takes."""
    whole = paragraphs(piece.body)
    return [
        Paragraph(number, excerpt(plain_words(text[:_EXCERPT_SOURCE])), "\n" not in text)
        for number, text in enumerate(whole[first : first + PARAGRAPHS_SHOWN], first)
    ]


def concern_views(draft: PlanDraft, outline: Outline) -> list[ConcernView]:
    """Give what should be looked at, with links to the sections."""
    return [
        ConcernView(
            words=concern.words,
            links=[(place_url(draft, each.id), named(each)) for each in concern.pieces[:LINKS]],
            more=max(len(concern.pieces) - LINKS, 0),
        )
        for concern in concerns(outline)
    ]


def finding_views(draft: PlanDraft, outline: Outline) -> list[FindingView]:
    """Give what was noticed in the document, with the section that begins before its line."""
    starts = sorted((piece.line, piece.id) for piece in outline if piece.line)
    views = []
    for found in draft.findings:
        line = int(found["line"])
        before = bisect_right(starts, (line, draft.next_piece)) - 1
        shown = line and before >= 0
        views.append(
            FindingView(
                line=line or None,
                words=Warning_(line, found["code"], found["params"]).text,
                excerpt=found["excerpt"],
                url=place_url(draft, starts[before][1]) if shown else "",
            )
        )
    return views


def draft_link(item: DraftItem, now: datetime) -> DraftLink:
    """Give a draft for a list; one that nobody touches for a month says so."""
    days = item.idle_days(now)
    pill = Pill("follow", _("Borrador de plan"))
    if days >= IDLE_DAYS:
        pill = Pill("late", _("Borrador de plan: {days} días sin cambios", days=days))
    return DraftLink(f"/gestion/borradores/{item.id}", item.title, pill)


KIND_OPTIONS = list(KIND_NAMES.items())
