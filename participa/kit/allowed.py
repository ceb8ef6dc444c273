"""A quick proof that HTML of our own making needs no cleaning.

What our Markdown renderer makes is nearly always within the allow-list already. It is read once,
tag by tag: known tags only, rightly nested, no other angle bracket or ampersand anywhere. What
is not proved that way goes through the sanitiser, whose result would have been the same.
"""

import re

from participa.kit.markup import web_address

_TAG = re.compile(
    r'<(/?)(p|strong|em|ul|ol|li|blockquote|code|h3|h4)>|(<br>)|<a href="([^"<>&\s]+)">|(</a>)'
)
MOST_LINKS = 50
_INLINE = frozenset({"strong", "em", "code", "a"})
_PARENTS = {
    "li": frozenset({"ul", "ol"}),
    "ul": frozenset({"", "li", "blockquote"}),
    "ol": frozenset({"", "li", "blockquote"}),
    "blockquote": frozenset({"", "li", "blockquote"}),
    "p": frozenset({"", "li", "blockquote"}),
    "h3": frozenset({"", "li", "blockquote"}),
    "h4": frozenset({"", "li", "blockquote"}),
}


def proved(markup: str, relation: str) -> str | None:
    """Give the HTML with its links' relation set, where it can be proved; None elsewhere."""
    if markup.count("<a ") > MOST_LINKS:
        return None
    out: list[str] = []
    open_tags = [""]
    at = 0
    for tag in _TAG.finditer(markup):
        out.append(markup[at : tag.start()])
        at = tag.end()
        shown = _shown(tag, open_tags, relation)
        if shown is None:
            return None
        out.append(shown)
    out.append(markup[at:])
    if len(open_tags) != 1 or not _is_plain("".join(out[::2])):
        return None
    return "".join(out).strip()


def _is_plain(text: str) -> bool:
    return not ("<" in text or ">" in text or "&" in text)


def _shown(tag: re.Match[str], open_tags: list[str], relation: str) -> str | None:
    closing, name, line_break, address, link_end = tag.groups()
    if line_break:
        return "<br>"
    name = name or "a"
    if closing or link_end:
        return tag[0] if open_tags.pop() == name else None
    parents = _PARENTS.get(name)
    if name in open_tags and name in _INLINE:
        return None
    if parents is not None and open_tags[-1] not in parents:
        return None
    open_tags.append(name)
    if address is None:
        return tag[0]
    return f'<a href="{address}" rel="{relation}">' if web_address(address) == address else None
