"""How packages stand over all futures: regret, share of futures in which they do well enough, cost against result.

Pure functions of arrays (futures, packages). `value` is always "more is better": the caller turns the sign.
"""

from __future__ import annotations

import numpy as np

Z = 1.959963984540054  # of a 95 % interval
HIGH_REGRET = 0.9  # quantile that stands for a bad future
RESAMPLES = 500
ROUNDING = 1e-9  # of a figure's size: less is no difference


def regret(value: np.ndarray) -> np.ndarray:
    """What each package leaves undone in each future: the best package's value less its own. Source: savage_1951."""
    value = np.asarray(value, float)
    return value.max(axis=1, keepdims=True) - value


def share_interval(hits: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A share with its 95 % interval (Wilson), which stays inside 0 to 1. Source: wilson_1927."""
    share = np.asarray(hits, float) / count
    middle = (share + Z**2 / (2 * count)) / (1 + Z**2 / count)
    half = Z / (1 + Z**2 / count) * np.sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))
    return share, np.clip(middle - half, 0.0, share), np.clip(middle + half, share, 1.0)


def pareto(*costs: np.ndarray) -> np.ndarray:
    """True for every option that no other beats: none is at least as low in all of `costs` and lower in one."""
    table = np.column_stack([np.asarray(one, float) for one in costs])
    no_worse = (table[:, None, :] <= table[None, :, :]).all(-1)
    better = (table[:, None, :] < table[None, :, :]).any(-1)
    return np.asarray(~(no_worse & better).any(axis=0))


def resampled(count: int, seed: int = 1, times: int = RESAMPLES) -> np.ndarray:
    """(times, count) futures drawn with replacement, the same for the same seed."""
    from scipy.stats import randint

    return randint.rvs(0, count, size=(times, count), random_state=seed)


def how_often_pareto(*costs: np.ndarray, seed: int = 1) -> np.ndarray:
    """For each package the share of resampled sets of futures in which its mean costs are in the Pareto set."""
    draws = resampled(len(costs[0]), seed)
    found = [pareto(*(np.asarray(one)[rows].mean(axis=0) for one in costs)) for rows in draws]
    return np.mean(found, axis=0)


def how_often_best(value: np.ndarray, seed: int = 1) -> np.ndarray:
    """For each package the share of resampled sets of futures in which its largest regret is the smallest of all."""
    missed = regret(value)
    worst = np.array([missed[rows].max(axis=0) for rows in resampled(len(missed), seed)])
    least = worst <= worst.min(axis=1, keepdims=True) + ROUNDING * np.abs(value).max()
    return (least / least.sum(axis=1, keepdims=True)).mean(axis=0)


def crossed(values: np.ndarray) -> tuple[float, float, float]:
    """Mean of (futures, seeds) with its 95 % interval, when futures and seeds are both drawn: variances of the means
    of rows and of columns add, less what both hold; the smaller number of the two sets the degrees of freedom. NaN
    ends with one seed, whose luck all futures share. Source: cameron_gelbach_miller_2011.
    """
    from scipy.special import stdtrit

    values = np.asarray(values, float)
    futures, seeds = values.shape
    mean = float(values.mean())
    if min(futures, seeds) < 2:
        return mean, float("nan"), float("nan")
    rows, columns = values.mean(axis=1), values.mean(axis=0)
    both = float((values - rows[:, None] - columns + mean).var()) / values.size
    variance = float(rows.var(ddof=1)) / futures + float(columns.var(ddof=1)) / seeds - both
    half = float(stdtrit(min(futures, seeds) - 1, 0.975)) * max(variance, 0.0) ** 0.5
    return mean, mean - half, mean + half
