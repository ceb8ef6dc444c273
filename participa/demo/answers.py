"""The answers to the closed consultation, and the second version of its text."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time

from participa.accounts.permissions import Actor
from participa.answers.rules import Decision, seen_mark
from participa.answers.service import answer, change
from participa.answers.told import mark_told
from participa.consultations.service import import_plan
from participa.deliberation.models import Contribution
from participa.deliberation.verdicts import Verdict
from participa.demo.calendar import Calendar
from participa.demo.cast import Cast
from participa.demo.content import AnswerPart, Answers, content, text
from participa.plans.parsing import parse_plan
from participa.plans.queries import current_outline
from participa.plans.service import prepare
from participa.processes.models import Process


async def answer_decree(
    cast: Cast, decree: Process, said: Mapping[str, Contribution], calendar: Calendar
) -> None:
    """Publish the text as it was changed, and answer what was said of it."""
    parts = content(Answers, "answers.toml")
    await _second_version(cast, decree, parts, calendar)
    outline = await current_outline(decree.entity_id, decree.id)
    sections = {entry.number: entry.section_id for entry in outline.entries}
    answered_at = calendar.ago(parts.answered_days_ago, time(15, 0))
    marks: dict[str, str] = {}
    for part in parts.answer:
        decision = _decision(part, sections, outline.version.number)
        receipts = [said[f"decree/{key}"].receipt_number for key in part.said]
        speaker = cast.offices[part.office]
        given = await answer(
            speaker, decree.id, decision, dict.fromkeys(receipts, "0"), now=answered_at
        )
        marks |= dict.fromkeys(receipts, seen_mark(given.id))
        if part.corrected:
            await _correct(speaker, given.id, decision, part.corrected, calendar, parts)
    told_at = calendar.ago(parts.corrected_days_ago, time(16, 20))
    for each in parts.told:
        receipts = [said[f"decree/{key}"].receipt_number for key in each.said]
        await mark_told(
            cast.staff["official"], decree.id, {receipt: marks[receipt] for receipt in receipts},
            told_on=told_at.date(), how=each.how, today=told_at.date(), now=told_at,
        )  # fmt: skip


async def _second_version(cast: Cast, decree: Process, parts: Answers, calendar: Calendar) -> None:
    source = text("consultation.md")
    for edit in parts.edit:
        if source.count(edit.old) != 1:
            raise ValueError(f"Not once in the text: {edit.old}")
        source = source.replace(edit.old, edit.new)
    outline = await current_outline(decree.entity_id, decree.id)
    await import_plan(
        await prepare(parse_plan(source), source),
        entity_id=decree.entity_id,
        process_id=decree.id,
        title=outline.plan.title,
        now=calendar.ago(parts.published_days_ago, time(9, 0)),
        actor=cast.staff["official"],
    )


def _decision(part: AnswerPart, sections: Mapping[str, int], version: int) -> Decision:
    section_id = sections[part.section] if part.section else None
    return Decision(
        verdict=Verdict(part.verdict),
        reason=part.reason.strip(),
        section_id=section_id,
        version=version if section_id is not None and not part.owed else None,
        is_owed=part.owed,
    )


async def _correct(
    speaker: Actor,
    answer_id: int,
    decision: Decision,
    words: str,
    calendar: Calendar,
    parts: Answers,
) -> None:
    corrected_at = calendar.ago(parts.corrected_days_ago, time(8, 40))
    better = replace(decision, reason=words.strip())
    await change(speaker, answer_id, better, seen_mark(answer_id), now=corrected_at)
