"""The order in which imported contributions can be stored: parents before their replies."""

from collections.abc import Container, Iterator
from dataclasses import replace
from typing import Literal

from participa.deliberation.records import ImportRecord, LineError
from participa.i18n import _


def without_doubles(
    items: Iterator[ImportRecord | LineError],
) -> Iterator[ImportRecord | LineError]:
    """Leave out rows whose key an earlier line had, each with an error."""
    seen: dict[str, int] = {}
    for item in items:
        if isinstance(item, LineError):
            yield item
            continue
        first = seen.setdefault(item.source_key, item.line)
        if first == item.line:
            yield item
        else:
            key = item.source_key.partition(":")[2]
            message = _(
                "El identificador «{key}» ya está en la línea {first}.", key=key, first=first
            )
            yield LineError(item.line, None, "duplicate_id", message)


def in_order_of_replies(
    items: Iterator[ImportRecord | LineError], known: Container[str]
) -> Iterator[ImportRecord | LineError]:
    """Give every reply after its parent; see read_records for those whose parent is not there."""
    order = _ReplyOrder(known)
    for item in items:
        if isinstance(item, LineError):
            yield item
        else:
            yield from order.take(item)
    yield from order.rest()


class _ReplyOrder:
    """Replies held back until what they reply to has been given."""

    def __init__(self, known: Container[str]) -> None:
        self._known = known
        # Every record given, with its thread; and the replies that wait, by their parent.
        self._given: dict[str, str] = {}
        self._waiting: dict[str, list[ImportRecord]] = {}

    def take(self, record: ImportRecord) -> Iterator[ImportRecord | LineError]:
        """Give the record, and all that waited for it, or keep it until its parent comes."""
        parent = record.parent_source_key
        if parent is not None and parent not in self._given and parent not in self._known:
            self._waiting.setdefault(parent, []).append(record)
            return
        queue = [record]
        while queue:
            ready = queue.pop(0)
            yield from self._give(ready)
            queue.extend(self._waiting.pop(ready.source_key, ()))

    def rest(self) -> Iterator[ImportRecord | LineError]:
        """Give those whose parent never came, and after each those that waited for it.

        A parent that waits itself is not missing, unless the replies go round in a circle: then
        the first line of those left breaks it.
        """
        while self._waiting:
            held = {one.source_key for group in self._waiting.values() for one in group}
            parent = next((key for key in self._waiting if key not in held), None)
            group = self._waiting.pop(parent or next(iter(self._waiting)))
            for record in group:
                yield _detached_note(record, "parent_missing")
                yield from self.take(replace(record, parent_source_key=None))

    def _give(self, record: ImportRecord) -> Iterator[ImportRecord | LineError]:
        self._given[record.source_key] = record.thread_source_key
        parent = record.parent_source_key or ""
        if self._given.get(parent, record.thread_source_key) != record.thread_source_key:
            yield _detached_note(record, "parent_elsewhere")
            record = replace(record, parent_source_key=None)
        yield record


def _detached_note(
    record: ImportRecord, code: Literal["parent_missing", "parent_elsewhere"]
) -> LineError:
    key = (record.parent_source_key or "").partition(":")[2]
    messages = {
        "parent_missing": _(
            "Responde a «{key}», que no está: queda directamente en el hilo.", key=key
        ),
        "parent_elsewhere": _(
            "Responde a «{key}», que está en otro hilo: queda directamente en el suyo.", key=key
        ),
    }
    return LineError(record.line, None, code, messages[code], "note")
