"""Walks over everybody, on every core, with sums that do not depend on who was counted first.

A kernel for `walk` has the signature `kernel(low, high, tally, *columns)`: it visits rows low..high-1 and adds
whole numbers (rupiah, heads, fixed-point figures) to its own `tally`. Whole numbers add up to the same total in any
order, so results are identical for any thread count and any block size. Kernels release the interpreter lock.
A column that is a function is called once a thread: what it returns is that thread's own room to work in, kept for
the next walk that asks for it; what is written there counts for one walk only.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

BLOCK = 1 << 15  # rows that a thread takes at a time; of many it takes more at first
SHARES = 2  # blocks that each thread would get of what is left, if all were as long as the next
ALONE = 1 << 14  # rows that one thread walks alone: handing out so few costs more than doing them
FIXED = 1 << 20  # fixed-point units of a tallied real number

_threads = 1
_pool: ThreadPoolExecutor | None = None
_within = threading.local()  # `shared`: this thread does a share of some work; work within it is its alone
_own_rooms = threading.local()  # `made`: this thread's rooms to work in, by the function that made each


def set_threads(count: int | None) -> int:
    """Use `count` threads from now on (None: as many as this process may use). Returns the number."""
    global _threads, _pool
    wanted = max(1, count or len(os.sched_getaffinity(0)))
    if wanted != _threads:
        if _pool:
            _pool.shutdown(wait=False)
        _pool = ThreadPoolExecutor(wanted - 1, "walk") if wanted > 1 else None
        _threads = wanted
    return _threads


def spans(n: int, block: int | None = None) -> list[tuple[int, int]]:
    """Consecutive blocks that cover 0..n-1, of `block` rows each.

    Without `block`, and with several threads, the first are long and the last short: little is handed out, and the
    threads end together.
    """
    size = block or BLOCK
    if block or _threads == 1 or n <= ALONE:
        return [(low, min(low + size, n)) for low in range(0, n, size)] or [(0, n)]
    blocks, low, parts = [], 0, SHARES * _threads
    while low < n:
        high = min(n, low + max(-(-(n - low) // parts), min(size, -(-n // parts))))
        blocks.append((low, high))
        low = high
    return blocks


def _share_out(work: Callable, blocks: list[tuple[int, int]]) -> list:
    """Each thread runs `work` over a queue of numbered blocks, handed out under the interpreter lock."""
    queue = iter(enumerate(blocks))
    if _pool is None or len(blocks) == 1 or getattr(_within, "shared", False):
        return [work(queue)]

    def share(queue) -> Any:
        _within.shared = True
        try:
            return work(queue)
        finally:
            _within.shared = False

    others = [_pool.submit(share, queue) for _ in range(_threads - 1)]
    return [share(queue), *(other.result() for other in others)]


def walk(kernel: Callable, n: int, shape: Sequence[int] | int, *columns) -> np.ndarray:
    """Run `kernel` over n rows; returns the summed tally, int64 of the given shape."""
    if n <= ALONE:  # nothing to share out
        tally = np.zeros(shape, np.int64)
        kernel(0, n, tally, *_own(columns))
        return tally

    def work(queue) -> np.ndarray:
        tally, own = np.zeros(shape, np.int64), _own(columns)
        for _, (low, high) in queue:
            kernel(low, high, tally, *own)
        return tally

    return _added(_share_out(work, spans(n)))


def find(kernel: Callable, n: int, shape: Sequence[int] | int, *columns) -> tuple[np.ndarray, np.ndarray]:
    """Like `walk`, for kernels that also report rows.

    Signature `kernel(low, high, tally, found, *columns) -> count`: the kernel writes the rows that it reports into
    `found[0:count]`. Returns (tally, rows reported, in row order).
    """
    if n <= ALONE:
        tally, found = np.zeros(shape, np.int64), np.empty(n, np.int32)
        count = kernel(0, n, tally, found, *_own(columns))
        return tally, found[:count].copy()
    blocks = spans(n)
    reports: list[np.ndarray] = [np.empty(0, np.int32)] * len(blocks)

    def work(queue) -> np.ndarray:
        tally, own = np.zeros(shape, np.int64), _own(columns)
        found = np.empty(blocks[0][1], np.int32)  # the first block is the longest
        for k, (low, high) in queue:
            count = kernel(low, high, tally, found, *own)
            reports[k] = found[:count].copy()
        return tally

    return _added(_share_out(work, blocks)), np.concatenate(reports)


def together(work: Callable[..., Any], items: Sequence) -> list:
    """`work(item)` of each item, in their order, shared out over the threads."""
    results: list = [None] * len(items)

    def some(queue) -> None:
        for k, (place, _) in queue:
            results[k] = work(items[place])

    _share_out(some, [(k, k + 1) for k in range(len(items))])
    return results


def aside(work: Callable[[], Any]) -> Callable[[], Any]:
    """Begin `work()` on a thread of its own, beside what follows; what is returned waits for the result and gives it.

    For long work that cannot be shared out. With a single thread it is done at once.
    """
    if _pool is None:
        result = work()
        return lambda: result

    def alone() -> Any:
        _within.shared = True
        return work()

    own = ThreadPoolExecutor(1, "aside")
    future = own.submit(alone)
    own.shutdown(wait=False)  # the thread ends when the work is done
    return future.result


def in_pieces(work: Callable[[slice], Any], n: int) -> None:
    """`work(rows)` of pieces of rows that make up 0..n-1, shared out over the threads.

    For NumPy's arithmetic on long columns that it writes into a column of the result: a piece stays in the
    processor's memory between its steps. Pieces are the same for any number of threads.
    """
    together(lambda span: work(slice(*span)), spans(n, BLOCK))


def _own(columns: tuple) -> list:
    """The columns as one thread gets them."""
    return [_room(column) if callable(column) else column for column in columns]


def _room(make: Callable[[], Any]) -> Any:
    """This thread's own room of that kind, made when it is first asked for."""
    if not hasattr(_own_rooms, "made"):
        _own_rooms.made = {}
    made = _own_rooms.made
    if make not in made:
        made[make] = make()
    return made[make]


def _added(tallies: list[np.ndarray]) -> np.ndarray:
    """The sum of the threads' tallies."""
    total = tallies[0]
    for tally in tallies[1:]:
        total += tally
    return total
