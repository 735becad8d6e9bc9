"""Histograms with logarithmic bins: order-free sums from which medians, quintiles, the Gini and shares are read.

Bins are the top bits of a double: 2**FINE bins to a doubling, linear inside a doubling, so finding one costs a shift.
With 64 bins to a doubling the Gini is right to 1e-5 and a median to 0.1 %.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from sim.compiled import kernel, rule

FINE = 6  # 64 bins to a doubling
LOWEST = -8  # spending over the poverty line: bins from 2**-8 ...
BINS = 32 << FINE  # ... to 2**24

PAY_FINE = 5  # 32 bins to a doubling
PAY_LOWEST = 16  # pay: bins from Rp 65,536 ...
PAY_BINS = 12 << PAY_FINE  # ... to Rp 268 million a month
FINER, AROUND = 4, 32  # so many bins around the minimum wage, one doubling, are cut into 2**FINER: of 0.2 % at most
FINE_CELLS = AROUND << FINER
PAY_CELLS = PAY_BINS - AROUND + FINE_CELLS + 2  # one more holds exactly the minimum wage, between what its cell was


@rule
def log_bin(x, lowest, fine, bins):
    """Bin of x >= 0; everything outside the range falls into the first or the last bin."""
    place = (np.float64(x).view(np.int64) >> (52 - fine)) - ((1023 + lowest) << fine)
    return min(max(place, 0), bins - 1)


def edges(lowest: int, fine: int, bins: int) -> np.ndarray:
    """Lower edges of the bins, and the upper edge of the last."""
    doubling, part = np.divmod(np.arange(bins + 1), 1 << fine)
    return np.ldexp(1.0 + part / (1 << fine), doubling + lowest)


EDGES = edges(LOWEST, FINE, BINS)
LOGS = np.log(EDGES)
PAY_EDGES = edges(PAY_LOWEST, PAY_FINE, PAY_BINS)


def finer_from(minimum: float) -> int:
    """The first of the bins around the minimum wage that are cut finer: so many earn close to it."""
    return int(min(max(log_bin(minimum, PAY_LOWEST, PAY_FINE, PAY_BINS) - AROUND // 2, 0), PAY_BINS - AROUND))


@rule
def pay_cell(pay, minimum, first):
    """Cell of a pay. Its bin; from bin `first` on, parts of a bin, and from the minimum wage on one or two further."""
    part = log_bin(pay, PAY_LOWEST, PAY_FINE + FINER, PAY_BINS << FINER)
    place = part >> FINER
    inside = min(max(part - (first << FINER), 0), FINE_CELLS)
    return min(place, first) + inside + max(place - first - AROUND, 0) + (pay >= minimum) + (pay > minimum)


@lru_cache(maxsize=64)
def pay_edges(minimum: float) -> np.ndarray:
    """Lower edges of the pay cells under a minimum wage, and the upper edge of the last. Only to be looked at."""
    first = finer_from(minimum)
    fine = edges(PAY_LOWEST, PAY_FINE + FINER, PAY_BINS << FINER)[first << FINER : (first + AROUND) << FINER]
    cut = np.concatenate([PAY_EDGES[:first], fine, PAY_EDGES[first + AROUND :]])
    return np.insert(cut, np.searchsorted(cut, minimum, side="right"), [minimum, minimum])


@rule
def log_of(x, place, edges, logs):
    """ln x from the edge of its bin: ln e + ln(1 + r), r = x/e - 1 < 1/64, by series; right to 2e-12.

    Plain multiplications only, so every processor gives the same bits. Below the range x counts as the range's end.
    """
    r = max(x / edges[place] - 1.0, 0.0)
    return logs[place] + r * (1.0 + r * (-0.5 + r * (1.0 / 3.0 + r * (-0.25 + r * 0.2))))


def used(counts: np.ndarray) -> slice:
    """From the first bin (on the first axis) in which anybody is counted to the last: the others add nothing."""
    filled = np.flatnonzero(counts.reshape(len(counts), -1).any(axis=1))
    return slice(filled[0], filled[-1] + 1) if len(filled) else slice(0, 1)


def quantiles(counts: np.ndarray, lower: np.ndarray, share: float) -> np.ndarray:
    """The value below which `share` of the counted are, in each row of whole numbers (rows, bins).

    lower: the edges of the bins (bins + 1,). Straight line inside a bin; NaN where nobody is counted.
    """
    values = np.full(len(counts), np.nan)
    _read_quantiles(counts, lower, share, values)
    return values


@kernel
def _read_quantiles(counts, lower, share, values):
    for row in range(counts.shape[0]):
        cells, total = counts[row], np.int64(0)
        for k in range(cells.shape[0]):
            total += cells[k]
        if total == 0:
            continue
        wanted, before, place = share * total, np.int64(0), 0
        least = math.ceil(wanted)  # whole numbers are compared quicker
        while before + cells[place] < least:
            before += cells[place]
            place += 1
        low, high = lower[place], lower[place + 1]
        values[row] = low + (wanted - before) / max(cells[place], 1) * (high - low)


def cuts(counts: np.ndarray, lower: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """The values below which each of several shares of the counted are, in one distribution; NaN if it is empty."""
    up_to = counts.cumsum()
    wanted = shares * up_to[-1]
    place = np.searchsorted(up_to, wanted)
    here = counts[place]
    inside = (wanted - (up_to[place] - here)) / np.maximum(here, 1)
    value = lower[place] + inside * (lower[place + 1] - lower[place])
    return value if up_to[-1] > 0 else np.full(len(shares), np.nan)


def lorenz(counts: np.ndarray, sums: np.ndarray, *shares: float) -> list:
    """Parts of the total that the lowest `shares` of the counted hold; straight line inside a bin (the first axis)."""
    people, money = _held(counts), _held(sums)
    others = tuple(np.indices(counts.shape[1:]))  # the other axes: every distribution by itself
    found = []
    for share in shares:
        place = np.minimum((people[1:] < share).sum(axis=0), len(counts) - 1)
        (p_before, m_before), (p, m) = ((people[k, *others], money[k, *others]) for k in (place, place + 1))
        inside = np.divide(share - p_before, p - p_before, out=np.ones(np.shape(p)), where=p > p_before)
        found.append(m_before + np.minimum(np.maximum(inside, 0.0), 1.0) * (m - m_before))
    return found


def _held(amounts: np.ndarray) -> np.ndarray:
    """Part of the total up to each bin (the first axis), with the 0 before the first bin."""
    up_to = np.zeros((len(amounts) + 1, *amounts.shape[1:]))
    np.cumsum(amounts, axis=0, out=up_to[1:])
    return up_to / np.maximum(up_to[-1], 1)


def gini(counts: np.ndarray, sums: np.ndarray):
    """Gini of the counted from bins in rising order (the first axis): 1 - sum p_i (L_i + L_(i-1)).

    Leaves out inequality inside bins.
    """
    people, money = (each / np.maximum(each.sum(axis=0), 1) for each in (counts, sums))
    return 1.0 - np.sum(people * (2.0 * np.cumsum(money, axis=0) - money), axis=0)
