"""Pseudonyms for the authors of another platform: people who can be told apart, not known."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from participa.accounts.models import Person
from participa.deliberation.importing.ids import reserve_ids

IMPORTED = "imported"
_LONGEST_KEY = 120
_PSEUDONYM = "Participante {:05d}"


def shortened(key: str, longest: int) -> str:
    """Give a key as it is stored: one that is too long ends in a digest of itself."""
    if len(key) <= longest:
        return key
    namespace = key.partition(":")[0]
    return f"{namespace}:{hashlib.sha256(key.encode()).hexdigest()[:40]}"


def stored_key(key: str) -> str:
    """Give an author's key as it is stored."""
    return shortened(key, _LONGEST_KEY)


async def people_for(
    entity_id: int, keys: Iterable[str], now: datetime
) -> tuple[dict[str, int], int]:
    """Find or create the people behind these author keys; says how many are new.

    A pseudonym is a running number within its source, in the order of appearance: it tells
    nothing of the key, which may be a name or a document number. Without address or password
    nobody can ever sign in as one of them.
    """
    stored = {key: stored_key(key) for key in dict.fromkeys(keys)}
    ids = await known_people(entity_id, stored.values())
    new = [key for key in dict.fromkeys(stored.values()) if key not in ids]
    numbers = await _numbers(entity_id, new)
    rows = [
        Person(
            id=person_id,
            entity_id=entity_id,
            kind=IMPORTED,
            display_name=_PSEUDONYM.format(number),
            source_key=key,
            created_at=now,
        )
        for key, number, person_id in zip(
            new, numbers, await reserve_ids(Person, len(new)), strict=True
        )
    ]
    if rows:
        # In the order of their keys: two imports at once wait for each other, never in a circle.
        await Person.bulk_create(sorted(rows, key=lambda row: row.source_key or ""))
    ids |= {row.source_key: row.id for row in rows if row.source_key is not None}
    return {key: ids[kept] for key, kept in stored.items()}, len(rows)


async def known_people(entity_id: int, keys: Iterable[str]) -> dict[str, int]:
    """Give the ids of the people imported before, by their stored keys."""
    rows = Person.of(entity_id).filter(source_key__in=list(keys))
    found = await rows.values_list("source_key", "id")
    return {str(key): int(str(person_id)) for key, person_id in found}


async def _numbers(entity_id: int, keys: list[str]) -> list[int]:
    given: Counter[str] = Counter()
    numbers = []
    for key in keys:
        namespace = key.partition(":")[0]
        if namespace not in given:
            mine = Person.of(entity_id).filter(source_key__startswith=f"{namespace}:")
            given[namespace] = await mine.count()
        given[namespace] += 1
        numbers.append(given[namespace])
    return numbers
