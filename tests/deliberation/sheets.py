"""Pages of conversations taken apart, and changed by messages as the page's script changes them."""

import re
from dataclasses import dataclass, replace
from html.parser import HTMLParser

_VOID = frozenset(("meta", "link", "input", "br", "hr", "img", "source", "wbr"))
_ITEM = re.compile(r'<li id="(PA-[\d-]+)"[^>]*? data-p="([0-9a-z]*)"')
_OWN, _HIDDEN = '<span class="own"       >', '<span class="own" hidden>'
_BUTTON = re.compile(r'value="(?:apoyar" aria-pressed="false"|quitar" aria-pressed="true" )>')
_COUNT = re.compile(r'(<span class="n">)[^<]*(</span></button>)')


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a page: the tag it begins with, where it lies, what is inside."""

    tag: str
    attributes: dict[str, str | None]
    outer: str
    inner: str


class _Slicer(HTMLParser):
    """Cuts a page at its elements, nested lists in people's words included."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self._html = html
        self._lines = [0, *(found.end() for found in re.finditer("\n", html))]
        self._open: list[tuple[str, dict[str, str | None], int, int]] = []
        self.elements: list[Element] = []
        self.feed(html)
        self.close()

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            begins = self._at()
            self._open.append(
                (tag, dict(attrs), begins, begins + len(self.get_starttag_text() or ""))
            )

    def handle_endtag(self, tag: str) -> None:
        ends = self._at()
        # Whoever closes what is not open, or leaves it open, would break the page around it.
        opened, attributes, begins, inside = self._open.pop()
        assert opened == tag, f"<{opened}> ends with </{tag}>: {self._html[begins:ends][:200]}"
        outer = self._html[begins : self._html.index(">", ends) + 1]
        self.elements.append(Element(tag, attributes, outer, self._html[inside:ends]))


def elements(html: str) -> list[Element]:
    """List a page's elements, the inner ones first."""
    return _Slicer(html).elements


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the script of a thread's page sees: the items in order, the count, where it stands."""

    items: tuple[str, ...]
    count: str
    number: int
    state: str
    part: tuple[str, str]
    loose: str = ""
    heading: str = ""

    @property
    def places(self) -> dict[str, str]:
        """The place in the conversation of each item, by its id."""
        return dict(_named(item) for item in self.items)

    @property
    def own(self) -> set[str]:
        """The items under which "Editar" and "Retirar" are shown."""
        return {_named(item)[0] for item in self.items if _OWN in item}

    @property
    def pressed(self) -> set[str]:
        """The items whose support button is pressed."""
        return {_named(item)[0] for item in self.items if 'aria-pressed="true"' in item}


def _named(item: str) -> tuple[str, str]:
    found = _ITEM.match(item)
    assert found is not None, item
    return found[1], found[2]


def sheet_of(html: str) -> Sheet:
    """Take a page apart."""
    by_id = {each.attributes["id"]: each for each in elements(html) if "id" in each.attributes}
    inner = by_id["posts"].inner
    items = tuple(
        each.outer
        for each in elements(inner)
        if each.tag == "li" and (each.attributes.get("id") or "").startswith("PA-")
    )
    live = by_id["live"].attributes
    loose = inner
    for item in items:
        assert loose.count(item) == 1
        loose = loose.replace(item, "")
    return Sheet(
        items=items,
        count=by_id["cuenta"].inner,
        number=int(live["data-after"] or ""),
        state=live["data-state"] or "",
        part=(live["data-from"] or "", live["data-to"] or ""),
        loose=loose.strip(),
        heading=by_id["encabezado"].inner.strip(),
    )


def told(sheet: Sheet, messages: list[dict[str, object]]) -> Sheet:
    """Change a sheet as messages say, in their order."""
    for message in messages:
        sheet = _told(sheet, message)
    return sheet


def _told(sheet: Sheet, message: dict[str, object]) -> Sheet:
    html = str(message.get("html", ""))
    if message["t"] == "count":
        return replace(sheet, count=html)
    if message["t"] == "phase":
        return replace(sheet, state=str(message["state"]))
    if message["t"] == "heading":
        return replace(sheet, heading=html)
    if message["t"] != "event":
        return sheet
    number = message["n"]
    assert isinstance(number, int)
    assert number > sheet.number, "told twice, or out of order"
    name = str(message["id"])
    if not name:
        return replace(sheet, number=number)
    if message["k"] == "supported":
        items = [
            _COUNT.sub(rf"\g<1>{html}\g<2>", item) if _named(item)[0] == name else item
            for item in sheet.items
        ]
    else:
        if message["k"] == "arrived":
            kept = tuple(item for item in sheet.items if _named(item)[0] != name)
            sheet = replace(sheet, items=kept)
        items = _placed(sheet, name, str(message["p"]), html)
    return replace(sheet, items=tuple(items), number=number)


def _placed(sheet: Sheet, name: str, place: str, html: str) -> list[str]:
    if not html:
        return [item for item in sheet.items if _named(item)[0] != name]
    assert _named(html) == (name, place)
    if name in sheet.places:
        return [_carried(item, html) if _named(item)[0] == name else item for item in sheet.items]
    begins, ends = sheet.part
    if place < begins or (ends and place >= ends):
        return list(sheet.items)
    return sorted([*sheet.items, html], key=lambda item: _named(item)[1])


def _carried(old: str, new: str) -> str:
    """Carry over what is the reader's own when an item is replaced."""
    if _OWN in old:
        new = new.replace(_HIDDEN, _OWN)
    button = _BUTTON.search(old)
    return _BUTTON.sub(lambda _found: button[0], new) if button else new


def neutral(sheet: Sheet) -> Sheet:
    """Give a sheet as nobody in particular sees it."""
    return replace(
        sheet,
        items=tuple(
            _BUTTON.sub('value="apoyar" aria-pressed="false">', item.replace(_OWN, _HIDDEN))
            for item in sheet.items
        ),
    )
