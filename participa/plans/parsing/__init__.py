"""Turns the text of a plan, pasted from a PDF or written in Markdown, into a tree of sections.

It reads strings and gives values: what is stored, and under which version, is for the callers.
"""

from typing import Literal

from participa.plans.parsing import markdown, plain
from participa.plans.parsing.cleaning import to_lines
from participa.plans.parsing.model import (
    DroppedLine,
    ParsedPlan,
    ParsedSection,
    PlanUnreadable,
    Warning_,
)
from participa.plans.parsing.tree import build

__all__ = [
    "DroppedLine",
    "ParsedPlan",
    "ParsedSection",
    "PlanUnreadable",
    "Warning_",
    "parse_plan",
]


def parse_plan(source: str, *, form: Literal["auto", "markdown", "text"] = "auto") -> ParsedPlan:
    """Split a plan into sections, in the order of the document.

    Every word of the source ends in the title, a label, a title or a body, except the page
    furniture listed in `dropped`: an official can check that nothing was lost.

    A goal becomes a section of its own (`meta`) where it opens a line with its label ("Meta /
    producto.", "Meta 1.2:"), because the goal is what people want to argue about and the label
    says where it begins; its indicators are its body. Objectives, strategies and plural lists
    ("Metas: a, b and c") stay in the body of their programme, having no boundary to trust.

    Refuses with PlanUnreadable when there is nothing to read, when the source is not text, and
    when it is too long.
    """
    lines, warnings = to_lines(source)
    if form == "markdown" or (form == "auto" and markdown.looks_like_markdown(lines)):
        reading = markdown.read(lines)
    else:
        reading = plain.read(lines)
    if not reading.drafts:
        raise PlanUnreadable("empty")
    sections, found = build(reading.drafts, by_number=reading.by_number)
    if not reading.has_headings:
        found.append(Warning_(0, "no_headings"))
    return ParsedPlan(
        title=reading.title,
        sections=tuple(sections),
        warnings=tuple(
            sorted([*warnings, *reading.warnings, *found], key=lambda warning: warning.line)
        ),
        dropped=tuple(sorted(reading.dropped, key=lambda line: line.line)),
    )
