"""What becomes of each record: stored, there already, or left out with its reason. No I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from participa.deliberation.mapping import ImportRecord, LineError
from participa.deliberation.texts import Body
from participa.i18n import Text, _


@dataclass(frozen=True, slots=True)
class ThreadSpot:
    """A thread imported before."""

    id: int
    process_id: int


@dataclass(frozen=True, slots=True)
class Spot:
    """A contribution imported before: where it stands."""

    id: int
    thread_key: str | None
    process_id: int
    path: str
    is_opening: bool


@dataclass(slots=True)
class Found:
    """What is there already, by the keys of its source."""

    threads: dict[str, ThreadSpot] = field(default_factory=dict)
    contributions: dict[str, Spot] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A record to store, with its text made safe."""

    record: ImportRecord
    body: Body


@dataclass(slots=True)
class Decision:
    """What becomes of a batch."""

    accepted: list[Accepted] = field(default_factory=list)
    already_there: int = 0
    errors: list[LineError] = field(default_factory=list)


def decide(
    records: Sequence[ImportRecord],
    bodies: Mapping[str, Body | Text],
    found: Found,
    *,
    process_id: int,
    now: datetime,
) -> Decision:
    """Decide about a batch whose replies come after what they reply to.

    `bodies` holds, for each record that is not there, its safe text or why there is none. A
    reply whose parent is not in its thread hangs directly under it, beside a note.
    """
    return _Deciding(bodies, found, process_id, now).decide(records)


class _Deciding:
    def __init__(
        self, bodies: Mapping[str, Body | Text], found: Found, process_id: int, now: datetime
    ) -> None:
        self._bodies = bodies
        self._found = found
        self._process_id = process_id
        self._now = now
        self._decision = Decision()
        # The thread of each record of this batch that is to be stored.
        self._thread_of: dict[str, str] = {}
        self._opened: set[str] = set()

    def decide(self, records: Sequence[ImportRecord]) -> Decision:
        for record in records:
            there = self._found.contributions.get(record.source_key)
            if there is not None:
                self._old(record, there)
            elif record.source_key in self._thread_of:
                self._decision.already_there += 1
            else:
                self._new(record)
        return self._decision

    def _old(self, record: ImportRecord, there: Spot) -> None:
        if there.is_opening != record.opens_thread:
            self._refuse(
                record,
                "key_taken",
                _("Su identificador ya lo tiene un aporte de otro archivo: use otro "
                  "«source.name» en el archivo de correspondencias."),
            )  # fmt: skip
        elif there.process_id != self._process_id:
            self._refuse(record, "elsewhere", _("Ya se importó en otro proceso."))
        else:
            self._decision.already_there += 1

    def _new(self, record: ImportRecord) -> None:
        body = self._bodies[record.source_key]
        if isinstance(body, Text):
            self._refuse(record, "text_refused", body)
        elif record.created_at is not None and record.created_at > self._now:
            self._refuse(record, "future_date", _("La fecha todavía no ha llegado."))
        elif record.opens_thread or self._joins(record):
            self._accept(record, body)

    def _joins(self, record: ImportRecord) -> bool:
        if record.thread_source_key in self._opened:
            return True
        thread = self._found.threads.get(record.thread_source_key)
        name = record.thread_source_key.partition(":")[2]
        if thread is None:
            words = _("El hilo «{name}» no está: importe primero el archivo que lo abre.",
                      name=name)  # fmt: skip
            self._refuse(record, "thread_missing", words)
            return False
        if thread.process_id != self._process_id:
            words = _("El hilo «{name}» está en otro proceso.", name=name)
            self._refuse(record, "thread_elsewhere", words)
            return False
        return True

    def _accept(self, record: ImportRecord, body: Body) -> None:
        if record.opens_thread:
            self._opened.add(record.source_key)
        self._thread_of[record.source_key] = record.thread_source_key
        self._decision.accepted.append(Accepted(self._under_its_parent(record), body))

    def _under_its_parent(self, record: ImportRecord) -> ImportRecord:
        parent = record.parent_source_key
        if parent is None:
            return record
        spot = self._found.contributions.get(parent)
        thread = spot.thread_key if spot else self._thread_of.get(parent)
        if thread == record.thread_source_key:
            return record
        name = parent.partition(":")[2]
        if spot is None and parent not in self._thread_of:
            words = _("Responde a «{key}», que no está: queda directamente en el hilo.", key=name)
            self._note(record, "parent_missing", words)
        else:
            words = _(
                "Responde a «{key}», que está en otro hilo: queda directamente en el suyo.",
                key=name,
            )
            self._note(record, "parent_elsewhere", words)
        return replace(record, parent_source_key=None)

    def _refuse(self, record: ImportRecord, code: str, words: Text) -> None:
        self._remark(record, code, words, "row")

    def _note(self, record: ImportRecord, code: str, words: Text) -> None:
        self._remark(record, code, words, "note")

    def _remark(
        self, record: ImportRecord, code: str, words: Text, severity: Literal["note", "row"]
    ) -> None:
        self._decision.errors.append(LineError(record.line, None, code, words, severity))
