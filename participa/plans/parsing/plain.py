"""Reads a plan from plain text as pasted from a PDF: what is a heading, and what it is called."""

import re
from collections.abc import Sequence
from itertools import takewhile

from participa.plans.parsing.blocks import Block, render, to_blocks, typical_width
from participa.plans.parsing.cleaning import Line, collapse
from participa.plans.parsing.covers import drop_covers
from participa.plans.parsing.furniture import drop_furniture
from participa.plans.parsing.headings import EJE_OVER_ARTICLES, is_upper, recognise
from participa.plans.parsing.hyphens import Hyphens
from participa.plans.parsing.model import (
    MAX_TITLE,
    PREAMBLE_RANK,
    Draft,
    DroppedLine,
    Kind,
    Reading,
    Warning_,
)
from participa.plans.parsing.numerals import fold
from participa.plans.parsing.outline import Entry, Outline

_RUN_ON = re.compile(
    r"(?<=[.;:]) (?=\d{1,3}(?:\.\d{1,3}){0,5}\.? ?(?:Subp|SUBP|P|p)(?:rograma|ROGRAMA)\b ?[.:])"
)
SENTENCE_END = re.compile(r"(?<!\bNo)(?<!\bart)(?<!\bArt)(?<!\bnum)\.(?= +[“\"¿(]?[^\W\d_]|$)")
_MAX_ARTICLE_TITLE = 120
_MAX_LONE_WORDS = 5
_MAX_TITLE_LINES = 6
_RUNNING = frozenset({"articulo", "meta"})


def read(lines: Sequence[Line]) -> Reading:
    """Read the lines into drafts of sections, without page furniture."""
    kept, furniture = drop_furniture([line._replace(text=collapse(line.text)) for line in lines])
    kept, covers = drop_covers(_split_run_on(kept))
    hyphens = Hyphens(line.text for line in kept)
    kept = [line._replace(text=hyphens.mend(line.text)) for line in kept]
    writer = _Writer(typical_width([line.text for line in kept]), hyphens)
    title, start = _plan_title(kept)
    drafts = writer.drafts(kept[start:])
    _raise_ejes(drafts)
    warnings = _about_dropped(furniture, covers)
    last = next((line for line in reversed(kept) if line.text), None)
    if last and drafts and last.text[-1].isalnum() and drafts[-1].body:
        warnings.append(Warning_(last.number, "ends_abruptly"))
    return Reading(drafts, title, by_number=True, warnings=warnings, dropped=furniture + covers)


class _Writer:
    """Writes the lines between headings as drafts of sections."""

    def __init__(self, width: int, hyphens: Hyphens) -> None:
        self._width = width
        self._hyphens = hyphens

    def drafts(self, lines: Sequence[Line]) -> list[Draft]:
        """Write the sections, after whatever text stands before the first."""
        texts = [line.text for line in lines]
        entries = Outline(texts).entries()
        ends = [entry.begin for entry in entries[1:]] + [len(lines)]
        drafts = [
            self._headed(entry, lines[entry.at].number, texts, end)
            for entry, end in zip(entries, ends, strict=False)
        ]
        first = entries[0].begin if entries else len(lines)
        preamble = render(self._blocks(texts[:first]))
        if preamble:
            line = next(line.number for line in lines if line.text)
            drafts.insert(0, Draft("preambulo", PREAMBLE_RANK, line, body=preamble))
        return drafts

    def _headed(self, entry: Entry, line: int, texts: Sequence[str], end: int) -> Draft:
        heading = entry.heading
        kind, rank = heading.kind, heading.rank
        number = "" if heading.prefix else heading.number
        draft = Draft(kind, rank, line, heading.label, number)
        below = texts[entry.after : end]
        if entry.titled:
            above = texts[entry.begin : entry.at]
            start = entry.at if not heading.label and not heading.prefix else entry.at + 1
            draft.title = self._one_line([*above, *texts[start : entry.after]])
            blocks = self._blocks(below)
        else:
            blocks = to_blocks(
                [heading.rest, *below],
                self._width,
                self._hyphens,
                titled=kind not in _RUNNING,
                lead=len(texts[entry.at]) - len(heading.rest),
            )
            draft.title = _take_title(kind, blocks) if heading.rest else ""
        draft.title = _with_prefix(heading.prefix, draft.title).removesuffix(".")
        draft.body = render(blocks)
        return draft

    def _blocks(self, texts: Sequence[str]) -> list[Block]:
        return to_blocks(texts, self._width, self._hyphens)

    def _one_line(self, texts: Sequence[str]) -> str:
        return " ".join(block.text for block in self._blocks(texts))


def _with_prefix(prefix: str, title: str) -> str:
    """Put "SECCIÓN I" before a title that stands on another line, with a stop between them."""
    stop = ". " if title and prefix[-1:].isalnum() else ""
    return f"{prefix}{stop}{title}".strip()


def _take_title(kind: Kind, blocks: list[Block]) -> str:
    """Take the title from the head of the first paragraph; the rest stays in the text."""
    if blocks[0].marker:
        return ""
    text = blocks[0].text
    if len(text) <= MAX_TITLE and (kind == "meta" or ". " not in text):
        if kind == "articulo" and not (is_upper(text) or len(text.split()) <= _MAX_LONE_WORDS):
            return ""
        del blocks[0]
        return text
    limit = _MAX_ARTICLE_TITLE if kind == "articulo" else MAX_TITLE
    end = SENTENCE_END.search(text[: limit + 2])
    if end is None:
        return ""
    rest = text[end.end() :].lstrip()
    if rest:
        blocks[0] = Block("", pieces=[rest])
    else:
        del blocks[0]
    return text[: end.start()]


def _plan_title(lines: Sequence[Line]) -> tuple[str | None, int]:
    """Take the capitals that open the document as its name, if they speak of a plan."""
    start = next((index for index, line in enumerate(lines) if line.text), 0)
    opening = list(
        takewhile(
            lambda line: is_upper(line.text) and not recognise(line.text),
            lines[start : start + _MAX_TITLE_LINES],
        )
    )
    title, end = " ".join(line.text for line in opening), start + len(opening)
    followed = any(line.text for line in lines[end:])
    if followed and "plan" in fold(title).split() and len(title) <= MAX_TITLE:
        return title, end
    return None, 0


def _raise_ejes(drafts: Sequence[Draft]) -> None:
    """Put the ejes above the articles where each eje holds several of them."""
    ejes = [index for index, draft in enumerate(drafts) if draft.kind == "eje"]
    if not ejes:
        return
    between = drafts[ejes[0] : ejes[-1]]
    if sum(draft.kind == "articulo" for draft in between) > len(ejes) - 1:
        for index in ejes:
            drafts[index].rank = EJE_OVER_ARTICLES


def _split_run_on(lines: Sequence[Line]) -> list[Line]:
    """Give its own line to a programme that the extraction left at the end of another."""
    return [line._replace(text=piece) for line in lines for piece in _RUN_ON.split(line.text)]


def _about_dropped(furniture: list[DroppedLine], covers: list[DroppedLine]) -> list[Warning_]:
    letterhead = [line for line in furniture if line.reason == "letterhead"]
    counts = {
        "furniture_dropped": len(furniture) - len(letterhead),
        "letterhead_dropped": len(letterhead),
        "cover_dropped": len(covers),
    }
    return [Warning_(0, code, {"count": count}) for code, count in counts.items() if count]
