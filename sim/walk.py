"""Walks over everybody, on every core, with sums that do not depend on who was counted first.

A kernel for `walk` has the signature `kernel(low, high, tally, *columns)`: it visits rows low..high-1 and adds
whole numbers (rupiah, heads, fixed-point figures) to its own `tally`. Whole numbers add up to the same total in any
order, so results are identical for any thread count and any block size. Kernels release the interpreter lock.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

BLOCK = 1 << 15  # rows a thread takes at a time
FIXED = 1 << 20  # fixed-point units of a tallied real number

_threads = 1
_pool: ThreadPoolExecutor | None = None


def set_threads(count: int | None) -> int:
    """Use `count` threads from now on (None: as many as this process may use). Returns the number."""
    global _threads, _pool
    wanted = max(1, count or len(os.sched_getaffinity(0)))
    if wanted != _threads:
        if _pool:
            _pool.shutdown(wait=False)
        _pool = ThreadPoolExecutor(wanted, "walk") if wanted > 1 else None
        _threads = wanted
    return _threads


def spans(n: int, block: int | None = None) -> list[tuple[int, int]]:
    """Consecutive blocks that cover 0..n-1."""
    size = block or BLOCK
    return [(low, min(low + size, n)) for low in range(0, n, size)] or [(0, 0)]


def walk(kernel: Callable, n: int, shape: Sequence[int] | int, *columns) -> np.ndarray:
    """Run `kernel` over n rows; returns the summed tally, int64 of the given shape."""
    blocks = spans(n)
    if _pool is None or len(blocks) == 1:
        tally = np.zeros(shape, np.int64)
        kernel(0, n, tally, *columns)
        return tally
    queue = iter(blocks)  # handed out under the interpreter lock: each block goes to exactly one thread

    def work() -> np.ndarray:
        tally = np.zeros(shape, np.int64)
        for low, high in queue:
            kernel(low, high, tally, *columns)
        return tally

    return sum(f.result() for f in [_pool.submit(work) for _ in range(_threads)])  # type: ignore[return-value]


def find(kernel: Callable, n: int, shape: Sequence[int] | int, *columns) -> tuple[np.ndarray, np.ndarray]:
    """Like `walk`, for kernels that also report rows.

    Signature `kernel(low, high, tally, found, *columns) -> count`: the kernel writes the rows that it reports into
    `found[0:count]`. Returns (tally, rows reported, in row order).
    """
    blocks = spans(n)

    def one(span: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        tally = np.zeros(shape, np.int64)
        found = np.empty(span[1] - span[0], np.int32)
        count = kernel(span[0], span[1], tally, found, *columns)
        return tally, found[:count].copy()

    done = [one(s) for s in blocks] if _pool is None or len(blocks) == 1 else list(_pool.map(one, blocks))
    return sum(t for t, _ in done), np.concatenate([f for _, f in done])  # type: ignore[return-value]
