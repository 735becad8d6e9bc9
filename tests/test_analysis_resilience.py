"""Resilience of packages: known triangles, censored recovery, a difference in differences known in advance."""

import math

import numpy as np
import pandas as pd
import pytest
from ensembles import START, make

from sim.analysis.resilience import (
    GOALPOSTS,
    hit_hardest,
    measurable,
    performance_paths,
    resilience,
    resilience_by_place,
)
from sim.declare import OUTCOMES
from sim.outcomes.index import DIMENSIONS

ONSET, MONTHS = 12, 48


def dip(depth, length, months=MONTHS):
    """A fall by `depth` of the start value in the first month of the shock, back in a straight line."""
    since = np.arange(months) - ONSET
    return np.where(since < 0, 0.0, -depth * np.clip(1 - since / length, 0, 1))


def shocked(depth_none=0.2, depth_a=0.2, length=12, seeds=8, spread=0.0, **kwargs):
    rng = np.random.default_rng(1)
    sizes = 1 + spread * rng.normal(size=(seeds, 1))
    trust = START["trust"]
    return make(
        ("none", "A"),
        seeds=seeds,
        months=MONTHS,
        onset=ONSET,
        shock={
            ("none", "trust"): trust * dip(depth_none, length) * sizes,
            ("A", "trust"): trust * dip(depth_a, length) * sizes,
        },
        **kwargs,
    )


def row(table, package, outcome="trust"):
    return table[(table.package == package) & (table.outcome == outcome)].iloc[0]


def test_a_fifth_lost_and_regained_in_a_year_costs_one_point_two_months():
    """The trapezoid under the straight line of the textbook case."""
    one = row(resilience(shocked()), "none")
    assert one.loss == pytest.approx(0.2 * 12 / 2)
    assert one.robustness == pytest.approx(0.8) and one.months_to_trough == 0
    assert one.recovery_months == 9  # 0.8 + 0.2 * 9/12 = 0.95
    assert one.recovered_share == 1 and one.horizon == MONTHS - ONSET and one.seeds == 8
    assert one.rapidity == pytest.approx(0.2 / 12) and one.scarring == pytest.approx(0) and one.overshoot == 0
    assert one.normalised == pytest.approx(1 - 1.2 / 35)


def test_a_package_that_halves_the_fall_halves_the_loss():
    table = resilience(shocked(0.2, 0.1, spread=0.1))
    none, a = row(table, "none"), row(table, "A")
    assert a.effect_on_loss == pytest.approx(a.loss - none.loss)
    assert a.effect_on_loss == pytest.approx(-0.6, abs=0.05)
    assert a.low < a.effect_on_loss < a.high < 0
    assert a.distinguishable and a.distinguishable_in_table
    assert math.isnan(none.effect_on_loss) and pd.isna(none.distinguishable)


def test_a_lasting_gain_of_the_level_is_no_resilience():
    """A package that lifts trust in both worlds alike, shock or not, changes performance only in proportion."""
    made = shocked(0.2, 0.2, effect={("A", "trust"): 0.25})  # 0.75 against 0.5; the same fall in points
    a = row(resilience(made), "A")
    assert a.robustness == pytest.approx(1 - 0.1 / 0.75)


def test_each_world_is_compared_with_its_own_twin():
    assert performance_paths(shocked(effect={("A", "trust"): 0.1}), "trust")[:, :, :ONSET] == pytest.approx(1.0)


def test_runs_that_do_not_come_back_are_later_than_the_end():
    """Three of eight come back within the run: the median is beyond the horizon, and the share says how many."""
    fall = np.array([dip(0.2, 12)] * 3 + [np.where(np.arange(MONTHS) < ONSET, 0, -0.2)] * 5) * START["trust"]
    made = make(("none",), seeds=8, months=MONTHS, onset=ONSET, shock={"trust": fall})
    one = row(resilience(made), "none")
    assert math.isnan(one.recovery_months)
    assert one.recovered_share == pytest.approx(3 / 8) and one.censored_share == pytest.approx(5 / 8)
    assert one.horizon == 36
    most = np.array([dip(0.2, 12)] * 5 + [np.where(np.arange(MONTHS) < ONSET, 0, -0.2)] * 3) * START["trust"]
    one = row(resilience(make(("none",), seeds=8, months=MONTHS, onset=ONSET, shock={"trust": most})), "none")
    assert one.recovery_months == 9 and one.censored_share == pytest.approx(3 / 8)


def test_another_level_of_recovery_may_be_asked_for():
    assert row(resilience(shocked(), level=0.90), "none").recovery_months == 6
    assert row(resilience(shocked(), level=0.99), "none").recovery_months == 12


def test_poverty_is_scored_on_the_goalposts_of_the_index():
    """P0 from 4 % to 9 %: (0.15 - 0.09)/(0.15 - 0.04)."""
    rise = np.where(np.arange(MONTHS) >= ONSET, 0.05, 0.0)
    made = make(("none", "A"), months=MONTHS, onset=ONSET, shock={"poverty_headcount": rise})
    assert row(resilience(made), "none", "poverty_headcount").robustness == pytest.approx(0.06 / 0.11)
    assert GOALPOSTS["poverty_headcount"] is DIMENSIONS["livelihood"]["poverty_headcount"]


def test_development_around_zero_does_not_explode():
    fall = np.where(np.arange(MONTHS) >= ONSET, -0.15, 0.0)
    made = make(("none",), months=MONTHS, onset=ONSET, shock={"child_development": fall})
    assert row(resilience(made), "none", "child_development").robustness == pytest.approx(0.9)


def test_every_bad_has_goalposts_and_flows_of_events_alone_have_none():
    bads = {name for name, line in OUTCOMES.items() if line.good < 0}
    assert bads - set(GOALPOSTS) == {"business_exits", "asset_losses_rp", "home_losses_rp"}
    assert set(GOALPOSTS) <= set(OUTCOMES)
    assert "population" not in measurable(make()) and "trust" in measurable(make())


def test_identical_worlds_lose_alike():
    table = resilience(shocked(effect={}))
    a = table[table.package == "A"]
    assert (a.effect_on_loss == 0).all() and not a.distinguishable.any()
    calm = resilience(make(("none", "A"), onset=ONSET))
    assert (calm.loss == 0).all() and (calm.recovery_months == 0).all()


def test_without_a_shock_there_is_no_table():
    assert resilience(make(("none", "A"))).empty and resilience_by_place(make(("none", "A"))).empty
    assert "effect_on_loss" in resilience(make(("none", "A")))


def test_one_seed_tells_nothing_about_chance():
    a = row(resilience(shocked(0.2, 0.1, seeds=1)), "A")
    assert a.effect_on_loss == pytest.approx(-0.6) and math.isnan(a.low) and pd.isna(a.distinguishable)


def test_places_are_told_from_yearly_means():
    """Falls by a fifth and back in a year: of the first twelve months 10.83 % are missing, 1.3 months."""
    table = resilience_by_place(shocked(0.2, 0.1))
    place = table[(table.place == "32.73.09") & (table.outcome == "trust")].set_index("package")
    lost = float(np.mean(0.2 * (1 - np.arange(12) / 12)))
    assert place.loss["none"] == pytest.approx(12 * lost)
    assert place.robustness["none"] == pytest.approx(1 - lost)
    assert place.effect_on_loss["A"] == pytest.approx(-6 * lost)
    assert set(table.group) == {"all", "q1", "q2", "q3", "q4", "q5"} and "gini" not in set(table.outcome)


def test_hit_hardest_is_told_without_policy_and_among_the_outcomes_asked_for():
    rows = [("none", "trust", 1.0), ("A", "trust", 2.0), ("none", "gini", 3.0), ("none", "wellbeing", 0.5)]
    table = pd.DataFrame(rows, columns=["package", "outcome", "loss"])
    assert hit_hardest(table, ["wellbeing", "trust"]).tolist() == ["none", "trust", 1.0]
    assert hit_hardest(table, ["service_access"]) is None


def test_a_last_year_of_six_months_counts_for_six():
    """Half of the trust is gone for 18 months: nine months are lost."""
    table = resilience_by_place(make(months=18, onset=0, shock={"trust": -0.25}))
    assert table[table.outcome == "trust"].loss.to_numpy() == pytest.approx(9.0)


def test_every_package_is_a_test_on_every_outcome_and_no_policy_is_none():
    made = make(("none", "A", "B"), onset=ONSET)
    assert set(resilience(made, ["trust"]).tests) == {2 * len(measurable(made))}
