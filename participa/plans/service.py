"""Publishing a plan: a new numbered version, in which sections keep their identity."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from tortoise.exceptions import IntegrityError

from participa.accounts.permissions import Actor
from participa.audit import record
from participa.db import transaction
from participa.i18n import _
from participa.kit.html import SANITISER_VERSION
from participa.plans.continuity import MAX_NUMBER, continued_by
from participa.plans.models import Plan, PlanVersion, Section, SectionText
from participa.plans.parsing import ParsedPlan, ParsedSection
from participa.plans.rules import free_keys, last_positions, reading_pages, shown_title
from participa.plans.texts import SectionRefused, section_html
from participa.processes.models import Process
from participa.processes.service import touch
from participa.web.refusals import Conflict

BATCH = 500
MAX_TITLE = 200
Report = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A parsed document with its digest and its safe HTML, ready to be stored."""

    parsed: ParsedPlan
    digest: str
    html: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication did: `is_new` is false when the source was already the current one.

    `gone` counts sections of the version before that this one no longer has; they and what was
    said about them stay.
    """

    plan: Plan
    version: PlanVersion
    is_new: bool
    added: int = 0
    kept: int = 0
    gone: int = 0


def _silent(_share: float) -> None:
    pass


async def prepare(parsed: ParsedPlan, source: str, report: Report = _silent) -> Prepared:
    """Sanitise every section off the event loop. Refuses with SectionRefused, naming it."""
    html = await asyncio.to_thread(_rendered, parsed, report)
    return Prepared(parsed, digest_of(source), html)


def digest_of(source: str) -> str:
    """Give the fingerprint by which a source is known again."""
    return sha256(source.encode("utf-8", "replace")).hexdigest()


def _rendered(parsed: ParsedPlan, report: Report) -> tuple[str, ...]:
    html = []
    for done, section in enumerate(parsed.sections, 1):
        try:
            html.append(section_html(section.body))
        except SectionRefused as refusal:
            name = shown_title(section.kind, section.number, section.title, section.label)
            words = _(
                "El apartado «{name}» (línea {line}) no se puede mostrar.",
                name=name,
                line=section.line,
            )
            raise SectionRefused(words) from refusal
        report(done / len(parsed.sections))
    return tuple(html)


async def publish_version(
    *,
    entity_id: int,
    process_id: int,
    parsed: ParsedPlan,
    source: str,
    now: datetime,
    title: str = "",
    actor: Actor | None = None,
    report: Report = _silent,
) -> Published:
    """Publish a document as the next version of a process's plan.

    Sections stay the same by what they say, not by their number, so that comments stay with
    them (`matching`); none is ever deleted. The source that is already the current version is
    not published again. Without a title, the plan keeps its own, or takes the document's or else
    the process's.

    Refuses with SectionRefused.
    """
    prepared = await prepare(parsed, source, report)
    return await publish_prepared(
        prepared,
        entity_id=entity_id,
        process_id=process_id,
        title=title,
        now=now,
        actor=actor,
    )


async def publish_prepared(
    prepared: Prepared,
    *,
    entity_id: int,
    process_id: int,
    now: datetime,
    title: str = "",
    actor: Actor | None = None,
) -> Published:
    """Store what was prepared, as `publish_version` says, joining a transaction under way."""
    try:
        async with transaction():
            plan = await _plan(entity_id, process_id, title, prepared.parsed)
            current = await _version(plan)
            if current is not None and current.source_digest == prepared.digest:
                return Published(plan, current, is_new=False)
            published = await _publish(plan, current, prepared, now)
            await touch(entity_id, process_id)
            if actor is not None:
                await _record(actor, published, now)
            return published
    except IntegrityError as error:
        raise Conflict(_("Otra persona importó el plan al mismo tiempo. Revise cuál quedó.")) from (
            error
        )


async def _plan(entity_id: int, process_id: int, title: str, parsed: ParsedPlan) -> Plan:
    rows = Plan.of(entity_id).filter(process_id=process_id)
    plan = await rows.select_for_update().first()
    if plan is None:
        process = await Process.of(entity_id).get(id=process_id)
        name = title or parsed.title or process.title
        return await Plan.create(entity_id=entity_id, process=process, title=name[:MAX_TITLE])
    if title and title[:MAX_TITLE] != plan.title:
        plan.title = title[:MAX_TITLE]
        await plan.save(update_fields=["title"])
    return plan


async def _version(plan: Plan) -> PlanVersion | None:
    rows = PlanVersion.of(plan.entity_id).filter(plan_id=plan.id)
    return await rows.filter(number=plan.current_version).first()


async def _publish(
    plan: Plan, before: PlanVersion | None, prepared: Prepared, now: datetime
) -> Published:
    sections = prepared.parsed.sections
    old = await _section_ids_of(before)
    continued = await continued_by(before, sections)
    new = iter(await _create_sections(plan, _new_keys(sections, continued)))
    ids = [next(new) if each is None else each for each in continued]
    plan.current_version += 1
    await plan.save(update_fields=["current_version"])
    version = await PlanVersion.create(
        entity_id=plan.entity_id,
        plan=plan,
        number=plan.current_version,
        source_digest=prepared.digest,
        published_at=now,
    )
    await SectionText.bulk_create(_texts(version, prepared, ids), batch_size=BATCH)
    return Published(
        plan,
        version,
        is_new=True,
        added=len(set(ids) - old),
        kept=len(old.intersection(ids)),
        gone=len(old.difference(ids)),
    )


def _new_keys(sections: Sequence[ParsedSection], continued: Sequence[int | None]) -> list[str]:
    pairs = zip(sections, continued, strict=True)
    return [section.key for section, each in pairs if each is None]


async def _section_ids_of(version: PlanVersion | None) -> frozenset[int]:
    if version is None:
        return frozenset()
    rows = SectionText.of(version.entity_id).filter(version_id=version.id)
    return frozenset(int(str(each)) for each in await rows.values_list("section_id", flat=True))


async def _create_sections(plan: Plan, keys: Sequence[str]) -> list[int]:
    """Give new sections the names they have in their document, or the first free after them.

    A name is for life: the section that was called so keeps it, whatever its number is now.
    """
    ids = await _section_ids(plan)
    named = free_keys(keys, ids)
    rows = [Section(entity_id=plan.entity_id, plan_id=plan.id, key=key) for key in named]
    if rows:
        await Section.bulk_create(rows, batch_size=BATCH)
        ids = await _section_ids(plan)
    return [ids[key] for key in named]


async def _section_ids(plan: Plan) -> dict[str, int]:
    rows = Section.of(plan.entity_id).filter(plan_id=plan.id)
    return {str(key): int(str(each)) for key, each in await rows.values_list("key", "id")}


def _texts(version: PlanVersion, prepared: Prepared, ids: Sequence[int]) -> list[SectionText]:
    sections = prepared.parsed.sections
    parents = [section.parent for section in sections]
    last = last_positions(parents)
    pages = reading_pages(parents, [len(section.body) for section in sections])
    return [
        SectionText(
            entity_id=version.entity_id,
            version_id=version.id,
            section_id=ids[position],
            position=position,
            depth=section.depth,
            parent_position=section.parent,
            last_position=last[position],
            page_position=pages[position],
            kind=section.kind,
            number=section.number[:MAX_NUMBER],
            label=section.label,
            title=section.title,
            body_source=section.body,
            body_html=prepared.html[position],
            sanitiser_version=SANITISER_VERSION,
        )
        for position, section in enumerate(sections)
    ]


async def _record(actor: Actor, published: Published, now: datetime) -> None:
    words = _(
        "Versión {number}: {added} apartados nuevos, {kept} que siguen, {gone} que salen.",
        number=published.version.number,
        added=published.added,
        kept=published.kept,
        gone=published.gone,
    )
    await record(
        entity_id=actor.entity_id,
        actor_id=actor.person_id,
        actor_name=actor.name,
        action="plans.publish_version",
        object_kind="plans.plan",
        object_id=published.plan.id,
        object_label=published.plan.title,
        reason=str(words),
        now=now,
    )
