"""Paired comparisons: two worlds with the same luck, seed by seed, and what is beyond chance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import bdtr, stdtr, stdtrit

LEVEL = 0.95  # of intervals
ALPHA = 1.0 - LEVEL
SKEWED = 1.0  # sample skewness from which the t test needs the sign test beside it


class Paired(NamedTuple):
    """Mean of paired differences with its interval and p value; NaN interval and p where the pairs are too few to tell:
    fewer than two, or fewer than six that all differ by the same."""

    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    p: np.ndarray
    pairs: np.ndarray  # how many pairs were measured
    agrees: np.ndarray  # False where the differences are skewed and the sign test sees nothing


def paired(difference: np.ndarray, axis: int = -1) -> Paired:
    """95 % t interval over the pairs on `axis`, and the p value of no difference. NaN pairs are left out.

    Where the differences are skewed (|skewness| > 1) the exact sign test must agree (at 5 %; with five pairs or fewer
    all must have one sign), so that a few large pairs do not make an effect. Equal worlds: 0, interval 0 to 0, p = 1.
    Pairs that all differ by the same (head counts of few agents do) have no spread to judge chance by: while they are
    so few that the sign test sees nothing, there is no interval and no p. Source: student_1908.
    """
    d = np.moveaxis(np.asarray(difference, float), axis, -1)
    known = ~np.isnan(d)
    n = known.sum(-1)
    filled, pairs = np.where(known, d, 0.0), np.maximum(n, 1)
    mean = np.where(n > 0, filled.sum(-1) / pairs, np.nan)
    apart = np.where(known, d - mean[..., None], 0.0)
    freedom = np.maximum(n - 1, 1)
    deviation = np.sqrt((apart**2).sum(-1) / freedom)
    error = deviation / np.sqrt(pairs)
    half = stdtrit(freedom, 0.5 + LEVEL / 2) * error
    signs, alike = sign_test(filled), (error == 0) & (mean != 0)
    enough = (n >= 2) & ~(alike & (signs > ALPHA))
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.where(error > 0, np.abs(mean) / error, np.where(mean != 0, np.inf, 0.0))
        skewness = (apart**3).sum(-1) / pairs / np.maximum((apart**2).sum(-1) / pairs, 1e-300) ** 1.5
    p = 2.0 * stdtr(freedom, -t)
    agrees = (np.abs(skewness) <= SKEWED) | (signs <= np.maximum(ALPHA, 2.0 ** (1.0 - pairs)))
    blank = np.where(enough, 0.0, np.nan)
    return Paired(mean, mean - half + blank, mean + half + blank, p + blank, n, agrees)


def sign_test(difference: np.ndarray) -> np.ndarray:
    """Two-sided p of as many rises as falls on the last axis, exact binomial; zeros say nothing and are left out."""
    up, down = (difference > 0).sum(-1), (difference < 0).sum(-1)
    rarer = np.minimum(up, down).astype(float)
    return np.minimum(1.0, 2.0 * bdtr(rarer, up + down, 0.5))


def benjamini_hochberg(p: np.ndarray) -> np.ndarray:
    """Adjusted p values of one family of tests: false discoveries held at the chosen share of all discoveries.

    NaN entries are no tests and stay NaN. Source: benjamini_hochberg_1995.
    """
    p = np.asarray(p, float)
    tested = np.flatnonzero(~np.isnan(p))
    adjusted = np.full(p.shape, np.nan)
    if not len(tested):
        return adjusted
    order = tested[np.argsort(p[tested], kind="stable")]
    steps = p[order] * len(order) / np.arange(1, len(order) + 1)
    adjusted[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return adjusted


def flags(p: np.ndarray, agrees: np.ndarray) -> np.ndarray:
    """True, False, or None where there was nothing to test with (fewer than two seeds)."""
    found = np.empty(np.shape(p), object)
    found[...] = (p < ALPHA) & agrees
    found[np.isnan(p)] = None
    return found


FLAGS = ("distinguishable", "distinguishable_in_table")


def flagged(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its flags as pandas' `boolean`, NA where it cannot be said, so that `table[~table.flag]` works."""
    return table.astype(dict.fromkeys(FLAGS, "boolean"))


def tested(table: pd.DataFrame) -> pd.DataFrame:
    """A table whose rows are one family of tests, with both flags in place of `agrees`: from each row's own `p`, and
    with all rows tested together (Benjamini-Hochberg)."""
    p, agrees = table["p"].to_numpy(float), table["agrees"].to_numpy(bool)
    together = flags(benjamini_hochberg(p), agrees)
    table = table.drop(columns="agrees")
    return flagged(table.assign(distinguishable=flags(p, agrees), distinguishable_in_table=together))


def sure(flag: object) -> bool:
    """Whether a flag says yes; neither no nor that it cannot be said."""
    return not pd.isna(flag) and bool(flag)
