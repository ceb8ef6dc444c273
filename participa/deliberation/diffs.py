"""What changed between two wordings, word by word, readable without colour."""

import re
from difflib import SequenceMatcher

from markupsafe import Markup, escape

# Above this many words the comparison would take seconds: the whole texts are shown instead.
MAX_WORDS = 3000
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_TAGS = {"del": Markup("<del>{}</del>"), "ins": Markup("<ins>{}</ins>")}


def word_diff(before: str, after: str) -> Markup:
    """Give the later text with what was taken out in <del> and what was added in <ins>."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > MAX_WORDS:
        return _marked("del", before) + Markup("\n") + _marked("ins", after)
    parts = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(escape("".join(new[k:m])))
            continue
        parts.append(_marked("del", "".join(old[i:j])))
        parts.append(_marked("ins", "".join(new[k:m])))
    return Markup("<p>{}</p>").format(Markup().join(parts))


def _marked(tag: str, text: str) -> Markup:
    return _TAGS[tag].format(text) if text else Markup()
