"""The act of importing: batch by batch, each whole in itself, repeatable at any point."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import IO

from tortoise.exceptions import IntegrityError

from participa.accounts.permissions import Actor
from participa.audit import record as write_down
from participa.db import transaction
from participa.deliberation.importing.deciding import Decision, Found, decide
from participa.deliberation.importing.files import count_rows
from participa.deliberation.importing.finding import find, known_keys
from participa.deliberation.importing.people import shortened
from participa.deliberation.importing.results import ERRORS_KEPT, ImportResult, Stored
from participa.deliberation.importing.storing import Goal, PlaceOf, store
from participa.deliberation.importing.trial import Trial
from participa.deliberation.mapping import ImportRecord, LineError, Mapping, read_records
from participa.deliberation.texts import Body, TextRefused
from participa.entities.models import Entity
from participa.i18n import Text, _
from participa.kit.html import (
    SANITISER_VERSION,
    TextTooDeep,
    TextTooLong,
    clean_html,
    render_markdown,
)
from participa.processes.models import Process
from participa.web.refusals import Conflict

# Half a second of work: as long as somebody who posts meanwhile may have to wait.
BATCH = 500
ATTEMPTS = 3
LONGEST_KEY = 160


async def import_file(
    entity_id: int,
    process_id: int,
    stream: IO[bytes],
    mapping: Mapping,
    *,
    now: datetime,
    place_of: PlaceOf | None = None,
    dry_run: bool = False,
    progress: Callable[[float], None] = lambda _share: None,
    actor: Actor | None = None,
    errors_kept: int = ERRORS_KEPT,
) -> ImportResult:
    """Import a CSV by its mapping; `progress` hears a share between 0 and 1.

    Refuses with FileRefused and with MappingError before anything is stored.
    """
    total = await asyncio.to_thread(count_rows, stream)
    known = await known_keys(entity_id, mapping.source.name)
    return await import_records(
        entity_id,
        process_id,
        read_records(stream, mapping, known=known),
        source_name=mapping.source.name,
        now=now,
        place_of=place_of,
        dry_run=dry_run,
        progress=lambda rows: progress(min(rows / total, 1.0)),
        actor=actor,
        errors_kept=errors_kept,
    )


async def import_records(
    entity_id: int,
    process_id: int,
    records: Iterable[ImportRecord | LineError],
    *,
    source_name: str,
    now: datetime,
    place_of: PlaceOf | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda _rows: None,
    actor: Actor | None = None,
    errors_kept: int = ERRORS_KEPT,
) -> ImportResult:
    """Store what a reader gives, each reply after what it replies to, as `read_records` does.

    Every 500 rows are one transaction with all its counts, so an import that is interrupted can
    be run again: rows whose key is there are passed over. A trial does everything but write and
    gives the same figures. Phases are not asked: what was said elsewhere was said in its time.
    `place_of` is needed where rows open threads; with an `actor` the act goes to the public log.
    """
    entity = await Entity.get(id=entity_id)
    goal = Goal(entity_id, process_id, entity.name, now, place_of, entity.zone)
    run = _Run(goal, ImportResult(is_trial=dry_run, errors_kept=errors_kept))
    try:
        await run.through(records, progress)
    finally:
        # Also when it was interrupted: what is in the database must be in the log.
        if actor is not None and not dry_run and run.result.stored.contributions:
            await _log(actor, goal, source_name, run.result)
    return run.result


async def _log(actor: Actor, goal: Goal, source_name: str, result: ImportResult) -> None:
    process = await Process.of(goal.entity_id).get(id=goal.process_id)
    figures = "; ".join(f"{words}: {count}" for words, count in result.figures())
    await write_down(
        entity_id=goal.entity_id,
        actor_id=actor.person_id,
        actor_name=actor.name,
        action="deliberation.import",
        object_kind="processes.process",
        object_id=process.id,
        object_label=process.title,
        reason=str(_("Fuente {name}. {figures}.", name=source_name, figures=figures)),
        now=goal.now,
    )


class _Run:
    """One import under way."""

    def __init__(self, goal: Goal, result: ImportResult) -> None:
        self.result = result
        self._goal = goal
        self._trial = Trial(goal.entity_id, goal.process_id) if result.is_trial else None

    async def through(
        self, records: Iterable[ImportRecord | LineError], progress: Callable[[int], None]
    ) -> None:
        """Take everything, a batch at a time; only keys are held for longer than their batch."""
        source = iter(records)
        # In a thread: reading and sanitising would keep the readers of the site waiting.
        while items := await asyncio.to_thread(lambda: list(islice(source, BATCH))):
            batch = [_fitting(item) for item in items if isinstance(item, ImportRecord)]
            errors = [item for item in items if isinstance(item, LineError)]
            await self._persistently(batch, errors)
            progress(self.result.rows)

    async def _persistently(self, batch: list[ImportRecord], errors: list[LineError]) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                await self._once(batch, errors)
            except (IntegrityError, Conflict):
                # Somebody imports the same at this moment: look again at what is there.
                if attempt == ATTEMPTS:
                    raise
            else:
                return

    async def _once(self, batch: list[ImportRecord], errors: list[LineError]) -> None:
        found = await find(self._goal.entity_id, batch)
        if self._trial is not None:
            self._trial.extend(found, batch)
        fresh = [record for record in batch if record.source_key not in found.contributions]
        bodies = await asyncio.to_thread(_bodies, fresh)
        decision = decide(
            batch, bodies, found, process_id=self._goal.process_id, now=self._goal.now
        )
        stored = await self._keep(decision, found)
        told = sorted([*errors, *decision.errors], key=lambda error: error.line)
        self.result.add(stored, decision.already_there, told)

    async def _keep(self, decision: Decision, found: Found) -> Stored:
        if not decision.accepted:
            return Stored()
        if self._trial is not None:
            return await self._trial.keep(decision.accepted)
        async with transaction():
            return await store(self._goal, decision.accepted, found)


def _fitting(record: ImportRecord) -> ImportRecord:
    parent = record.parent_source_key
    return replace(
        record,
        source_key=shortened(record.source_key, LONGEST_KEY),
        thread_source_key=shortened(record.thread_source_key, LONGEST_KEY),
        parent_source_key=None if parent is None else shortened(parent, LONGEST_KEY),
    )


def _bodies(records: Sequence[ImportRecord]) -> dict[str, Body | Text]:
    return {record.source_key: _body(record) for record in records}


def _body(record: ImportRecord) -> Body | Text:
    try:
        safe = clean_html(record.body) if record.is_html else render_markdown(record.body)
    except (TextTooLong, TextTooDeep):
        return TextRefused.title
    return Body(str(safe), SANITISER_VERSION)
