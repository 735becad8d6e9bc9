"""Whole numbers from shares: every count within one of what it should be, every total exact."""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import kernel
from sim.draws import draws

GOLDEN = 0.6180339887498949  # successive offsets that spread evenly over (0, 1)


def systematic(weights: np.ndarray, total: int, offset: float) -> np.ndarray:
    """Whole numbers with mean proportional to `weights` that add up to `total`.

    One offset in [0, 1) decides all: every run of neighbouring cells is within one of its exact value, so margins
    over neighbouring cells hold too (systematic sampling, Madow 1949).
    """
    edges = np.cumsum(np.asarray(weights, float))
    edges = edges / edges[-1] * total
    edges[-1] = total
    return np.diff(np.floor(edges + offset).astype(np.int64), prepend=0)


def choose(chances: np.ndarray, count: int, offset: float) -> np.ndarray:
    """`count` positions chosen with probabilities proportional to `chances`, at most 1 each, spread evenly in order."""
    chances = np.asarray(chances, float)
    count = min(count, int(np.count_nonzero(chances)))
    if count <= 0:
        return np.zeros(0, np.int64)
    scaled = chances * (count / chances.sum())
    for _ in range(40):  # those that would exceed certainty are certain; the rest share what is left
        over = scaled >= 1.0
        rest = scaled[~over].sum()
        if rest <= 0.0 or scaled.max() <= 1.0 + 1e-12:
            break
        scaled = np.where(over, 1.0, scaled * ((count - over.sum()) / rest))
    edges = np.cumsum(np.minimum(scaled, 1.0))
    edges *= count / edges[-1]
    edges[-1] = count
    return np.flatnonzero(np.diff(np.floor(edges + offset), prepend=0.0) >= 1.0)


def tilted(shares: np.ndarray, values: np.ndarray, mean: float) -> np.ndarray:
    """Shares proportional to shares*exp(theta*values), with theta such that the mean of `values` is `mean`."""
    low, high = -4.0, 4.0
    for _ in range(60):
        theta = 0.5 * (low + high)
        weights = shares * np.exp(theta * (values - mean))
        weights /= weights.sum()
        low, high = (theta, high) if weights @ values < mean else (low, theta)
    return weights


@kernel
def _luck(seed, decision, first, out):
    for i in range(out.shape[0]):
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = draws(seed, decision, 0, first + i)


def luck(seed: int, decision: int, first: int, count: int) -> np.ndarray:
    """Four uniforms for each of `count` consecutive ids from `first`, at month 0."""
    out = np.empty((count, 4))
    _luck(seed, decision, first, out)
    return out


def offset(seed: int, decision: int, place: int) -> float:
    """The starting point of a systematic sample in a place: evenly spread over places, keyed by the seed."""
    start = draws(seed, decision, 0, 0)[0]
    return math.modf(start + GOLDEN * place)[0]


@kernel
def _luck_of(seed, decision, month, uids, out):
    for i in range(out.shape[0]):
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = draws(seed, decision, month, uids[i])


def luck_of(seed: int, decision: int, month: int, uids: np.ndarray) -> np.ndarray:
    """Four uniforms for each permanent id (n, 4)."""
    out = np.empty((len(uids), 4))
    _luck_of(seed, decision, month, np.ascontiguousarray(uids, np.uint64), out)
    return out


def choose_by_score(score: np.ndarray, count: int) -> np.ndarray:
    """Positions of the `count` highest scores, in order of position."""
    if count <= 0:
        return np.zeros(0, np.int64)
    if count >= len(score):
        return np.arange(len(score))
    return np.sort(np.argpartition(-score, count - 1)[:count])
