"""Whole numbers from shares: every count within one of what it should be, every total exact."""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import kernel
from sim.draws import draw_columns, draws
from sim.walk import walk

WORD = 0xFFFFFFFF  # a month as the draws see it, negative ones too
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
    edges += offset
    steps = np.floor(edges, out=edges)
    chosen = np.empty(len(steps), bool)
    chosen[0] = steps[0] >= 1.0
    np.greater(steps[1:], steps[:-1], out=chosen[1:])
    return np.flatnonzero(chosen)


def tilted(shares: np.ndarray, values: np.ndarray, mean: float) -> np.ndarray:
    """Shares proportional to shares*exp(theta*values), with theta such that the mean of `values` is `mean`."""
    low, high = -4.0, 4.0
    for _ in range(60):
        theta = 0.5 * (low + high)
        weights = shares * np.exp(theta * (values - mean))
        weights /= weights.sum()
        low, high = (theta, high) if weights @ values < mean else (low, theta)
    return weights


def luck(seed: int, decision: int, first: int, count: int) -> np.ndarray:
    """Four uniforms for each of `count` consecutive ids from `first`, at month 0."""
    return luck_of(seed, decision, 0, np.arange(first, first + count, dtype=np.uint64))


def offset(seed: int, decision: int, place: int) -> float:
    """The starting point of a systematic sample in a place: evenly spread over places, keyed by the seed."""
    start = draws(seed, decision, 0, 0)[0]
    return math.modf(start + GOLDEN * place)[0]


@kernel
def _luck_of(low, high, tally, seed, decision, month, uids, out):
    columns = out[0][low:high], out[1][low:high], out[2][low:high], out[3][low:high]
    draw_columns(seed, decision, month, uids[low:high], *columns)


def luck_of(seed: int, decision: int, month: int, uids: np.ndarray) -> np.ndarray:
    """Four uniforms for each permanent id (n, 4); each of the four columns is in one piece."""
    out = np.empty((4, len(uids)))
    uids = np.ascontiguousarray(uids, np.uint64)
    walk(_luck_of, len(uids), 1, seed, decision, month & WORD, uids, out)
    return out.T


def choose_by_score(score: np.ndarray, count: int) -> np.ndarray:
    """Positions of the `count` highest scores, in order of position."""
    if count <= 0:
        return np.zeros(0, np.int64)
    if count >= len(score):
        return np.arange(len(score))
    return np.sort(np.argpartition(-score, count - 1)[:count])
