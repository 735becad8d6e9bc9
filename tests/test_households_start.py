"""Welfare at the start: ranks, budgets that close, and the published distribution restored at month 0."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.agents.households import HOUSEHOLD
from sim.agents.persons import FORMAL, INACTIVE, PERSON, UNEMPLOYED
from sim.declare import defaults
from sim.parameters.household import HouseholdRules
from sim.population import welfare
from sim.population.closure import effective_labour, engel_intercept
from sim.welfare import fit_dagum

H = defaults(HouseholdRules)
DAGUM = fit_dagum(614_707, 0.0387, 0.0060, 0.0014, 0.44)
LINE = 614_707


@pytest.mark.parametrize("share", [0.3, 0.38, 0.45])
def test_the_engel_curve_spends_the_city_s_share_on_food(share):
    """Integrated over the Dagum in another way than the model does: quadrature in logs of spending."""
    alpha = engel_intercept(DAGUM, LINE, 0.12, share)
    x = np.exp(np.linspace(np.log(DAGUM.quantile(1e-6)), np.log(DAGUM.quantile(1 - 1e-5)), 40_001))
    weight = DAGUM.density(x) * x
    food = np.clip(alpha - 0.12 * np.log(x / LINE), 0.15, 0.75)
    assert (food * x * weight).sum() / (x * weight).sum() == pytest.approx(share, abs=2e-3)


def test_the_city_spends_the_published_share_on_food(fresh_city):
    world = fresh_city.world
    homes = world.households.rows[world.households.rows["alive"] == 1]
    ratio = np.log(homes["spending"] / homes["size"] / world.market.line)
    share = np.clip(world.market.food_intercept - world.p.household.engel_slope * ratio, 0.15, 0.75)
    mean = (share * homes["spending"]).sum() / homes["spending"].sum()
    assert mean == pytest.approx(world.city.targets.food_share, abs=0.015)


def test_workers_from_outside_count_as_their_mean_colleague(world):
    firms = np.zeros(3, world.businesses.rows.dtype)
    firms["skills"], firms["workers"], firms["commuters"] = [6.0, 0.0, 5.0], [4, 0, 5], [2, 3, 0]
    assert effective_labour(firms).tolist() == [9.0, 3.0, 5.0]


def test_ranks_are_counted_in_persons():
    """A family of three below one of one: middles at 1.5/4 and 3.5/4."""
    assert welfare.person_rank(np.array([5.0, 1.0]), np.array([1, 3])).tolist() == [0.875, 0.375]


@settings(deadline=None)  # the first call compiles
@given(st.lists(st.tuples(st.floats(0, 1e9), st.integers(1, 9)), min_size=1, max_size=60))
def test_ranks_keep_the_order_and_their_mean_over_persons_is_half(homes):
    score, size = (np.array(column) for column in zip(*homes, strict=True))
    rank = welfare.person_rank(score, size)
    assert ((rank > 0) & (rank < 1)).all()
    assert (rank * size).sum() / size.sum() == pytest.approx(0.5)
    order = np.argsort(score, kind="stable")
    assert (np.diff(rank[order]) > 0).all()


def test_what_adults_can_be_expected_to_earn():
    """Two workers of power 1 at Rp 3 and 5 million, a jobless and an idle adult: 3.5, 4.5, 85 % and 10 % of 4."""
    persons = np.zeros(4, PERSON)
    persons["state"] = [FORMAL, FORMAL, UNEMPLOYED, INACTIVE]
    persons["pay"] = [3e6, 5e6, 0, 0]
    persons["skill"] = persons["talent"] = 1.0
    persons["born"], persons["home"] = -12 * 40, [0, 1, 2, 3]
    expected = welfare.expected_earnings(persons, 4, np.ones(81))
    assert expected == pytest.approx([3.5e6, 4.5e6, 3.4e6, 0.4e6])
    assert welfare.earned(persons, np.zeros(4, HOUSEHOLD)).tolist() == [3e6, 5e6, 0, 0]


def some_homes(count=4000):
    rng = np.random.default_rng(3)
    homes = np.zeros(count, HOUSEHOLD)
    homes["uid"], homes["alive"] = np.arange(count) + 1, 1
    homes["size"] = rng.integers(1, 8, count)
    return homes, np.floor(rng.lognormal(15.2, 0.7, count)) * (rng.random(count) > 0.1)


def test_budgets_close_for_every_household():
    """Where needs allow it, income after claims and obligations is spending, to the rupiah of rounding."""
    homes, earnings = some_homes()
    homes["spending"] = np.floor(homes["size"] * 1.8e6)
    needs = welfare.essentials_of(homes, LINE, H)
    other = np.full(len(homes), 50_000.0)
    welfare.close_budgets(homes, earnings, other, needs)
    net, base = welfare.permanent_net(homes, earnings, needs)
    capped = homes["obligations"] >= 0.9
    assert np.abs((net + other - homes["spending"])[~capped]).max() < 5  # float32 shares
    assert capped.mean() < 0.1
    assert ((homes["obligations"] >= 0) & (homes["obligations"] <= 0.9 + 1e-6)).all()
    assert ((homes["claims"] == 0) | (homes["obligations"] == 0)).all()
    assert (base == np.maximum(earnings - needs, 0)).all()


def test_savings_are_the_target_buffer_and_its_median_is_declared():
    homes, _ = some_homes(20_000)
    homes["permanent"] = homes["spending"] = 4e6
    welfare.balance_sheets(homes, H, 1)
    assert np.median(homes["buffer_target"]) == pytest.approx(H.buffer_median, rel=0.03)
    assert homes["savings"] == pytest.approx(homes["buffer_target"] * 4e6, rel=1e-6, abs=1)
    assert homes["assets"][0] == 12 * H.assets_years * 4e6


def headcount(values, size):
    return size[values < LINE].sum() / size.sum()


def test_levels_are_those_of_the_dagum_and_ranks_are_kept():
    homes, _ = some_homes(20_000)
    rng = np.random.default_rng(4)
    homes["average"] = rng.lognormal(14.5, 0.5, len(homes))
    for name in ("spending", "permanent", "income", "savings"):
        homes[name] = np.floor(homes["average"] * homes["size"])
    before = homes.copy()
    welfare.set_levels(homes, DAGUM)
    order = np.argsort(before["average"])
    assert (np.diff(homes["average"][order]) >= 0).all()
    assert headcount(homes["average"], homes["size"]) == pytest.approx(DAGUM.fgt(LINE, 0), abs=2e-3)
    factor = homes["average"] / before["average"]
    assert homes["savings"] == pytest.approx(np.floor(before["savings"] * factor), abs=1)


def test_a_refit_narrows_the_gap_to_the_published_distribution():
    homes, earnings = some_homes(20_000)
    usual = np.maximum(homes["size"].astype(float), 1.0)
    homes["spending"] = homes["permanent"] = np.floor(DAGUM.quantile(welfare.person_rank(earnings, usual)) * usual)
    homes["average"] = 0.95 * homes["spending"] / homes["size"]  # everybody a twentieth under target
    was = homes.copy()
    needs = welfare.essentials_of(homes, LINE, H)
    welfare.close_budgets(homes, earnings, 0 * earnings, needs)
    before, _ = welfare.permanent_net(homes, earnings, needs)
    welfare.refit(homes, DAGUM, earnings, needs, usual)
    after, _ = welfare.permanent_net(homes, earnings, needs)
    middle = (welfare.person_rank(before / usual, usual) > 0.1) & (homes["obligations"] < 0.89)
    assert np.median(after[middle] / before[middle]) == pytest.approx(0.95**-welfare.REFIT_STRENGTH, rel=0.03)
    assert homes["permanent"] - was["permanent"] == pytest.approx(
        np.maximum(after - before, -0.8 * was["permanent"]), abs=9
    )
    assert np.median(homes["average"][middle] / was["average"][middle]) > 1.05


def test_a_household_that_counts_on_nothing_keeps_its_savings_through_a_refit():
    """Without lasting income there is no level for savings to follow; from a little, they do not explode."""
    homes, earnings = some_homes(2_000)
    usual = np.maximum(homes["size"].astype(float), 1.0)
    homes["permanent"][:3], homes["savings"][:3], homes["spending"][:3] = (-1_700.0, 0.0, 40.0), 5e6, 3e5
    welfare.refit(homes, DAGUM, earnings, welfare.essentials_of(homes, LINE, H), usual)
    assert (homes["savings"][:2] == 5e6).all() and (homes["spending"][:2] == 3e5).all()
    assert homes["savings"][2] <= 5 * 5e6


@pytest.mark.parametrize("name", ["fresh_city", "fresh_city_2019"])
def test_month_zero_has_the_poverty_and_inequality_of_the_start_year(name, request):
    """After the burn-in spending per head is the Dagum of the year at every rank: P0, P1 and the quintiles."""
    world = request.getfixturevalue(name).world
    t = world.city.targets
    dagum = fit_dagum(t.poverty_line, t.poverty_headcount, t.poverty_gap, t.poverty_severity, t.gini)
    homes = world.households.rows[world.households.rows["alive"] == 1]
    size, average = homes["size"].astype(float), homes["average"]
    poor = average < t.poverty_line
    assert size[poor].sum() / size.sum() == pytest.approx(dagum.fgt(t.poverty_line, 0), abs=1.5e-3)
    gap = (size * poor * (1 - average / t.poverty_line)).sum() / size.sum()
    assert gap == pytest.approx(dagum.fgt(t.poverty_line, 1), abs=5e-4)
    for fifth in range(5):
        assert size[homes["quintile"] == fifth].sum() / size.sum() == pytest.approx(0.2, abs=0.01)
    lorenz = [(size * average)[homes["quintile"] <= q].sum() for q in range(4)] / (size * average).sum()
    assert lorenz == pytest.approx(dagum.lorenz(np.array([0.2, 0.4, 0.6, 0.8])), abs=0.02)
