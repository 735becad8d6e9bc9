"""Orders are those of NumPy's stable sorts, whatever the values."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.sorting import order_by_group, order_of_whole, stable_order

LUCK = np.random.default_rng(5)


@settings(deadline=None)  # the first call compiles
@given(st.lists(st.floats(allow_nan=False), max_size=80) | st.lists(st.sampled_from([0.0, -0.0, 1.0, -1.0])))
def test_real_numbers_stand_in_their_stable_order(values):
    values = np.array(values, float)
    assert stable_order(values).tolist() == np.argsort(values, kind="stable").tolist()


@pytest.mark.parametrize(
    "values",
    [
        LUCK.normal(size=100_000),
        LUCK.normal(size=100_000).astype(np.float32),
        np.floor(LUCK.normal(size=100_000)),
        np.exp(5 * LUCK.normal(size=200_000))[::2],
        1.0 + 1e-15 * LUCK.integers(0, 200, 2_000),  # told apart by the last bits only
        np.full(1_000, 4.0),
    ],
    ids=["normal", "single", "ties", "every other", "close", "equal"],
)
def test_long_columns_stand_in_their_stable_order(values):
    assert (stable_order(values) == np.argsort(values, kind="stable")).all()


@settings(deadline=None)  # the first call compiles
@given(st.lists(st.integers(0, 2**40), max_size=80) | st.lists(st.integers(0, 3)))
def test_whole_numbers_stand_in_their_stable_order(numbers):
    numbers = np.array(numbers, np.int64)
    assert order_of_whole(numbers).tolist() == np.argsort(numbers, kind="stable").tolist()


def test_groups_come_one_after_another_each_by_value():
    groups, values = LUCK.integers(0, 34, 50_000).astype(np.int8), np.round(LUCK.normal(size=50_000), 2)
    assert (order_by_group(groups, values) == np.lexsort((values, groups))).all()
