"""Effects: known pairs give known intervals, equal worlds give nothing, chance is called chance."""

import numpy as np
import pandas as pd
import pytest
from ensembles import START, make
from scipy import stats

from sim.analysis.cost import cost_effectiveness
from sim.analysis.effects import contrasts, effects, monthly_paths, yearly_effects
from sim.analysis.incidence import winners_and_losers
from sim.analysis.paired import benjamini_hochberg, flags, paired, sign_test
from sim.analysis.resilience import resilience, resilience_by_place

FIVE = np.array([1.0, 2.0, 3.0, 4.0, 5.0])


def city(table, outcome, package=None, shocks="off"):
    rows = table[(table.outcome == outcome) & (table.place == "city") & (table.group == "all")]
    rows = rows[rows.shocks == shocks]
    return (rows if package is None else rows[rows.package == package]).iloc[0]


def test_five_pairs_give_the_interval_of_the_textbook():
    """Mean 3, deviation 1.5811, error 0.7071; t with 4 degrees of freedom: 2.7764."""
    found = paired(FIVE)
    assert found.mean == 3.0
    assert (found.low, found.high) == (pytest.approx(3 - 1.963243, abs=1e-6), pytest.approx(3 + 1.963243, abs=1e-6))
    assert found.p == pytest.approx(stats.ttest_1samp(FIVE, 0).pvalue)
    assert found.agrees


def test_pairs_that_were_not_measured_are_left_out():
    found = paired(np.append(FIVE, np.nan))
    assert found.pairs == 5
    assert found.low == pytest.approx(paired(FIVE).low)


def test_one_pair_has_no_interval():
    found = paired(np.array([2.0]))
    assert found.mean == 2.0
    assert np.isnan([found.low, found.high, found.p]).all()
    assert np.isnan(paired(np.array([np.nan])).mean)


def test_equal_differences_are_no_certainty_until_six_pairs_agree():
    """Head counts of few agents: two seeds with one more worker each tell nothing; six do (sign test: 2/2^6)."""
    two, six = paired(np.full(2, 500.0)), paired(np.full(6, 500.0))
    assert two.mean == 500.0
    assert np.isnan([two.low, two.high, two.p]).all()
    assert six.p == 0.0 and six.low == six.high == 500.0
    assert np.isnan(paired(np.full(5, 500.0)).p)
    assert paired(np.zeros(2)).p == 1.0


def test_a_few_large_pairs_make_no_effect():
    """Mean and t test see 30 pairs with a long tail as an effect; as many fall as rise."""
    tail = np.concatenate([np.full(14, 8.0), np.linspace(20, 60, 4), np.full(18, -0.5)])
    found = paired(tail)
    assert stats.ttest_1samp(tail, 0).pvalue < 0.05
    assert found.p == pytest.approx(stats.ttest_1samp(tail, 0).pvalue)
    assert not found.agrees and flags(found.p, found.agrees) == np.array(False)
    assert paired(tail + 1).agrees  # skewed as before, but everybody gains


def test_with_few_skewed_pairs_all_must_have_one_sign():
    assert paired(np.array([0.1, 0.1, 0.1, 0.1, 5.0])).agrees
    assert not paired(np.array([-0.1, 0.1, 0.1, 0.1, 5.0])).agrees


def test_the_sign_test_is_the_exact_binomial():
    assert sign_test(np.array([1, 2, 3, 4, -1.0, 0.0])) == pytest.approx(stats.binomtest(1, 5).pvalue)
    assert sign_test(np.zeros(4)) == 1.0


def test_adjusted_p_values_of_a_worked_example():
    """Five tests: p_i 5 / i from the largest down, never rising."""
    p = np.array([0.01, 0.04, np.nan, 0.03, 0.005, 0.5])
    assert benjamini_hochberg(p) == pytest.approx([0.025, 0.05, np.nan, 0.05, 0.025, 0.5], nan_ok=True)
    assert benjamini_hochberg(p)[[0, 1, 3, 4, 5]] == pytest.approx(
        stats.false_discovery_control(p[[0, 1, 3, 4, 5]], method="bh")
    )


def test_identical_worlds_have_no_effect_and_nothing_is_distinguishable():
    made = make(("none", "A"), noise=0.1, onset=12)
    assert made.city[0].tobytes() == made.city[1].tobytes()
    table = effects(made)
    known = table.dropna(subset=["effect"])
    assert len(known) > 300
    assert (known.effect == 0).all() and (known.low == 0).all() and (known.high == 0).all()
    assert not known.distinguishable.any() and not known.distinguishable_in_table.any()


def test_a_planted_effect_has_its_known_interval():
    change = -0.001 * FIVE
    table = effects(make(("none", "A"), seeds=5, noise=0.2, effect={("A", "poverty_headcount"): change}))
    row = city(table, "poverty_headcount")
    assert row.effect == pytest.approx(-0.003)
    assert (row.low, row.high) == (pytest.approx(-0.004963243), pytest.approx(-0.001036757))
    assert row["with"] - row.without == pytest.approx(-0.003)
    assert row.unit == "share of persons" and row.good == -1 and row.seeds == 5
    assert row.distinguishable


def test_an_effect_has_the_same_flags_whichever_outcomes_are_asked_for():
    """Alone it would hold; among all the outcomes of the city it may be chance."""
    change = -0.001 * (FIVE - 0.8)
    made = make(("none", "A"), seeds=5, effect={("A", "poverty_headcount"): change})
    whole, mine = effects(made), effects(made, outcomes=["poverty_headcount"])
    row = city(mine, "poverty_headcount")
    assert row.equals(city(whole, "poverty_headcount")) and row.tests == len(START)
    assert row.distinguishable and not row.distinguishable_in_table
    assert set(mine.outcome) == {"poverty_headcount"} and len(mine) == 36


def test_one_seed_says_that_it_cannot_tell():
    row = city(effects(make(("none", "A"), seeds=1, effect={("A", "trust"): 0.2})), "trust")
    assert row.effect == pytest.approx(0.2)
    assert np.isnan(row.low) and pd.isna(row.distinguishable) and pd.isna(row.distinguishable_in_table)


def test_end_run_and_year_look_at_their_own_months():
    """An effect that begins after two of four years: whole at the end, half over the run, nothing in the first year."""
    late = np.where(np.arange(48) < 24, 0.0, 0.1) + np.zeros((8, 1))
    made = make(("none", "A"), effect={("A", "trust"): late})
    assert city(effects(made, "end"), "trust").effect == pytest.approx(0.1)
    assert city(effects(made, "run"), "trust").effect == pytest.approx(0.05)
    path = yearly_effects(made, ["trust"])
    assert path.effect.to_numpy() == pytest.approx([0, 0, 0.1, 0.1])
    assert path.period.tolist() == ["2025-01", "2026-01", "2027-01", "2028-01"]
    place = effects(made, "run", ["trust"])
    assert place[place.place == "32.73.07"].effect.item() == pytest.approx(0.05)


def test_a_last_year_cut_short_is_filled_from_the_one_before():
    """30 months: the last twelve are six months of each of the last two recorded years."""
    late = np.where(np.arange(30) < 24, 0.0, 0.1) + np.zeros((8, 1))
    made = make(("none", "A"), months=30, effect={("A", "trust"): late})
    end, run = effects(made, "end", ["trust"]), effects(made, "run", ["trust"])
    assert end.effect.to_numpy() == pytest.approx(np.full(36, 0.05))
    assert run.effect.to_numpy() == pytest.approx(np.full(36, 0.02))


def test_a_period_that_is_none_is_refused():
    with pytest.raises(ValueError, match="period"):
        effects(make(("none", "A")), "9")


def test_rows_are_those_an_outcome_is_declared_for():
    table = effects(make(("none", "A", "B")))
    counts = table[table.package == "B"].groupby("outcome").size()
    assert counts["poverty_headcount"] == 36 and counts["service_access"] == 31 and counts["gini"] == 1
    assert set(table.place) == {"city", *(f"32.73.{k:02d}" for k in range(1, 31))}
    assert set(table.group) == {"all", "q1", "q2", "q3", "q4", "q5"}
    assert len(effects(make(("none", "A")), places=False, groups=False)) == len(START)


def test_nothing_to_compare_gives_an_empty_table():
    assert effects(make()).empty and "effect" in effects(make())
    assert contrasts(make()).empty


def test_thirty_seeds_see_an_effect_of_one_deviation():
    rng = np.random.default_rng(3)
    row = city(effects(make(("none", "A"), seeds=30, effect={("A", "trust"): rng.normal(0.01, 0.01, 30)})), "trust")
    assert row.distinguishable and row.distinguishable_in_table
    assert row.tests == len(START)


def test_no_effect_is_flagged_about_one_time_in_twenty_and_hardly_ever_in_a_table():
    """2,000 differences of pure chance."""
    chance = paired(np.random.default_rng(4).normal(size=(2000, 10)))
    assert 0.035 < (chance.p < 0.05).mean() < 0.065
    assert (benjamini_hochberg(chance.p) < 0.05).mean() < 0.005


def test_skewed_chance_is_not_flagged_more_often():
    """Exponential differences with mean zero: the plain t test errs more than one time in twenty."""
    draws = np.random.default_rng(5).exponential(size=(4000, 12)) - 1
    found = paired(draws)
    assert flags(found.p, found.agrees).mean() < (stats.ttest_1samp(draws, 0, axis=1).pvalue < 0.05).mean()


def test_packages_that_do_the_same_cannot_be_told_apart_and_the_better_one_can():
    rng = np.random.default_rng(6)
    made = make(
        ("none", "A", "B", "C"),
        seeds=20,
        effect={
            ("A", "trust"): 0.1 + rng.normal(0, 0.01, 20),
            ("B", "trust"): 0.1 + rng.normal(0, 0.01, 20),
            ("C", "trust"): 0.2 + rng.normal(0, 0.01, 20),
        },
    )
    table = contrasts(made, ["trust"]).set_index(["first", "second"])
    assert table.index.tolist() == [("A", "B"), ("A", "C"), ("B", "C")]
    assert not table.distinguishable["A", "B"]
    assert table.distinguishable["A", "C"] and table.difference["A", "C"] == pytest.approx(-0.1, abs=0.01)


def test_paths_show_the_middle_of_the_seeds_and_the_difference():
    made = make(("none", "A"), seeds=21, effect={("A", "trust"): np.linspace(0, 0.2, 21)})
    table = monthly_paths(made, ["trust"])
    last = table[(table.package == "A") & (table.month == "2028-12")].iloc[0]
    assert (last["mean"], last.low, last.high) == (pytest.approx(0.6), pytest.approx(0.51), pytest.approx(0.69))
    assert last.effect == pytest.approx(0.1)
    assert table[table.package == "none"][["effect", "effect_low", "effect_high"]].isna().all(axis=None)


def test_the_flag_of_a_table_counts_all_its_tests():
    """One p of 0.04 among many tests is no discovery; the row alone would say so."""
    rng = np.random.default_rng(8)
    change = rng.normal(0, 1, 10)
    change = 0.001 * (change - change.mean() + 0.72 * change.std(ddof=1))  # t = 2.28, p = 0.049
    row = city(effects(make(("none", "A"), seeds=10, effect={("A", "trust"): change})), "trust")
    assert row.distinguishable and not row.distinguishable_in_table


def test_flags_of_every_table_are_booleans_that_can_be_negated_and_say_na_where_nothing_can_be_said():
    """A fifth of a table is chosen with `table[~table.distinguishable]`; with one seed nothing is chosen by either."""
    rng = np.random.default_rng(3)
    quiet = {("A", "trust"): 0.1 + rng.normal(0, 0.01, 12)}
    dip = np.concatenate([np.zeros(12), np.full(12, -0.1), np.zeros(24)])
    for seeds in (1, 12):
        effect = {key: change[:seeds] for key, change in quiet.items()}
        made = make(("none", "A", "B"), seeds=seeds, onset=12, effect=effect, shock={"trust": dip})
        for table in (
            effects(made), contrasts(made), resilience(made), resilience_by_place(made), cost_effectiveness(made),
            winners_and_losers(made),
        ):  # fmt: skip
            for name in ("distinguishable", "distinguishable_in_table"):
                assert table[name].dtype == "boolean"
                told = len(table[table[name]]) + len(table[~table[name]])
                assert told == table[name].notna().sum() and (seeds > 1 or told == 0)
    for empty in (effects(make()), resilience(make()), contrasts(make())):
        assert empty.empty and empty["distinguishable"].dtype == "boolean"
