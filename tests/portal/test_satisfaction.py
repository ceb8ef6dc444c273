"""The mean of a scale says no more than its published counts do."""

from itertools import product

from participa.kit.tally import Tally, tally_single
from participa.portal.satisfaction import satisfaction

LABELS = ("1", "2", "3", "4", "5")


def mean(counts: tuple[int, ...]) -> float:
    """Give the mean of a scale that begins at 1."""
    return sum(score * n for score, n in enumerate(counts, 1)) / sum(counts)


def test_with_nothing_hidden_it_is_the_mean() -> None:
    """Where every count may be seen both bounds are the mean."""
    found = satisfaction([tally_single(LABELS, (10, 10, 10, 20, 50))])
    assert found is not None
    assert (found.low, found.high, found.answered) == (3.9, 3.9, 100)
    assert found.is_exact


def test_the_truth_is_always_between_the_bounds() -> None:
    """Whatever is hidden, the mean of the true counts lies between what is published."""
    for counts in product((0, 1, 4, 7), repeat=5):
        found = satisfaction([tally_single(LABELS, counts)]) if sum(counts) else None
        if found is not None:
            assert found.low - 0.05 <= mean(counts) <= found.high + 0.05


def test_what_looks_alike_is_told_alike() -> None:
    """Two tables that would be published the same give the same bounds."""
    published: dict[Tally, object] = {}
    for counts in product((0, 1, 2, 3, 6, 9), repeat=4):
        if not sum(counts):
            continue
        tally = tally_single(LABELS[:4], counts)
        assert published.setdefault(tally, satisfaction([tally])) == satisfaction([tally])


def test_too_little_says_nothing() -> None:
    """Fewer than five people, or nobody, give no figure; nor does one line hidden whole."""
    few, many = tally_single(LABELS, (0, 0, 1, 1, 1)), tally_single(LABELS, (5, 5, 5, 5, 5))
    assert satisfaction([few]) is None
    assert satisfaction([]) is None
    assert satisfaction([many, few]) is None
    several = satisfaction([many, tally_single(LABELS, (0, 0, 0, 0, 25))])
    assert several is not None
    assert several.low == several.high == 4.0
