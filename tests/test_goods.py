"""Demand meets sellers: shares of segments, Huff shares, rationing, what comes from outside."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.agents.businesses import BUSINESS, FIRM, OPEN
from sim.markets.goods import CELLS, SPARE, UNMET, goods_market, household_demand, segment_share, serve, weigh
from sim.parameters import default_parameters

ONE = np.ones(1)
SIZES = st.floats(0.01, 100)


def test_twice_as_many_stalls_take_48_instead_of_40_percent():
    """0.4*sqrt(2) / (0.4*sqrt(2) + 0.6): takings of each stall fall by 40 %, the buffer crowds."""
    share = segment_share(0.4 * ONE, 2 * ONE, ONE, ONE, ONE, 0.5)
    assert share == pytest.approx(0.4853, abs=1e-4)
    assert share[0] / 2 < 0.4
    assert segment_share(0.4 * ONE, ONE, ONE, ONE, ONE, 0.5) == pytest.approx(0.4)
    assert segment_share(0.4 * ONE, 2 * ONE, ONE, 2 * ONE, ONE, 0.5) == pytest.approx(0.4)
    assert segment_share(0.4 * ONE, 9 * ONE, ONE, ONE, ONE, 0.0) == pytest.approx(0.4)


def test_an_empty_segment_sells_nothing_and_an_empty_cell_keeps_its_share():
    assert segment_share(0.4 * ONE, 0 * ONE, ONE, ONE, ONE, 0.5) == 0.0
    assert segment_share(0.4 * ONE, ONE, ONE, 0 * ONE, ONE, 0.5) == 1.0
    assert segment_share(0.4 * ONE, 0 * ONE, ONE, 0 * ONE, ONE, 0.5) == 0.4
    assert segment_share(0 * ONE, ONE, 0 * ONE, ONE, ONE, 0.5) == 0.0


@given(st.floats(0, 1), SIZES, SIZES, SIZES, SIZES, st.floats(0.1, 1))
def test_shares_lie_between_none_and_all_and_grow_with_size(start, own, own0, firm, firm0, e):
    def share(size):
        return float(segment_share(start * ONE, size * ONE, own0 * ONE, firm * ONE, firm0 * ONE, e)[0])

    assert 0 <= share(own) <= 1
    assert share(2 * own) >= share(own) - 1e-12


def test_what_households_buy_is_what_sellers_get_plus_imports(world):
    market = world.market
    market.purchases = np.arange(60, dtype=np.int64).reshape(30, 2) * 10**6
    purchases, local = household_demand(market, np.zeros(8))
    assert purchases.sum() == pytest.approx(market.purchases.sum())
    assert purchases.sum(axis=1) == pytest.approx(market.purchases.sum(axis=1))
    assert local.sum(axis=1) == pytest.approx(purchases.sum(axis=0) * (1 - market.leakage))
    assert (local >= 0).all() and local.shape == CELLS
    assert market.huff.sum(axis=2) == pytest.approx(np.ones((8, 30)))


def test_a_tenth_more_attractive_sellers_replace_imports_by_psi_of_it(world):
    """Leakage 30 %, 10 % better, psi 0.67: local sales grow by 6.7 %, imports fall by as much money."""
    market = world.market
    market.purchases = np.full((30, 2), 10**9, np.int64)
    market.leakage = np.full(8, 0.3)
    _, before = household_demand(market, np.zeros(8))
    _, after = household_demand(market, np.full(8, 0.67 * 0.10))
    assert after.sum() / before.sum() == pytest.approx(1.067)
    _, most = household_demand(market, np.full(8, 10.0))
    assert most.sum() == pytest.approx(0.98 * 60e9)


def test_neighbours_shop_near_home(world):
    """Everywhere the home kecamatan is worth more to its own people than to the city."""
    huff, people = world.market.huff, world.city.district_population
    for sector in range(8):
        city = people @ huff[sector] / people.sum()
        assert (np.diag(huff[sector]) > city).all()


def two_firms(demand):
    """In one cell: pulls of 60 and 40, capacities of 50 and 100."""
    firms = np.zeros(3, BUSINESS)
    firms["status"], firms["kind"], firms["price"] = OPEN, FIRM, 1.0
    firms["custom"], firms["capacity"] = [60, 40, 0], [50, 100, 0]
    firms["status"][2] = 0
    tally = np.zeros((240, 4), np.int64)
    weigh(0, 3, tally, firms, default_parameters().goods, np.ones(8), np.ones(8))
    assert tally[0].tolist() == [100, 150, 100, 100]
    served, rate = np.zeros((240, 2), np.int64), np.zeros(240)
    rate[0] = demand / tally[0, 0]
    serve(0, 3, served, firms, rate)
    return firms, served[0]


def test_demand_is_shared_by_pull_and_rationed_by_capacity():
    firms, served = two_firms(50)
    assert firms["sales"].tolist() == [30, 20, 0] and served[UNMET] == 0 and served[SPARE] == 100
    firms, served = two_firms(100)
    assert firms["sales"].tolist() == [50, 40, 0]  # ten are left for the second round
    assert served[UNMET] == 10 and served[SPARE] == 60


def test_every_rupiah_bought_is_sold_by_somebody(city_year):
    """Of the last month: purchases are delivered by firms, stalls or importers; what firms sold has a buyer."""
    world = city_year.world
    paid = world.ledger.last
    bought = paid["consumption"] + paid["consumption_own_account"] + paid["consumption_imports"]
    assert bought == world.counts["purchases_total"] == int(world.households.rows["spending"].sum())
    buyers = ("consumption", "external_sales", "government_purchases", "community_works", "company_works")
    assert sum(paid[name] for name in buyers) == world.counts["sales"]
    assert world.counts["own_account_sales"] == paid["consumption_own_account"] + paid["external_sales_own_account"]
    assert all(amount >= 0 for amount in paid.values())


def test_a_firm_that_lowers_its_price_wins_custom_from_its_rivals(world):
    rows = world.businesses.rows
    live = np.flatnonzero((rows["status"] == OPEN) & (rows["kind"] == FIRM) & (rows["custom"] > 0))
    rows["price"][live], rows["capacity"][live] = 1.0, 1e15
    world.counts["company_purchases"] = np.zeros((30, 8))
    cell = rows["sector"].astype(int) * 30 + rows["district"]
    one = live[np.argmax(np.bincount(cell[live], minlength=240)[cell[live]])]
    rivals = live[(cell[live] == cell[one]) & (live != one)]
    assert len(rivals)
    goods_market(world)
    before, theirs = rows["demand"][one], rows["demand"][rivals].sum()
    rows["price"][one] = 0.9
    goods_market(world)
    assert rows["demand"][one] > before
    assert rows["demand"][rivals].sum() < theirs
