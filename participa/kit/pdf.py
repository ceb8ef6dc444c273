"""Papers as tagged PDF (PDF/UA-1): for screen readers, with bookmarks and fonts of their own.

typst refuses to write a file that breaks the standard: a picture without words in its place, a
heading level left out, a sign that no font has. It brings its fonts, so nothing of the machine
shows in the file.
"""

import json
import re
import unicodedata
from dataclasses import asdict
from functools import cache
from importlib import resources

import typst

from participa.kit.blocks import Block, Paper

# What stands for a sign that typst's own fonts lack, such as most emojis.
UNSHOWN = "□"
# Ranges that those fonts hold completely, as a test proves by writing all of them.
SHOWN = (
    (0x0020, 0x007E), (0x00A0, 0x0377), (0x0400, 0x04FF), (0x1E00, 0x1EFF), (0x2010, 0x2027),
    (0x2030, 0x205E), (0x20A0, 0x20BF), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x25A0, 0x25FF),
)  # fmt: skip
_LACKING = re.compile(f"[^{''.join(f'{chr(a)}-{chr(b)}' for a, b in SHOWN).replace(']', '')}]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
# A run of signs without a space, such as an address, may break after as many.
_UNBROKEN = re.compile(r"\S{30}(?=\S)")


def pdf(paper: Paper) -> bytes:
    """Write a paper as PDF. Off the event loop: it computes."""
    content = asdict(paper) | {
        "blocks": [_block(block) for block in paper.blocks],
        "published_at": None,
    }
    written: bytes = typst.compile(
        resources.files(__package__).joinpath("paper.typ").read_bytes(),
        sys_inputs={"paper": json.dumps(_shown(content))},
        font_paths=_fonts(),
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=paper.published_at,
    )
    return written


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


def _block(block: Block) -> dict[str, object]:
    return asdict(block) | {"kind": type(block).__name__.lower()}


def _shown(value: object) -> object:
    """Make every text of a structure fit for the fonts."""
    if isinstance(value, str):
        return showable(value)
    if isinstance(value, dict):
        return {key: _shown(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(each) for each in value]
    return value


def showable(text: str) -> str:
    """Replace what the fonts lack and let long runs break; a line stays a line."""
    lines = unicodedata.normalize("NFC", text).splitlines()
    return "\n".join(_showable_line(line) for line in lines)


def _showable_line(line: str) -> str:
    plain = _LACKING.sub(UNSHOWN, _INVISIBLE.sub("", line.replace("\t", " ")))
    return _UNBROKEN.sub(lambda run: run[0] + "\u200b", plain)
