"""Finding the entity that a host name stands for."""

import time
from collections.abc import Callable

from participa.entities.models import Entity, EntityHost

KEPT_SECONDS = 10.0
LONGEST_HOST = 190


class EntityDirectory:
    """Entities by host name, remembered for some seconds: every request asks."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[float, Entity | None]] = {}

    async def by_host(self, host: str) -> Entity | None:
        """Give the entity served under a host name (no port), or None."""
        name = host.lower().rstrip(".")
        if len(name) > LONGEST_HOST:
            return None
        kept = self._kept.get(name)
        if kept is not None and kept[0] > self._clock():
            return kept[1]
        if len(self._kept) > 1000:
            self._kept.clear()
        row = await EntityHost.filter(host=name).select_related("entity").first()
        entity = row.entity if row is not None else None
        self._kept[name] = (self._clock() + KEPT_SECONDS, entity)
        return entity


def host_name(header: str) -> str:
    """Give the host of a Host header without its port; IPv6 keeps its brackets off."""
    if header.startswith("["):
        return header[1:].split("]", 1)[0]
    return header.rsplit(":", 1)[0] if header.count(":") == 1 else header
