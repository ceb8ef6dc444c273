"""95 % intervals for shares, from as many draws as they are worth or from a variance. Pure."""

from math import exp, log, sqrt

Z95 = 1.959964
Interval = tuple[float, float]


def wilson(share: float, draws: float, z: float = Z95) -> Interval:
    """Give Wilson's interval (1927) of a share, 0 to 1, of so many independent draws.

    Unlike the usual plus and minus it stays within 0 and 1 and holds for few draws too.
    """
    middle = share + z**2 / (2 * draws)
    reach = z * sqrt(share * (1 - share) / draws + z**2 / (4 * draws**2))
    scale = 1 + z**2 / draws
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)


def logit_interval(share: float, variance: float, freedom: float) -> Interval:
    """Give the interval of a share whose variance is known, taken on the scale of its logit.

    Made for weighted shares (Korn and Graubard 1999, section 2.4). A share of 0 or 1, or one
    without variance, has itself as interval.
    """
    if not 0 < share < 1 or variance <= 0:
        return share, share
    middle = log(share / (1 - share))
    reach = student(freedom) * sqrt(variance) / (share * (1 - share))
    return _share(middle - reach), _share(middle + reach)


def _share(logit: float) -> float:
    return 1 / (1 + exp(-logit)) if logit > 0 else exp(logit) / (1 + exp(logit))


def student(freedom: float) -> float:
    """Give the 97.5 % point of Student's t, to its second term (Abramowitz and Stegun 26.7.5)."""
    return Z95 + (Z95**3 + Z95) / (4 * freedom)
