"""Poverty and inequality of plain lists of people: textbook numbers, closed forms, and the bins that stand in."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from sim.outcomes import histogram, inequality
from sim.outcomes.inequality import between, between_mld, gini, mean_log_deviation, palma, theil
from sim.outcomes.poverty import fgt, fgt_between

TEN = np.array([300, 450, 500, 550, 600, 900, 1200, 2000, 4000, 9500]) * 1e3
ONES = np.ones(10)
Z = 591_124


def test_ten_people_and_their_poverty():
    assert fgt(TEN, ONES, Z, 0) == 0.4
    assert fgt(TEN, ONES, Z, 1) == pytest.approx(0.0954954, abs=5e-8)
    assert fgt(TEN, ONES, Z, 2) == pytest.approx(0.0328148, abs=5e-8)


def test_ten_people_and_their_inequality():
    assert gini(TEN) == pytest.approx(0.587, abs=1e-12)
    assert theil(TEN) == pytest.approx(0.6438681, abs=5e-8)
    assert mean_log_deviation(TEN) == pytest.approx(0.6328068, abs=5e-8)
    assert palma(TEN, ONES) == pytest.approx(5.277778, abs=5e-7)


def test_the_gini_of_places_counts_their_people():
    """A quarter has 1, three quarters have 3: 1 - (0.25 x 0.1 + 0.75 x 1.1)."""
    assert gini(np.array([1, 3]), np.array([1, 3])) == pytest.approx(0.15)


N = 200_001
GRID = (np.arange(N) + 0.5) / N


@pytest.mark.parametrize(
    "values, expected",
    [
        (GRID, 1 / 3),
        (-np.log1p(-GRID), 1 / 2),
        ((1 - GRID) ** (-1 / 3), 1 / 5),
        (np.exp(0.8 * norm.ppf(GRID)), 2 * norm.cdf(0.8 / math.sqrt(2)) - 1),
    ],
    ids=["uniform", "exponential", "pareto 3", "lognormal 0.8"],
)
def test_the_gini_of_known_distributions(values, expected):
    assert gini(values) == pytest.approx(expected, abs=3e-4)


def test_the_lognormal_gini_at_08_is_043():
    assert 2 * norm.cdf(0.8 / math.sqrt(2)) - 1 == pytest.approx(0.42839, abs=5e-6)


def test_the_theil_index_of_a_lognormal_is_half_its_variance():
    values = np.exp(0.8 * norm.ppf(GRID))
    assert theil(values) == pytest.approx(0.32, abs=1e-3)
    assert mean_log_deviation(values) == pytest.approx(0.32, abs=1e-3)


def test_equal_spending_is_no_inequality():
    assert gini(np.full(7, 3.0)) == pytest.approx(0, abs=1e-12)
    assert theil(np.full(7, 3.0)) == pytest.approx(0, abs=1e-12)
    assert gini(np.array([0.0, 0, 0, 1])) == pytest.approx(0.75)


def test_a_household_of_three_counts_like_three_people():
    spread, size = np.array([1.0, 2.0, 5.0]), np.array([3, 1, 2])
    people = np.repeat(spread, size)
    assert gini(spread, size) == pytest.approx(gini(people), abs=1e-14)
    assert fgt(spread, size, 2.5, 2) == pytest.approx(fgt(people, np.ones(6), 2.5, 2), abs=1e-14)
    assert theil(spread, size) == pytest.approx(theil(people), abs=1e-14)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 8))
def test_poverty_and_inequality_split_exactly_into_within_and_between(seed, places):
    rng = np.random.default_rng(seed)
    spending, size = np.exp(rng.normal(13, 0.9, 400)), rng.integers(1, 8, 400)
    place = rng.integers(0, places, 400)
    for alpha in (0, 1, 2):
        shares, each = fgt_between(spending, size, place, 600e3, alpha)
        assert float(shares @ each) == pytest.approx(fgt(spending, size, 600e3, alpha), abs=1e-12)
    here = [place == d for d in np.unique(place)]
    people = np.array([size[m].sum() for m in here])
    money = np.array([(spending * size)[m].sum() for m in here])
    s, n = money / money.sum(), people / people.sum()
    inside = sum(s[k] * theil(spending[m], size[m]) for k, m in enumerate(here))
    assert inside + between(people, money) == pytest.approx(theil(spending, size), abs=1e-12)
    inside = sum(n[k] * mean_log_deviation(spending[m], size[m]) for k, m in enumerate(here))
    assert inside + between_mld(people, money) == pytest.approx(mean_log_deviation(spending, size), abs=1e-12)


def test_the_helper_splits_a_city_of_two_places_by_hand():
    """Place A: 1 and 3; place B: 4 alone.  T_A = (1/4) ln(1/2) + (3/4) ln(3/2); between: 4/8 ln(1/2 / 2/3), twice."""
    x = np.array([1.0, 3.0, 4.0])
    people, total = np.array([2.0, 1.0, 0.0]), np.array([4.0, 4.0, 0.0])
    logs = np.array([(x * np.log(x))[:2].sum(), 4 * math.log(4), 0.0])
    parts = inequality.theil_by_group(people, total, logs)
    inside = 0.25 * math.log(0.5) + 0.75 * math.log(1.5)
    assert parts.groups[:2] == pytest.approx([inside, 0.0]) and np.isnan(parts.groups[2])
    assert parts.within == pytest.approx(0.5 * inside)
    assert parts.between == pytest.approx(0.5 * math.log(0.75) + 0.5 * math.log(1.5))
    assert parts.within + parts.between == pytest.approx(theil(x))
    parts = inequality.mld_by_group(people, total, np.array([math.log(3), math.log(4), 0.0]))
    assert parts.within + parts.between == pytest.approx(mean_log_deviation(x))


def test_a_transfer_from_rich_to_poor_lowers_every_measure():
    after = TEN.copy()
    after[[0, 9]] += 100e3, -100e3
    for measured in (gini, theil, mean_log_deviation, lambda x: fgt(x, ONES, Z, 1), lambda x: fgt(x, ONES, Z, 2)):
        assert measured(after) < measured(TEN)


def test_money_units_do_not_matter():
    assert gini(TEN / 1000) == pytest.approx(gini(TEN), abs=1e-14)
    assert theil(TEN * 1000) == pytest.approx(theil(TEN), abs=1e-12)


def test_bins_are_in_order_and_every_value_lies_in_its_own():
    x = np.exp(np.random.default_rng(1).uniform(math.log(2.0**-8), math.log(2.0**20), 5000))
    places = np.array([histogram.log_bin(v, histogram.LOWEST, histogram.FINE, histogram.BINS) for v in x])
    assert np.all(histogram.EDGES[places] <= x)
    assert np.all(x < histogram.EDGES[places + 1])
    assert np.diff(np.log(histogram.EDGES)).max() < 0.0157


def test_values_outside_the_range_fall_into_the_end_bins():
    ends = [histogram.log_bin(v, histogram.LOWEST, histogram.FINE, histogram.BINS) for v in (0.0, 1e-9, 1e30)]
    assert ends == [0, 0, histogram.BINS - 1]


def test_the_logarithm_from_bins_is_right_to_eleven_digits():
    x = np.exp(np.random.default_rng(2).uniform(-5, 12, 3000))
    found = [
        histogram.log_of(
            v, histogram.log_bin(v, histogram.LOWEST, histogram.FINE, histogram.BINS), histogram.EDGES, histogram.LOGS
        )
        for v in x
    ]
    assert np.abs(np.array(found) - np.log(x)).max() < 1e-11


def test_a_quantile_of_nobody_is_unknown():
    assert np.isnan(histogram.quantiles(np.zeros((1, 4), np.int64), np.arange(5.0), 0.5)).all()


def test_limits_of_fifths_of_equal_bins():
    counts = np.zeros(histogram.BINS)
    counts[600:605] = 10
    assert inequality.quintiles(counts) == pytest.approx(histogram.EDGES[601:605])


def test_a_quantile_lies_on_a_straight_line_inside_its_bin_row_by_row():
    """Four people at 0-1 and four at 1-3: half are below 1, three quarters below 2; of eight at 1-3 above."""
    counts, lower = np.array([[4, 4], [0, 8]]), np.array([0.0, 1.0, 3.0])
    assert histogram.quantiles(counts, lower, 0.5).tolist() == [1.0, 2.0]
    assert histogram.quantiles(counts, lower, 0.75).tolist() == [2.0, 2.5]
