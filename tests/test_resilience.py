"""The resilience triangle, recovery with censoring, and the index: closed forms and worked examples."""

import numpy as np
import pytest
from random_city import random_world

from sim.outcomes import index
from sim.outcomes.measure import measure
from sim.outcomes.resilience import (
    Goalposts,
    Recovery,
    loss,
    median_recovery,
    normalised,
    overshoot,
    performance,
    rapidity,
    recovery,
    robustness,
    scarring,
    survival_curve,
    trough,
)

RAMP = np.concatenate([1 - 0.2 * (1 - np.arange(13) / 12), np.ones(12)])  # -20 %, back in a straight line of a year


def test_a_fifth_lost_and_regained_in_a_year_costs_one_point_two_months():
    assert loss(RAMP) == pytest.approx(1.2)
    assert normalised(RAMP) == pytest.approx(1 - 1.2 / 24)


def test_a_fifth_lost_that_heals_exponentially():
    fine = 1 - 0.2 * np.exp(-np.arange(0, 36.0001, 0.001) / 6)
    assert loss(fine, 0.001) == pytest.approx(1.19703, abs=5e-6)


def test_depth_speed_and_scars_of_a_shock():
    q = np.array([1.0, 1.0, 0.9, 0.7, 0.8, 0.9, 1.0, 1.02, 1.0, 0.98, 0.98])
    assert robustness(q) == 0.7
    assert trough(q) == 3
    assert overshoot(q) == pytest.approx(0.02)
    assert scarring(q, 2) == pytest.approx(0.02)
    assert scarring(np.repeat([0.5, 0.8, 1.0], [12, 6, 6])) == pytest.approx(0.1)  # of the last twelve months
    assert recovery(q, 0.95) == Recovery(6.0, True)
    assert rapidity(q, 0.95) == pytest.approx(0.1)


def test_one_good_month_is_no_recovery():
    q = np.array([1, 0.6, 0.97, 0.7, 0.8, 0.96, 0.97, 0.98, 1.0])
    assert recovery(q, 0.95) == Recovery(5.0, True)
    assert recovery(q, 0.99) == Recovery(9.0, False)


def test_a_run_that_never_fell_recovered_at_once():
    assert recovery(np.array([1.0, 0.97, 0.99]), 0.95) == Recovery(0.0, True)
    assert rapidity(np.ones(5)) == 0.0


def test_poverty_is_scored_on_goalposts_before_it_is_compared():
    posts = Goalposts(worst=0.15, best=0.0)
    q = performance(np.array([0.04, 0.09]), np.array([0.04, 0.04]), posts)
    assert q == pytest.approx([1.0, 0.06 / 0.11])
    assert performance(np.array([90.0]), np.array([100.0])) == pytest.approx([0.9])


def test_runs_that_did_not_recover_count_as_later_than_their_end():
    times, left = survival_curve(np.array([4, 6, 6, 10, 24]), np.array([1, 1, 1, 0, 0]))
    assert times.tolist() == [4, 6]
    assert left == pytest.approx([0.8, 0.4])  # 4/5, then two of four
    runs = [Recovery(4, True), Recovery(6, True), Recovery(6, True), Recovery(10, False), Recovery(24, False)]
    assert median_recovery(runs) == Recovery(6.0, True)
    assert median_recovery([Recovery(24, False)] * 3 + [Recovery(5, True)]) == Recovery(24.0, False)


def test_a_run_that_leaves_early_only_lowers_the_number_at_risk():
    _, left = survival_curve(np.array([3, 5, 8]), np.array([1, 0, 1]))
    assert left == pytest.approx([2 / 3, 0.0])


# --- The index -----------------------------------------------------------------------------------------------------


def scores(**changed):
    return {name: np.array([0.5]) for name in index.DIMENSIONS} | {k: np.array([v]) for k, v in changed.items()}


def test_equal_dimensions_give_that_index_either_way():
    assert index.combine(scores()) == pytest.approx([0.5])
    assert index.combine(scores(), geometric=False) == pytest.approx([0.5])


def test_imbalance_costs_in_the_geometric_mean_only():
    uneven = scores(livelihood=0.9, equity=0.1)
    assert index.combine(uneven) < 0.5 - 0.05
    assert index.combine(uneven, geometric=False) == pytest.approx([0.5])


def test_weights_are_editable_and_brought_to_one():
    weights = index.EQUAL | {"livelihood": 5.0}
    assert index.combine(scores(livelihood=0.8), weights, geometric=False) == pytest.approx([0.5 + 0.3 / 2])
    doubled = {k: 2 * v for k, v in weights.items()}
    assert index.combine(scores(livelihood=0.8), doubled) == pytest.approx(
        index.combine(scores(livelihood=0.8), weights)
    )


@pytest.mark.parametrize(
    "weights", [{"livelihood": 1.0}, index.EQUAL | {"equity": -1.0}, dict.fromkeys(index.EQUAL, 0.0)]
)
def test_impossible_weights_are_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        index.combine(scores(), weights)


def test_goalposts_are_fixed_and_may_run_downwards():
    assert Goalposts(0.15, 0.0).score([0.0, 0.075, 0.15, 0.3]) == pytest.approx([1, 0.5, 0, 0])


def test_better_figures_never_lower_the_index():
    world = random_world()
    base = measure(world)
    world.government.own_revenue_share += 0.1
    assert measure(world).city("resilience_index") > base.city("resilience_index")
    values = dict(base.values) | {
        "worst_service": np.full(36, 0.7),
        "absorption": np.full(36, 0.94),
        "leverage": np.full(36, 0.01),
    }
    for name, indicators in index.DIMENSIONS.items():
        for indicator, posts in indicators.items():
            better = dict(values)
            better[indicator] = values[indicator] + 0.01 * (posts.best - posts.worst)
            assert index.dimensions(better)[name][0] >= index.dimensions(values)[name][0], indicator


def test_the_same_city_ranks_the_same_under_all_weights_only_if_it_is_better_everywhere():
    weights = np.random.default_rng(1).dirichlet(np.ones(6), 1000)
    low, high = dict.fromkeys(index.DIMENSIONS, 0.4), dict.fromkeys(index.DIMENSIONS, 0.5)
    assert index.rank_robustness(high, low, weights) == 1.0
    mixed = high | {"equity": 0.1}
    assert 0.2 < index.rank_robustness(mixed, low, weights) < 0.95


def test_dimensions_and_index_lie_between_nothing_and_everything():
    measured = measure(random_world())
    for name in (*(f"resilience_{n}" for n in index.DIMENSIONS), "resilience_index"):
        row = measured.values[name][:31]
        assert ((row >= 0) & (row <= 1)).all(), name
