"""The allow-list of citizens' HTML, and foreign HTML rewritten to it tag by tag.

No library here: participa.kit.html has the last word, with bleach, over what this file writes.
"""

import html
import re

from participa.kit.names import without_controls

MAX_LENGTH = 20_000
MAX_DEPTH = 50
# Parsing costs some 50 microseconds for each mark, so this many keep it under a quarter second.
MAX_MARKS = 3_000

ALLOWED_TAGS = frozenset(
    {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "code", "h3", "h4", "a"}
)
ALLOWED_SCHEMES = ("http", "https", "mailto")

_WEB_ADDRESS = re.compile(r"(?:https?://[^\s/?#]|mailto:[^\s@]+@[^\s@])[^\s]*", re.IGNORECASE)
_ADDRESS_ESCAPES = {ord(sign): f"%{ord(sign):02X}" for sign in "\"'<>`\\{}|^"}


class TextTooLong(ValueError):
    """A text above MAX_LENGTH characters; refused before any work is done on it."""


class TextTooDeep(ValueError):
    """Markup that no person writes: nested beyond MAX_DEPTH, or more than MAX_MARKS of it."""


_DROPPED = re.compile(
    r"<(script|style)\b[^<]*(?:<(?!/?(?:script|style)\b)[^<]*)*</\1\s*>", re.IGNORECASE
)
_COMMENT = re.compile(r"<!--(?:[^<-]|-(?!->)|<(?!!--))*+-->")
# Possessive throughout: "<" and then twenty thousand letters must fail at the first try.
_TAG = re.compile(
    r"""<(?P<end>/?)(?P<name>[a-z][a-z0-9]*+)
        (?P<rest>[^<>"']*+(?:(?:"[^"<]*+"|'[^'<]*+')[^<>"']*+)*+)>
    |<[!?/][^<>]*+>""",
    re.IGNORECASE | re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]++)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"'>]++))?""")
_ENTITY = re.compile(r"&(?:(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});)?")
_ENDLESS_NUMBER = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,});?")

_PARAGRAPHS = ("div", "section", "article", "header", "footer", "tr", "caption", "dt", "dd", "pre")
_ALIASES = dict.fromkeys(_PARAGRAPHS, "p") | {
    "b": "strong",
    "i": "em",
    "h1": "h3",
    "h2": "h3",
    "h5": "h4",
    "h6": "h4",
}
_INLINE = frozenset({"strong", "em", "code", "a"})
_BLOCKS = ALLOWED_TAGS - _INLINE - {"br"}
_CLOSED_BY_BLOCK = frozenset({"p", "h3", "h4"})
_SPACERS = frozenset({"td", "th", "hr", "option"})


def rewritten(source: str) -> str:
    """Write foreign HTML anew with the tags of the allow-list only, every one closed.

    No parser behind it ever has anything to repair. Repairing is what costs (a text of "<b>")
    and what changes meaning. Words stay; scripts, styles and comments go with their contents.

    Refuses with TextTooDeep.
    """
    # A tag weighs half as much again: one that is never closed is written twice.
    if source.count("<") * 3 // 2 + source.count("&") > MAX_MARKS:
        raise TextTooDeep
    text = _COMMENT.sub("", _DROPPED.sub("", source))
    builder = _Builder()
    at = 0
    for tag in _TAG.finditer(text):
        builder.words(text[at : tag.start()])
        at = tag.end()
        if tag["name"] is None:
            continue
        name = tag["name"].lower()
        if tag["end"]:
            builder.end(_ALIASES.get(name, name))
        else:
            builder.start(_ALIASES.get(name, name), tag["rest"])
    builder.words(text[at:])
    return "".join(builder.finish())


class _Builder:
    """Well-formed markup in the making: its pieces, and the tags open at its end.

    An open tag that writes nothing (emphasis inside the same emphasis, a link that is refused)
    is kept as an empty string beside its name, so that its end tag closes it and no other.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._open: list[tuple[str, str]] = []

    def words(self, text: str) -> None:
        if text:
            self._pieces.append(_ENTITY.sub(_harmless, text).replace("<", "&lt;"))

    def start(self, name: str, attributes: str) -> None:
        if name == "br":
            self._pieces.append("<br>")
        elif name in _SPACERS:
            self._pieces.append(" ")
        elif name == "img":
            self.words(escaped(_attribute(attributes, "alt")))
        elif name in _INLINE:
            self._push(name, self._inline_tag(name, attributes))
        elif name in _BLOCKS:
            self._make_room_for(name)
            self._push(name, f"<{name}>")

    def end(self, name: str) -> None:
        if any(name == opened for opened, _ in self._open):
            self._close_through(name)

    def finish(self) -> list[str]:
        while self._open:
            self._pop()
        return self._pieces

    def _inline_tag(self, name: str, attributes: str) -> str:
        if any(name == opened and tag for opened, tag in self._open):
            return ""
        if name != "a":
            return f"<{name}>"
        address = web_address(_attribute(attributes, "href"))
        return f'<a href="{escaped(address)}">' if address else ""

    def _make_room_for(self, name: str) -> None:
        """Close what cannot hold this block: a paragraph, a heading, the list item before."""
        opened = [one for one, _ in self._open]
        for at in range(len(opened) - 1, -1, -1):
            if opened[at] in _CLOSED_BY_BLOCK or (name == opened[at] == "li"):
                while len(self._open) > at:
                    self._pop()
            elif opened[at] in _BLOCKS:
                break

    def _close_through(self, name: str) -> None:
        closed = ""
        while closed != name:
            closed = self._pop()

    def _push(self, name: str, tag: str) -> None:
        self._open.append((name, tag))
        if len(self._open) > MAX_DEPTH:
            raise TextTooDeep
        if tag:
            self._pieces.append(tag)

    def _pop(self) -> str:
        name, tag = self._open.pop()
        if tag and self._pieces[-1] == tag:
            self._pieces.pop()
        elif tag:
            self._pieces.append(f"</{name}>")
        return name


def _harmless(entity: re.Match[str]) -> str:
    """Keep an entity unless it stands for a character we would not take as itself.

    A space takes its place: leaving nothing could join its neighbours into another entity. So
    could an ampersand that is no entity yet, once the tag behind it is gone.
    """
    if entity[0] == "&":
        return "&amp;"
    character = html.unescape(entity[0])
    return entity[0] if character and without_controls(character) == character else " "


def _attribute(attributes: str, wanted: str) -> str:
    for name, value in _ATTRIBUTE.findall(attributes):
        if name.lower() == wanted:
            bare = value[1:-1] if value[:1] in {'"', "'"} else value
            return without_controls(unescaped(bare))
    return ""


def web_address(raw: str) -> str:
    """Give a web or mail address in its canonical form; empty where it is anything else."""
    address = without_controls(raw).strip().translate(_ADDRESS_ESCAPES).replace(" ", "%20")
    return address if _WEB_ADDRESS.fullmatch(address) else ""


def escaped(text: str) -> str:
    """Escape for HTML; quotation marks stay, as everywhere in our text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    """Resolve entities; one with a number beyond all characters is the replacement sign."""
    return html.unescape(_ENDLESS_NUMBER.sub("\ufffd", text))
