"""How well groups agree with labels that people gave. Pure; needs scikit-learn.

What was left out of every group counts as one more group, never as agreement by omission.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, v_measure_score
from sklearn.metrics.cluster import contingency_matrix


@dataclass(frozen=True, slots=True)
class Score:
    """Agreement from 0 (chance, for `ami` and `ari`) to 1, over `texts` that have a label."""

    texts: int
    clusters: int
    labels: int
    left_out: int
    ami: float
    v_measure: float
    purity: float
    ari: float


def score(clusters: Sequence[str], labels: Sequence[str]) -> Score:
    """Compare groups with labels, text by text; texts without a label are passed over."""
    pairs = [(c, label) for c, label in zip(clusters, labels, strict=True) if label]
    if not pairs:
        raise ValueError("no text has a label")
    found, gold = [c for c, _label in pairs], [label for _c, label in pairs]
    table = contingency_matrix(gold, found)
    return Score(
        texts=len(pairs),
        clusters=len(set(found) - {""}),
        labels=len(set(gold)),
        left_out=found.count(""),
        ami=float(adjusted_mutual_info_score(gold, found)),
        v_measure=float(v_measure_score(gold, found)),
        purity=float(np.max(table, axis=0).sum() / len(pairs)),
        ari=float(adjusted_rand_score(gold, found)),
    )
