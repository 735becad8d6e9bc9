"""A business in the market and at the end of its month; who closes and who opens."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.agents.businesses import FIRM, LARGE, OPEN
from sim.agents.households import HOUSEHOLD
from sim.agents.selling import (
    commuter_wages,
    custom_luck,
    delivered,
    exit_hazard,
    local_tax,
    market_pull,
    payout,
)
from sim.markets.entry import comply_share, entry_rate, expected_exits, founder_of, new_businesses, size_of_entrant
from sim.markets.settlement import pay_wages


def test_ten_percent_dearer_loses_a_sixth_of_its_pull():
    """Elasticity 2: 1/1.1^2 = 0.826. Digital tools at 5 log points: 1.051."""
    assert market_pull(1e6, 1.0, 0.0, 0.0, 2.0, 0.05, 0.02) == 1e6
    assert market_pull(1e6, 1.1, 0.0, 0.0, 2.0, 0.05, 0.02) == pytest.approx(1e6 / 1.21)
    assert market_pull(1e6, 1.0, 1.0, 0.0, 2.0, 0.05, 0.02) == pytest.approx(1_051_271, abs=1)
    assert market_pull(1e6, 1.0, 0.0, 2.0, 2.0, 0.05, 0.02) == pytest.approx(1e6 * np.exp(0.04))
    assert market_pull(0.0, 1.3, 1.0, 1.0, 2.0, 0.05, 0.02) == 0.0


def test_nobody_sells_more_than_can_be_made_or_is_asked_for():
    assert delivered(5_000_000.9, 8e6) == 5_000_000
    assert delivered(12e6, 8e6) == 8e6
    assert delivered(-1.0, 8e6) == 0.0


def test_people_from_outside_earn_what_their_colleagues_earn():
    assert commuter_wages(30e6, 10, 2, 4e6) == 6e6
    assert commuter_wages(0.0, 0, 2, 4e6) == 8e6
    assert commuter_wages(30e6, 10, 0, 4e6) == 0.0


def test_a_restaurant_pays_its_own_tax_on_top():
    assert local_tax(100e6, 0.004, 0.06, False) == 400_000
    assert local_tax(100e6, 0.004, 0.06, True) == pytest.approx(6_400_000, abs=1)
    assert local_tax(0.0, 0.004, 0.06, True) == 0.0


def test_owners_take_a_share_of_the_cash_above_the_target():
    assert payout(10e6, 6e6, 0.15) == 600_000
    assert payout(6e6, 6e6, 0.15) == 0.0
    assert payout(-2e6, 6e6, 0.15) == 0.0


def test_luck_moves_custom_in_proportion_and_gives_nothing_on_average():
    assert custom_luck(1e6, 1.0, 0.02) == pytest.approx(1e6 * np.exp(0.0198))
    assert custom_luck(2e6, -0.7, 0.02) == pytest.approx(2 * custom_luck(1e6, -0.7, 0.02))
    nodes, weights = np.polynomial.hermite_e.hermegauss(20)
    mean = sum(w * custom_luck(1.0, x, 0.06) for x, w in zip(nodes, weights, strict=True)) / weights.sum()
    assert mean == pytest.approx(1.0, abs=1e-12)


def test_each_size_has_its_own_hazard_of_closing():
    assert [exit_hazard(c, 0.006, 0.003, 0.001, 0.0003) for c in range(4)] == [0.006, 0.003, 0.001, 0.0003]


def test_a_fifth_more_profit_brings_a_fifth_more_founders():
    assert entry_rate(10.0, 1.2, 1.0) == pytest.approx(12.0)
    assert entry_rate(10.0, 1.2, 2.0) == pytest.approx(14.4)
    assert entry_rate(10.0, -0.5, 1.0) == 0.0
    assert entry_rate(10.0, 3.0, 0.0) == 10.0


@given(st.integers(0, 3), st.floats(1e-9, 0.999999), st.floats(0.9, 1.3), st.integers(2, 5000))
def test_entrants_are_of_their_class(size_class, u, tail, largest):
    workers = size_of_entrant(size_class, u, tail, largest)
    low, high = ((1, 4), (5, 19), (20, 99), (100, 999))[size_class]
    assert low <= workers <= high
    assert workers <= max(largest, low)
    assert size_of_entrant(size_class, u / 2, tail, largest) <= workers


def test_sizes_of_entrants_follow_the_power_law():
    """Of the entrants with one to four workers, (1 - 2^-t)/(1 - 5^-t) have one."""
    u = (np.arange(20_000) + 0.5) / 20_000
    sizes = np.array([size_of_entrant(0, x, 1.06, 10**6) for x in u])
    assert (sizes == 1).mean() == pytest.approx((1 - 2**-1.06) / (1 - 5**-1.06), abs=1e-3)
    assert (sizes == 4).mean() == pytest.approx((4**-1.06 - 5**-1.06) / (1 - 5**-1.06), abs=1e-3)


def test_the_larger_the_firm_the_more_often_it_pays_the_umk(world):
    shares = [comply_share(world.p.labour, c) for c in range(4)]
    assert shares == [0.0, 0.2, 0.6, 0.9]


def test_expected_exits_are_firms_times_hazards(world):
    rows, g = world.businesses.rows, world.p.goods
    living = rows[(rows["status"] == OPEN) & (rows["kind"] == FIRM)]
    by_class = np.bincount(living["size_class"], minlength=4)
    hazards = [g.exit_micro, g.exit_small, g.exit_medium, g.exit_large]
    assert expected_exits(world).sum(axis=0) == pytest.approx(by_class * hazards)


def test_founders_pay_what_their_firms_receive(world):
    rows = world.households.rows
    rows["savings"] += 10_000_000_000.0
    world.market.entry_base[:] = 0.0
    world.market.entry_base[2, 0], world.market.entry_scale = 3.0, 1.0
    world.counts |= {"profits": 1, "sales": 1}
    world.market.margin_start = 1.0
    households, firms = rows["savings"].sum(), world.businesses.rows["deposits"].sum()
    new_businesses(world)
    assert world.counts["business_entries"] == 3
    paid = world.ledger.sheet["equity"]
    assert households - rows["savings"].sum() == paid == world.businesses.rows["deposits"].sum() - firms
    firms = world.businesses.rows[: world.businesses.n]
    newest = firms[(firms["status"] == OPEN) & (firms["kind"] == FIRM) & (firms["founded"] == world.month)]
    assert len(newest) == 3
    assert (newest["sector"] == 2).all() and (newest["workers"] == 0).all() and (newest["custom"] > 0).all()


def test_a_founder_has_the_capital_and_two_months_of_spending_left():
    homes = np.zeros(50, HOUSEHOLD)
    homes["alive"], homes["spending"], homes["savings"] = 1, 3e6, 46e6
    assert founder_of(homes, 9, 40e6, 1) == -1  # exactly two months would be left: not more
    homes["savings"][17] = 46_000_001.0
    found = {founder_of(homes, uid, 40e6, 1) for uid in range(200)}
    assert found == {-1, 17}  # those asked at random
    homes["alive"][17] = 0
    assert founder_of(homes, 9, 40e6, 1) == -1


def test_wages_leave_the_firms_to_the_rupiah(world):
    rows = world.businesses.rows
    mine = rows["kind"] == FIRM
    before, treasury = rows["deposits"].sum(), world.government.treasury
    pay_wages(world)
    residents, offices, zones = world.counts["wage_bills"]
    outside = world.ledger.sheet["wages_to_commuters"]
    assert before - rows["deposits"].sum() == residents + outside
    assert residents == rows["wage_bill"][mine].sum()
    assert treasury - world.government.treasury == offices > 0
    assert zones > 0 and outside > 0


def test_profits_are_sales_less_inputs_wages_taxes_and_interest(city_year):
    """Of the year's last month, from the businesses' own rows."""
    world = city_year.world
    rows, g = world.businesses.rows, world.p.goods
    firms = rows[(rows["status"] == OPEN) & (rows["kind"] == FIRM) & (rows["loan"] == 0) & (rows["sales"] > 0)]
    firms = firms[(firms["workers"] > 0) & (firms["damage"] == 0) & (firms["founded"] < world.month - 2)]
    inputs = np.floor(firms["sales"] * world.sectors.input_share[firms["sector"]])
    wages = firms["wage_bill"] + np.floor(firms["commuters"] * firms["wage_bill"] / firms["workers"])
    tax = np.floor(firms["sales"] * (g.sales_tax + np.where(firms["sector"] == 4, g.food_services_tax, 0.0)))
    closed_out = np.abs(firms["profit"] - (firms["sales"] - inputs - wages - tax)) <= 2
    assert closed_out.mean() > 0.95  # the rest repaid the last of a loan this month
    assert (firms["sales"] <= firms["capacity"] + 1).all()
    assert (rows["csr_fund"][rows["size_class"] != LARGE] == 0).all()
