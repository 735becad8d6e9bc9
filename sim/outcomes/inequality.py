"""Inequality of spending per head between persons, and between the kecamatan."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.declare import outcome
from sim.outcomes import histogram
from sim.outcomes.figures import CITY, PLACES, Figures, everywhere, ratio

FIFTHS = np.array([1 / 5, 2 / 5, 3 / 5, 4 / 5])

outcome("gini", "index 0-1", "Gini of average spending per head (memory: a year)", "gini_1912", good=-1, headline=True)
outcome("theil", "nats", "Theil T of spending per head", "theil_1967", good=-1, by_place=True)
outcome("theil_between_districts", "nats", "part of Theil T that lies between the kecamatan", "theil_1967", good=-1)
outcome("theil_within_districts", "nats", "part of Theil T that lies inside the kecamatan", "theil_1967", good=-1)
outcome("mean_log_deviation", "nats", "Theil L (MLD) of spending per head", "theil_1967", good=-1, by_place=True)
outcome("mean_log_deviation_between_districts", "nats", "part of Theil L that lies between the kecamatan", "theil_1967",
        good=-1)  # fmt: skip
outcome("palma", "ratio", "spending of the richest 10 % over that of the poorest 40 %", "palma_2011", good=-1)
outcome("bottom40_share", "share of spending", "spending of the poorest 40 % of persons", "worldbank_shared", good=1)


def gini(value: np.ndarray, weight: np.ndarray | None = None):
    """Gini of weighted values along the first axis, exact: 1 - sum p_i (L_i + L_(i-1)). Source: gini_1912."""
    value = np.asarray(value, float)
    weight = np.ones_like(value) if weight is None else np.asarray(weight, float)
    order = np.argsort(value, axis=0, kind="stable")
    return histogram.gini(*(np.take_along_axis(each, order, axis=0) for each in (weight, weight * value)))


def theil(value: np.ndarray, weight: np.ndarray | None = None) -> float:
    """Theil T: mean of (x/mu) ln(x/mu). Source: theil_1967."""
    relative, share = _relative(value, weight)
    logs = np.log(relative, where=relative > 0, out=np.zeros_like(relative))
    return float(np.sum(share * relative * logs))


def mean_log_deviation(value: np.ndarray, weight: np.ndarray | None = None) -> float:
    """Mean of ln(mu/x). Source: theil_1967."""
    relative, share = _relative(value, weight)
    return float(-np.sum(share * np.log(relative)))


def _relative(value: np.ndarray, weight: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    value = np.asarray(value, float)
    weight = np.ones_like(value) if weight is None else np.asarray(weight, float)
    share = weight / weight.sum()
    return value / np.dot(share, value), share


def between(people: np.ndarray, total: np.ndarray):
    """Between part of Theil T: sum s_d ln(s_d / n_d), s and n shares of spending and people. Source: theil_1967."""
    s, n = total / np.sum(total, axis=0), people / np.sum(people, axis=0)
    return np.nansum(s * _log(ratio(s, n)), axis=0)


def between_mld(people: np.ndarray, total: np.ndarray):
    """Between part of the mean log deviation: sum n_d ln(n_d / s_d)."""
    s, n = total / np.sum(total, axis=0), people / np.sum(people, axis=0)
    return np.nansum(n * _log(ratio(n, s)), axis=0)


class Decomposition(NamedTuple):
    """Inequality inside the groups, weighted, and between their means: together exactly the whole."""

    within: Any
    between: Any
    shares: np.ndarray  # weight of each group in the within part
    groups: np.ndarray  # inequality inside each group, NaN where nobody lives


def theil_by_group(people: np.ndarray, total: np.ndarray, x_log_x: np.ndarray) -> Decomposition:
    """T = sum s_d T_d + sum s_d ln(s_d / n_d), exact, from each group's persons, sum of x and sum of x ln x.

    Source: theil_1967.
    """
    inside = ratio(x_log_x, total) - _log(ratio(total, people))
    shares = total / np.sum(total, axis=0)
    within = np.sum(np.where(shares > 0, shares * inside, 0.0), axis=0)
    return Decomposition(within, between(people, total), shares, inside)


def mld_by_group(people: np.ndarray, total: np.ndarray, log_x: np.ndarray) -> Decomposition:
    """L = sum n_d L_d + sum n_d ln(n_d / s_d), exact, from each group's persons, sum of x and sum of ln x.

    Source: theil_1967.
    """
    inside = _log(ratio(total, people)) - ratio(log_x, people)
    shares = people / np.sum(people, axis=0)
    within = np.sum(np.where(shares > 0, shares * inside, 0.0), axis=0)
    return Decomposition(within, between_mld(people, total), shares, inside)


def _log(value: np.ndarray) -> np.ndarray:
    """ln, NaN where the value is 0 or NaN."""
    return np.log(np.where(value > 0, value, np.nan))


def palma(value: np.ndarray, weight: np.ndarray) -> float:
    """Spending of the richest tenth over that of the poorest four tenths. Source: palma_2011."""
    order = np.argsort(value, kind="stable")
    counts, sums = np.asarray(weight, float)[order], (weight * value)[order]
    bottom, below_top = histogram.lorenz(counts, sums, 0.4, 0.9)
    return float((1.0 - below_top) / bottom)


def quintiles(counts: np.ndarray) -> np.ndarray:
    """The four spending levels, over the line, that part the persons into fifths."""
    return histogram.cuts(counts, histogram.EDGES, FIFTHS)


def inequality(f: Figures) -> dict[str, np.ndarray]:
    """The inequality outcomes of a month."""
    counts, sums = f.spread
    h = f.households
    people, total = h["persons"][CITY], h["x"][CITY]
    mean = total / people
    parts = theil_by_group(h["persons"][PLACES], h["x"][PLACES], h["x_log_x"][PLACES])
    logs = mld_by_group(h["persons"][PLACES], h["x"][PLACES], h["log_x"][PLACES])
    bottom, below_top = histogram.lorenz(counts, sums, 0.4, 0.9)
    return {
        "gini": everywhere(histogram.gini(counts, sums)),
        "theil": everywhere(h["x_log_x"][CITY] / total - np.log(mean), parts.groups),
        "theil_between_districts": everywhere(parts.between),
        "theil_within_districts": everywhere(parts.within),
        "mean_log_deviation": everywhere(np.log(mean) - h["log_x"][CITY] / people, logs.groups),
        "mean_log_deviation_between_districts": everywhere(logs.between),
        "palma": everywhere((1.0 - below_top) / bottom),
        "bottom40_share": everywhere(bottom),
    }
