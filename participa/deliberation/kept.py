"""Pages of threads kept as bytes: joined from a shell and fragments, fresh by one row.

A page is kept by address, language and whether somebody is signed in. It is used while the
thread's last event number and the process's revision are those it was made from; after an event
only what the event changed is rendered again. What is a reader's own is written into holes.
"""

import asyncio
import hashlib
import re
import secrets
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from participa.deliberation.fragments import Fragment
from participa.deliberation.holes import Hole, Packed, pack, unpacked_as
from participa.deliberation.views import OWN_SHOWN, PRESSED
from participa.features import BesideOf
from participa.web.templating import Places

PAGES_KEPT = 400
# Compressing costs more than a reading: worth it for a page that is read again.
PACKED_AT_READING = 3
TOKEN_WIDTH, KEY_WIDTH = 48, 16
# Marks not to be guessed, so that no text of anybody's is ever taken for one.
PLACES = Places(
    form_token=secrets.token_hex(TOKEN_WIDTH // 2), request_key=secrets.token_hex(KEY_WIDTH // 2)
)
NO_PLACES = Places(form_token="", request_key="")
_SLOT_MARK = secrets.token_hex(8)
_SLOT = re.compile(f"{_SLOT_MARK}-([a-z]+);")
_TOKEN, _KEY = PLACES.form_token.encode(), PLACES.request_key.encode()
_OWN_BYTES, _PRESSED_BYTES = str(OWN_SHOWN).encode(), str(PRESSED).encode()


class Key(NamedTuple):
    """What makes two readers see the same bytes but for their holes."""

    entity_id: int
    path: str
    query: str
    locale: str
    signed_in: bool


def slot(name: str) -> str:
    """Mark a place of a shell that is filled anew after each event."""
    return f"{_SLOT_MARK}-{name};"


@dataclass(frozen=True, slots=True)
class Shell:
    """A page without its conversation, cut at its slots, and how long it is true.

    `thread_id`, `url`, `start` and `is_open` say which conversation belongs into it;
    `follows` that the shell itself shows something that each event may change.
    """

    pieces: tuple[bytes, ...]
    slots: tuple[str, ...]
    thread_id: int
    url: str
    start: str
    is_open: bool
    revision: int
    valid_until: datetime
    follows: bool = False
    beside_of: BesideOf | None = None


def cut(html: str) -> tuple[tuple[bytes, ...], tuple[str, ...]]:
    """Cut a rendered shell at its slots."""
    parts = _SLOT.split(html)
    return tuple(part.encode() for part in parts[::2]), tuple(parts[1::2])


@dataclass(slots=True)
class KeptPage:
    """A page of a thread up to its event `number`, ready for any reader of its key."""

    shell: Shell
    number: int
    body: bytes
    tokens: tuple[Hole, ...]
    keys: tuple[Hole, ...]
    # By contribution and by author: where what is a reader's own is written.
    pressed: Mapping[int, Hole]
    own: Mapping[int, tuple[Hole, ...]]
    etag: str
    readings: int = 0
    packed: Packed | None = None
    # The whole compressed page, where no reader has anything of their own in it.
    shared: bytes | None = None
    holes: tuple[Hole, ...] = field(default=())

    def written(
        self, token: bytes, key: bytes, person_id: int | None, supported: Sequence[int]
    ) -> bytearray:
        """Give the page as one reader sees it."""
        page = bytearray(self.body)
        for hole in self.tokens:
            page[hole.at : hole.at + TOKEN_WIDTH] = token
        for hole in self.keys:
            page[hole.at : hole.at + KEY_WIDTH] = key
        for hole in self.own.get(person_id or 0, ()):
            page[hole.at : hole.at + hole.width] = _OWN_BYTES
        for contribution_id in supported:
            found = self.pressed.get(contribution_id)
            if found is not None:
                page[found.at : found.at + found.width] = _PRESSED_BYTES
        return page

    def compressed(self, written: bytes | bytearray) -> bytes | None:
        """Give the gzip form of a written page, once it was worth making."""
        if self.packed is None:
            return None
        if self.shared is None:
            return unpacked_as(self.packed, written, self.holes)
        return self.shared

    async def count_reading(self) -> None:
        """Compress, in a thread, a page that is read again and again."""
        self.readings += 1
        if self.readings == PACKED_AT_READING:
            packed = await asyncio.to_thread(pack, self.body, self.holes)
            if not self.holes:
                self.shared = unpacked_as(packed, self.body, ())
            self.packed = packed


def joined(
    shell: Shell, number: int, fragments: Sequence[Fragment], texts: Mapping[str, str]
) -> KeptPage:
    """Put fragments and texts into a shell, noting where each reader's own goes."""
    body = bytearray()
    pressed: dict[int, Hole] = {}
    own: dict[int, list[Hole]] = {}
    for piece, name in zip(shell.pieces, (*shell.slots, ""), strict=True):
        body += piece
        if name != "posts":
            body += texts.get(name, "").encode()
            continue
        body += b"\n"
        for fragment in fragments:
            _note(fragment, len(body), pressed, own)
            body += fragment.html
    return _kept(shell, number, bytes(body), pressed, own)


def _note(
    fragment: Fragment, at: int, pressed: dict[int, Hole], own: dict[int, list[Hole]]
) -> None:
    if fragment.pressed_at is not None:
        width = len(_PRESSED_BYTES)
        pressed[fragment.contribution_id] = Hole(at + fragment.pressed_at, width)
    if fragment.own_at is not None and fragment.author_id is not None:
        hole = Hole(at + fragment.own_at, len(_OWN_BYTES))
        own.setdefault(fragment.author_id, []).append(hole)


def _kept(
    shell: Shell,
    number: int,
    body: bytes,
    pressed: dict[int, Hole],
    own: dict[int, list[Hole]],
) -> KeptPage:
    tokens = _places(body, _TOKEN)
    keys = _places(body, _KEY)
    mine = [hole for holes in own.values() for hole in holes]
    # A page for readers who are not signed in has nothing of theirs to write.
    holes = sorted([*tokens, *keys, *pressed.values(), *mine]) if tokens else []
    return KeptPage(
        shell=shell,
        number=number,
        body=body,
        tokens=tokens,
        keys=keys,
        pressed=pressed,
        own={author: tuple(each) for author, each in own.items()},
        etag=f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"',
        holes=tuple(holes),
    )


def _places(body: bytes, mark: bytes) -> tuple[Hole, ...]:
    return tuple(Hole(found.start(), len(mark)) for found in re.finditer(re.escape(mark), body))


class PageStore:
    """The pages read last in this process, and which address shows which thread."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Key, KeptPage] = OrderedDict()

    def get(self, key: Key) -> KeptPage | None:
        """Find a page, fresh or not."""
        page = self._pages.get(key)
        if page is not None:
            self._pages.move_to_end(key)
        return page

    def put(self, key: Key, page: KeptPage) -> None:
        """Keep a page; the least read are forgotten."""
        self._pages[key] = page
        self._pages.move_to_end(key)
        while len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)

    def drop(self, key: Key) -> None:
        """Forget a page."""
        self._pages.pop(key, None)
