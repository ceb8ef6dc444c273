"""The hub of one process, and the hub in use."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class MemoryHub:
    """Watchers of one process: a set of events for each topic."""

    def __init__(self) -> None:
        self._watchers: dict[str, set[asyncio.Event]] = {}

    async def wake(self, topic: str) -> None:
        """Set the event of each watcher."""
        for event in self._watchers.get(topic, ()):
            event.set()

    @contextmanager
    def watching(self, topic: str) -> Iterator[asyncio.Event]:
        """Watch a topic; the watcher clears its event and reads the table."""
        event = asyncio.Event()
        self._watchers.setdefault(topic, set()).add(event)
        try:
            yield event
        finally:
            self._watchers[topic].discard(event)
            if not self._watchers[topic]:
                del self._watchers[topic]

    def count(self, topic: str) -> int:
        """Count the watchers of a topic in this process."""
        return len(self._watchers.get(topic, ()))


_current: list[MemoryHub] = [MemoryHub()]


def use_hub(hub: MemoryHub) -> None:
    """Choose the hub of this process, once at start."""
    _current[0] = hub


def current_hub() -> MemoryHub:
    """Give the hub of this process."""
    return _current[0]


async def wake(topic: str) -> None:
    """Wake the watchers of a topic through the hub in use."""
    await current_hub().wake(topic)
