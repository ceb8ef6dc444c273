"""Gives each section its parent, its depth and a key that survives changes elsewhere."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Protocol

from participa.plans.parsing.blocks import escape
from participa.plans.parsing.model import (
    MAX_TITLE,
    Draft,
    ParsedSection,
    PlanUnreadable,
    Warning_,
)
from participa.plans.parsing.numerals import as_parts

MAX_KEY = 180
MAX_SECTIONS = 20_000
_MAX_SLUG = 40
_MAX_SOURCE = 400
_MAX_WARNINGS = 100
_COUNTED = frozenset({"eje", "programa", "subprograma", "capitulo", "titulo", "articulo"})
_CHAINED = frozenset({"eje", "programa", "subprograma", "meta"})
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_NESTED = _CHAINED | {"apartado"}
Parents = list[int | None]


class Named(Protocol):
    """What the key of a section is made of."""

    @property
    def kind(self) -> str:
        """What it is."""

    @property
    def number(self) -> str:
        """Its number, if it has one."""

    @property
    def title(self) -> str:
        """Its title, if it has one."""

    @property
    def body(self) -> str:
        """Its text."""


def build(
    drafts: Sequence[Draft], *, by_number: bool
) -> tuple[list[ParsedSection], list[Warning_]]:
    """Nest the sections by rank and, if asked, by their numbers: 2.1.3 goes under 2.1.

    A key is the chain of numbers, or of titles where there is no number, from the top to the
    section; a sibling with the same one gets an ordinal after a tilde, which no title can write.

    Refuses with PlanUnreadable more than twenty thousand sections.
    """
    if len(drafts) > MAX_SECTIONS:
        raise PlanUnreadable("too_large")
    warnings = [
        Warning_(draft.line, "long_title") for draft in drafts if len(draft.title) > MAX_TITLE
    ]
    for draft in drafts:
        _shorten(draft)
    parents = _parents(drafts, by_number=by_number)
    depths: list[int] = []
    for parent in parents:
        depths.append(0 if parent is None else depths[parent] + 1)
    sections = [
        ParsedSection(
            draft.kind,
            draft.number,
            draft.title,
            draft.body,
            depth,
            key,
            parent,
            draft.label,
            draft.line,
        )
        for draft, parent, depth, key in zip(
            drafts, parents, depths, keys_of(drafts, parents), strict=True
        )
    ]
    if by_number:
        warnings += _misplaced(sections)
    return sections, _limited([*warnings, *_out_of_sequence(sections)])


def _shorten(draft: Draft) -> None:
    if len(draft.title) <= MAX_TITLE:
        return
    space = draft.title.rfind(" ", 1, MAX_TITLE + 1)
    cut = space if space > 0 else MAX_TITLE
    rest = escape(draft.title[cut:].strip())
    draft.title = draft.title[:cut]
    draft.body = f"{rest}\n\n{draft.body}" if draft.body else rest


def _parents(drafts: Sequence[Draft], *, by_number: bool) -> Parents:
    parents: Parents = []
    path: list[int] = []
    ranks: list[int] = []
    for index, draft in enumerate(drafts):
        holder = _holder_by_number(drafts, path, draft) if by_number else None
        if holder is None:
            while path and ranks[path[-1]] >= draft.rank:
                path.pop()
        else:
            del path[holder + 1 :]
        parents.append(path[-1] if path else None)
        ranks.append(draft.rank if holder is None else max(draft.rank, ranks[path[-1]] + 1))
        path.append(index)
    return parents


def _holder_by_number(drafts: Sequence[Draft], path: Sequence[int], draft: Draft) -> int | None:
    parts = as_parts(draft.number)
    if len(parts) < 2 or draft.kind not in _NESTED:
        return None
    for place in range(len(path) - 1, -1, -1):
        holder = drafts[path[place]]
        above = as_parts(holder.number)
        lower = holder.rank < draft.rank or draft.kind == "apartado"
        nests = holder.kind in _NESTED and 0 < len(above) < len(parts)
        if lower and nests and parts[: len(above)] == above:
            return place
    return None


def keys_of(drafts: Sequence[Named], parents: Parents) -> list[str]:
    """Name each section by what it is and where it stands, so that a later version finds it."""
    keys: list[str] = []
    taken: Counter[str] = Counter()
    for draft, parent in zip(drafts, parents, strict=True):
        step = _step(draft)
        key = step if parent is None else f"{keys[parent]}/{step}"
        if len(key) > MAX_KEY and parent is not None:
            key = f"{_digest(keys[parent], 12)}/{step}"
        taken[key] += 1
        keys.append(key if taken[key] == 1 else f"{key}~{taken[key]}")
    return keys


def _step(draft: Named) -> str:
    if draft.kind == "preambulo":
        return draft.kind
    return f"{draft.kind}-{_slug(draft.number or draft.title or draft.body[:_MAX_SOURCE])}"


def _slug(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    slug = _NOT_SLUG.sub("-", letters).strip("-")
    if slug and len(slug) <= _MAX_SLUG:
        return slug
    short = slug[:_MAX_SLUG].rpartition("-")[0] or slug[:_MAX_SLUG]
    return f"{short}-{_digest(text.casefold(), 6)}".lstrip("-")


def _digest(text: str, length: int) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()[:length]


def _misplaced(sections: Sequence[ParsedSection]) -> Iterable[Warning_]:
    for section in sections:
        if section.parent is None or section.kind not in _CHAINED:
            continue
        parent = sections[section.parent]
        parts, above = as_parts(section.number), as_parts(parent.number)
        expected = parent.kind in _CHAINED and len(parts) > len(above) > 0
        if expected and parts[: len(above)] != above:
            yield Warning_(
                section.line,
                "number_misplaced",
                {"number": section.number, "parent": parent.number},
            )


def _out_of_sequence(sections: Sequence[ParsedSection]) -> Iterable[Warning_]:
    last: dict[tuple[str, tuple[int, ...]], ParsedSection] = {}
    for section in sections:
        parts = as_parts(section.number)
        if not parts or section.kind not in _COUNTED:
            continue
        before = last.get((section.kind, parts[:-1]))
        last[section.kind, parts[:-1]] = section
        if before is None or parts[-1] == as_parts(before.number)[-1] + 1:
            continue
        if parts == as_parts(before.number):
            yield Warning_(section.line, "number_repeated", {"number": section.number})
        elif parts[-1] != 1:
            yield Warning_(
                section.line, "number_jump", {"before": before.number, "number": section.number}
            )


def _limited(warnings: Iterable[Warning_]) -> list[Warning_]:
    """Keep the first hundred of each sort: nobody reads more, and a bad file has thousands."""
    counts: Counter[str] = Counter()
    kept = []
    for warning in warnings:
        counts[warning.code] += 1
        if counts[warning.code] <= _MAX_WARNINGS:
            kept.append(warning)
    return kept
