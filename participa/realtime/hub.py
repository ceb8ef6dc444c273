"""The hub of one process, and the hub in use."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Wake = Callable[[object], None]


class MemoryHub:
    """Those who listen in this process: a set of functions for each topic.

    It also knows how many pages look at a topic in other processes, where there are any.
    """

    def __init__(self) -> None:
        self._listeners: dict[str, set[Wake]] = {}

    def wake(self, topic: str, fact: object = None) -> None:
        """Call each listener; it only notes that there is something to tell.

        `fact` is what whoever wrote it knows of it, which spares a listener of this process the
        reading; None says no more than that the table has news.
        """
        for listener in tuple(self._listeners.get(topic, ())):
            listener(fact)

    @contextmanager
    def listening(self, topic: str, listener: Wake) -> Iterator[None]:
        """Listen to a topic; the listener then reads the table, or takes the fact."""
        self._listeners.setdefault(topic, set()).add(listener)
        try:
            yield
        finally:
            self._listeners[topic].discard(listener)
            if not self._listeners[topic]:
                del self._listeners[topic]

    def count(self, topic: str) -> int:
        """Count the listeners of a topic in this process."""
        return len(self._listeners.get(topic, ()))

    def tell_presence(self, topic: str, here: int) -> None:
        """Tell other processes how many pages of this one look at a topic."""

    def presence_elsewhere(self, topic: str) -> int:  # noqa: ARG002 - the Redis hub asks it
        """Count the pages that look at a topic in other processes."""
        return 0


_current: list[MemoryHub] = [MemoryHub()]


def use_hub(hub: MemoryHub) -> None:
    """Choose the hub of this process, once at start."""
    _current[0] = hub


def current_hub() -> MemoryHub:
    """Give the hub of this process."""
    return _current[0]


def wake(topic: str, fact: object = None) -> None:
    """Wake the listeners of a topic through the hub in use; see `MemoryHub.wake`."""
    current_hub().wake(topic, fact)
