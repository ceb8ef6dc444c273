"""Two recorded Polis conversations: their votes, and what the server made of them."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from participa.insights.opinion.votes import Flags, Numbers, Votes, gather
from tests.realdata import real_data

WITHOUT_FOUR_VOTES = "50ptpt-3gp-strict-no-meta"
NAMES = (WITHOUT_FOUR_VOTES, "below-100-ptpts")


@dataclass(frozen=True)
class Recording:
    """A conversation; `math` is the server's result and `rows` its people, `groups` per person."""

    votes: Votes
    math: dict[str, Any]
    kept: Flags
    groups: Numbers

    @property
    def left_out(self) -> int:
        """How many statements a moderator took out."""
        return int((~self.kept).sum())


def recording(name: str) -> Recording:
    """Read a recording. Four votes that its list lacks are told by the server's own means."""
    folder = real_data(f"polis_recordings/{name}")
    math = json.loads((folder / "math-pca2.json").read_text())
    rows = [_vote(each) for each in json.loads((folder / "votes.json").read_text())]
    if name == WITHOUT_FOUR_VOTES:
        rows += [(50, statement, -1) for statement in (1, 4, 12, 20)]
    people, statements, choices = zip(*rows, strict=True)
    votes = gather(people, statements, choices, (int(math["n"]), int(math["n-cmts"])))
    kept = np.ones(votes.statements, dtype=bool)
    kept[math["mod-out"]] = False
    return Recording(votes, math, kept, _groups(math, votes.people))


def _vote(row: dict[str, Any]) -> tuple[int, int, int]:
    short = "pid" in row
    names = ("pid", "tid", "vote") if short else ("participant_id", "statement_id", "vote")
    person, statement, choice = (int(row[name]) for name in names)
    return person, statement, choice


def _groups(math: dict[str, Any], people: int) -> Numbers:
    bases = math["base-clusters"]
    members = dict(zip(bases["id"], bases["members"], strict=True))
    groups = np.full(people, -1)
    for group in math["group-clusters"]:
        for base in group["members"]:
            groups[members[base]] = group["id"]
    return groups
