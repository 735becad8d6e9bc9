"""Socio-economic resilience of a comparison: known paths give the losses of the textbook, by hand."""

import numpy as np
import pytest
from ensembles import START, make

import sim
from sim.analysis.ensemble import replace
from sim.analysis.losses import losses
from sim.outcomes.figures import GROUPS
from sim.scenario import Scenario

MONTHS, ONSET = 24, 12
PEOPLE, SPENDING, INCOME, EASE = 1000.0, 2e6, 2.5e6, 1e6
CALM = START | {
    "population": PEOPLE, "consumption_mean": SPENDING, "income_mean": INCOME, "wellbeing": EASE,
    "asset_losses_rp": 0.0, "home_losses_rp": 0.0,
}  # fmt: skip
WEIGHT = 1.05 ** -((np.arange(MONTHS) + 0.5) / 12)


def after(change):
    """Nothing before the shock, then `change` every month."""
    return np.where(np.arange(MONTHS) >= ONSET, change, 0.0)


def once(amount):
    return np.where(np.arange(MONTHS) == ONSET, amount, 0.0)


def struck(seeds=4, noise=0.0, **more):
    """A shock breaks Rp 5 billion, then takes a tenth of income, a twentieth of spending, and a fifth of wellbeing."""
    shock = {"asset_losses_rp": once(5e9), "home_losses_rp": once(2e9), "income_mean": after(-0.1 * INCOME),
             "consumption_mean": after(-0.05 * SPENDING), "wellbeing": after(-0.2 * EASE)}  # fmt: skip
    return make(("none", "Aid"), seeds=seeds, months=MONTHS, onset=ONSET, start=CALM, shock=shock, noise=noise, **more)


def row(table, package="none", group="all"):
    return table[(table["package"] == package) & (table["group"] == group)].iloc[0]


def test_losses_are_those_of_the_paths_discounted_at_five_percent():
    found, weight = row(losses(struck())), WEIGHT[ONSET:].sum()
    assert found["assets_rp"] == pytest.approx(5e9 * WEIGHT[ONSET])
    assert found["income_rp"] == pytest.approx(PEOPLE * 0.1 * INCOME * weight)
    assert found["spending_rp"] == pytest.approx(PEOPLE * 0.05 * SPENDING * weight)


def test_lost_wellbeing_is_counted_in_rupiah_of_the_mean_residents_spending():
    """[u(1) - u(0.8)] c^1.5 with u = -2 c^-0.5: 2 (0.8^-0.5 - 1) E^-0.5 c^1.5, E = 1e6, c = 2e6: 0.6677 million."""
    found = row(losses(struck()))
    each = 2.0 * (0.8**-0.5 - 1.0) * EASE**-0.5 * SPENDING**1.5
    assert each == pytest.approx(0.6677e6, rel=1e-4)
    assert found["wellbeing_rp"] == pytest.approx(PEOPLE * each * WEIGHT[ONSET:].sum())
    assert found["resilience"] == pytest.approx(found["assets_rp"] / found["wellbeing_rp"])
    assert found["resilience_income"] == pytest.approx(found["income_rp"] / found["wellbeing_rp"])


def test_fifths_add_up_to_the_city_where_all_lose_alike_and_the_poorest_bears_more_where_it_loses_more():
    even = struck()
    table = losses(even)
    fifths = [row(table, group=f"q{q}") for q in range(1, 6)]
    for kind in ("income_rp", "spending_rp", "wellbeing_rp"):
        assert sum(one[kind] for one in fifths) == pytest.approx(row(table)[kind], rel=1e-3)
    uneven = even.yearly.copy()
    column = even.column("wellbeing")
    uneven[:, 1, :, 1, column, GROUPS] -= np.array([0.2, 0, 0, 0, 0]) * EASE  # the second year, the poorest fifth
    poorest = row(losses(replace(even, yearly=uneven)), group="q1")
    assert poorest["wellbeing_rp"] > 2 * fifths[0]["wellbeing_rp"]
    assert row(losses(replace(even, yearly=uneven)), group="q2")["wellbeing_rp"] == fifths[1]["wellbeing_rp"]


def test_a_package_that_halves_the_loss_is_told_so_and_chance_is_not():
    luck = 1e3 * np.random.default_rng(5).normal(size=(4, 1))
    helped = struck(effect={})
    city = helped.city.copy()
    city[1, 1, :, :, helped.column("wellbeing")] += after(0.1 * EASE) + luck
    found = row(losses(replace(helped, city=city)), "Aid")
    assert found["effect"] < 0 and found["low"] < found["effect"] < found["high"] < 0
    assert found["distinguishable_in_table"]
    assert not row(losses(struck()), "Aid")["distinguishable"]


def test_no_resilience_is_named_where_the_lost_wellbeing_may_be_nothing():
    quiet = struck()
    city, signs = quiet.city.copy(), np.array([1.0, -1.0, 1.0, -1.0])[:, None]
    city[:, 1, :, :, quiet.column("wellbeing")] = EASE + signs * after(0.1 * EASE)
    found = row(losses(replace(quiet, city=city)))
    assert found["wellbeing_low"] < 0 < found["wellbeing_high"]
    assert np.isnan(found["resilience"]) and np.isnan(found["resilience_income"])


def test_where_nothing_is_destroyed_resilience_is_that_of_income_alone():
    calm = struck()
    city = calm.city.copy()
    city[..., calm.column("asset_losses_rp")] = 0.0
    found = row(losses(replace(calm, city=city)))
    assert np.isnan(found["resilience"]) and found["resilience_income"] > 0
    assert losses(make(("none", "A"), months=12)).empty  # no shocks


@pytest.fixture(scope="module")
def quake():
    shock = {"kind": "earthquake", "start": "2025-03", "magnitude": 7.0}
    return sim.compare(Scenario(title="T", months=6, shocks=[shock]), seeds=2, scale=1000, workers=1)


def test_an_earthquake_breaks_homes_of_every_fifth_and_more_than_homes(quake):
    city = quake.ensemble
    lost, homes = (city.of(name)[0, 1] for name in ("asset_losses_rp", "home_losses_rp"))  # (seed, month)
    assert (lost[:, 2] > homes[:, 2]).all() and (homes[:, 2] > 0).all()
    assert (lost[:, [0, 1, 3, 4, 5]] == 0).all() and (city.of("asset_losses_rp")[0, 0] == 0).all()
    rows = city.yearly[0, 1, :, 0, city.column("home_losses_rp")]
    assert rows[:, GROUPS].min() > 0
    assert rows[:, GROUPS].sum(axis=1) == pytest.approx(rows[:, 0])
    assert rows[:, 1:31].sum(axis=1) == pytest.approx(rows[:, 0])


def test_the_losses_stand_in_the_report_and_the_json(quake, tmp_path):
    said = quake.report(tmp_path / "report.html").read_text("utf-8")
    assert "What the shock takes, and from whom" in said
    assert {one["group"] for one in quake.as_dict()["losses"]} == {"all", "q1", "q2", "q3", "q4", "q5"}
