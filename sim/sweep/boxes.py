"""PRIM: the box in the space of futures that holds as many cases of interest, and as few others, as can be.

The patient rule induction method of Friedman and Fisher (1999) as scenario discovery uses it: peel a thin slice off
the face that raises the share of cases most, again and again; every step is one point of the trade-off between density
(how many in the box are cases) and coverage (how many cases are in the box). A restriction that chance could have made
is dropped (quasi-p-value; Source: bryant_lempert_2010), and halves of the sample say how often it is found again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

PEEL = 0.05  # share of the box taken off in one step
LEAST_MASS = 0.05  # of all cases, in the smallest box
CLEAR = 0.05  # quasi-p-value above which a restriction may be chance
HALVES = 20  # half samples on which the search is repeated


@dataclass(frozen=True)
class Limit:
    """One side of a box: values below `low` or above `high` are outside. Infinite where there is no limit."""

    name: str
    low: float
    high: float
    quasi_p: float = float("nan")
    found_again: float = float("nan")  # share of the half samples that restrict this factor too

    def holds(self, values: np.ndarray) -> np.ndarray:
        return (values >= self.low) & (values <= self.high)


@dataclass(frozen=True)
class Box:
    """A box and how well it does."""

    limits: tuple[Limit, ...]
    density: float  # share of the box that are cases of interest
    coverage: float  # share of the cases of interest in the box
    mass: float  # share of all in the box
    count: int  # in the box

    @property
    def names(self) -> set[str]:
        return {limit.name for limit in self.limits}


def peel(names: Sequence[str], sample: np.ndarray, cases: np.ndarray) -> list[Box]:
    """The trajectory from the whole sample (first) to the smallest box.

    `sample`: (n, factors); `cases`: n booleans. Source: friedman_fisher_1999.
    """
    sample, cases = np.asarray(sample, float), np.asarray(cases, bool)
    span = np.array([[-np.inf, np.inf]] * len(names))
    inside = np.ones(len(cases), bool)
    path = [_box(names, span, inside, cases)]
    while cut := max(_cuts(sample, cases, inside), key=lambda one: one[0], default=None):
        gain, column, side, limit, kept = cut
        if gain <= 0:
            break
        span[column, side] = limit
        inside = kept
        path.append(_box(names, span, inside, cases))
    return path


def _cuts(
    sample: np.ndarray, cases: np.ndarray, inside: np.ndarray
) -> Iterator[tuple[float, int, int, float, np.ndarray]]:
    """Every slice that can be taken off: (gain, column, side, new limit, what stays). Gain: rise of density for each
    share of the box given up, so that a thick slice of a factor with few values must be worth its thickness."""
    total, density = int(inside.sum()), float(cases[inside].mean())
    for column in range(sample.shape[1]):
        values = sample[inside, column]
        for side, share in ((0, PEEL), (1, 1 - PEEL)):
            edge = np.quantile(values, share, method="higher" if side else "lower")
            beyond = sample[:, column] > edge if side == 0 else sample[:, column] < edge
            kept = inside & beyond
            count = int(kept.sum())
            if count == total or count < LEAST_MASS * len(cases):
                continue
            limit = float(sample[kept, column].min() if side == 0 else sample[kept, column].max())
            yield (float(cases[kept].mean()) - density) * count / (total - count), column, side, limit, kept


def _box(names: Sequence[str], span: np.ndarray, inside: np.ndarray, cases: np.ndarray) -> Box:
    limits = (Limit(name, *ends) for name, ends in zip(names, span.tolist(), strict=True) if np.isfinite(ends).any())
    return _measured(tuple(limits), inside, cases)


def _measured(limits: tuple[Limit, ...], inside: np.ndarray, cases: np.ndarray) -> Box:
    count, hits = int(inside.sum()), int(cases[inside].sum())
    return Box(limits, hits / max(count, 1), hits / max(int(cases.sum()), 1), count / len(cases), count)


def choose(path: Sequence[Box], density: float) -> Box:
    """The best balance of density and coverage (their harmonic mean) among boxes at least this dense; the densest box
    where none is."""
    dense = [box for box in path if box.density >= density]
    if not dense:
        return max(path, key=lambda box: box.density)
    return max(dense, key=lambda box: box.density * box.coverage / (box.density + box.coverage or 1.0))


def find(names: Sequence[str], sample: np.ndarray, cases: np.ndarray, density: float = 0.8, seed: int = 1) -> Box:
    """The box that says where the cases are: chosen, freed of limits that chance could have made, and tested."""
    sample, cases = np.asarray(sample, float), np.asarray(cases, bool)
    box = prune(names, sample, cases, choose(peel(names, sample, cases), density))
    again = _found_again(names, sample, cases, density, seed)
    limits = tuple(Limit(x.name, x.low, x.high, x.quasi_p, again.get(x.name, 0.0)) for x in box.limits)
    return Box(limits, box.density, box.coverage, box.mass, box.count)


def prune(names: Sequence[str], sample: np.ndarray, cases: np.ndarray, box: Box) -> Box:
    """The box without its limits whose quasi-p-value is above 5 %, the weakest first."""
    from scipy.stats import binom

    columns = {name: sample[:, k] for k, name in enumerate(names)}
    limits = list(box.limits)
    while limits:
        held = [limit.holds(columns[limit.name]) for limit in limits]
        inside = np.all(held, axis=0)
        tested = []
        for k, limit in enumerate(limits):
            wider = np.all([*held[:k], *held[k + 1 :], np.ones(len(cases), bool)], axis=0)
            p = float(binom.sf(cases[inside].sum() - 1, inside.sum(), cases[wider].mean()))
            tested.append(Limit(limit.name, limit.low, limit.high, p))
        weakest = max(tested, key=lambda one: one.quasi_p)
        if weakest.quasi_p <= CLEAR:
            return _measured(tuple(sorted(tested, key=lambda one: one.quasi_p)), inside, cases)
        limits = [one for one in tested if one is not weakest]
    return _measured((), np.ones(len(cases), bool), cases)


def _found_again(
    names: Sequence[str], sample: np.ndarray, cases: np.ndarray, density: float, seed: int
) -> dict[str, float]:
    """Share of half samples whose own box restricts each factor."""
    from scipy.stats import uniform

    draws = uniform.rvs(size=(HALVES, len(cases)), random_state=seed)
    seen: dict[str, int] = {}
    for row in draws:
        half = np.argsort(row)[: len(cases) // 2]
        found = choose(peel(names, sample[half], cases[half]), density)
        for name in prune(names, sample[half], cases[half], found).names:
            seen[name] = seen.get(name, 0) + 1
    return {name: count / HALVES for name, count in seen.items()}
