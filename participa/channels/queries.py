"""Reads of other channels: where a contribution can go, recordings and their contributions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from participa.channels.marks import source_key
from participa.channels.models import Recorded, Recording
from participa.channels.rules import KINDS, Places, Where
from participa.consultations.models import Consultation
from participa.consultations.rules import PROPOSAL_KIND, PROPOSE, SECTION_KIND
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.rules import State
from participa.deliberation.views import excerpt
from participa.entities.models import Territory
from participa.features import Origin
from participa.forums.models import Forum
from participa.forums.queries import ACTIVITY as DISCUSS
from participa.forums.queries import KIND as TOPIC_KIND
from participa.i18n import Text, _
from participa.kit.html import plain_text
from participa.plans.models import SectionText
from participa.processes.models import Process
from participa.territory.naming import AreaNames
from participa.web.refusals import NotFound

PAGE_SIZE = 30
RECEIPTS = 200
_LONGEST_ID = 9


@dataclass(frozen=True, slots=True)
class RecordedView:
    """A contribution of a recording, as its sheet of receipts shows it."""

    receipt: str
    url: str
    thread_title: str
    words: str


async def places_of(entity_id: int, process_id: int) -> Places:
    """List where something can be said in a process, in five statements.

    Sections first, in the order of the text; then new proposals and topics; then those there are.
    """
    threads = await Thread.of(entity_id).filter(
        process_id=process_id, is_hidden=False, merged_at=None
    )
    order = await _section_numbers(entity_id, process_id)
    about = [each for each in threads if each.kind == SECTION_KIND]
    about.sort(key=lambda each: order.get(each.place_id, (len(order), "")))
    sections = [_existing(each, order.get(each.place_id, (0, ""))[1]) for each in about]
    others = [_existing(each) for each in threads if each.kind in {PROPOSAL_KIND, TOPIC_KIND}]
    return Places([*sections, *await _openers(entity_id, process_id), *others])


async def _section_numbers(entity_id: int, process_id: int) -> dict[int, tuple[int, str]]:
    """Give each section's place in the text and its number; later versions say it last."""
    rows = SectionText.of(entity_id).filter(version__plan__process_id=process_id)
    found = rows.order_by("version_id").values_list("section_id", "position", "number")
    return {int(str(section)): (int(str(at)), str(n)) for section, at, n in await found}


def _existing(thread: Thread, number: str = "") -> Where:
    return Where(thread.title, thread.kind, thread.place_id, thread.activity, thread.id, number)


async def _openers(entity_id: int, process_id: int) -> list[Where]:
    calls = await Consultation.of(entity_id).filter(
        process_id=process_id, plan_id=None, is_published=True
    )
    forums = await Forum.of(entity_id).filter(process_id=process_id).order_by("position", "id")
    return [
        *(
            Where(_("Propuesta nueva: {title}", title=each.title), PROPOSAL_KIND, each.id, PROPOSE)
            for each in calls
        ),
        *(
            Where(_("Tema nuevo: {title}", title=each.title), TOPIC_KIND, each.id, DISCUSS)
            for each in forums
        ),
    ]


async def area_names(entity_id: int) -> AreaNames:
    """Give the parts of the municipality, to be offered as places and found by their names."""
    rows = await Territory.of(entity_id).order_by("name")
    return AreaNames((row.id, row.kind, row.name) for row in rows)


async def recordings_of(entity_id: int, process_id: int, start: str) -> list[Recording]:
    """List what was recorded in a process, newest first, one more than a page holds."""
    rows = Recording.of(entity_id).filter(process_id=process_id)
    if start.isascii() and start.isdigit() and len(start) <= _LONGEST_ID:
        rows = rows.filter(id__lte=int(start))
    return await rows.select_related("organisation").order_by("-id").limit(PAGE_SIZE + 1)


async def recording_of(entity_id: int, recording_id: int) -> Recording:
    """Find a recording with its process. Refuses with NotFound, also for another entity's."""
    rows = Recording.of(entity_id).filter(id=recording_id)
    found = await rows.select_related("process", "organisation").first()
    if found is None:
        raise NotFound
    return found


async def origins_of(entity_id: int, contributions: Sequence[int]) -> Mapping[int, Origin]:
    """Say in which recording contributions were written down, for those that were."""
    links = Recorded.of(entity_id).filter(contribution_id__in=list(contributions))
    return {
        link.contribution_id: Origin(title_of(link.recording), f"/registros/{link.recording_id}")
        for link in await links.select_related("recording__organisation")
    }


def title_of(recording: Recording) -> str | Text:
    """Name a recording: what it was and where, or the organisation that spoke."""
    if recording.organisation is not None:
        return str(recording.organisation.name)
    kind = KINDS[recording.kind]
    return _("{kind}, {place}", kind=kind, place=recording.place) if recording.place else kind


async def known_marks(process: Process, source: str, marks: Sequence[str]) -> set[str]:
    """Give the marks of a sheet's rows that were recorded before from the same source."""
    if not source:
        return set()
    keys = {source_key(process.id, source, mark): mark for mark in marks if mark}
    rows = Recorded.of(process.entity_id).filter(source_key__in=list(keys))
    return {keys[str(key)] for key in await rows.values_list("source_key", flat=True)}


async def is_recorded(entity_id: int, request_key: str) -> bool:
    """Whether a form or a sheet was recorded already."""
    return await Recording.of(entity_id).filter(request_key=request_key).exists()


async def said_in(recording: Recording, start: str = "") -> tuple[list[RecordedView], int | None]:
    """List a page of what a recording left, and where the next one starts.

    Of what was hidden or taken back only the receipt.
    """
    links = Recorded.of(recording.entity_id).filter(recording_id=recording.id).order_by("id")
    if start.isascii() and start.isdigit() and len(start) <= _LONGEST_ID:
        links = links.filter(id__gte=int(start))
    found = await links.limit(RECEIPTS + 1)
    ids = [link.contribution_id for link in found[:RECEIPTS]]
    rows = Contribution.of(recording.entity_id).filter(id__in=ids).select_related("thread")
    by_id = {row.id: row for row in await rows}
    said = _views([by_id[each] for each in ids if each in by_id])
    return said, found[RECEIPTS].id if len(found) > RECEIPTS else None


def _views(rows: Sequence[Contribution]) -> list[RecordedView]:
    return [
        RecordedView(
            receipt=row.receipt_number,
            url=f"/aportes/{row.receipt_number}",
            thread_title="" if row.thread.is_hidden else row.thread.title,
            words=excerpt(plain_text(row.body_html)) if _is_readable(row) else "",
        )
        for row in rows
    ]


def _is_readable(row: Contribution) -> bool:
    return row.state == State.PUBLISHED and not row.thread.is_hidden
