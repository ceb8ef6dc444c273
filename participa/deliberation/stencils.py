"""Fresh contributions, filled into what the template made of the first one of their shape.

Rendering costs ten times what the words themselves do. Nothing but a plain, new contribution is
filled in; whatever was edited, supported, hidden or brought by another channel is rendered. The
template stays the only place that says how a contribution looks.
"""

import re
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache

from markupsafe import Markup, escape

from participa.accounts.permissions import Actor
from participa.deliberation.rules import State, depth
from participa.deliberation.setting import Setting
from participa.deliberation.shown import ShownRow
from participa.deliberation.views import (
    DEEPEST_SHOWN,
    ContributionView,
    author_name,
    contribution_view,
    initial_of,
    note_of,
    reply_of,
)
from participa.i18n import Text, stamp_text
from participa.kit.html import SafeHtml
from participa.web.templating import Pages, Reader

STENCILS_KEPT = 500
# Not to be guessed, so that no text of anybody's is ever taken for one.
_TOKENS = {
    name: Markup(secrets.token_hex(12))  # noqa: S704 - hexadecimal
    for name in ("receipt", "path", "initial", "name", "note", "answered", "answered_url", "html")
}
# A moment in which nobody wrote anything here.
_MOMENT = datetime(1111, 11, 11, 11, 11, tzinfo=UTC)

Shape = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Stencil:
    """What is the same in all contributions of a shape, and between it what is not."""

    pieces: tuple[bytes | str, ...]
    # The holes whose place is asked for, and which piece each is.
    marked: tuple[tuple[str, int], ...]

    def filled(self, words: Mapping[str, bytes]) -> tuple[bytes, dict[str, int]]:
        """Write words into the holes, and say where the marked ones came to stand."""
        parts = [words[piece] if isinstance(piece, str) else piece for piece in self.pieces]
        at = {name: sum(map(len, parts[:index])) for name, index in self.marked}
        return b"".join(parts), at


class Stencils:
    """The stencils made last, of one process. `marks` are the holes of the reader's own."""

    def __init__(self, pages: Pages, marks: Mapping[str, Markup]) -> None:
        self._pages = pages
        self._marks = marks
        self._kept: OrderedDict[Shape, Stencil | None] = OrderedDict()

    def of(self, reader: Reader, row: ShownRow, setting: Setting) -> Stencil | None:
        """Give the stencil that fits a contribution; None where it has to be rendered."""
        if not _is_plain(row):
            return None
        shape = (reader.locale, reader.entity.id, setting, *_shape(row))
        if shape not in self._kept:
            self._kept[shape] = self._made(reader, row, setting)
        self._kept.move_to_end(shape)
        while len(self._kept) > STENCILS_KEPT:
            self._kept.popitem(last=False)
        return self._kept[shape]

    def _made(self, reader: Reader, row: ShownRow, setting: Setting) -> Stencil | None:
        marks = tuple(self._marks.values())
        nobody = Actor(entity_id=row.entity_id)
        view = _with_holes(contribution_view(row, nobody, marks=(marks[0], marks[1])))
        values = {"c": view, "thread": setting}
        html = self._pages.fragment(reader, "deliberation/_contribution.html", values)
        holes = {str(token): name for name, token in {**_TOKENS, **self._marks}.items()}
        holes[_MOMENT.isoformat()] = "iso"
        holes[str(escape(stamp_text(_MOMENT, reader.locale, reader.zone)))] = "stamp"
        cut = re.split(f"({'|'.join(map(re.escape, holes))})", html.strip() + "\n")
        pieces: list[bytes | str] = [holes.get(each) or each.encode() for each in cut if each]
        # A time written in some other way is not found again: such a shape has no stencil.
        if not {"iso", "stamp"} <= set(pieces):
            return None
        marked = [
            (each, at)
            for at, each in enumerate(pieces)
            if isinstance(each, str) and each in self._marks
        ]
        return Stencil(tuple(pieces), tuple(marked))


def _is_plain(row: ShownRow) -> bool:
    untouched = row.state == State.PUBLISHED and not row.edit_count and not row.support_count
    return (
        untouched
        and row.channel == "web"
        and row.beside is None
        and row.area is None
        and not (row.is_pinned or row.united)
    )


def _shape(row: ShownRow) -> Shape:
    # A person has a name always; what is empty is not printed, and its shape another one.
    answered = row.parent is not None
    deep = min(depth(row.path), DEEPEST_SHOWN)
    return (deep, row.is_opening, bool(row.office), bool(note_of(row)), answered, row.stance)


def _with_holes(view: ContributionView) -> ContributionView:
    return replace(
        view,
        receipt=_TOKENS["receipt"],
        path=_TOKENS["path"],
        initial=_TOKENS["initial"],
        author_name=_TOKENS["name"],
        office=view.office and _TOKENS["name"],
        author_note=view.author_note and _TOKENS["note"],
        reply_to_name=view.reply_to_name and _TOKENS["answered"],
        reply_to_url=view.reply_to_url and _TOKENS["answered_url"],
        html=SafeHtml(_TOKENS["html"]),
        created_at=_MOMENT,
    )


def words_of(row: ShownRow, reader: Reader) -> dict[str, bytes]:
    """Give what the template would print of a plain contribution, escaped as it would."""
    name = row.office or author_name(row)
    answered, url = reply_of(row)
    return {
        "receipt": row.receipt_number.encode(),
        "path": row.path.encode(),
        "initial": _printed(initial_of(name), reader),
        "name": _printed(name, reader),
        "note": _printed(note_of(row), reader),
        "answered": _printed(answered, reader),
        "answered_url": url.encode(),
        "html": row.body_html.encode(),
        "iso": row.created_at.isoformat().encode(),
        "stamp": _printed(stamp_text(row.created_at, reader.locale, reader.zone), reader),
    }


def _printed(value: str | Text, reader: Reader) -> bytes:
    return _escaped(value.render(reader.locale) if isinstance(value, Text) else value)


@lru_cache(maxsize=2000)
def _escaped(words: str) -> bytes:
    return str(escape(words)).encode()
