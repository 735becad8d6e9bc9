"""Algebra of places: who goes where, who can reach what, and what crowding does. Plain NumPy, no state."""

from __future__ import annotations

import numpy as np


def ipf(seed: np.ndarray, margins: list[np.ndarray], tolerance: float = 1e-12, rounds: int = 10_000) -> np.ndarray:
    """The table closest to `seed` with the given margins: iterative proportional fitting.

    margins[k] is the wanted sum over all axes but k; their totals must agree. Structural zeros of the seed stay zero.
    Returns the table after the largest relative margin error is below `tolerance`. Source: deming_stephan_1940.
    """
    table = np.array(seed, float)
    total = margins[0].sum()
    for margin in margins:
        if abs(margin.sum() - total) > 1e-9 * max(1.0, total):
            raise ValueError(f"margins add to {margin.sum()} and {total}: they must agree")
    axes = [tuple(a for a in range(table.ndim) if a != k) for k in range(table.ndim)]
    for _ in range(rounds):
        for k, margin in enumerate(margins):
            sums = table.sum(axis=axes[k])
            factor = np.divide(margin, sums, out=np.zeros_like(sums), where=sums > 0)
            table *= np.expand_dims(factor, axes[k])
        error = max(np.abs(table.sum(axis=axes[k]) - m).max() for k, m in enumerate(margins))
        if error <= tolerance * max(1.0, total):
            return table
    raise ValueError(f"no table fits the margins: an error of {error:g} is left after {rounds} rounds")


def gravity(origins: np.ndarray, destinations: np.ndarray, cost: np.ndarray, beta: float) -> np.ndarray:
    """Trips by the doubly constrained gravity model.

        T_ij = A_i O_i B_j D_j exp(-beta c_ij),  sum_j T_ij = O_i,  sum_i T_ij = D_j

    O, D: trips that start and end in each place (equal totals); c: minutes; beta: per minute.
    With beta = 0, T_ij = O_i D_j / T. Source: wilson_1967.
    """
    origins, destinations = np.asarray(origins, float), np.asarray(destinations, float)
    deterrence = np.exp(-beta * (cost - cost.min()))
    return ipf(np.outer(origins, destinations) * deterrence, [origins, destinations])


def huff_shares(attraction: np.ndarray, cost: np.ndarray, kappa: float) -> np.ndarray:
    """The share of its spending that each place takes to each place.

        P_ij = W_j exp(-kappa c_ij) / sum_k W_k exp(-kappa c_ik)

    W: attraction of the places with shops; c: minutes; kappa: per minute. Rows add to 1 (to 0 where nothing
    attracts). Source: huff_1964.
    """
    pull = np.asarray(attraction, float) * np.exp(-kappa * (cost - cost.min(axis=1, keepdims=True)))
    total = pull.sum(axis=1, keepdims=True)
    return np.divide(pull, total, out=np.zeros_like(pull), where=total > 0)


def catchment_access(capacity: np.ndarray, people: np.ndarray, cost: np.ndarray, decay: float) -> np.ndarray:
    """Places of a service within reach, per person: the two-step floating catchment with exponential decay.

        R_j = Cap_j / sum_i N_i f(c_ij),  Acc_i = sum_j R_j f(c_ij),  f(c) = exp(-decay c)

    Sum of N_i Acc_i equals the sum of Cap_j. Source: luo_wang_2003.
    """
    return access_within(capacity, people, catchments(cost, decay))


def catchments(cost: np.ndarray, decay: float) -> np.ndarray:
    """How far each place is within reach of each: f(c) of `catchment_access`."""
    return np.exp(-decay * (cost - cost.min()))


def access_within(capacity: np.ndarray, people: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """`catchment_access` for a table of `catchments`."""
    return reach @ places_per_seeker(capacity, people @ reach)


def places_per_seeker(capacity: np.ndarray, seekers: np.ndarray) -> np.ndarray:
    """R_j of `catchment_access`: places over the people of the catchment, 0 where there are none."""
    return np.divide(capacity, seekers, out=np.zeros(seekers.shape), where=seekers > 0)


BEST_QUALITY = 1.15  # the quality of an empty service, relative to one used just to its capacity


def congestion(load: np.ndarray | float) -> np.ndarray | float:
    """Quality of roads at `load` = use over capacity.

        Q = 1.15 / (1 + 0.15 load^4)

    The speed of the Bureau of Public Roads curve, 1 at capacity and at most 1.15. Source: bpr_1964.
    """
    square = load * load
    return BEST_QUALITY / (1.0 + 0.15 * square * square)


def rationing(load: np.ndarray | float) -> np.ndarray | float:
    """Quality of a service with a fixed number of places at `load` = need over capacity.

        Q = min(1.15, 1 / load)

    Each gets an equal part of a service that does not reach for all. Source: assumption.
    """
    return np.minimum(BEST_QUALITY, 1.0 / np.maximum(load, 1e-9))


def whole_shares(total: int, weights: np.ndarray) -> np.ndarray:
    """`total` split into whole numbers in proportion to `weights`: largest remainders, first come at ties."""
    if total == 0:
        return np.zeros(len(weights), np.int64)
    exact = total * weights / weights.sum()
    whole = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: total - whole.sum()]] += 1
    return whole
