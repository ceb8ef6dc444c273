"""Reads HTML, a saved page or what Word was converted to, into pieces."""

import re
from html.parser import HTMLParser
from typing import Final

from participa.plans.documents.pieces import Piece, Role, written

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset=["']?([\w-]{2,40})""", re.IGNORECASE)
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_SKIPPED: Final = frozenset(
    ["script", "style", "nav", "noscript", "template", "svg", "title", "button", "select",
     "textarea", "iframe", "object"]
)  # fmt: skip
_BLOCKS: Final = frozenset(
    ["p", "div", "section", "article", "main", "header", "footer", "ul", "ol", "table", "pre",
     "body", "figure", "figcaption", "address", "dl", "dt", "dd", "hr", "aside", "caption",
     "blockquote", "form"]
)  # fmt: skip
_MAX_NESTED = 200
_MAX_DIGITS = 6


def read(data: bytes) -> str:
    """Read a page of HTML."""
    return from_html(decoded(data))


def decoded(data: bytes) -> str:
    """Read bytes in the encoding the page names, UTF-8 where it names none, else as Windows did."""
    named = _CHARSET.search(data[:4096])
    try:
        return data.decode(named[1].decode("ascii") if named else "utf-8-sig")
    except (UnicodeDecodeError, LookupError):
        return data.decode("windows-1252", errors="replace")


def from_html(html: str) -> str:
    """Write the words of a page as Markdown, or as plain text where it has no headings."""
    parser = _Pieces()
    parser.feed(html)
    parser.close()
    parser.flush()
    return written(parser.pieces)


class _Pieces(HTMLParser):
    """Collects pieces; unknown elements are their words, scripts and menus are nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self._words: list[str] = []
        self._role: Role = "paragraph"
        self._level = 1
        self._lists: list[int | None] = []
        self._number: int | None = None
        self._cells: list[str] | None = None
        self._skipped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipped or tag in _SKIPPED:
            if tag in _SKIPPED and len(self._skipped) < _MAX_NESTED:
                self._skipped.append(tag)
            return
        if tag == "br":
            self._words.append(" ")
        elif tag == "tr":
            self.flush()
            self._cells = []
        elif tag in {"td", "th"}:
            self._end_cell(is_left_open=True)
        elif self._cells is not None:
            self._words.append(" ")
        else:
            self._begin(tag, dict(attrs))

    def _begin(self, tag: str, attrs: dict[str, str | None]) -> None:
        if tag in _HEADINGS:
            self.flush()
            self._role, self._level = "heading", _HEADINGS[tag]
        elif tag in {"ul", "ol"}:
            self.flush()
            self._lists.append(_first_number(attrs.get("start")) if tag == "ol" else None)
        elif tag == "li":
            self.flush()
            self._begin_item()
        elif tag in _BLOCKS and not (self._role == "item" and tag in {"p", "div"}):
            self.flush()

    def _begin_item(self) -> None:
        self._role, self._level = "item", max(1, len(self._lists))
        self._number = self._lists[-1] if self._lists else None
        if self._number is not None:
            self._lists[-1] = self._number + 1

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            if tag == self._skipped[-1]:
                self._skipped.pop()
            return
        if tag in {"td", "th"}:
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif self._cells is not None:
            self._words.append(" ")
        elif tag in {"ul", "ol"}:
            self.flush()
            del self._lists[-1:]
        elif tag in _HEADINGS or tag == "li" or tag in _BLOCKS:
            self.flush()

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self._words.append(data)

    def _end_cell(self, *, is_left_open: bool = False) -> None:
        text = self._taken() if self._cells is not None else ""
        if self._cells is not None and (text or not is_left_open):
            self._cells.append(text)

    def _end_row(self) -> None:
        cells, self._cells = self._cells, None
        rest = self._taken()
        found = (*(cells or ()), *([rest] if rest else ()))
        if any(found):
            self.pieces.append(Piece("row", "", cells=found))

    def _taken(self) -> str:
        text = " ".join("".join(self._words).split())
        self._words = []
        return text

    def flush(self) -> None:
        """End the block that is being collected."""
        text = self._taken()
        if text:
            self.pieces.append(Piece(self._role, text, self._level, self._number))
        self._role, self._level, self._number = "paragraph", 1, None


def _first_number(start: str | None) -> int:
    return int(start) if start and start.isdecimal() and len(start) <= _MAX_DIGITS else 1
