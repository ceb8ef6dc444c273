"""What was said about passages of a text: marked in it, counted, and listed for one of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from participa.consultations.anchoring import State
from participa.consultations.models import Anchor
from participa.consultations.remarks import passage_url, remarks_of
from participa.db import fetch
from participa.deliberation.rules import State as ContributionState
from participa.deliberation.shown import shown_rows
from participa.deliberation.views import author_name, excerpt
from participa.features import Shown
from participa.i18n import Number, Text, n_
from participa.kit.html import SafeHtml, plain_text
from participa.kit.passages import Mark, marked, place_of, signs_before, text_of
from participa.kit.receipts import parse_receipt
from participa.plans.models import SectionText

MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class Spot:
    """Passages that touch each other, as one stretch of a text, and who spoke about them."""

    start: int
    end: int
    comments: tuple[int, ...]
    # The first comment's receipt number, which names the spot in addresses.
    receipt: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A comment on a passage, as the list of them shows it."""

    url: str
    name: str | Text
    excerpt: str
    beside: Shown | None


@dataclass(frozen=True, slots=True)
class Pointed:
    """The passage an address points at: its words, whether and where they still stand."""

    words: str
    state: str
    made_on: int
    # How many signs of the text stand before it.
    at: int = 0
    # Its page, where it now stands in another section.
    moved_url: str = ""
    spot: Spot | None = None
    comments: tuple[Listed, ...] = ()
    left_out: int = 0


_SPOTS = """
    SELECT a.section_id, a.placed_start, a.placed_end, c.id, c.receipt_number
    FROM consultations_anchor a
    JOIN deliberation_contribution c ON c.id = a.contribution_id
    JOIN deliberation_thread t ON t.id = c.thread_id
    WHERE a.entity_id = $1 AND a.placed_on = $2 AND a.state IN ('exact', 'sure')
        AND a.placed_start IS NOT NULL AND c.state = 'published' AND NOT t.is_hidden
        AND a.section_id IN ({places})
    ORDER BY a.section_id, a.placed_start, c.id
"""


@lru_cache(maxsize=64)
def _statement(count: int) -> str:
    return _SPOTS.format(places=", ".join(f"${at}" for at in range(3, count + 3)))


async def spots_in(
    entity_id: int, version: int, sections: Collection[int]
) -> Mapping[int, Sequence[Spot]]:
    """Find what was spoken about in the texts of some sections, in one statement.

    What is doubtful, hidden or taken back is not marked.
    """
    if not sections:
        return {}
    found: dict[int, list[Spot]] = {}
    for section, start, end, comment, receipt in await fetch(
        _statement(len(sections)), entity_id, version, *sections
    ):
        spots = found.setdefault(section, [])
        if spots and start < spots[-1].end:
            last = spots[-1]
            comments = (*last.comments, comment)
            spots[-1] = Spot(last.start, max(last.end, end), comments, last.receipt)
        else:
            spots.append(Spot(start, end, (comment,), receipt))
    return found


def with_spots(
    text: SectionText, spots: Sequence[Spot], locale: str, current: Spot | None = None
) -> SafeHtml:
    """Mark what was spoken about in a section's text, each with a count that leads to it."""
    marks = [
        Mark(spot.start, spot.end, _count(text.section_id, spot, locale), spot == current)
        for spot in spots
    ]
    return SafeHtml(marked(text.body_html, marks))


_COUNT = Markup(
    '<a class="counted" href="{}"><span class="sr">{}</span><span aria-hidden="true">{}</span></a>'
)


def _count(section_id: int, spot: Spot, locale: str) -> str:
    count, number = len(spot.comments), Number(len(spot.comments))
    words = n_(
        "{number} aporte sobre este pasaje",
        "{number} aportes sobre este pasaje",
        count,
        number=number,
    )
    return _COUNT.format(
        passage_url(section_id, spot.receipt), words.render(locale), number.render(locale)
    )


async def pointed_at(text: SectionText, receipt: str, spots: Sequence[Spot]) -> Pointed | None:
    """Find the passage of a comment in a section, with all that was said about it.

    None where no such comment is about a passage that stands, or stood, in this section.
    """
    anchor = await _anchor(text.entity_id, receipt)
    if anchor is None or text.section_id not in {anchor.section_id, anchor.made_in}:
        return None
    words, made_on = anchor.words, anchor.made_on
    if anchor.section_id != text.section_id:
        url = passage_url(anchor.section_id, anchor.contribution.receipt_number)
        return Pointed(words, anchor.state, made_on, moved_url=url)
    spot = next((each for each in spots if anchor.contribution_id in each.comments), None)
    if spot is None:
        return Pointed(words, State.DOUBTFUL, made_on)
    now = text_of(text.body_html)
    return Pointed(
        now[anchor.placed_start : anchor.placed_end],
        anchor.state,
        made_on,
        at=signs_before(now, anchor.placed_start or 0),
        spot=spot,
        comments=await _listed(text.entity_id, spot.comments[:MOST_LISTED]),
        left_out=max(0, len(spot.comments) - MOST_LISTED),
    )


async def _anchor(entity_id: int, receipt: str) -> Anchor | None:
    parsed = parse_receipt(receipt)
    if parsed is None:
        return None
    rows = Anchor.of(entity_id).filter(
        contribution__receipt_number=str(parsed),
        contribution__state=ContributionState.PUBLISHED,
        contribution__thread__is_hidden=False,
    )
    return await rows.exclude(words="").select_related("contribution").first()


async def _listed(entity_id: int, comments: Sequence[int]) -> tuple[Listed, ...]:
    rows = {row.id: row for row in await shown_rows(entity_id, comments, remarks_of)}
    return tuple(
        Listed(
            url=f"/aportes/{row.receipt_number}",
            name=row.office or author_name(row),
            excerpt=excerpt(plain_text(row.body_html)),
            beside=row.beside,
        )
        for row in (rows[each] for each in comments if each in rows)
        # It may have been hidden since it was found.
        if row.state == ContributionState.PUBLISHED
    )


def chosen(text: SectionText, asked: str) -> dict[str, str]:
    """Give the fields of the form for a passage that an address names by its first and last sign.

    They are counted without spaces, as browsers and servers agree on no others. Empty for what
    names no passage.
    """
    first, _dash, last = asked.partition("-")
    if not all(each.isascii() and each.isdigit() and len(each) < 8 for each in (first, last)):
        return {}
    words = text_of(text.body_html)
    passage = words[place_of(words, int(first)) : place_of(words, int(last))].strip()
    return {"passage": passage, "at": first} if passage else {}
