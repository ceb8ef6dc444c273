"""The answers to the closed consultation, and the second version of its text."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time

from participa.accounts.permissions import Actor
from participa.answers.rules import Decision, seen_mark
from participa.answers.service import answer, change
from participa.answers.told import mark_told
from participa.deliberation.models import Contribution
from participa.deliberation.verdicts import Verdict
from participa.demo.calendar import Calendar
from participa.demo.cast import Cast
from participa.demo.content import (
    AnswerPart,
    Answers,
    ClosedConsultation,
    Processes,
    content,
)
from participa.demo.places import decree_process, revise_document
from participa.plans.queries import current_outline
from participa.processes.models import Process


async def answer_decree(
    cast: Cast, decree: Process, said: Mapping[str, Contribution], calendar: Calendar
) -> None:
    """Publish the text as it was changed, and answer what was said of it."""
    parts = content(Answers, "answers.toml")
    await _second_version(cast, decree, calendar)
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


async def _second_version(cast: Cast, decree: Process, calendar: Calendar) -> None:
    asked = content(ClosedConsultation, "consultation.toml").consultation
    part = decree_process(content(Processes, "processes.toml").decree, asked)
    await revise_document(
        cast, calendar, part, decree, file="consultation.md", changes="decree_changes.toml"
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
