"""Contributions as list items, rendered once for everybody and kept in memory.

A fragment is made for nobody in particular. Two places in it depend on the reader and have a
fixed width: what only its author may do, and the state of the support button. Where they are is
known, so a page is never searched for them.
"""

import re
import secrets
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from markupsafe import Markup

from participa.accounts.permissions import Actor
from participa.db import fetch
from participa.deliberation.rules import MOVED
from participa.deliberation.setting import Setting
from participa.deliberation.shown import ShownRow, shown_rows
from participa.deliberation.stencils import Stencils, words_of
from participa.deliberation.views import (
    NOT_PRESSED,
    OWN_HIDDEN,
    OWN_SHOWN,
    contribution_view,
)
from participa.web.templating import Pages, Reader

THREADS_KEPT = 300
_NOTHING: Mapping[int, ShownRow] = MappingProxyType({})
# Not to be guessed, so that no text of anybody's is ever taken for one.
_OWN, _PRESSED = (Markup(secrets.token_hex(12)) for _mark in range(2))  # noqa: S704 - hexadecimal
_MARKS = re.compile(f"({_OWN}|{_PRESSED})")
_WRITTEN = {str(_OWN): str(OWN_HIDDEN).encode(), str(_PRESSED): str(NOT_PRESSED).encode()}


_NOBODY = {"own": str(OWN_HIDDEN).encode(), "pressed": str(NOT_PRESSED).encode()}


@dataclass(frozen=True, slots=True)
class Fragment:
    """A list item as bytes, and where its reader's two places begin; None where it has none."""

    html: bytes
    contribution_id: int
    author_id: int | None
    own_at: int | None
    pressed_at: int | None


def made(pages: Pages, reader: Reader, contribution: ShownRow, setting: Setting) -> Fragment:
    """Render a contribution for nobody in particular."""
    nobody = Actor(entity_id=contribution.entity_id)
    view = contribution_view(contribution, nobody, marks=(_OWN, _PRESSED))
    values = {"c": view, "thread": setting}
    html = pages.fragment(reader, "deliberation/_contribution.html", values)
    body, at = _placed(html.strip() + "\n")
    return Fragment(
        body,
        contribution.id,
        contribution.author_id,
        own_at=at.get(str(_OWN)),
        pressed_at=at.get(str(_PRESSED)),
    )


def _placed(html: str) -> tuple[bytes, dict[str, int]]:
    """Write what nobody in particular sees in place of the marks, and say where."""
    body = bytearray()
    at: dict[str, int] = {}
    for piece in _MARKS.split(html):
        if piece in _WRITTEN:
            at[piece] = len(body)
        body += _WRITTEN.get(piece) or piece.encode()
    return bytes(body), at


def shown_to_author(fragment: Fragment) -> bytes:
    """Give a fragment as its author sees it."""
    html = bytearray(fragment.html)
    if fragment.own_at is not None:
        shown = str(OWN_SHOWN).encode()
        html[fragment.own_at : fragment.own_at + len(shown)] = shown
    return bytes(html)


@dataclass(slots=True)
class ThreadFragments:
    """The fragments of a thread that are up to date with its event `number`."""

    thread_id: int
    number: int
    # By language and by whether the phase is open, which the buttons depend on.
    kept: dict[tuple[str, bool], dict[int, Fragment]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    async def advance(self, number: int) -> None:
        """Forget what the events up to a number have changed."""
        if number <= self.number:
            return
        rows = await fetch(_CHANGED, self.thread_id, self.number, number)
        self.forget([row[0] for row in rows], number)

    def forget(self, contributions: Iterable[int], number: int) -> None:
        """Forget what all events up to a number have changed, where they are known already."""
        if number <= self.number:
            return
        for contribution_id in contributions:
            for each in self.kept.values():
                each.pop(contribution_id, None)
        self.number = number


_CHANGED = """
    SELECT DISTINCT contribution_id FROM deliberation_event
    WHERE thread_id = $1 AND number > $2 AND number <= $3 AND contribution_id IS NOT NULL
"""


class FragmentStore:
    """The fragments of the threads read last, of one process."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._stencils = Stencils(pages, {"own": _OWN, "pressed": _PRESSED})
        self._threads: OrderedDict[int, ThreadFragments] = OrderedDict()

    def of(self, thread_id: int, number: int) -> ThreadFragments:
        """Give what is kept of a thread; the least read threads are forgotten."""
        found = self._threads.get(thread_id)
        if found is None:
            found = self._threads[thread_id] = ThreadFragments(thread_id, number)
        self._threads.move_to_end(thread_id)
        while len(self._threads) > THREADS_KEPT:
            self._threads.popitem(last=False)
        return found

    async def fragments(
        self,
        thread: ThreadFragments,
        ids: Sequence[int],
        reader: Reader,
        setting: Setting,
        known: Mapping[int, ShownRow] = _NOTHING,
    ) -> list[Fragment]:
        """Give the fragments of some contributions of a thread, rendering what is missing.

        What is `known` as it stands at the thread's number is not read.
        """
        kept = thread.kept[reader.locale, setting.may_support]
        ready = {each: kept[each] for each in ids if each in kept}
        number = thread.number
        missing = [each for each in ids if each not in ready]
        rows = [known[each] for each in missing if each in known]
        if len(rows) < len(missing):
            unknown = [each for each in missing if each not in known]
            rows += await shown_rows(reader.entity.id, unknown, setting.beside_of, thread.thread_id)
        for row in rows:
            ready[row.id] = self._made(reader, row, setting)
            if thread.number == number and row.state != MOVED:
                # Otherwise something happened meanwhile, perhaps to just this one; and what was
                # moved names a thread whose title changes without an event here.
                kept[row.id] = ready[row.id]
        return [ready[each] for each in ids if each in ready]

    def _made(self, reader: Reader, row: ShownRow, setting: Setting) -> Fragment:
        stencil = self._stencils.of(reader, row, setting)
        if stencil is None:
            return made(self._pages, reader, row, setting)
        body, at = stencil.filled({**words_of(row, reader), **_NOBODY})
        return Fragment(body, row.id, row.author_id, at.get("own"), at.get("pressed"))
