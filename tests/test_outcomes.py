"""Outcomes: textbook numbers, closed forms, and the same figures counted again with plain NumPy."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_city import LINE, MINIMUM, random_world
from scipy.stats import norm

from sim.agents.households import HUNGRY, LEFT, SOLD, WITHDREW
from sim.agents.persons import CHILD, FORMAL, GONE, OWN, UNEMPLOYED
from sim.declare import OUTCOMES
from sim.outcomes import histogram, inequality, wellbeing
from sim.outcomes.business import twelve_month_survival
from sim.outcomes.inequality import between, between_mld, gini, mean_log_deviation, palma, theil
from sim.outcomes.measure import count, measure
from sim.outcomes.people_tally import jobs_checksum
from sim.outcomes.poverty import fgt, fgt_between
from sim.walk import set_threads

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


# --- Histograms ---------------------------------------------------------------------------------------------------


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
    assert math.isnan(histogram.quantile(np.zeros(4), np.arange(5.0), 0.5))


# --- The measured month against a plain recount --------------------------------------------------------------------


@pytest.fixture(scope="module")
def world():
    return random_world()


@pytest.fixture(scope="module")
def measured(world):
    return measure(world)


def alive(world):
    return world.households.rows[world.households.rows["alive"] == 1]


def living(world):
    return world.persons.rows[world.persons.rows["state"] != GONE]


def quintile_of_home(world):
    """Recount: fifths of persons by average spending, cut where the cumulated head-count passes each fifth."""
    h = alive(world)
    order = np.argsort(h["average"], kind="stable")
    up_to = np.cumsum(h["size"][order])
    limits = h["average"][order][np.searchsorted(up_to, np.arange(1, 5) / 5 * up_to[-1])]
    return np.searchsorted(limits, world.households.rows["average"], side="left")


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
    "coping_emergency_share": lambda h: (h["coping"] & LEFT) != 0,
    "coping_crisis_share": lambda h: ((h["coping"] & LEFT) == 0) & ((h["coping"] & (SOLD | HUNGRY | WITHDREW)) != 0),
    "coping_stress_share": lambda h: (h["coping"] > 0) & ((h["coping"] & (LEFT | SOLD | HUNGRY | WITHDREW)) == 0),
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
    figures = count(world)
    shares = figures.households["persons"][31:] / figures.households["persons"][0]
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


def people_rows(world, test):
    """Counts of persons that pass a test, by place of their household."""
    p = living(world)
    return np.bincount(world.households.rows["district"][p["home"][test(p)]], minlength=30)


def test_labour_outcomes_agree_with_a_plain_recount(world, measured):
    p = living(world)
    force = np.isin(p["state"], [FORMAL, OWN, UNEMPLOYED])
    assert measured.city("unemployment_rate") == pytest.approx((p["state"] == UNEMPLOYED).sum() / force.sum())
    assert measured.city("informal_share") == pytest.approx(
        (p["state"] == OWN).sum() / np.isin(p["state"], [FORMAL, OWN]).sum()
    )
    assert measured.city("employed") == world.scale * np.isin(p["state"], [FORMAL, OWN]).sum()
    looking = people_rows(world, lambda p: p["state"] == UNEMPLOYED)
    at_all = people_rows(world, lambda p: np.isin(p["state"], [FORMAL, OWN, UNEMPLOYED]))
    assert measured.places("unemployment_rate") == pytest.approx(looking / at_all)
    age = world.month - p["born"]
    assert measured.city("labour_participation_rate") == pytest.approx(force.sum() / (age >= 180).sum())
    young = (age >= 216) & (age < 300)
    assert measured.city("youth_unemployment_rate") == pytest.approx(
        (young & (p["state"] == UNEMPLOYED)).sum() / (young & force).sum()
    )
    stuck = (p["state"] == UNEMPLOYED) & (world.month - p["since"] >= 12)
    assert measured.city("long_term_unemployment_rate") == pytest.approx(stuck.sum() / force.sum())


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


def test_value_added_per_head_and_per_job(world, measured):
    value, people = world.counts["value_added"], len(living(world))
    b = world.businesses.rows
    here = b["district"] < 30
    jobs = (b["workers"][here] + b["commuters"][here]).sum() + (living(world)["state"] == OWN).sum()
    assert measured.city("value_added_per_head") == pytest.approx(value.sum() / people)
    assert measured.city("productivity") == pytest.approx(value.sum() / jobs)
    assert measured.city("export_share") == pytest.approx(0.3)


def test_every_service_is_the_mean_over_the_people_who_live_with_it(world, measured):
    home = world.households.rows["district"][living(world)["home"]]
    people = np.bincount(home, minlength=30)
    quality, access = world.services.quality_by_kind, world.services.access
    assert measured.city("service_quality_roads") == pytest.approx(np.average(quality[:, 0], weights=people))
    assert measured.places("service_quality_waste") == pytest.approx(quality[:, 6])
    assert measured.city("service_access_health") == pytest.approx(np.average(access[:, 3], weights=people))
    assert measured.places("worst_service") == pytest.approx(quality.min(axis=1))


def test_the_blocks_of_kota_layak_anak_are_shown_one_by_one(measured):
    assert measured.city("child_city_institutions") == 60 and measured.city("child_city_local") == 180


def test_pay_outcomes_agree_with_a_plain_recount(world, measured):
    p = living(world)
    pay = p["pay"][p["state"] == FORMAL]
    assert measured.city("median_wage") == pytest.approx(np.median(pay), rel=0.01)
    assert measured.city("median_own_account_income") == pytest.approx(np.median(p["pay"][p["state"] == OWN]), rel=0.01)
    assert measured.city("below_minimum_wage_share") == pytest.approx((pay < MINIMUM).mean())
    home = world.households.rows["district"][p["home"]]
    for d in (0, 17):
        here = p["pay"][(p["state"] == FORMAL) & (home == d)]
        assert measured.places("median_wage")[d] == pytest.approx(np.median(here), rel=0.03)


def test_outcomes_on_children_agree_with_a_plain_recount(world, measured):
    p = living(world)
    age = world.month - p["born"]
    pupils = (age >= 84) & (age < 216)
    assert measured.city("out_of_school_share") == pytest.approx((p["enrolled"][pupils] == 0).mean())
    assert measured.city("school_age_children") == pupils.sum() * world.scale
    assert measured.city("child_development") == pytest.approx(p["human"][age < 216].astype(float).mean(), abs=2e-6)
    fifth = quintile_of_home(world)[p["home"]]
    assert measured.groups("child_development") == pytest.approx(
        [p["human"][(age < 216) & (fifth == q)].astype(float).mean() for q in range(5)], abs=2e-6
    )
    dependents = (age < 180) | (age >= 780)
    assert measured.city("dependency_ratio") == pytest.approx(dependents.sum() / (~dependents).sum())


def test_people_are_counted_once_and_scaled(world, measured):
    assert measured.city("population") == world.scale * len(living(world))
    assert measured.city("population") == measured.places("population").sum()
    figures = count(world)
    assert figures.households["persons"][0] == figures.persons[0] == len(living(world))
    assert (living(world)["state"] == CHILD).sum() == figures.pupils[0]


def test_the_jobs_of_the_persons_are_the_jobs_of_the_firms(world):
    assert count(world).jobs == jobs_checksum(world.businesses.rows)


def test_one_worker_in_the_wrong_firm_is_found(world):
    firms = world.businesses.rows.copy()
    firms["workers"][3] += 1
    firms["workers"][5] -= 1
    assert jobs_checksum(firms) != count(world).jobs


def test_two_pairs_of_wrong_counts_do_not_cancel(world):
    firms = world.businesses.rows.copy()
    firms["workers"][[3, 6]] += 1
    firms["workers"][[4, 5]] -= 1  # the row numbers add up to the same
    assert jobs_checksum(firms) != count(world).jobs


def test_every_declared_outcome_is_measured_where_it_says(measured):
    import sim.outcomes.measure  # noqa: F401

    assert set(measured.values) == set(OUTCOMES)
    for name, line in OUTCOMES.items():
        assert math.isfinite(measured.city(name)), name
        assert np.isfinite(measured.places(name)).all() == line.by_place, name
        assert np.isfinite(measured.groups(name)).all() == line.by_group, name


def test_the_contract_s_names_are_measured(measured):
    contract = (
        "population, unemployment_rate, informal_share, median_wage, poverty_headcount, poverty_gap, poverty_severity, "
        "gini, theil, theil_between_districts, palma, bottom40_share, food_insecure_share, no_buffer_share, "
        "out_of_school_share, child_development, participation_rate, trust, bridging, mutual_aid_rp, service_access, "
        "service_quality, value_added_index, business_survival, technology_adoption, csr_rp, treasury_rp, wellbeing, "
        "resilience_index"
    )
    assert set(contract.split(", ")) <= set(measured.values)


def test_shares_are_fractions(measured):
    for name, line in OUTCOMES.items():
        if line.unit.startswith("share"):
            assert 0 <= measured.city(name) <= 1, name


def test_the_same_figures_for_one_two_and_three_threads_and_small_blocks(monkeypatch):
    reference = {k: v.tobytes() for k, v in measure(random_world()).values.items()}
    try:
        for threads, block in ((1, 700), (2, 700), (3, 97), (2, 1 << 15)):
            set_threads(threads)
            monkeypatch.setattr("sim.walk.BLOCK", block)
            again = {k: v.tobytes() for k, v in measure(random_world()).values.items()}
            assert again == reference, (threads, block)
    finally:
        set_threads(1)


def test_the_order_of_households_and_districts_does_not_matter():
    one, two = random_world(), random_world()
    order = np.random.default_rng(5).permutation(two.households.n)
    back = np.argsort(order)
    two.households.rows[:] = two.households.rows[order]
    two.persons.rows["home"] = back[two.persons.rows["home"]]
    first, second = measure(one), measure(two)
    for name in first.values:
        assert first.values[name].tobytes() == second.values[name].tobytes(), name


def test_a_targeted_transfer_never_raises_the_gap():
    before, after = random_world(), random_world()
    h = after.households.rows
    poor = h["average"] < LINE
    h["average"][poor] += 20_000
    assert measure(after).city("poverty_gap") < measure(before).city("poverty_gap")


# --- Wellbeing, survival -------------------------------------------------------------------------------------------

T = (np.arange(12 * 200) + 0.5) / 12  # two centuries of months


@pytest.mark.parametrize("eta, expected", [(1, 0.3846627), (2, 0.4218023), (1.5, 0.4024857)])
def test_wellbeing_lost_to_a_drop_that_heals(eta, expected):
    """c(t) = c0 (1 - 0.3 e^(-0.8 t)), rho 5 % a year; monthly midpoints come within 0.1 % of the closed form."""
    after = 1 - 0.3 * np.exp(-0.8 * T)
    assert wellbeing.discounted_loss(np.ones_like(T), after, 1 / 12, eta) == pytest.approx(expected, rel=1e-3)
    fine = (np.arange(20_000 * 5) + 0.5) / 500
    exact = wellbeing.discounted_loss(np.ones_like(fine), 1 - 0.3 * np.exp(-0.8 * fine), 1 / 500, eta)
    assert exact == pytest.approx(expected, rel=3e-5)


def test_the_monthly_midpoint_rule_gives_the_documented_figure():
    after = 1 - 0.3 * np.exp(-0.8 * T)
    assert wellbeing.discounted_loss(np.ones_like(T), after, 1 / 12, 1.5) == pytest.approx(0.40236, abs=5e-6)


def test_the_series_of_the_wellbeing_loss():
    k = np.arange(1, 60)
    assert np.sum(0.3**k / (k * (k * 0.8 + 0.05))) == pytest.approx(0.3846627, abs=5e-8)
    assert np.sum(0.3**k / (k * 0.8 + 0.05)) == pytest.approx(0.4218023, abs=5e-8)


def philippines(shared=True):
    """Row Philippines of the authors' results."""
    poor = wellbeing.Class(0.2, 1863.07074, 0.03786, 0.11440, 0.45033 if shared else 0.0)
    rest = wellbeing.Class(0.8, 7442.00285, 0.04432, 0.10758, 0.47749 if shared else 0.0)
    return [poor, rest], wellbeing.Disaster(0.27366, 3.0, 0.12225 * 0.88)


def test_the_resilience_of_the_philippines_in_unbreakable():
    people, disaster = philippines()
    assert wellbeing.production_factor(disaster) == pytest.approx(1.2132985, abs=5e-8)
    assert wellbeing.asset_loss(people, disaster) == pytest.approx(109.62622, abs=5e-6)
    assert wellbeing.equivalent_loss(people, disaster) == pytest.approx(143.03344, abs=5e-6)
    resilience = wellbeing.socioeconomic_resilience(people, disaster)
    assert resilience == pytest.approx(0.7664377, abs=5e-8)
    assert resilience == pytest.approx(0.76641, abs=5e-5)  # as published


def test_without_transfers_the_philippines_are_less_resilient():
    assert wellbeing.socioeconomic_resilience(*philippines(shared=False)) == pytest.approx(0.7504543, abs=5e-8)


def test_without_inequality_aversion_and_sharing_resilience_is_one_over_gamma():
    people, disaster = philippines(shared=False)
    assert wellbeing.socioeconomic_resilience(people, disaster, eta=0.0) == pytest.approx(0.8241995, abs=5e-8)


def test_the_equivalent_of_equal_spending_is_that_spending_and_of_unequal_less():
    assert wellbeing.equivalent(np.full(4, 7.0), np.ones(4)) == pytest.approx(7.0)
    assert wellbeing.equivalent(np.array([1.0, 9.0]), np.ones(2), eta=1) == pytest.approx(3.0)
    assert wellbeing.equivalent(TEN, ONES) < TEN.mean()


def test_measured_wellbeing_is_the_equivalent_of_this_month_s_spending(world, measured):
    h = alive(world)
    head = h["spending"] / h["size"]
    expected = wellbeing.equivalent(head, h["size"], 1.5, 0.3 * LINE)
    assert measured.city("wellbeing") == pytest.approx(expected, rel=1e-5)


def test_survival_of_a_year_at_one_percent_exits():
    assert twelve_month_survival([1] * 12, [100] * 12) == pytest.approx(0.99**12)
    assert twelve_month_survival([1, 1], [100, 100]) == pytest.approx(0.99**12)
    assert math.isnan(twelve_month_survival([], []))


def test_limits_of_fifths_of_equal_bins():
    counts = np.zeros(histogram.BINS)
    counts[600:605] = 10
    assert inequality.quintiles(counts) == pytest.approx(histogram.EDGES[601:605])
