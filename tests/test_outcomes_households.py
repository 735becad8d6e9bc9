"""Outcomes of households, as measured and counted again with plain NumPy: poverty, spending, coping, inequality."""

import copy
from collections import defaultdict
from types import SimpleNamespace

import numpy as np
import pytest
from months import lived
from random_city import LINE, alive, quintile_of_home, random_world

from sim.agents.households import HUNGRY, LEFT, SOLD, WITHDREW
from sim.catalogue import SHOCKS, discover
from sim.disturbance import shocks_of
from sim.outcomes import wellbeing
from sim.outcomes.coping import coping
from sim.outcomes.figures import together
from sim.outcomes.inequality import between, between_mld, gini, mean_log_deviation, palma, theil
from sim.outcomes.measure import count, measure
from sim.outcomes.poverty import fgt


@pytest.fixture(scope="module")
def world():
    return random_world()


@pytest.fixture(scope="module")
def measured(world):
    return measure(world)


def recount(world, test_home, weight="size"):
    """City, places and quintiles of a share over households."""
    h, fifth = alive(world), quintile_of_home(world)[world.households.rows["alive"] == 1]
    w = h["size"].astype(float) if weight == "size" else np.ones(len(h))
    value = test_home(h)
    return (
        np.dot(w, value) / w.sum(),
        np.array([np.dot(w[m], value[m]) / w[m].sum() for m in (h["district"] == d for d in range(30))]),
        np.array([np.dot(w[m], value[m]) / w[m].sum() for m in (fifth == q for q in range(5))]),
    )


BY_PERSON = {
    "poverty_headcount": lambda h: h["average"] < LINE,
    "poverty_gap": lambda h: np.clip(1 - h["average"] / LINE, 0, None),
    "poverty_severity": lambda h: np.clip(1 - h["average"] / LINE, 0, None) ** 2,
    "poverty_headcount_month": lambda h: h["spending"] / h["size"] < LINE,
    "near_poor_share": lambda h: (h["average"] >= LINE) & (h["average"] < 1.5 * LINE),
    "consumption_mean": lambda h: h["average"],
    "income_mean": lambda h: h["income"] / h["size"],
    "food_insecure_share": lambda h: (h["coping"] & HUNGRY) != 0,
}
BY_HOUSEHOLD = {
    "no_buffer_share": lambda h: h["savings"] < h["average"] * h["size"],
    "rcsi_mean": lambda h: h["rcsi"],
    "rcsi_extreme_share": lambda h: h["rcsi"] >= 19,
    "coping_crisis_share": lambda h: (h["coping"] & (SOLD | HUNGRY | WITHDREW)) != 0,
    "coping_stress_share": lambda h: (h["coping"] > 0) & ((h["coping"] & (SOLD | HUNGRY | WITHDREW)) == 0),
    "participation_rate": lambda h: h["takes_part"],
    "trust": lambda h: h["trust"].astype(float),
    "memberships": lambda h: h["groups"],
    "household_size": lambda h: h["size"],
    "savings_mean": lambda h: h["savings"],
}


@pytest.mark.parametrize("name", [*BY_PERSON, *BY_HOUSEHOLD])
def test_household_outcomes_agree_with_a_plain_recount(world, measured, name):
    rule, weight = (BY_PERSON[name], "size") if name in BY_PERSON else (BY_HOUSEHOLD[name], "one")
    city, places, groups = recount(world, rule, weight)
    assert measured.city(name) == pytest.approx(city, rel=2e-6, abs=5e-7)
    assert measured.places(name) == pytest.approx(places, rel=2e-6, abs=5e-7)
    assert measured.groups(name) == pytest.approx(groups, rel=2e-6, abs=5e-7)


def test_debts_to_banks_and_others_are_told_in_months_of_lasting_income():
    """Rp 2 million to the bank and 3 million to others, of Rp 1 million a month: five months."""
    h = defaultdict(lambda: np.ones(36)) | {"formal_debt": 2e6, "informal_debt": 3e6, "permanent": 1e6}
    assert coping(SimpleNamespace(households=h, line=1.0))["debt_to_income"] == 5.0


def test_dearer_goods_make_the_same_spending_worth_less(world, measured):
    """At prices twice the start's, this month's welfare and income are worth half; averages are real already."""
    second = random_world()
    second.market.paid = (2.0, 2.0)
    dear = measure(second)
    for name in ("wellbeing", "income_mean"):
        assert dear.city(name) == pytest.approx(measured.city(name) / 2.0, rel=0.05), name  # welfare has a least
    h = alive(world)
    poor = np.dot(h["size"], h["spending"] / h["size"] < 2.0 * LINE) / h["size"].sum()
    assert dear.city("poverty_headcount_month") == pytest.approx(poor, rel=2e-6)
    assert dear.city("poverty_headcount") == measured.city("poverty_headcount")


def test_those_who_left_in_hardship_this_month_are_the_emergencies(world, measured):
    """Per household that is still there, in the kecamatan and the fifth that they left."""
    h = world.households.rows
    left = h[(h["alive"] == 0) & (h["coping"] == LEFT) & (h["moved_in"] == world.month)]
    there, fifth = h["alive"] == 1, quintile_of_home(world)
    assert 20 < len(left) < (~there).sum()
    assert measured.city("coping_emergency_share") == pytest.approx(len(left) / there.sum())
    places = np.bincount(left["district"], minlength=30) / np.bincount(h["district"][there], minlength=30)
    assert measured.places("coping_emergency_share") == pytest.approx(places)
    groups = np.bincount(left["quintile"], minlength=5) / np.bincount(fifth[there], minlength=5)
    assert measured.groups("coping_emergency_share") == pytest.approx(groups)


def test_the_city_equals_fgt_and_the_exact_inequality_measures(world, measured):
    h = alive(world)
    c, n = h["average"], h["size"]
    assert measured.city("poverty_gap") == pytest.approx(fgt(c, n, LINE, 1), rel=1e-5)
    assert measured.city("gini") == pytest.approx(gini(c, n), abs=3e-5)
    assert measured.city("theil") == pytest.approx(theil(c, n), abs=1e-5)
    assert measured.city("mean_log_deviation") == pytest.approx(mean_log_deviation(c, n), abs=1e-5)
    assert measured.city("palma") == pytest.approx(palma(c, n), rel=2e-4)
    people = np.bincount(h["district"], n, 30)
    assert measured.city("theil_between_districts") == pytest.approx(
        between(people, np.bincount(h["district"], n * c, 30)), abs=1e-8
    )


def test_each_fifth_holds_a_fifth_of_the_people(world):
    people = together([count(world)]).households["persons"][:, 0]
    shares = people[31:] / people[0]
    assert shares == pytest.approx(np.full(5, 0.2), abs=0.003)
    assert set(np.unique(alive(world)["quintile"])) == set(range(5))


def test_limits_of_the_fifths_follow_spending_with_a_month_between(world):
    second = random_world()
    count(second)
    second.households.rows["average"] *= 2.0
    count(second)
    late = second.memory.thresholds.copy()
    count(second)
    assert second.memory.thresholds == pytest.approx(late)
    assert alive(second)["quintile"].mean() == pytest.approx(alive(world)["quintile"].mean(), abs=0.02)


def test_measured_wellbeing_is_the_equivalent_of_this_month_s_spending(world, measured):
    h = alive(world)
    head = h["spending"] / h["size"]
    expected = wellbeing.equivalent(head, h["size"], 1.5, 0.3 * LINE)
    assert measured.city("wellbeing") == pytest.approx(expected, rel=1e-5)


def test_a_targeted_transfer_never_raises_the_gap():
    before, after = random_world(), random_world()
    h = after.households.rows
    poor = h["average"] < LINE
    h["average"][poor] += 20_000
    assert measure(after).city("poverty_gap") < measure(before).city("poverty_gap")


def test_inequality_inside_and_between_the_kecamatan_is_all_there_is(world, measured):
    for whole, inside, across in (
        ("theil", "theil_within_districts", "theil_between_districts"),
        ("mean_log_deviation", None, "mean_log_deviation_between_districts"),
    ):
        h = alive(world)
        measure_of = {"theil": theil, "mean_log_deviation": mean_log_deviation}[whole]
        here = h["district"] == 4
        assert measured.places(whole)[4] == pytest.approx(measure_of(h["average"][here], h["size"][here]), rel=1e-5)
        if inside:
            assert measured.city(inside) + measured.city(across) == pytest.approx(measured.city(whole), abs=1e-9)
        people = np.bincount(h["district"], h["size"], 30)
        money = np.bincount(h["district"], h["size"] * h["average"], 30)
        expected = {"theil": between, "mean_log_deviation": between_mld}[whole](people, money)
        assert measured.city(across) == pytest.approx(expected, rel=1e-4)


def test_a_year_of_a_recession_drives_some_out_of_the_city():
    """Counted month by month: those in hardship who leave, more of them when work is scarce."""
    discover()
    usual = lived(6, scale=50)
    slump = copy.deepcopy(usual)
    slump.world.shocks = shocks_of(
        [SHOCKS["demand_slump"].settings(kind="demand_slump", start="2025-07", intensity=1.0)], slump.world.start
    )
    left = {"usual": 0.0, "slump": 0.0}
    for _ in range(18):
        for name, model in (("usual", usual), ("slump", slump)):
            model.step()
            left[name] += model.latest["coping_emergency_share"]
    assert 0.0 < left["usual"] < left["slump"] < 0.05
