"""The acts of officials on formal answers: answering one or many contributions, changing it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from tortoise.expressions import Subquery

from participa.accounts.permissions import Actor
from participa.answers.models import Answer, AnswerRevision, AnswerTarget, EarlierTarget
from participa.answers.rules import Decision, place_problem, seen_mark
from participa.audit import record
from participa.db import transaction
from participa.deliberation.models import Contribution, Merge
from participa.deliberation.rules import BY_ITSELF, State
from participa.deliberation.texts import Body, rendered
from participa.deliberation.verdicts import Verdict
from participa.entities.models import Entity
from participa.features import Along
from participa.i18n import _
from participa.notifications.reading import tell_formal
from participa.plans.models import Section, SectionText
from participa.processes.models import Process
from participa.processes.service import touch
from participa.web.refusals import BadInput, Conflict, NotFound


class AnsweredMeanwhile(Conflict):
    """Somebody else answered, or changed the answer, after the page was shown."""

    title = _("Otra persona respondió mientras usted escribía")
    advice = _("Revise la respuesta de ahora. Si envía la suya, toma su lugar.")


class SectionNotThere(BadInput):
    """The version named does not have the section named."""

    title = _("Ese apartado no está en esa versión del plan.")


async def answer(
    actor: Actor,
    process_id: int,
    decision: Decision,
    seen: Mapping[str, str],
    *,
    now: datetime,
    request_key: str | None = None,
    along: Along | None = None,
) -> Answer:
    """Answer contributions of a process in the entity's name; the latest answer counts.

    What was merged into them is answered with them; `along` is done in the same act. `seen`
    gives, by receipt number, what each had as answer when the official decided (see
    `seen_mark`). The same request key gives what it made the first time. Refuses with
    AnsweredMeanwhile when that is no longer so, with Conflict what cannot be read any more, with
    BadInput an answer without reason or with a place that is none, and with NotFound.
    """
    body = await _checked(decision)
    async with transaction():
        process = await locked_process(actor.entity_id, process_id)
        if request_key is not None and (same := await _asked_before(process, request_key)):
            return same
        await _require_place(process, decision)
        contributions = await _with_merged(await _answerable(process, list(seen)))
        await _replace_targets(contributions, seen, now)
        given = await _store(actor, process, decision, body, now, request_key)
        await AnswerTarget.bulk_create(
            [
                AnswerTarget(entity_id=process.entity_id, answer=given, contribution=each)
                for each in contributions
            ]
        )
        await _publish(actor, "answers.answer", given, contributions, now)
        if along is not None:
            await along(given.id, [each.id for each in contributions])
    return given


async def change(
    actor: Actor, answer_id: int, decision: Decision, seen: str, *, now: datetime
) -> Answer:
    """Change an answer for all contributions that it counts for; the earlier wording stays public.

    Sending the same again changes nothing. Refuses as `answer` does; one that counts for no
    contribution any more is NotFound.
    """
    body = await _checked(decision)
    async with transaction():
        found = Answer.of(actor.entity_id).filter(id=answer_id)
        for process_id in await found.values_list("process_id", flat=True):
            process = await locked_process(actor.entity_id, int(str(process_id)))
        present = await found.first()
        answered = await _answered_by(present) if present is not None else []
        if present is None or not answered:
            raise NotFound
        if decision_of(present) == decision:
            return present
        if seen_mark(present.id, present.edit_count) != seen:
            raise AnsweredMeanwhile
        await _require_place(process, decision)
        await _keep_wording(present, now)
        _reword(present, decision, body)
        present.office = await _office(actor)
        present.edit_count, present.edited_at = present.edit_count + 1, now
        await present.save()
        # Who was told by hand was told the earlier words.
        told = AnswerTarget.of(actor.entity_id).filter(answer_id=present.id)
        await told.update(told_on=None, told_how="")
        await _publish(actor, "answers.change", present, answered, now)
    return present


async def _answered_by(present: Answer) -> list[Contribution]:
    targets = AnswerTarget.of(present.entity_id).filter(answer_id=present.id)
    rows = await targets.select_related("contribution").order_by("contribution_id")
    return [each.contribution for each in rows]


def decision_of(present: Answer) -> Decision:
    """Give what an answer decides now."""
    return Decision(
        verdict=Verdict(present.verdict),
        reason=present.reason_source,
        section_id=present.section_id,
        version=present.version_number,
        is_owed=present.is_owed,
    )


async def _checked(decision: Decision) -> Body:
    problem = place_problem(decision)
    if problem is not None:
        raise BadInput(problem[1])
    if not decision.reason.strip():
        raise BadInput(_("La respuesta dice qué se decidió y por qué."))
    return await rendered(decision.reason)


async def locked_process(entity_id: int, process_id: int) -> Process:
    """Hold the process until commit: one answer at a time, whatever contributions it is for."""
    rows = Process.of(entity_id).filter(id=process_id).select_for_update(no_key=True)
    process = await rows.first()
    if process is None:
        raise NotFound
    return process


async def _asked_before(process: Process, request_key: str) -> Answer | None:
    same = await Answer.of(process.entity_id).filter(request_key=request_key).first()
    if same is not None and same.process_id != process.id:
        raise Conflict
    return same


async def _require_place(process: Process, decision: Decision) -> None:
    if decision.section_id is None:
        return
    sections = Section.of(process.entity_id).filter(
        id=decision.section_id, plan__process_id=process.id
    )
    if not await sections.exists():
        raise SectionNotThere
    texts = SectionText.of(process.entity_id).filter(
        section_id=decision.section_id, version__number=decision.version
    )
    if decision.version is not None and not await texts.exists():
        raise SectionNotThere


async def _answerable(process: Process, receipts: Sequence[str]) -> list[Contribution]:
    if not receipts:
        raise BadInput(_("Elija al menos un aporte."))
    rows = Contribution.of(process.entity_id).filter(
        process_id=process.id, office="", receipt_number__in=receipts, thread__is_hidden=False
    )
    contributions = await rows.order_by("id")
    if len(contributions) != len(receipts):
        raise NotFound
    gone = [each.receipt_number for each in contributions if each.state != State.PUBLISHED]
    if gone:
        raise Conflict(_("El aporte {receipt} ya no está publicado.", receipt=gone[0]))
    return contributions


async def _with_merged(contributions: Sequence[Contribution]) -> list[Contribution]:
    """Add what was merged into these and can be read: who said the same is answered with them."""
    entity_id, ids = contributions[0].entity_id, [each.id for each in contributions]
    merges = Merge.of(entity_id).filter(into_id__in=ids).values("contribution_id")
    rows = Contribution.of(entity_id).filter(
        id__in=Subquery(merges), state=State.PUBLISHED, thread__is_hidden=False
    )
    return [*contributions, *await rows.exclude(id__in=ids).order_by("id")]


async def _replace_targets(
    contributions: Sequence[Contribution], seen: Mapping[str, str], now: datetime
) -> None:
    """Move the answers that counted until now to the history."""
    entity_id = contributions[0].entity_id
    ids = [each.id for each in contributions]
    rows = AnswerTarget.of(entity_id).filter(contribution_id__in=ids)
    targets = await rows.select_related("answer")
    marks = {
        each.contribution_id: seen_mark(each.answer_id, each.answer.edit_count) for each in targets
    }
    chosen = [each for each in contributions if each.receipt_number in seen]
    if any(marks.get(each.id, "0") != seen[each.receipt_number] for each in chosen):
        raise AnsweredMeanwhile
    await EarlierTarget.bulk_create(
        [
            EarlierTarget(
                entity_id=entity_id,
                answer_id=each.answer_id,
                contribution_id=each.contribution_id,
                replaced_at=now,
            )
            for each in targets
        ]
    )
    await rows.delete()


async def _store(
    actor: Actor,
    process: Process,
    decision: Decision,
    body: Body,
    now: datetime,
    request_key: str | None,
) -> Answer:
    given = Answer(
        entity_id=process.entity_id,
        process=process,
        office=await _office(actor),
        created_at=now,
        request_key=request_key,
    )
    _reword(given, decision, body)
    await given.save()
    return given


def _reword(given: Answer, decision: Decision, body: Body) -> None:
    given.verdict, given.reason_source = decision.verdict, decision.reason
    given.reason_html, given.sanitiser_version = body.html, body.version
    given.section_id, given.version_number = decision.section_id, decision.version
    given.is_owed = decision.is_owed


async def _office(actor: Actor) -> str:
    if actor.office:
        return actor.office
    entity: Entity = await Entity.get(id=actor.entity_id)
    return entity.short_name


async def _keep_wording(present: Answer, now: datetime) -> None:
    await AnswerRevision.create(
        entity_id=present.entity_id,
        answer=present,
        number=present.edit_count + 1,
        verdict=present.verdict,
        reason_source=present.reason_source,
        reason_html=present.reason_html,
        office=present.office,
        section_id=present.section_id,
        version_number=present.version_number,
        is_owed=present.is_owed,
        replaced_at=now,
    )


async def _publish(
    actor: Actor, act: str, given: Answer, answered: Sequence[Contribution], now: datetime
) -> None:
    """Write the act down, tell the authors, and let pages that show it be made anew."""
    await touch(actor.entity_id, given.process_id)
    receipts = [each.receipt_number for each in answered]
    more = f" (+{len(receipts) - 1})" if len(receipts) > 1 else ""
    await record(
        entity_id=actor.entity_id,
        actor_id=actor.person_id,
        actor_name=actor.name,
        action=act,
        object_kind="answers.answer",
        object_id=given.id,
        object_label=f"{receipts[0]}{more}",
        reason=f"{given.verdict}: {given.reason_source}",
        now=now,
    )
    about = f"formal:{given.id}"
    people = [
        (each.author_id, each.id)
        for each in answered
        if each.author_id is not None and each.channel == BY_ITSELF
    ]
    await tell_formal(actor.entity_id, people, about, given.edit_count, now)
