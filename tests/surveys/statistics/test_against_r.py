"""The weights and errors are those of R's survey package, on its own example.

Figures: tests/rakecheck.Rout.save of the package (T. Lumley, CRAN), the Californian schools of
`apiclus1`, raked to the types and the targets met of all 6,194 schools. Schools come by district,
so what is compared here is the residuals, added up by district as that design asks.
"""

from collections import Counter, defaultdict
from math import sqrt

import pytest

from participa.surveys.statistics.precision import left_by_margins
from participa.surveys.statistics.raking import rake

# A district's schools: type (E, M, H; small where the target was not met) and index of 2000.
SCHOOLS = """
637 H608 E684 E612 E710 E729 E714 E759 E585 E625 M664 M669
437 H443 E467 M482 E496
778 m411 E494
197 E493 m592 E550 M689 m598 E628 E652 E628 E832 E777 E709 e709 E736
406 E561 E555
815 h696 m631 E564 E602
178 H529 E491 E510 m547
255 E814 E806 E715 E785 M720 E905 M617 E630 E629 E696 E476 E757 E825 E595 e552 M847
568 H714 H724 h687 H723 E662 e699 E807 M679 E691
135 E622 E754 E655 E764 E795 E505 e638 E733 E523 E511 E710 E657 E602 E490 e664 E651 E603 E698
135 E511 E814 E669 e711 E538 E705 E595 E551 E762 E521 E709 E780 E780 E722 E828 E737
510 h595 H661 E502 m614 E585 E582 M642 E536 E746 E667 e629 E745 E674 E637 E696 E632 E639 E745
510 E789 M656 E789
716 H517 H478 H582 E592 E587 E553 E516 E535 E566 e481 E472 E559 E610 E599 E551 E554 e561 e505
716 e492 E504 E487 E627 E465 E529 E625 E436 E542 e515 M461 M528 M512 M508 E670 E760 E652 E546
716 E717
61 E701 E748 E735 m699 E685 E827 M711 E677 m759 E697 E742 E691 E700
413 E551
448 H703 E676 E714 E842 E824 E717 E836 M733 E719 M817 E749 E781
"""
TYPES, TARGET = ("E", "H", "M"), (1072 / 6194, 5122 / 6194)
MARGINS = ((4421 / 6194, 755 / 6194, 1018 / 6194), TARGET)
DISTRICTS = 757


def _schools() -> list[tuple[str, tuple[int, int], float]]:
    rows = [line.split() for line in SCHOOLS.strip().splitlines()]
    return [
        (district, (TYPES.index(school[0].upper()), int(school[0].isupper())), float(school[1:]))
        for district, *schools in rows
        for school in schools
    ]


def test_raked_mean_and_its_error() -> None:
    """Raked to two margins: 641.23 with a standard error of 23.704."""
    schools = _schools()
    counts = Counter(cell for _district, cell, _index in schools)
    cells = sorted(counts)
    sums: dict[tuple[int, int], float] = defaultdict(float)
    for _district, cell, index in schools:
        sums[cell] += index
    raked = rake(cells, [counts[c] for c in cells], MARGINS, lightest=0, heaviest=99)
    weight = dict(zip(cells, raked.weights, strict=True))
    mean = sum(weight[c] * index for _d, c, index in schools) / len(schools)
    means = [sums[c] / counts[c] for c in cells]
    left = left_by_margins(cells, [counts[c] for c in cells], means)
    fitted = {c: m - rest for c, m, rest in zip(cells, means, left, strict=True)}
    by_district: dict[str, float] = defaultdict(float)
    for district, cell, index in schools:
        by_district[district] += weight[cell] * (index - fitted[cell]) / len(schools)
    n = len(by_district)
    squares = sum(total**2 for total in by_district.values())
    error = sqrt(squares * n / (n - 1) * (1 - n / DISTRICTS))
    assert (len(schools), n) == (183, 15)
    assert sum(index for _d, _c, index in schools) / 183 == pytest.approx(644.169399, abs=1e-6)
    assert mean == pytest.approx(641.230, abs=1e-3)
    assert error == pytest.approx(23.704, abs=2e-3)
    assert raked.off < 1e-9
