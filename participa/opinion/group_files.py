"""The opinion groups of a round as data: a table and a JSON object, as guarded as the page. Pure.

Shares are those of the page: rounded to 5 %, 95 for "95 or more", none of fewer than ten votes,
and only of the side that more of the group are on.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from participa.kit.csvs import Cell
from participa.opinion.models import Round, RoundGroups, Statement
from participa.opinion.rules import LETTERS, NEARLY_ALL

CSV_HEADER = ("frase", "texto", "grupo", "personas", "lado", "porcentaje", "oculta", "papel",
              "consenso")  # fmt: skip
_SIDES = {True: "acuerdo", False: "desacuerdo"}


def csv_rows(kept: RoundGroups, statements: Sequence[Statement]) -> Iterator[Sequence[Cell]]:
    """Give every statement with every group as rows of CSV_HEADER."""
    summary = kept.summary
    for each in statements:
        shares = summary["shares"].get(str(each.number), [None] * len(summary["groups"]))
        for place, (group, share) in enumerate(zip(summary["groups"], shares, strict=True)):
            part = leaning(share)
            yield (
                each.number, each.text, LETTERS[place], group["people"],
                None if part is None else _SIDES[part[0]], None if part is None else part[1],
                "sí" if part is None else "no", " ".join(_roles(summary, place, each.number)),
                summary["aware"].get(str(each.number)),
            )  # fmt: skip


def leaning(share: Mapping[str, int] | None) -> tuple[bool, int] | None:
    """Say on which side more of a group are (True: agreement), and how many percent."""
    if share is None:
        return None
    agrees = share["agree"] >= share["disagree"]
    return agrees, min(share["agree"] if agrees else share["disagree"], NEARLY_ALL)


def _roles(summary: Mapping[str, Any], place: int, number: int) -> Iterator[str]:
    """Say what a statement is for all groups, or for one."""
    if any(said["statement"] == number for said in summary["common"]):
        yield "común"
    if any(said["statement"] == number for said in summary["bridges"]):
        yield "puente"
    if number in summary["dividing"]:
        yield "divide"
    if any(said["statement"] == number for said in summary["groups"][place]["says"]):
        yield "distingue"


def as_json(found: Round, kept: RoundGroups, statements: Sequence[Statement]) -> str:
    """Write everything that is published of the groups."""
    summary = kept.summary
    whole = {
        "round": {"id": found.id, "title": found.title},
        "found_at": kept.found_at.isoformat(),
        "voters": summary["voters"],
        "grouped": summary["grouped"],
        "explained": summary["explained"],
        "stable_groups": bool(summary["groups"]),
        "groups": [_group(place, group) for place, group in enumerate(summary["groups"])],
        "common": _sided(summary["common"]),
        "bridges": _sided(summary["bridges"]),
        "dividing": summary["dividing"],
        "statements": [_statement(each, summary) for each in statements],
        "identical": {
            "people": sum(block["people"] for block in summary["alike"]),
            "blocks": len(summary["alike"]),
            "counted_once": _once(summary["once"]),
        },
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _group(place: int, group: Mapping[str, Any]) -> dict[str, object]:
    return {
        "group": LETTERS[place],
        "people": group["people"],
        "center": [group["x"], group["y"]],
        "dots": [{"x": x, "y": y, "people": people} for x, y, people in group["dots"]],
        "representative": _sided(group["says"]),
    }


def _sided(said: Sequence[Mapping[str, Any]]) -> list[dict[str, object]]:
    return [
        {"statement": each["statement"], "side": "agree" if each["agrees"] else "disagree"}
        for each in said
    ]


def _statement(each: Statement, summary: Mapping[str, Any]) -> dict[str, object]:
    of_groups = enumerate(summary["shares"].get(str(each.number), []))
    return {
        "id": each.number,
        "text": each.text,
        "groups": {LETTERS[place]: _share(share) for place, share in of_groups},
        "group_aware_consensus_percent": summary["aware"].get(str(each.number)),
    }


def _share(share: Mapping[str, int] | None) -> dict[str, object] | None:
    part = leaning(share)
    return None if part is None else {
        "side": "agree" if part[0] else "disagree", "percent": part[1]
    }  # fmt: skip


def _once(once: Mapping[str, Any] | None) -> dict[str, object] | None:
    if once is None:
        return None
    same = once["same"]
    return {
        "groups": once["groups"],
        "same_group": None if same is None else min(same, NEARLY_ALL),
        "lost": _sided(once["lost"]),
        "gained": _sided(once["gained"]),
    }
