"""The result of an analysis as JSON: the same bytes for the same votes."""

import json
from collections.abc import Sequence

from participa import __version__
from participa.insights.opinion.analysis import Analysis, Division, Options, Portrait
from participa.insights.opinion.files import Read
from participa.insights.opinion.statistics import Chosen, Consensus

Shown = dict[str, object]


def as_json(read: Read, found: Analysis, options: Options) -> str:
    """Write everything that was found, with the numbers that the files give."""
    return json.dumps(_whole(read, found, options), ensure_ascii=False, indent=1) + "\n"


def _whole(read: Read, found: Analysis, options: Options) -> Shown:
    ids: list[int] = read.statements.tolist()
    portrait = found.portrait
    return {
        "engine": f"participa {__version__}",
        "input": read.digest,
        "options": {
            "moderated_as_cast": options.moderated_as_cast,
            "seed": options.seed,
            "runs": options.runs,
        },
        "people": read.votes.people,
        "votes": len(read.votes.columns),
        "statements": _statements(read, portrait),
        "components": {
            "center": found.components.centre.tolist(),
            "axes": found.components.axes.tolist(),
            "explained": found.components.explained,
        },
        "stable_groups": found.has_groups,
        "groups": _groups(ids, found.chosen, portrait),
        "participants": _participants(read, found),
        "consensus": _consensus(ids, found.consensus),
        "telling": _telling(ids, portrait),
        "stability": _stability(found),
        "identical": _identical(ids, found),
    }


def _statements(read: Read, portrait: Portrait | None) -> list[Shown]:
    rows = zip(read.statements.tolist(), read.texts, read.kept.tolist(), strict=True)
    shown: list[Shown] = [{"id": n, "text": text, "kept": kept} for n, text, kept in rows]
    if portrait is not None:
        for row, value in zip(shown, portrait.group_aware.tolist(), strict=True):
            row["group_aware_consensus"] = value
    return shown


def _groups(
    ids: Sequence[int], division: Division | None, portrait: Portrait | None
) -> list[Shown]:
    """Give the groups of the best division, whether or not it is stable."""
    if division is None or portrait is None:
        return []
    return [
        {
            "id": group,
            "people": int(division.sizes[group]),
            "center": division.centres[group].tolist(),
            "found_again": division.stability[group],
            "representative": [_chosen(ids, each) for each in portrait.representative[group]],
            "agrees": portrait.counts.agree[group].tolist(),
            "disagrees": portrait.counts.disagree[group].tolist(),
            "seen": portrait.counts.seen[group].tolist(),
        }
        for group in range(division.number)
    ]


def _chosen(ids: Sequence[int], each: Chosen) -> Shown:
    return {
        "statement": ids[each.statement],
        "side": "agree" if each.agrees else "disagree",
        "said": each.said,
        "seen": each.seen,
        "share": each.share,
        "share_z": each.share_z,
        "ratio": each.ratio,
        "ratio_z": each.ratio_z,
        "best_agreed": each.best_agreed,
    }


def _participants(read: Read, found: Analysis) -> list[Shown]:
    """Place everybody. `group` is empty unless groups are stable; `nearest` is given anyhow."""
    nearest = [None] * read.votes.people
    if found.chosen is not None:
        nearest = [None if n < 0 else n for n in found.chosen.groups.tolist()]
    rows = zip(
        read.people.tolist(), read.votes.cast.tolist(), found.places.tolist(), nearest, strict=True
    )
    return [
        {"id": n, "votes": votes, "x": place[0], "y": place[1],
         "group": group if found.has_groups else None, "nearest": group}
        for n, votes, place, group in rows
    ]  # fmt: skip


def _consensus(ids: Sequence[int], found: Consensus) -> Shown:
    return {
        "agree": [_chosen(ids, each) for each in found.agreed],
        "disagree": [_chosen(ids, each) for each in found.disagreed],
    }


def _telling(ids: Sequence[int], portrait: Portrait | None) -> Shown:
    """Give what stands when at most 5 % of it may be false."""
    if portrait is None:
        return {}
    found = portrait.telling
    return {
        "groups": [
            {
                "agree": [n for n, told in zip(ids, found.agreed[group], strict=True) if told],
                "disagree": [
                    n for n, told in zip(ids, found.disagreed[group], strict=True) if told
                ],
            }
            for group in range(len(found.agreed))
        ],
        "common": [_sided(ids, each) for each in found.common],
        "bridges": [_sided(ids, each) for each in found.bridges],
        "dividing": [ids[n] for n in found.dividing],
    }


def _sided(ids: Sequence[int], each: tuple[int, bool]) -> Shown:
    statement, agrees = each
    return {"statement": ids[statement], "side": "agree" if agrees else "disagree"}


def _stability(found: Analysis) -> Shown:
    return {
        "explained": found.chance.explained,
        "shuffled": list(found.chance.shuffled),
        "beats_shuffled": found.chance.is_beaten,
        "divisions": [
            {
                "groups": each.number,
                "people": each.sizes.tolist(),
                "separation": each.separation,
                "found_again": list(each.stability),
                "stable": each.is_stable,
            }
            for each in found.divisions
        ],
    }


def _identical(ids: Sequence[int], found: Analysis) -> Shown:
    blocks = [{"people": len(each.people), "votes": each.votes} for each in found.blocks]
    if found.without is None:
        return {"blocks": blocks}
    return {
        "blocks": blocks,
        "counted_once": {
            "groups": found.without.groups,
            "same_group": found.without.same,
            "consensus": _consensus(ids, found.without.consensus),
        },
    }
