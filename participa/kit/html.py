"""Citizens' text as safe HTML, from Markdown or from imported HTML.

The only file that knows bleach and markdown-it. Both ways end in the same allow-list; what is
stored carries SANITISER_VERSION, so that a stricter one can be run over older texts.
"""

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from bleach.sanitizer import Cleaner
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from participa.kit.allowed import proved
from participa.kit.markup import (
    ALLOWED_SCHEMES,
    ALLOWED_TAGS,
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_MARKS,
    TextTooDeep,
    TextTooLong,
    escaped,
    rewritten,
    unescaped,
    web_address,
)
from participa.kit.names import without_controls

__all__ = [
    "ALLOWED_SCHEMES",
    "ALLOWED_TAGS",
    "LINK_RELATION",
    "MAX_DEPTH",
    "MAX_LENGTH",
    "MAX_MARKS",
    "SANITISER_VERSION",
    "SafeHtml",
    "TextTooDeep",
    "TextTooLong",
    "clean_html",
    "plain_text",
    "render_markdown",
]

SANITISER_VERSION = 1
LINK_RELATION = "nofollow ugc noopener"
# A link costs this much beside its address; together they may not outgrow the text tenfold.
_LINK_OVERHEAD = 50
_LINKS_BUDGET = 10 * MAX_LENGTH


class SafeHtml(Markup):
    """HTML that came out of this file: the only type a template may print unescaped."""

    __slots__ = ()


def render_markdown(source: str) -> SafeHtml:
    """Turn what a citizen typed into HTML of the allow-list.

    A line end is a line break, headings become h3 and h4, an image becomes its description,
    HTML is shown as it was typed. Plain text takes a short way with the same result.

    Refuses with TextTooLong and TextTooDeep.
    """
    text = _admitted(source)
    quick = _plain_to_html(text)
    if quick is not None:
        return SafeHtml(quick)
    if _marks(text) > MAX_MARKS:
        raise TextTooDeep
    return SafeHtml(_markdown_to_html(text))


def clean_html(source: str) -> SafeHtml:
    """Bring somebody else's HTML down to the allow-list, keeping its words.

    Cleaning what is clean changes nothing. Scripts and styles go with their contents, images
    become their description, the cells of a table become words in lines.

    Refuses with TextTooLong and TextTooDeep.
    """
    return SafeHtml(_sanitised(rewritten(_admitted(source))))


def plain_text(html_text: str) -> str:
    """Give the words of cleaned HTML: paragraphs apart by an empty line, entities resolved.

    For counting and clustering; it does not make foreign HTML safe.
    """
    text = re.sub(r"\s+", " ", html_text)
    text = re.sub(r"<br>", "\n", text)
    text = re.sub(r"</li>|<(?:ul|ol)>", "\n", text)
    text = re.sub(r"</(?:p|h3|h4|blockquote|ul|ol)>|<blockquote>", "\n\n", text)
    text = unescaped(re.sub(r"<[^<>]*>", "", text))
    text = re.sub(r" *\n *", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _admitted(source: str) -> str:
    if len(source) > MAX_LENGTH:
        raise TextTooLong
    return without_controls(source)


# The full way leaves these signs as they are, wherever they stand; a line that could begin a
# list is not taken.
_PLAIN = re.compile(
    r"""(?:
        [ ]*+ (?! [0-9]+[.)] | - )
        (?: (?: [^\W_]++ [ ]? )++ | [ ,;.?!¿¡()"'%$/°«»“”‘’–—…-]++
            | [\U0001f300-\U0001faff] | : (?=[\s0-9]|\Z) )*+
        (?: \n | \Z )
    )*+""",
    re.VERBOSE,
)
_EMPTY_LINES = re.compile(r"\n(?: *\n)+")


def _plain_to_html(text: str) -> str | None:
    if not _PLAIN.fullmatch(text):
        return None
    paragraphs = (
        "<br>\n".join(line.strip(" ") for line in paragraph.strip(" \n").split("\n"))
        for paragraph in _EMPTY_LINES.split(text.strip(" \n"))
    )
    return "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph)


_MARK = re.compile(r"[*_`<>&!\[\]\\~\n]")
_LINE_MARK = re.compile(r"^[ \t]*(?:[-+#]|[0-9]+[.)])", re.MULTILINE)
_LINK_MARK = re.compile(r"://|mailto:", re.IGNORECASE)
_LINK_MARKS = 15


def _marks(text: str) -> int:
    """Weigh what will be parsed, a link as fifteen marks, before any parsing is done."""
    links = len(_LINK_MARK.findall(text)) * _LINK_MARKS
    # Each "[" makes the parser look ahead for its end, so it counts once more.
    marks = len(_MARK.findall(text)) + text.count("[")
    return marks + len(_LINE_MARK.findall(text)) + links


def _markdown_to_html(text: str) -> str:
    tokens = _tools.markdown.parse(text)
    if max(_depths(tokens), default=0) > MAX_DEPTH:
        raise TextTooDeep
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "h3" if token.tag == "h1" else "h4"
    markup = _tools.markdown.renderer.render(tokens, _tools.markdown.options, {})
    # A second time: entities such as &#x202e; are characters by now.
    bare = without_controls(markup)
    return proved(bare, LINK_RELATION) or _sanitised(bare)


def _depths(tokens: Iterable[Token], base: int = 0) -> Iterator[int]:
    depth = base
    for token in tokens:
        depth += token.nesting
        yield depth
        yield from _depths(token.children or (), depth)


def _new_markdown() -> MarkdownIt:
    """Make the parser of the Markdown that citizens may use.

    Left out: what makes typed words vanish or look odd by accident (indented code, underlined
    headings, link definitions). Links are made of whole addresses only, because "parque.La"
    is not one.
    """
    options = {"html": False, "linkify": True, "breaks": True, "maxNesting": MAX_DEPTH + 2}
    markdown = MarkdownIt("commonmark", options)
    markdown.enable("linkify")
    markdown.disable(["code", "lheading", "reference", "html_block", "html_inline"])
    linkify = markdown.linkify
    if linkify is not None:
        linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
        linkify.add("//", None).add("ftp:", None)
    for name, rule in _RENDER_RULES.items():
        markdown.add_render_rule(name, rule)
    return markdown


Rule = Callable[[Any, Sequence[Token], int, Any, Any], str]


def _text_rule(_renderer: object, tokens: Sequence[Token], at: int, *_: object) -> str:
    return escaped(tokens[at].content)


def _code_rule(_renderer: object, tokens: Sequence[Token], at: int, *_: object) -> str:
    return f"<code>{escaped(tokens[at].content)}</code>"


def _fence_rule(_renderer: object, tokens: Sequence[Token], at: int, *_: object) -> str:
    lines = "<br>\n".join(escaped(tokens[at].content.rstrip("\n")).split("\n"))
    return f"<p><code>{lines}</code></p>\n"


def _image_rule(renderer: Any, tokens: Sequence[Token], at: int, *more: Any) -> str:
    words: str = renderer.renderInlineAsText(tokens[at].children, *more)
    return escaped(words)


def _nothing_rule(*_: object) -> str:
    return ""


_RENDER_RULES: dict[str, Rule] = {
    "text": _text_rule,
    "code_inline": _code_rule,
    "fence": _fence_rule,
    "image": _image_rule,
    "hr": _nothing_rule,
}


def _sanitised(markup: str) -> str:
    cleaned: str = _tools.cleaner.clean(markup)
    return cleaned.strip()


def _new_cleaner() -> Cleaner:
    return Cleaner(
        tags=ALLOWED_TAGS,
        attributes={"a": ["href"]},
        protocols=ALLOWED_SCHEMES,
        strip=True,
        filters=[_with_safe_links],
    )


def _with_safe_links(source: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Give each link its canonical address and its relation; take off those with none."""
    kept: list[bool] = []
    budget = _LINKS_BUDGET
    for token in source:
        if token.get("name") != "a":
            yield token
        elif token["type"] == "EndTag":
            if kept.pop():
                yield token
        else:
            address = web_address(unescaped(token["data"].get((None, "href"), "")))
            kept.append(bool(address))
            budget -= len(address) + _LINK_OVERHEAD
            if budget < 0:
                raise TextTooDeep
            if address:
                href = address.replace("&", "&amp;")
                yield token | {"data": {(None, "href"): href, (None, "rel"): LINK_RELATION}}


class _Tools(threading.local):
    """One parser and one cleaner for each thread: both keep state while they work."""

    def __init__(self) -> None:
        self.markdown = _new_markdown()
        self.cleaner = _new_cleaner()


_tools = _Tools()
