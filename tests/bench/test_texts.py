"""Grouping is measured, however small, and what was planted is found; no time is asserted."""

import pytest

from participa.bench import texts
from participa.bench.words import WORDS


@pytest.mark.long
def test_grouping_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some made-up texts: planted themes and letters are found, all figures and bars are there."""
    monkeypatch.setattr(texts, "SMALL", 1_200)
    monkeypatch.setattr(texts, "CAMPAIGNS", 20)
    result = texts.bench_insights(2_000)
    assert 10 <= int(str(result.figures["small_themes"])) <= 60
    bars = {bar.name: bar.value for bar in result.bars}
    assert bars["place_one_ms"] > 0
    assert bars["small_memory_mib"] > 50
    assert {*bars, *result.figures} <= WORDS.keys()


def test_planted_letters_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said of recall and precision counts each letter's copies but the first."""
    monkeypatch.setattr(texts, "CAMPAIGNS", 20)
    monkeypatch.setattr(texts, "_PLACED", 5)
    found = texts.TASKS["copies"](texts.made_up(1_000))
    assert found["recall"] > 0.95
    assert found["precision"] > 0.95
    assert texts.TASKS["place"](texts.made_up(600))["each_ms"] > 0
