"""Cost: present values by hand, the price of a unit of effect, leverage, and who is dominated by whom."""

import math

import numpy as np
import pandas as pd
import pytest
from ensembles import START, make, programme

from sim.analysis.cost import (
    MEASURES,
    cost_effectiveness,
    costs,
    discount,
    dominance,
    equal_cost,
    pareto,
    present_value,
    reach,
    totals,
    units,
    wellbeing_gain,
)
from sim.catalogue import discover, reach_units
from sim.outcomes.wellbeing import utility
from sim.report.plan import reach_said
from sim.report.standing import units_said

SEEDS = 8
discover()


def spending(**rupiah):
    """One programme a package and seed."""
    return [programme(name, seed, amount) for name, amount in rupiah.items() for seed in range(1, SEEDS + 1)]


def test_present_value_by_hand():
    assert present_value(100.0, 12) == pytest.approx(100 * np.mean(1.05 ** -((np.arange(12) + 0.5) / 12)))
    assert present_value(100.0, 12) == pytest.approx(97.5996, abs=1e-3)
    assert present_value(100.0, 24, np.r_[np.zeros(12), np.ones(12)]) == pytest.approx(97.5996 / 1.05, abs=1e-3)
    assert present_value(100.0, 12, rate=0.0) == 100.0
    assert discount(13, 0.05)[12] / discount(13, 0.05)[0] == pytest.approx(1 / 1.05)


def test_programmes_of_a_package_add_up_by_seed_and_shock_state():
    records = [
        programme("A", 1, 10.0),
        programme("A", 1, 5.0),
        programme("A", 2, 7.0),
        programme("A", 1, 99.0, shock=1),
    ]
    made = make(("none", "A"), seeds=2, onset=12, programmes=records)
    assert totals(made, "spent", shocks=False).tolist() == [[0, 0], [15, 7]]
    assert totals(made, "spent").tolist() == [[0, 0], [99, 0]]  # the shocked worlds, when there are any
    assert totals(made, "by_quintile").shape == (2, 2, 5)
    assert totals(make(), "spent").tolist() == [[0.0] * 8]


def test_a_person_year_of_poverty_averted_has_its_price():
    """One point of poverty less among 2.5 million for four years: 100,000 person-years, for Rp 400 billion."""
    made = make(("none", "A"), effect={("A", "poverty_headcount"): -0.01}, programmes=spending(A=400e9))
    row = cost_effectiveness(made).set_index("measure").loc["poverty_headcount"]
    assert row.units == pytest.approx(100_000) and row.unit == "person-year of poverty averted"
    assert row.cost_per_unit == pytest.approx(4e6) and row.units_per_billion == pytest.approx(250)
    assert row.distinguishable
    assert row.present_cost_per_unit == pytest.approx(4e6)  # money and people spread alike over the months


def test_jobs_and_school_years_are_counted():
    made = make(
        ("none", "A"),
        effect={("A", "employed"): 1000.0, ("A", "out_of_school_share"): -0.001},
        programmes=spending(A=40e9),
    )
    table = cost_effectiveness(made).set_index("measure")
    assert table.units["employed"] == pytest.approx(4000) and table.cost_per_unit["employed"] == pytest.approx(1e7)
    assert table.units["out_of_school_share"] == pytest.approx(0.001 * 450_000 * 4)
    assert math.isnan(table.cost_per_unit["poverty_headcount"])


def test_the_price_has_the_interval_of_the_effect():
    change = -0.01 * np.array([0.8, 0.9, 1.0, 1.0, 1.0, 1.0, 1.1, 1.2])
    made = make(("none", "A"), effect={("A", "poverty_headcount"): change}, programmes=spending(A=400e9))
    row = cost_effectiveness(made).iloc[0]
    assert row.per_unit_low < row.cost_per_unit < row.per_unit_high
    assert row.per_unit_low == pytest.approx(400e9 / row.high)


def test_what_cannot_be_told_from_zero_has_no_price():
    change = 0.01 * np.array([1, -1, 1, -1, 1, -1, 1, -1.2])
    made = make(("none", "A"), effect={("A", "poverty_headcount"): change}, programmes=spending(A=400e9))
    row = cost_effectiveness(made).iloc[0]
    assert not row.distinguishable and math.isnan(row.cost_per_unit) and np.isfinite(row.units_per_billion)
    harm = make(("none", "A"), effect={("A", "poverty_headcount"): 0.01}, programmes=spending(A=400e9))
    assert math.isnan(cost_effectiveness(harm).iloc[0].cost_per_unit)


def test_a_gain_that_holds_alone_but_not_with_all_results_tested_together_has_no_price():
    change = -0.01 * np.array([1.9, -0.7, 1.2, 1.4, -0.1, 1.0, 0.9, 0.4])
    made = make(("none", "A"), effect={("A", "poverty_headcount"): change}, programmes=spending(A=400e9))
    row = cost_effectiveness(made).iloc[0]
    assert row.distinguishable and not row.distinguishable_in_table and math.isnan(row.cost_per_unit)


def test_private_money_is_told_only_where_it_is_clear():
    wild = 1e9 * np.array([1, -1, 2, -2, 1, -1, 1, -1.0])
    made = make(
        ("none", "A", "B"),
        effect={("A", "swadaya_rp"): 1e9, ("B", "swadaya_rp"): wild},
        programmes=spending(A=96e9, B=96e9),
    )
    table = costs(made).set_index("package")
    assert table.leverage["A"] == pytest.approx(0.5) and table.leverage_low["A"] == pytest.approx(0.5)
    assert table.leverage_told.tolist() == [False, True, False]
    assert table.leverage_low["B"] < 0 < table.leverage_high["B"]


def test_packages_of_which_one_saves_money_do_not_cost_the_same_and_have_no_ratio():
    same = equal_cost(make(("none", "A", "B"), programmes=spending(A=30e9, B=-2000e9)))
    assert same.spent is False and math.isnan(same.spent_ratio)
    assert equal_cost(make(("none", "A", "B"), programmes=spending(A=-20e9, B=-20.1e9))).spent is True


def test_a_package_without_cost_or_a_single_seed_has_no_price():
    free = make(("none", "A"), effect={("A", "poverty_headcount"): -0.01})
    assert math.isnan(cost_effectiveness(free).iloc[0].cost_per_unit)
    one = make(("none", "A"), seeds=1, effect={("A", "employed"): 5.0}, programmes=[programme("A", 1, 1e9)])
    row = cost_effectiveness(one).iloc[2]
    assert row.units == pytest.approx(20) and pd.isna(row.distinguishable) and math.isnan(row.cost_per_unit)
    assert cost_effectiveness(make()).empty and costs(make()).spent_rp.tolist() == [0.0]


def test_wellbeing_gained_is_the_equal_rise_of_spending_worth_as_much():
    """Everybody at the mean and Rp 10,000 more each: nearly Rp 10,000 a head and month."""
    start = START | {"wellbeing": 2_400_000.0}
    made = make(("none", "A"), start=start, effect={("A", "wellbeing"): 10_000.0}, programmes=spending(A=1e12))
    undiscounted = wellbeing_gain(made, rate=0.0)[1, 0]
    assert undiscounted == pytest.approx(2.5e6 * 48 * 10_000, rel=0.005)
    exact = 2.5e6 * 48 * (utility(2_410_000.0) - utility(2_400_000.0)) * 2_400_000.0**1.5
    assert undiscounted == pytest.approx(exact)
    assert wellbeing_gain(made)[1, 0] == pytest.approx(present_value(exact, 48), rel=1e-9)
    row = cost_effectiveness(made).set_index("measure").loc["wellbeing"]
    assert row.units_per_rp == pytest.approx(exact / 1e12)  # both discounted alike


def test_a_rupiah_to_people_below_the_mean_is_worth_more_than_a_rupiah():
    made = make(("none", "A"), effect={("A", "wellbeing"): 10_000.0})  # equivalent 1.5 million, mean 2.4 million
    assert wellbeing_gain(made, rate=0.0)[1, 0] / (2.5e6 * 48 * 10_000) == pytest.approx((2.4 / 1.5) ** 1.5, rel=0.01)


def test_leverage_is_private_money_beyond_no_policy_for_every_public_rupiah():
    """Self-help rises by Rp 1 billion a month, companies pay 20 of 100 billion, of their own projects 20 fall away."""
    records = [programme("A", seed, 100e9, companies=20e9) for seed in range(1, SEEDS + 1)]
    effect = {("A", "swadaya_rp"): 1e9, ("A", "csr_rp"): -20e9 / 48}
    row = costs(make(("none", "A"), effect=effect, programmes=records)).set_index("package").loc["A"]
    assert row.public_rp == pytest.approx(80e9) and row.from_companies_rp == pytest.approx(20e9)
    assert row.private_extra_rp == pytest.approx(48e9) and row.leverage == pytest.approx(0.6)
    assert row.spent_rp_per_year == pytest.approx(25e9)
    assert row.present_value_rp == pytest.approx(float(present_value(100e9, 48)))


def test_equal_cost_is_checked_as_planned_and_as_spent():
    budgets = {"none": 0.0, "A": 100e9, "B": 100e9}
    made = make(("none", "A", "B"), budgets=budgets, programmes=spending(A=390e9, B=200e9))
    found = equal_cost(made)
    assert found.planned is True and found.spent is False and found.spent_ratio == pytest.approx(200 / 390)
    assert equal_cost(make(("none", "A")))[:2] == (None, None)


def test_the_pareto_set_of_five_options():
    cost = np.array([0, 1, 2, 2, 3])
    gains = np.array([[0, 0], [2, 1], [1, 1], [1, 3], [2, 3]])  # the third costs more than the second and gains less
    assert pareto(cost, gains).tolist() == [True, True, False, True, True]
    assert pareto(np.array([1, 1]), np.array([[2.0], [2.0]])).tolist() == [True, True]


def test_a_dear_package_that_does_less_is_dominated_and_harm_by_doing_nothing():
    made = make(
        ("none", "A", "B", "C"),
        effect={
            ("A", "poverty_headcount"): -0.01,
            ("B", "poverty_headcount"): -0.005,
            ("C", "poverty_headcount"): 0.01,
        },
        programmes=spending(A=1e9, B=2e9, C=1e9),
    )
    table = dominance(made).set_index("package")
    assert table.on_front.to_dict() == {"none": True, "A": True, "B": False, "C": False}
    assert table.dominated_by["B"] == ("A",) and table.dominated_by["C"] == ("none", "A")
    assert table.poverty_headcount["A"] == pytest.approx(0.01)
    assert table.front_share.to_dict() == {"none": 1, "A": 1, "B": 0, "C": 0}


def test_chance_puts_nobody_on_the_front():
    change = 0.001 * np.array([1, -1, 1, -1, 1, -1, 1, -1.5])
    made = make(("none", "A"), effect={("A", "poverty_headcount"): change}, programmes=spending(A=1e9))
    table = dominance(made).set_index("package")
    assert table.poverty_headcount["A"] == 0 and not table.on_front["A"] and 0 < table.front_share["A"] < 1


def test_identical_worlds_bring_nothing():
    made = make(("none", "A"), noise=0.1)
    assert all((units(made, measure) == 0).all() for measure in MEASURES)
    assert (cost_effectiveness(made).units == 0).all() and not cost_effectiveness(made).distinguishable.any()


def test_people_reached_are_the_mean_of_the_seeds():
    assert costs(make(("none", "A"), programmes=spending(A=1e9))).reached.tolist() == [0, 100]


def test_seats_and_household_months_do_not_add():
    """What a package reaches is told by programme, each in the unit that its lever declares."""
    seats = programme("A", 1, 1e9, reached=100) | {"programme": "worker_training"}
    cash = programme("A", 1, 1e9, reached=1200) | {"programme": "cash_transfer 2"}
    both = make(("none", "A"), seeds=1, programmes=[seats, cash])
    assert reach(both, "A") == {"worker_training": 100, "cash_transfer 2": 1200}
    assert reach_units(reach(both, "A")) == {"worker_training": "seats", "cash_transfer 2": "household-months"}
    assert np.isnan(costs(both).reached[1])
    said = reach_said(reach(both, "A"))
    assert said == "worker training: 100 seats; cash transfer 2: 1,200 household-months"
    assert "cash transfer" not in reach_said(reach(both, "A"), "id") and "bulan-rumah tangga" in reach_said(
        reach(both, "A"), "id"
    )
    assert units_said(both, "A") == "seats and household-months"
    assert costs(make(("none", "A"), seeds=1, programmes=[cash, cash])).reached[1] == 2400


def test_a_gain_of_a_few_large_seeds_has_no_price_though_its_mean_is_beyond_chance():
    """As many seeds lose as gain, eighteen of 36; the t test alone would see an effect."""
    tail = np.concatenate([np.full(14, 8.0), np.linspace(20, 60, 4), np.full(18, -0.5)])
    made = make(
        ("none", "A"),
        seeds=36,
        start={name: START[name] for name in ("population", "poverty_headcount")},
        effect={("A", "poverty_headcount"): -0.0001 * tail},
        programmes=[programme("A", seed, 1e9) for seed in range(1, 37)],
    )
    row = cost_effectiveness(made).iloc[0]
    assert row.low > 0 and not row.distinguishable_in_table and math.isnan(row.cost_per_unit)


def test_cost_against_effects_is_a_mean_over_seeds_and_looks_at_the_months_of_its_period():
    """An effect of the first three years is none at the end, and one over the run."""
    early = np.where(np.arange(48) < 36, -0.01, 0.0) + np.zeros((8, 1))
    made = make(("none", "A"), effect={("A", "poverty_headcount"): early}, programmes=spending(A=1e9))
    end, run = (dominance(made, period=period).set_index("package") for period in ("end", "run"))
    assert end.cost_rp.to_dict() == {"none": 0, "A": 1e9}
    assert end.front_share.to_dict() == {"none": 1, "A": 0} and run.front_share.to_dict() == {"none": 1, "A": 1}
