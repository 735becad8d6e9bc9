"""Walks: everybody is visited once, and the tally does not depend on threads or blocks."""

import numpy as np
import pytest

from sim import walk as walking
from sim.compiled import kernel
from sim.draws import draws
from sim.walk import FIXED, aside, find, in_pieces, set_threads, spans, together, walk


@kernel
def add_up(low, high, tally, values, seen, seed):
    for i in range(low, high):
        u, v, _, _ = draws(seed, 99, 0, i)
        tally[int(u * 4)] += np.int64(values[i] * v * FIXED)
        seen[i] += 1


@kernel
def count(low, high, tally):
    tally[0] += high - low


@kernel
def report(low, high, tally, found, values):
    count = 0
    for i in range(low, high):
        tally[0] += 1
        if values[i] > 0.9:
            found[count] = i
            count += 1
    return count


@pytest.fixture(autouse=True)
def one_thread_afterwards():
    yield
    set_threads(1)


VALUES = np.random.default_rng(3).lognormal(0, 2, 10_007)


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("block", [1, 64, 999, 10_006, 10_007, 1 << 15])
def test_the_tally_is_the_same_for_any_threads_and_blocks(monkeypatch, threads, block):
    if block == 1 and threads > 1:
        block = 7
    expected = np.zeros(4, np.int64)
    add_up(0, len(VALUES), expected, VALUES, np.zeros(len(VALUES), np.int64), 5)
    set_threads(threads)
    monkeypatch.setattr(walking, "BLOCK", block)
    seen = np.zeros(len(VALUES), np.int64)
    assert walk(add_up, len(VALUES), 4, VALUES, seen, 5).tolist() == expected.tolist()
    assert (seen == 1).all()


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("block", [50, 1024, 1 << 15])
def test_reported_rows_come_in_row_order(monkeypatch, threads, block):
    set_threads(threads)
    monkeypatch.setattr(walking, "BLOCK", block)
    tally, rows = find(report, len(VALUES), 1, VALUES)
    assert tally[0] == len(VALUES)
    assert rows.tolist() == np.flatnonzero(VALUES > 0.9).tolist()


@pytest.mark.parametrize("n, block", [(0, 10), (1, 10), (10, 10), (11, 10), (1000, 7)])
def test_blocks_cover_everybody_once(n, block):
    covered = [i for low, high in spans(n, block) for i in range(low, high)]
    assert covered == list(range(n))


def test_nobody_to_visit_is_no_error():
    assert walk(add_up, 0, 4, VALUES[:0], np.zeros(0, np.int64), 1).tolist() == [0, 0, 0, 0]
    tally, rows = find(report, 0, 1, VALUES[:0])
    assert tally.tolist() == [0]
    assert rows.tolist() == []


def test_an_error_in_a_walk_is_not_swallowed(monkeypatch):
    def broken(low, high, tally):
        raise ZeroDivisionError("in the walk")

    monkeypatch.setattr(walking, "BLOCK", 10)
    for threads in (1, 2):
        set_threads(threads)
        with pytest.raises(ZeroDivisionError, match="in the walk"):
            walk(broken, 100, 1)


def test_the_number_of_threads_is_at_least_one():
    assert set_threads(3) == 3
    assert set_threads(None) >= 1
    assert set_threads(1) == 1


def test_work_done_together_comes_back_in_order_on_any_number_of_threads():
    before = set_threads(1)
    try:
        for threads in (1, 2, 3):
            set_threads(threads)
            assert together(lambda item: item * item, range(17)) == [item * item for item in range(17)]
        assert together(str, []) == []
        counted = together(lambda n: int(walk(count, n, 1)[0]), [5, 70_000, 0, 200_000])  # a walk within: alone
        assert counted == [5, 70_000, 0, 200_000]
    finally:
        set_threads(before)


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("n", [0, 1, 1000, 1001])
def test_pieces_make_up_all_rows(monkeypatch, threads, n):
    set_threads(threads)
    monkeypatch.setattr(walking, "BLOCK", 100)
    seen, longest = np.zeros(n, np.int64), []

    def visit(some):
        seen[some] += 1
        longest.append(len(seen[some]))

    in_pieces(visit, n)
    assert (seen == 1).all()
    assert max(longest) <= 100


@pytest.mark.parametrize("threads", [1, 2])
def test_work_done_aside_gives_its_result_while_walks_go_on(threads):
    set_threads(threads)
    begun = aside(lambda: walk(count, 100_000, 1))
    assert walk(count, 300_000, 1).tolist() == [300_000]
    assert begun().tolist() == [100_000]


@pytest.mark.parametrize("threads", [1, 2])
def test_what_goes_wrong_aside_is_told(threads):
    def wrong():
        raise ValueError("no ties")

    set_threads(threads)
    with pytest.raises(ValueError, match="no ties"):
        aside(wrong)()
