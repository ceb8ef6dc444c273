"""The Polis mathematics, against two conversations with the server's own answers."""

from typing import Any

import numpy as np
import pytest

from participa.insights.opinion.components import Components, find_components, project
from participa.insights.opinion.grouping import in_conversation, step
from participa.insights.opinion.statistics import (
    Chosen,
    find_consensus,
    group_aware_consensus,
    representative,
)
from participa.insights.opinion.votes import Votes, count
from tests.insights.opinion.recordings import NAMES, Recording, recording

pytestmark = pytest.mark.real_data
EXACT = 1e-9
# The recordings write this one test with eight digits.
EIGHT_DIGITS = 1e-6


@pytest.fixture(params=NAMES)
def recorded(request: pytest.FixtureRequest) -> Recording:
    return recording(request.param)


def _found(recorded: Recording) -> tuple[Votes, Components]:
    votes = recorded.votes.on(recorded.kept)
    return votes, find_components(votes)


def test_components_and_means_are_the_servers(recorded: Recording) -> None:
    """Means of statements and both components, apart from their direction, are equal to 1e-9."""
    _votes, found = _found(recorded)
    pca = recorded.math["pca"]
    # The server counts agreement as -1.
    np.testing.assert_allclose(-found.centre, pca["center"], atol=EXACT)
    for axis, theirs in zip(found.axes, pca["comps"], strict=True):
        turned = np.sign(axis @ theirs)
        np.testing.assert_allclose(turned * axis, theirs, atol=EXACT)


def test_people_stand_where_the_server_puts_them(recorded: Recording) -> None:
    """Places are equal to 1e-9, with statements that were taken out counted as cast by all."""
    votes, found = _found(recorded)
    places = project(votes, found, statements=votes.statements, granted=recorded.left_out)
    signs = [np.sign(axis @ theirs) for axis, theirs in
             zip(found.axes, recorded.math["pca"]["comps"], strict=True)]  # fmt: skip
    bases = recorded.math["base-clusters"]
    rows = [members[0] for members in bases["members"]]
    assert all(len(members) == 1 for members in bases["members"])
    np.testing.assert_allclose(
        -places[rows] * signs, np.transpose([bases["x"], bases["y"]]), atol=EXACT
    )


def test_who_is_grouped(recorded: Recording) -> None:
    """Whoever has seven votes is grouped, and whoever the server took in before stays in."""
    theirs = np.zeros(recorded.votes.people, dtype=bool)
    theirs[recorded.math["in-conv"]] = True
    cast, statements = recorded.votes.cast, recorded.votes.statements
    assert not (in_conversation(cast, statements) & ~theirs).any()
    assert (in_conversation(cast, statements, theirs) == theirs).all()


def test_published_groups_are_a_fixed_point(recorded: Recording) -> None:
    """A round of k-means from the published centres moves nobody and no centre."""
    bases = recorded.math["base-clusters"]
    points = np.transpose([bases["x"], bases["y"]])
    centres = np.array([group["center"] for group in recorded.math["group-clusters"]])
    labels, moved = step(points, np.array(bases["count"], dtype=float), centres)
    np.testing.assert_allclose(moved, centres, atol=EXACT)
    assert labels.tolist() == [recorded.groups[members[0]] for members in bases["members"]]


def test_counts_and_group_aware_consensus(recorded: Recording) -> None:
    """Every count by group and statement is the server's, and so is what all groups agree on."""
    counts = count(recorded.votes, recorded.groups, int(recorded.groups.max()) + 1)
    for group, theirs in recorded.math["group-votes"].items():
        for statement, cell in theirs["votes"].items():
            at = int(group), int(statement)
            assert (counts.agree[at], counts.disagree[at], counts.seen[at]) == (
                cell["A"], cell["D"], cell["S"],
            )  # fmt: skip
    ours = group_aware_consensus(counts)
    for statement, value in recorded.math["group-aware-consensus"].items():
        assert ours[int(statement)] == pytest.approx(value, abs=EXACT)


def _same(ours: Chosen, theirs: dict[str, Any]) -> None:
    assert (ours.statement, ours.said, ours.seen) == (
        theirs["tid"], theirs["n-success"], theirs["n-trials"],
    )  # fmt: skip
    assert ours.share == pytest.approx(theirs["p-success"], abs=EXACT)
    assert ours.share_z == pytest.approx(theirs["p-test"], abs=EXACT)


def test_representative_statements(recorded: Recording) -> None:
    """Each group's statements are the server's, in its order, with its figures."""
    counts = count(recorded.votes, recorded.groups, int(recorded.groups.max()) + 1)
    chosen = representative(counts, recorded.kept)
    for group, theirs in recorded.math["repness"].items():
        for ours, each in zip(chosen[int(group)], theirs, strict=True):
            _same(ours, each)
            assert ("agree" if ours.agrees else "disagree") == each["repful-for"]
            assert ours.best_agreed == each.get("best-agree", False)
            assert ours.ratio == pytest.approx(each["repness"], abs=EXACT)
            assert ours.ratio_z == pytest.approx(each["repness-test"], abs=EIGHT_DIGITS)


def test_consensus(recorded: Recording) -> None:
    """What most of all voters agree and disagree with, grouped or not, is the server's list."""
    everybody = np.zeros_like(recorded.groups)
    found = find_consensus(count(recorded.votes, everybody, 1), recorded.kept)
    theirs = recorded.math["consensus"]
    for ours, each in zip(found.agreed, theirs["agree"], strict=True):
        _same(ours, each)
    for ours, each in zip(found.disagreed, theirs["disagree"], strict=True):
        _same(ours, each)
