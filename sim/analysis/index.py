"""The Bandung Social Resilience Index of each package, recomputed with any weights, and how rankings depend on them.

Two figures that are never merged: capacity is the level of the index before the shock; performance is the weighted
mean of R_T = 1 - loss/T over the recorded indicators of the six dimensions in this scenario's shock.
Source: oecd_jrc_2008.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import pandas as pd

from sim.analysis.ensemble import YEAR, Ensemble
from sim.analysis.paired import ALPHA, benjamini_hochberg, paired
from sim.analysis.resilience import measurable, performance_paths
from sim.draws import INDEX_WEIGHTS, draws
from sim.errors import InputError
from sim.language import told
from sim.outcomes.index import DIMENSIONS, EQUAL, combine, weights_of
from sim.outcomes.resilience import normalised

VARIANTS = 1000  # weightings; each with the geometric and the arithmetic mean
NAMES = tuple(DIMENSIONS)
FLOOR = 0.01  # a dimension at 0 in the geometric mean, as in sim.outcomes.index


@cache
def weightings(count: int = VARIANTS, seed: int = 1) -> np.ndarray:
    """Weights of the six dimensions, uniform over all that add to one (Dirichlet 1): (count, 6), keyed draws."""
    table = np.empty((count, 8))
    for k in range(count):
        table[k] = (*draws(seed, INDEX_WEIGHTS, 0, k), *draws(seed, INDEX_WEIGHTS, 1, k))
    gamma = -np.log(table[:, : len(NAMES)])
    return gamma / gamma.sum(axis=1, keepdims=True)


def dimension_scores(ensemble: Ensemble, period: str = "capacity") -> np.ndarray:
    """Scores 0-1 of the six dimensions: (package, seed, 6).

    period: 'capacity': the twelve months before the shock, without it (no shock: the last twelve); 'end': the last
    twelve months, without shock; 'shock': the last twelve months of the shocked worlds; 'trough': their twelve months
    from the onset.
    """
    months, onset = len(ensemble.months), ensemble.onset
    last = slice(max(months - YEAR, 0), months)
    if period == "capacity":
        state, window = 0, last if not onset else slice(max(onset - YEAR, 0), onset)
    elif period in ("end", "shock"):
        state, window = ensemble.state(period == "shock"), last
    elif period == "trough":
        state, window = ensemble.state(True), slice(onset or 0, min((onset or 0) + YEAR, months))
    else:
        raise ValueError(f"period {period!r}: capacity, end, shock or trough")
    columns = [ensemble.column(f"resilience_{name}") for name in NAMES]
    return ensemble.city[:, state, :, window][..., columns].mean(axis=2)


def index_values(scores: np.ndarray, weights: Mapping[str, float] | None = None, geometric: bool = True) -> np.ndarray:
    """The index from dimension scores (..., 6), with any weights (brought to a sum of one)."""
    return combine({name: scores[..., k] for k, name in enumerate(NAMES)}, weights, geometric)


def weights_said(text: str | None) -> dict[str, float] | None:
    """`livelihood=2,equity=0` as numbers by name, checked. Raises InputError."""
    if text is None:
        return None
    found: dict[str, float] = {}
    for part in text.split(","):
        name, _, number = (one.strip() for one in part.partition("="))
        try:
            found[name] = float(number)
        except ValueError:
            said = "--weights {part}: write NAME=NUMBER, with commas between, e.g. livelihood=2,equity=0.5"
            raise InputError(told(said, part=repr(part))) from None
    return weights_of(found)


def variants(scores: np.ndarray) -> np.ndarray:
    """The index under every weighting, geometric and arithmetic: (..., 6) -> (2, ..., VARIANTS)."""
    weights = weightings().T
    return np.stack([np.exp(np.log(np.maximum(scores, FLOOR)) @ weights), scores @ weights])


def dimension_profile(
    ensemble: Ensemble, weights: Mapping[str, float] | None = None, geometric: bool = True
) -> pd.DataFrame:
    """One row a package, means over seeds.

    Columns: package, the six dimensions (capacity), capacity (the index), capacity_low, capacity_high (middle 90 % of
    seeds), end (the index in the last year, no shock), performance (NaN without shocks).
    """
    scores = dimension_scores(ensemble)
    level = index_values(scores, weights, geometric)
    end = index_values(dimension_scores(ensemble, "end"), weights, geometric)
    reached = performance(ensemble, weights)
    table = pd.DataFrame({"package": ensemble.packages})
    for k, name in enumerate(NAMES):
        table[name] = scores[:, :, k].mean(axis=1)
    low, high = np.quantile(level, (0.05, 0.95), axis=1)
    return table.assign(
        capacity=level.mean(axis=1),
        capacity_low=low,
        capacity_high=high,
        end=end.mean(axis=1),
        performance=reached.mean(axis=1),
    )


def performance(ensemble: Ensemble, weights: Mapping[str, float] | None = None) -> np.ndarray:
    """Weighted mean of R_T over the indicators in this scenario's shock: (package, seed); NaN without shocks.

    Inside a dimension the mean of its recorded indicators; dimensions without any leave their weight to the others.
    """
    shape = (len(ensemble.packages), len(ensemble.seeds))
    if not ensemble.has_shocks or ensemble.onset is None:
        return np.full(shape, np.nan)
    weights = EQUAL if weights is None else weights
    total, summed = 0.0, np.zeros(shape)
    for name, indicators in DIMENSIONS.items():
        found = []
        for indicator in measurable(ensemble, tuple(indicators)):
            q = performance_paths(ensemble, indicator)[:, :, ensemble.onset :]
            found.append(np.apply_along_axis(normalised, 2, q))
        known = [one for one in found if not np.isnan(one).any()]
        if known:
            summed += weights[name] * np.mean(known, axis=0)
            total += weights[name]
    return summed / total if total > 0 else np.full(shape, np.nan)


def beats(ensemble: Ensemble, period: str = "end") -> pd.DataFrame:
    """Share of weightings and aggregations in which one package scores above another, over all seeds.

    By default at the end of the worlds without shock: the capacity that the next shock would find.
    Columns: first, second, share (over 1,000 weightings x geometric and arithmetic x seeds), geometric, arithmetic,
    seeds (share of seeds with `first` ahead at equal weights), ties (share of variants where both score the same).
    """
    scores = dimension_scores(ensemble, period)
    values, equal = variants(scores), index_values(scores)
    rows = []
    for a, first in enumerate(ensemble.packages):
        for b, second in enumerate(ensemble.packages):
            if a == b:
                continue
            ahead = values[:, a] > values[:, b]  # (2, seed, variant)
            shares = ahead.mean(axis=(1, 2))
            ties = (values[:, a] == values[:, b]).mean()
            rows.append((first, second, ahead.mean(), *shares, (equal[a] > equal[b]).mean(), ties))
    return pd.DataFrame(rows, columns=["first", "second", "share", "geometric", "arithmetic", "seeds", "ties"])


def beats_by_seed(ensemble: Ensemble, first: str, second: str, period: str = "end") -> np.ndarray:
    """For each seed the share of variants (weightings and aggregations) in which `first` scores above `second`."""
    values = variants(dimension_scores(ensemble, period))
    a, b = ensemble.packages.index(first), ensemble.packages.index(second)
    return (values[:, a] > values[:, b]).mean(axis=(0, 2))


def rank_table(
    ensemble: Ensemble, weights: Mapping[str, float] | None = None, geometric: bool = True, period: str = "end"
) -> pd.DataFrame:
    """Ranks of the packages, 1 the best: package, index, rank (at the weights given), rank_low, rank_high (middle 90 %
    over variants and seeds), first (share of them in which the package is the best, alone or with others)."""
    scores = dimension_scores(ensemble, period)
    level = index_values(scores, weights, geometric).mean(axis=1)
    values = variants(scores)  # (2, package, seed, variant)
    ranks = np.stack([1 + (values > values[:, [k]]).sum(axis=1) for k in range(len(level))], axis=1)
    low, high = np.quantile(ranks, (0.05, 0.95), axis=(0, 2, 3), method="closest_observation")
    return pd.DataFrame(
        {
            "package": ensemble.packages,
            "index": level,
            "rank": 1 + (level[None] > level[:, None]).sum(axis=1),
            "rank_low": low.astype(int),
            "rank_high": high.astype(int),
            "first": (ranks == 1).mean(axis=(0, 2, 3)),
        }
    )


def ranks_told(
    ensemble: Ensemble, weights: Mapping[str, float] | None = None, period: str = "end"
) -> dict[str, tuple[int, int]]:
    """Best and worst rank of each package that its seeds leave open, at these weights: packages whose indices cannot be
    told apart, with all pairs tested together, may stand in either order. Needs two seeds."""
    level = index_values(dimension_scores(ensemble, period), weights)  # (package, seed)
    count = len(level)
    one, other = np.triu_indices(count, 1)
    found = paired(level[one] - level[other], axis=1)
    clear = (benjamini_hochberg(found.p) < ALPHA) & found.agrees
    ahead = np.zeros((count, count), bool)
    ahead[one, other], ahead[other, one] = clear & (found.mean > 0), clear & (found.mean < 0)
    best, worst = 1 + ahead.sum(axis=0), count - ahead.sum(axis=1)
    return {package: (int(best[k]), int(worst[k])) for k, package in enumerate(ensemble.packages)}


def index_by_place(
    ensemble: Ensemble, weights: Mapping[str, float] | None = None, geometric: bool = True, shocks: bool | None = None
) -> pd.DataFrame:
    """The index of each kecamatan in the last recorded year, mean over seeds: package, place, place_name, index."""
    columns = [ensemble.column(f"resilience_{name}") for name in NAMES]
    scores = ensemble.yearly[:, ensemble.state(shocks), :, -1, columns]  # (6, package, seed, 36)
    rows = slice(1, 1 + len(ensemble.places))
    value = index_values(np.moveaxis(scores, 0, -1), weights, geometric)[:, :, rows].mean(axis=1)
    return pd.DataFrame(
        [
            (package, code, name, value[k, j])
            for k, package in enumerate(ensemble.packages)
            for j, (code, name) in enumerate(zip(ensemble.places, ensemble.place_names, strict=True))
        ],
        columns=["package", "place", "place_name", "index"],
    )
