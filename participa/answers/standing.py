"""How every contribution of a process stands with the entity, in one statement.

The order of truth: the formal answer, else the office's reply in the conversation, else the
answer to the theme it counts in, else nothing yet. What was merged into another contribution has
the formal answer to that one. What cannot be read any more is withheld.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from participa.db import fetch
from participa.deliberation.verdicts import VERDICTS, Verdict
from participa.i18n import Text, _

LARGEST_ID = 2**31 - 1


class Standing(StrEnum):
    """Where a contribution stands, apart from the verdicts; values of the address."""

    NONE = "sin-respuesta"
    REPLY = "respondido"
    WITHHELD = "no-visible"


NAMES: dict[str, str] = {
    Verdict.ACCEPTED: "acogido",
    Verdict.PARTLY: "en-parte",
    Verdict.REJECTED: "no-acogido",
    Verdict.ALREADY: "ya-esta",
    Verdict.NOT_OURS: "no-competente",
}
OWED = "por-incorporar"
FILTERS: dict[str, Text] = {
    Standing.NONE: _("Aún sin respuesta"),
    **{NAMES[verdict]: words for verdict, words in VERDICTS.items()},
    OWED: _("Por incorporar en la próxima versión"),
    Standing.REPLY: _("Respondido en la conversación"),
}
_WORDS = {Standing.NONE: "", Standing.REPLY: "reply", Standing.WITHHELD: "withheld"}
_VERDICTS = {name: verdict for verdict, name in NAMES.items()}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which contributions a reader asks for: how they stand, of which section, after which.

    `theme_id` is a theme of a published report.
    """

    standing: str = ""
    section_id: int | None = None
    theme_id: int | None = None
    after: int = 0


@dataclass(frozen=True, slots=True)
class Spot:
    """A contribution and how it stands: a verdict, `reply`, `withheld` or nothing."""

    id: int
    receipt: str
    standing: str
    source: str
    answer_id: int | None
    edit_count: int


def wanted(values: Mapping[str, str]) -> Wanted:
    """Read the filters of an address; nonsense means all."""
    standing = values.get("estado", "")
    return Wanted(
        standing=standing if standing in FILTERS else "",
        section_id=_number(values.get("apartado", "")),
        theme_id=_number(values.get("tema", "")),
        after=_number(values.get("desde", "")) or 0,
    )


def _number(text: str) -> int | None:
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else None
    return number if number is not None and number <= LARGEST_ID else None


_SPOTS = """
WITH spots AS (
    SELECT c.id AS id, c.receipt_number AS receipt, th.sole_key AS sole_key,
        t.answer_id AS answer_id,
        CASE WHEN t.answer_id IS NULL THEN 0 ELSE a.edit_count END AS edit_count,
        CASE WHEN a.is_owed AND c.state = 'published' THEN 1 ELSE 0 END AS owed,
        CASE
            WHEN c.state <> 'published' THEN 'withheld'
            WHEN a.id IS NOT NULL THEN 'formal'
            WHEN EXISTS (
                SELECT 1 FROM deliberation_contribution r
                WHERE r.parent_id = c.id AND r.office <> '' AND r.state = 'published'
            ) THEN 'reply'
            WHEN c.is_opening AND EXISTS (
                SELECT 1 FROM deliberation_contribution r
                WHERE r.thread_id = c.thread_id AND r.parent_id IS NULL AND NOT r.is_opening
                    AND r.office <> '' AND r.state = 'published'
            ) THEN 'reply'
            ELSE 'theme'
        END AS source,
        a.verdict AS verdict,
        (
            SELECT k.answer_decision FROM insights_member m
            JOIN insights_report p ON p.id = m.report_id
            LEFT JOIN insights_cluster k ON k.id = m.cluster_id
            WHERE m.contribution_id = c.id AND p.state = 'published'
            ORDER BY p.number DESC LIMIT 1
        ) AS theme
    FROM deliberation_contribution c
    JOIN deliberation_thread th ON th.id = c.thread_id
    LEFT JOIN deliberation_merge m ON m.contribution_id = c.id
    LEFT JOIN answers_target t ON t.contribution_id = c.id
    LEFT JOIN answers_target kept ON kept.contribution_id = m.into_id
    LEFT JOIN answers_answer a ON a.id = COALESCE(t.answer_id, kept.answer_id)
    WHERE c.entity_id = $1 AND c.process_id = $2 AND c.office = '' AND NOT th.is_hidden
), standings AS (
    SELECT id, receipt, sole_key, answer_id, edit_count, owed,
        CASE source
            WHEN 'formal' THEN verdict
            WHEN 'theme' THEN COALESCE(theme, '')
            ELSE source
        END AS standing,
        CASE WHEN source = 'theme' AND COALESCE(theme, '') = '' THEN '' ELSE source END AS source
    FROM spots
)
"""
_PAGE = f"""{_SPOTS}
SELECT id, receipt, standing, source, answer_id, edit_count FROM standings
WHERE id > $3 AND ($4 = '' OR sole_key = $4) AND ($5 = '-' OR standing = $5)
    AND ($6 = 0 OR owed = 1) AND ($7 = 0 OR source <> 'formal')
    AND ($8 = 0 OR EXISTS (
        SELECT 1 FROM insights_member m JOIN insights_report p ON p.id = m.report_id
        WHERE m.entity_id = $1 AND m.contribution_id = standings.id AND m.cluster_id = $8
            AND p.state = 'published'
    ))
ORDER BY id LIMIT $9
"""  # noqa: S608 - joined from two constants
_SOME = f"""{_SPOTS}
SELECT id, receipt, standing, source, answer_id, edit_count FROM standings
WHERE receipt IN ({{places}}) ORDER BY id
"""  # noqa: S608 - joined from two constants
_COUNTS = f"""{_SPOTS}
SELECT standing, COUNT(*), SUM(owed) FROM standings GROUP BY standing
"""  # noqa: S608 - joined from two constants


async def spots(
    entity_id: int, process_id: int, asked: Wanted, limit: int, *, unanswered: bool = False
) -> list[Spot]:
    """List contributions in the order they came, with how they stand, some at a time.

    With `unanswered`, only those without a formal answer.
    """
    key = "" if asked.section_id is None else f"section:{asked.section_id}"
    standing = "-"
    if asked.standing in _VERDICTS:
        standing = _VERDICTS[asked.standing]
    elif asked.standing and asked.standing != OWED:
        standing = _WORDS[Standing(asked.standing)]
    rows = await fetch(
        _PAGE, entity_id, process_id, asked.after, key, standing,
        int(asked.standing == OWED), int(unanswered), asked.theme_id or 0, limit,
    )  # fmt: skip
    return [Spot(*row) for row in rows]


async def spots_of(entity_id: int, process_id: int, receipts: Sequence[str]) -> list[Spot]:
    """Give those contributions of a process that have these receipt numbers."""
    if not receipts:
        return []
    places = ", ".join(f"${number}" for number in range(3, len(receipts) + 3))
    rows = await fetch(_SOME.format(places=places), entity_id, process_id, *receipts)
    return [Spot(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Count:
    """How many contributions stand in one way; `name` is its filter, empty where it has none."""

    name: str
    label: Text
    count: int


async def counts(entity_id: int, process_id: int) -> list[Count]:
    """Count the contributions of a process by how they stand, those without answer first."""
    rows = await fetch(_COUNTS, entity_id, process_id)
    found = {standing: int(count) for standing, count, _owed in rows}
    owed = sum(int(each or 0) for _standing, _count, each in rows)
    words: dict[str, Any] = {"": Standing.NONE, **NAMES, "reply": Standing.REPLY}
    listed = [
        Count(name, FILTERS[name], found[standing])
        for standing, name in words.items()
        if found.get(standing)
    ]
    if owed:
        listed.append(Count(OWED, FILTERS[OWED], owed))
    if found.get("withheld"):
        listed.append(Count("", _("Retirados u ocultos"), found["withheld"]))
    return listed


def total(listed: Sequence[Count]) -> int:
    """Add up; what is owed is counted with its verdict already."""
    return sum(each.count for each in listed if each.name != OWED)
