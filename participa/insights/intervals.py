"""How far a share would move with other people like these. Pure, and cheap.

What is drawn is people, not texts: one person's twenty contributions come and go together, so
they make no share look surer than it is, and neither does a mesa of thirty, which is one voice.
"""

from collections.abc import Iterable

from participa.kit.intervals import Interval, student, wilson


def ratio_interval(voices: Iterable[tuple[float, float]]) -> Interval | None:
    """Give the 95 % interval of a share; None where fewer than two voices spoke.

    `voices` says of each how much of its weight is in the part and how much it has in all. The
    variance of the ratio, voices being drawn whole, tells how many independent draws the share
    is worth (Kish 1965); Wilson's interval is taken with so many (Korn and Graubard 1998),
    which holds for small shares too.
    """
    pairs = list(voices)
    total = sum(whole for _part, whole in pairs)
    if len(pairs) < 2 or not total:
        return None
    share = sum(part for part, _whole in pairs) / total
    spread = sum((part - share * whole) ** 2 for part, whole in pairs)
    variance = spread * len(pairs) / (len(pairs) - 1) / total**2
    # Where all say the same there is no spread to learn from: then the weights tell.
    worth = share * (1 - share) / variance if variance else 0.0
    by_weight = total**2 / sum(whole**2 for _part, whole in pairs)
    low, high = wilson(share, min(worth or by_weight, total), student(max(by_weight - 1, 1)))
    return round(low, 4), round(high, 4)
