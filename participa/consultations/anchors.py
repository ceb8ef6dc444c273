"""Keeping comments at their passages: moved to each new version, and where a person decides."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import cast

from participa.accounts.permissions import Actor
from participa.audit import record
from participa.consultations.anchoring import (
    UNPLACED,
    Placement,
    Quote,
    State,
    occurrences,
    quote_at,
)
from participa.consultations.models import Anchor
from participa.consultations.moves import Known, Moved, News, Texts, moved
from participa.db import transaction
from participa.i18n import _
from participa.kit.passages import text_of
from participa.plans.models import Plan, SectionText
from participa.processes.service import touch
from participa.web.refusals import BadInput, Conflict, NotFound, Refusal

_PLACED = (
    "section_id", "placed_on", "seen_on", "placed_start", "placed_end", "confidence", "state",
    "is_decided",
)  # fmt: skip


class Choice(StrEnum):
    """What a person decides about a passage: it is there, it is gone, or it is elsewhere."""

    HERE = "aqui"
    SECTION = "apartado"
    PASSAGE = "pasaje"


class PassageUnclear(Refusal):
    """Words that are not in the text, or in several places of it."""

    status = 422
    title = _("Esas palabras no están así en el texto de la versión actual. Cópielas de él.")


class PassageRepeated(PassageUnclear):
    """Words that are in several places of the text."""

    title = _("Esas palabras están varias veces en el texto. Copie también algunas de al lado.")


async def place_again(entity_id: int, plan_id: int) -> int:
    """Move what was said about passages to the version in force; give how much that was.

    What is there already stays, so it may be asked for again. None is lost: what is not found
    stays with its section, and what is doubtful waits for a person.
    """
    plan = await Plan.of(entity_id).get(id=plan_id)
    version = plan.current_version
    rows = Anchor.of(entity_id).filter(section__plan_id=plan_id, seen_on__lt=version)
    anchors = await rows.order_by("id")
    if not anchors:
        return 0
    texts = await _texts(plan, {version, *(_wording_of(anchor)[1] for anchor in anchors)})
    found = await asyncio.to_thread(_all_moved, anchors, version, texts)
    for anchor in anchors:
        _move(anchor, version, texts, found.get(anchor.id))
    async with transaction():
        held = await Plan.of(entity_id).filter(id=plan_id).select_for_update().get()
        if held.current_version != version:
            # Another version came meanwhile, and with it another job.
            return 0
        await Anchor.bulk_update(anchors, _PLACED, batch_size=200)
        await touch(entity_id, plan.process_id)
    return len(anchors)


def _is_placed(anchor: Anchor) -> bool:
    return anchor.placed_end is not None and anchor.state in {State.EXACT, State.SURE}


def _wording_of(anchor: Anchor) -> tuple[int, int]:
    """Name the text, by section and version, in which a passage surely stood last.

    What is doubtful is searched for again from where it was chosen.
    """
    if _is_placed(anchor):
        return anchor.section_id, anchor.placed_on
    return anchor.made_in, anchor.made_on


def _known(anchor: Anchor, texts: Texts) -> Known | None:
    """Give what a passage is searched from; None where there is none, or a person gave it up."""
    if not anchor.words or (anchor.is_decided and anchor.state == State.SECTION):
        return None
    section_id, version = _wording_of(anchor)
    if _is_placed(anchor):
        text = texts[version].get(section_id, "")
        quote = quote_at(text, anchor.placed_start or 0, anchor.placed_end or 0)
        return Known(section_id, version, quote, anchor.confidence)
    quote = Quote(anchor.words, anchor.prefix, anchor.suffix, anchor.start)
    return Known(section_id, version, quote)


def _all_moved(anchors: Sequence[Anchor], version: int, texts: Texts) -> Mapping[int, Moved]:
    found: dict[int, Moved] = {}
    news = News(version, texts)
    for anchor in anchors:
        known = _known(anchor, texts)
        place = moved(known, news) if known is not None else None
        if place is not None:
            found[anchor.id] = place
    return found


def _move(anchor: Anchor, version: int, texts: Texts, place: Moved | None) -> None:
    anchor.seen_on = version
    if place is not None:
        _put(anchor, version, place.section_id, place.placement)
    elif anchor.section_id in texts[version]:
        anchor.placed_on = version


def _put(
    anchor: Anchor, version: int, section_id: int, place: Placement, *, is_decided: bool = False
) -> None:
    anchor.section_id, anchor.placed_on = section_id, version
    anchor.placed_start, anchor.placed_end = place.start, place.end
    anchor.confidence, anchor.state = place.confidence, place.state
    anchor.is_decided = is_decided


async def _texts(plan: Plan, versions: Collection[int]) -> Texts:
    rows = SectionText.of(plan.entity_id).filter(
        version__plan_id=plan.id, version__number__in=list(versions)
    )
    found = await rows.values_list("version__number", "section_id", "body_html")
    return await asyncio.to_thread(_read, versions, found)


def _read(versions: Collection[int], rows: Sequence[object]) -> Texts:
    texts: dict[int, dict[int, str]] = {number: {} for number in versions}
    for number, section_id, html in cast("Sequence[tuple[int, int, str]]", rows):
        texts[number][section_id] = text_of(html)
    return texts


async def decide(
    actor: Actor,
    process_id: int,
    anchor_id: int,
    choice: Choice,
    *,
    version: int,
    words: str = "",
    now: datetime,
) -> None:
    """Say where a doubtful passage stands in the version that was looked at.

    It is where it was guessed, or gone (what was said stays with its section), or where other
    `words` stand. Refuses with NotFound, with Conflict when the text has changed since, and with
    PassageUnclear for words that are not in the text or in several places of it.
    """
    async with transaction():
        anchor = await _held(actor, process_id, anchor_id, version)
        section_id, place = await _chosen(anchor, version, choice, words)
        _put(anchor, version, section_id, place, is_decided=True)
        await anchor.save(update_fields=_PLACED)
        await touch(actor.entity_id, process_id)
        await record(
            entity_id=actor.entity_id,
            actor_id=actor.person_id,
            actor_name=actor.name,
            action="consultations.place_passage",
            object_kind="consultations.anchor",
            object_id=anchor.id,
            object_label=anchor.contribution.receipt_number,
            now=now,
        )


async def _held(actor: Actor, process_id: int, anchor_id: int, version: int) -> Anchor:
    """Read an anchor while no new version can be published."""
    rows = Plan.of(actor.entity_id).filter(process_id=process_id)
    plan = await rows.select_for_update().first()
    found = Anchor.of(actor.entity_id).filter(id=anchor_id, contribution__process_id=process_id)
    anchor = await found.exclude(words="").select_related("contribution").first()
    if plan is None or anchor is None:
        raise NotFound
    if plan.current_version != version or anchor.seen_on != version:
        raise Conflict(
            _("El texto cambió mientras decidía."),
            _("Vuelva a la lista: los pasajes se están buscando en la versión nueva."),
        )
    return anchor


async def _chosen(
    anchor: Anchor, version: int, choice: Choice, words: str
) -> tuple[int, Placement]:
    if choice is Choice.SECTION:
        return anchor.section_id, replace(UNPLACED, confidence=1.0)
    rows = SectionText.of(anchor.entity_id).filter(version__number=version)
    rows = rows.filter(version__plan__process_id=anchor.contribution.process_id)
    if choice is Choice.HERE:
        if anchor.placed_start is None or anchor.placed_end is None:
            raise BadInput
        return anchor.section_id, Placement(anchor.placed_start, anchor.placed_end, 1.0, State.SURE)
    found = await rows.values_list("version__number", "section_id", "body_html")
    texts = _read([version], found)[version]
    section_id, (start, end) = _only_place(anchor.section_id, texts, words)
    return section_id, Placement(start, end, 1.0, State.SURE)


def _only_place(
    section_id: int, texts: Mapping[int, str], words: str
) -> tuple[int, tuple[int, int]]:
    """Find words in a section or, where they are not in it, in the whole text."""
    found = [(section_id, place) for place in occurrences(texts.get(section_id, ""), words)]
    if not found:
        found = [
            (each, place) for each, text in texts.items() for place in occurrences(text, words)
        ]
    if not found:
        raise PassageUnclear
    if len(found) > 1:
        raise PassageRepeated
    return found[0]
