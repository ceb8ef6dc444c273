"""The benchmark of opinion groups as it is run, with tiny conversations."""

import pytest

from participa.bench import opinion
from participa.bench.words import WORDS


def test_everything_is_measured_and_has_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """All figures and bars come out above nothing, each with its name in Spanish."""
    monkeypatch.setattr(opinion, "USUAL", (120, 31, 1_800))
    monkeypatch.setattr(opinion, "ONE", (120, 31, 1_800))
    monkeypatch.setattr(opinion, "HUGE", (300, 31, 3_000))
    found = opinion.bench_opinion(with_million=True)
    assert {bar.name for bar in found.bars} == {"usual", "one_vote", "million", "million_memory"}
    assert all(float(str(value)) > 0 for value in found.figures.values())
    assert found.figures.keys() | {bar.name for bar in found.bars} <= WORDS.keys()


def test_invented_votes_are_of_distinct_statements() -> None:
    """Nobody votes twice on a statement, and there are as many votes as were asked for."""
    owners, columns, choices = opinion.invented(50, 31, 500)
    assert len({*zip(owners.tolist(), columns.tolist(), strict=True)}) == 500
    assert set(choices.tolist()) <= {-1, 0, 1}
