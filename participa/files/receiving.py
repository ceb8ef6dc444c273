"""From what was sent to what is kept: checked in a process apart, then on the disk."""

import asyncio
from dataclasses import dataclass

from participa.files.apart import check_apart
from participa.files.rules import FileType, shown_name
from participa.files.store import Store


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was checked and is on the disk, without a row yet."""

    kind: FileType
    digest: str
    byte_count: int
    width: int
    height: int
    name: str
    description: str


async def receive(
    data: bytes, kind: FileType, store: Store, *, name: str, description: str
) -> Received:
    """Check a file of a type and keep it. Raises Unfit for what is not taken."""
    checked = await check_apart(data, kind.code)
    return Received(
        kind=kind,
        digest=await asyncio.to_thread(store.keep, checked.data),
        byte_count=len(checked.data),
        width=checked.width,
        height=checked.height,
        name=shown_name(name),
        description=description,
    )
