"""How a plan is laid out to be read: its contents, and one page of its text. No I/O."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from participa.deliberation.tallies import Tally
from participa.deliberation.views import excerpt
from participa.i18n import Text
from participa.kit.html import SafeHtml
from participa.plans.models import SectionText
from participa.plans.queries import Entry, Outline
from participa.plans.rules import contents_depth, kind_words, shown_title
from participa.web.navigation import with_query

LONGEST_LABEL = 60
Counts = Mapping[int, Tally]
Link = tuple[str, str]
NONE = Tally()


@dataclass(frozen=True, slots=True)
class ContentsItem:
    """A line of the contents; `read_url` is the page for reading that begins with it."""

    number: str
    title: str
    url: str
    count: Tally
    depth: int
    is_current: bool = False
    read_url: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A section on a page for reading."""

    id: int
    url: str
    number: str
    kind_label: str | Text
    title: str
    html: Markup
    depth: int
    count: Tally
    anchor: str


def anchor(section_id: int) -> str:
    """Name a section's place on its page for reading."""
    return f"s{section_id}"


def reading_url(plan_url: str, section_id: int) -> str:
    """Give the page for reading on which a section stands."""
    return with_query(plan_url, capitulo=section_id)


def page_of(outline: Outline, plan_url: str, entry: Entry) -> str:
    """Give the place of a section in the text, on the page for reading that has it."""
    begins = outline.entries[entry.page_position]
    return f"{reading_url(plan_url, begins.section_id)}#{anchor(entry.section_id)}"


def whole_contents(
    outline: Outline, counts: Counts, plan_url: str, *, is_old: bool = False
) -> list[ContentsItem]:
    """List the plan as deep as can be overlooked; each line also counts what it leaves out.

    The lines of an old version lead into its text: the pages of sections show the present one.
    """
    deepest = contents_depth([entry.depth for entry in outline.entries])
    items: list[ContentsItem] = []
    for entry in outline.entries:
        count = counts.get(entry.section_id, NONE)
        if entry.depth > deepest:
            items[-1] = replace(items[-1], count=items[-1].count + count)
            continue
        starts = entry.position == entry.page_position
        items.append(
            ContentsItem(
                number=entry.number,
                title=entry.shown_title,
                url=page_of(outline, plan_url, entry) if is_old else entry.url,
                count=count,
                depth=entry.depth,
                read_url=reading_url(plan_url, entry.section_id) if starts and not is_old else "",
            )
        )
    return items


def side_contents(
    outline: Outline, counts: Counts, plan_url: str, page_position: int
) -> list[ContentsItem]:
    """List the pages for reading and, on the one being read, its sections but for the goals."""
    listed = [
        entry
        for entry in outline.entries
        if entry.position == entry.page_position
        or (entry.page_position == page_position and entry.kind != "meta")
    ]
    shallowest = min((entry.depth for entry in listed), default=0)
    totals: dict[int, Tally] = {}
    for entry in outline.entries:
        count = counts.get(entry.section_id, NONE)
        totals[entry.page_position] = totals.get(entry.page_position, NONE) + count
    return [
        ContentsItem(
            number=entry.number,
            title=excerpt(entry.shown_title, LONGEST_LABEL),
            url=f"#{anchor(entry.section_id)}"
            if entry.page_position == page_position
            else reading_url(plan_url, entry.section_id),
            count=counts.get(entry.section_id, NONE)
            if entry.page_position == page_position
            else totals[entry.page_position],
            depth=entry.depth - shallowest,
            is_current=entry.position == page_position,
        )
        for entry in listed
    ]


def passages(
    texts: Sequence[SectionText], html: Sequence[SafeHtml], counts: Counts
) -> list[Passage]:
    """Lay out the text of one page, from what it says and the same as it is shown."""
    shallowest = min((text.depth for text in texts), default=0)
    return [
        Passage(
            id=text.section_id,
            url=f"/apartados/{text.section_id}",
            number=text.number,
            kind_label=kind_words(text.kind, text.number, text.label),
            title=shown_title(text.kind, text.number, text.title, text.label),
            html=shown,
            depth=text.depth - shallowest,
            count=counts.get(text.section_id, NONE),
            anchor=anchor(text.section_id),
        )
        for text, shown in zip(texts, html, strict=True)
    ]


def beside(outline: Outline, plan_url: str, page_position: int) -> tuple[Link | None, Link | None]:
    """Give the pages before and after one."""
    starts = [entry for entry in outline.entries if entry.position == entry.page_position]
    place = next(n for n, entry in enumerate(starts) if entry.position == page_position)
    before = starts[place - 1] if place else None
    after = starts[place + 1] if place + 1 < len(starts) else None
    return _page_link(plan_url, before), _page_link(plan_url, after)


def _page_link(plan_url: str, entry: Entry | None) -> Link | None:
    if entry is None:
        return None
    return reading_url(plan_url, entry.section_id), named(entry)


def named(entry: Entry) -> str:
    """Call a section by its number and title, short enough for a link."""
    title = f"{entry.number} {entry.title}".strip() if entry.title else entry.shown_title
    return excerpt(title, LONGEST_LABEL)


def contents_of(entries: Iterable[Entry], parent: int, counts: Counts) -> list[ContentsItem]:
    """List what a section contains directly; each line also counts what that contains."""
    inside = [entry for entry in entries if entry.position > parent]
    return [
        ContentsItem(
            number=child.number,
            title=child.shown_title,
            url=child.url,
            count=sum(
                (
                    counts.get(entry.section_id, NONE)
                    for entry in inside
                    if child.position <= entry.position <= child.last_position
                ),
                NONE,
            ),
            depth=0,
        )
        for child in inside
        if child.parent_position == parent
    ]
