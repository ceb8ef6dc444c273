"""Reads of formal answers: those of some contributions with their history, one to be changed."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from participa.accounts.permissions import Target
from participa.answers.models import Answer, AnswerRevision, AnswerTarget, EarlierTarget
from participa.answers.rules import Wording, earlier_wordings
from participa.deliberation.rules import State
from participa.deliberation.verdicts import VERDICT_PILLS, VERDICTS
from participa.deliberation.views import excerpt
from participa.features import EarlierAnswer, FormalAnswer, Origin
from participa.i18n import _
from participa.kit.html import SafeHtml
from participa.plans.queries import Entry, latest_entries
from participa.processes.queries import process_target
from participa.web.refusals import NotFound

LONGEST_LABEL = 90
Replaced = Mapping[int, Sequence[tuple[AnswerRevision, datetime]]]


async def formal_answers(entity_id: int, contributions: Sequence[int]) -> dict[int, FormalAnswer]:
    """Give the formal answers to contributions, in at most four statements."""
    if not contributions:
        return {}
    rows = AnswerTarget.of(entity_id).filter(contribution_id__in=list(contributions))
    targets = await rows.select_related("answer")
    if not targets:
        return {}
    earlier = await _earlier(entity_id, [each.contribution_id for each in targets])
    before = [each.answer_id for each in earlier]
    replaced = await _replaced(entity_id, [*(each.answer_id for each in targets), *before])
    labels = await section_labels(
        entity_id, {each.answer.section_id for each in targets if each.answer.section_id}
    )
    by_contribution = defaultdict(list)
    for each in earlier:
        by_contribution[each.contribution_id].append(each)
    return {
        each.contribution_id: _formal(
            each.answer,
            labels,
            _history(each.answer, by_contribution[each.contribution_id], replaced),
        )
        for each in targets
    }


async def _earlier(entity_id: int, contributions: Sequence[int]) -> list[EarlierTarget]:
    rows = EarlierTarget.of(entity_id).filter(contribution_id__in=list(contributions))
    return await rows.select_related("answer").order_by("-id")


async def _replaced(entity_id: int, answers: Sequence[int]) -> Replaced:
    found: dict[int, list[tuple[AnswerRevision, datetime]]] = defaultdict(list)
    rows = AnswerRevision.of(entity_id).filter(answer_id__in=set(answers))
    for revision in await rows.order_by("number"):
        found[revision.answer_id].append((revision, revision.replaced_at))
    return found


def _history(
    present: Answer, earlier: Sequence[EarlierTarget], replaced: Replaced
) -> tuple[EarlierAnswer, ...]:
    wordings = earlier_wordings(present.created_at, replaced.get(present.id, ()), present)
    for each in earlier:
        before = each.answer
        ended = replaced.get(before.id, ())
        wordings += earlier_wordings(before.created_at, ended, before, each.replaced_at)
    return tuple(map(_shown, wordings))


def _shown(wording: Wording) -> EarlierAnswer:
    return EarlierAnswer(
        label=VERDICTS[wording.verdict],
        kind=VERDICT_PILLS[wording.verdict],
        office=wording.office,
        html=SafeHtml(wording.reason_html),
        since=wording.since,
        until=wording.until,
    )


def _formal(
    given: Answer, labels: Mapping[int, Entry], history: tuple[EarlierAnswer, ...]
) -> FormalAnswer:
    section = labels.get(given.section_id or 0)
    return FormalAnswer(
        label=VERDICTS[given.verdict],
        kind=VERDICT_PILLS[given.verdict],
        office=given.office,
        html=SafeHtml(given.reason_html),
        at=given.edited_at or given.created_at,
        section_label=section_name(section) if section else "",
        section_url=section.url if section else "",
        version=given.version_number,
        is_owed=given.is_owed,
        history=history,
    )


async def section_labels(entity_id: int, sections: set[int]) -> dict[int, Entry]:
    """Give sections by id as they last stood."""
    if not sections:
        return {}
    return {each.section_id: each for each in await latest_entries(entity_id, sorted(sections))}


def section_name(entry: Entry) -> str:
    """Call a section by its number and title, short enough for a link or a list."""
    title = f"{entry.number} {entry.title}".strip() if entry.title else entry.shown_title
    return excerpt(title, LONGEST_LABEL)


async def answer_by_id(entity_id: int, answer_id: int) -> Answer:
    """Give an answer with its process, to be changed. Refuses with NotFound."""
    rows = Answer.of(entity_id).filter(id=answer_id)
    found = await rows.select_related("process").first()
    if found is None:
        raise NotFound
    return found


async def answer_links(entity_id: int, ids: Collection[int]) -> dict[int, Origin]:
    """Link answers by the first contribution they count for that can be read."""
    rows = AnswerTarget.of(entity_id).filter(
        answer_id__in=list(ids),
        contribution__state=State.PUBLISHED,
        contribution__thread__is_hidden=False,
        answer__process__is_published=True,
    )
    found: dict[int, Origin] = {}
    for each in await rows.select_related("answer", "contribution").order_by("id"):
        receipt = each.contribution.receipt_number
        label = _("Respuesta de {office} al aporte {receipt}",
                  office=each.answer.office, receipt=receipt)  # fmt: skip
        found.setdefault(each.answer_id, Origin(label, f"/aportes/{receipt}#que-paso"))
    return found


def answer_target(given: Answer) -> Target:
    """Give an answer, its process loaded, as what is acted upon."""
    return process_target(given.process)


async def receipts_of(given: Answer) -> list[str]:
    """List the receipt numbers of the contributions that an answer counts for."""
    rows = AnswerTarget.of(given.entity_id).filter(answer_id=given.id).order_by("contribution_id")
    return [str(each) for each in await rows.values_list("contribution__receipt_number", flat=True)]
