"""What a business plans: expectations, capacity, workers, price, credit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.agents.businesses import FIRM, OFFICE, OPEN
from sim.agents.planning import (
    credit_need,
    desired_workers,
    efficiency_units,
    expectation,
    layoff_share,
    next_markup,
    openings,
    output_capacity,
    plan_businesses,
)
from sim.agents.selling import unit_cost

COUNTS = st.floats(0, 10_000)


def test_a_quarter_of_a_surprise_is_believed():
    assert expectation(100e6, 140e6, 0.25) == 110e6
    assert expectation(100e6, 100e6, 0.25) == 100e6
    d = 100.0
    for _ in range(12):
        d = expectation(d, 200.0, 0.25)
    assert d == pytest.approx(200 - 100 * 0.75**12)


def test_capacity_of_five_workers_who_can_each_make_ten_million():
    def capacity(technology=0.0, practice=0.0, quality=1.0, damage=0.0):
        return output_capacity(10e6, 5.0, technology, practice, 0.10, 0.07, quality, damage)

    assert capacity() == 50e6
    assert capacity(technology=1.0) == pytest.approx(55e6)
    assert capacity(practice=1.0) == pytest.approx(53.5e6)
    assert capacity(technology=1.0, practice=1.0) == pytest.approx(58.5e6)
    assert capacity(quality=0.9) == pytest.approx(45e6)
    assert capacity(damage=0.2) == pytest.approx(40e6)
    assert capacity(damage=1.0) == 0.0


def test_people_from_outside_work_like_the_mean_resident():
    assert efficiency_units(6.0, 4, 2) == 9.0
    assert efficiency_units(0.0, 0, 3) == 3.0
    assert efficiency_units(6.0, 4, 0) == 6.0


def test_ten_workers_at_85_percent_use_are_enough_for_85_percent_of_capacity():
    assert desired_workers(85e6, 100e6, 10, 0.85) == pytest.approx(10.0)
    assert desired_workers(102e6, 100e6, 10, 0.85) == pytest.approx(12.0)


def test_half_of_the_missing_workers_are_sought():
    assert openings(12.0, 10.0, 0.5) == 1.0
    assert openings(10.6, 10.0, 0.5) == pytest.approx(0.3)
    assert openings(10.5, 10.0, 0.5) == 0.0  # nobody looks for half a worker
    assert openings(8.0, 10.0, 0.5) == 0.0


def test_surplus_within_the_band_is_kept_and_an_eighth_of_the_rest_goes():
    """Ten workers, eight needed: 10 - 1.05*8 - 0.5 = 1.1 too many, 12 % of them leave: 1.32 % of the staff."""
    assert layoff_share(8.0, 10, 0.12, 0.05) == pytest.approx(0.0132)
    assert layoff_share(9.3, 10, 0.12, 0.05) == 0.0
    assert layoff_share(0.0, 0, 0.12, 0.05) == 0.0
    assert layoff_share(0.0, 100, 0.9, 0.05) == 0.5  # never more than half in a month


@given(COUNTS, COUNTS, st.floats(0.3, 0.7), st.floats(0.08, 0.25), st.floats(0, 0.2))
def test_nobody_hires_and_fires_at_once(desired, workers, up, down, band):
    hires, fires = openings(desired, workers, up), layoff_share(desired, workers, down, band)
    assert hires * fires == 0.0
    assert 0 <= fires <= 0.5 and hires >= 0
    assert openings(desired + 1, workers, up) >= hires
    assert layoff_share(desired + 1, workers, down, band) <= fires


def test_the_markup_follows_use_and_is_drawn_home():
    assert next_markup(0.15, 0.15, 0.85, 0.85, 0.05) == pytest.approx(0.15)
    assert next_markup(0.15, 0.15, 1.05, 0.85, 0.05) == pytest.approx(0.1515)
    assert next_markup(0.25, 0.15, 0.85, 0.85, 0.05) == pytest.approx(0.23)
    assert next_markup(0.02, 0.02, 0.0, 0.95, 0.3) == 0.02
    assert next_markup(0.6, 0.6, 1.5, 0.7, 0.3) == 0.6


def test_a_business_borrows_what_its_wages_lack():
    assert credit_need(30e6, 12e6) == 18e6
    assert credit_need(30e6, 40e6) == 0.0
    assert credit_need(30e6, -5e6) == 35e6


def firms_of(world, kind=FIRM):
    rows = world.businesses.rows
    return np.flatnonzero((rows["status"] == OPEN) & (rows["kind"] == kind))


def test_dearer_wages_are_in_the_cost_of_a_unit():
    """Inputs are 60 % of sales, the mark-up 15 %: wages are a bit over a third of the cost of a unit."""
    weight = 0.6 / (0.6 + 0.4 / 1.15)
    assert unit_cost(0.6, 0.15, 1.0, 1.2) == pytest.approx(1 + (1 - weight) * 0.2)
    assert unit_cost(0.6, 0.15, 1.2, 1.2) == pytest.approx(1.2)


def test_wages_that_rise_without_output_reach_the_prices(world):
    """Every wage half as high again: the cost of a unit follows in the next month, and prices as they are reviewed."""
    world.month = 0
    plan_businesses(world)
    usual = world.market.unit_wages.copy()
    rows = world.businesses.rows
    rows["wage_bill"] *= 1.5
    plan_businesses(world)
    assert world.market.unit_wages == pytest.approx(1.5 * usual, rel=0.01)
    firms = (rows["kind"] == FIRM) & (rows["status"] == OPEN)
    before = rows["price"][firms].mean()
    for world.month in range(1, 25):
        plan_businesses(world)
    assert rows["price"][firms].mean() > 1.1 * before


def test_a_business_with_an_overdraft_seeks_nobody_and_lets_a_tenth_go(world):
    rows, mine = world.businesses.rows, firms_of(world)
    rows["deposits"][mine] = -1.0
    rows["demand"][mine] = rows["expected"][mine] = 1e15  # however busy
    plan_businesses(world)
    assert (rows["vacancies"][mine] == 0).all()
    assert rows["layoff"][mine] == pytest.approx(world.p.goods.distress_layoffs)


def test_busy_businesses_seek_workers_and_idle_ones_let_them_go(world):
    rows, mine = world.businesses.rows, firms_of(world)
    mine = mine[rows["workers"][mine] >= 5]
    rows["deposits"][mine] = 1e12
    plan_businesses(world)  # capacity is that of today's workers from here on
    busy, idle = mine[::2], mine[1::2]
    rows["expected"][busy] = rows["demand"][busy] = 2.5 * rows["capacity"][busy]
    rows["expected"][idle] = rows["demand"][idle] = 0.3 * rows["capacity"][idle]
    plan_businesses(world)
    assert (rows["vacancies"][busy] > 0).all() and (rows["layoff"][busy] == 0).all()
    assert (rows["vacancies"][idle] == 0).all() and (rows["layoff"][idle] > 0).all()


def test_an_office_seeks_what_its_plan_lacks(world):
    rows, offices = world.businesses.rows, firms_of(world, OFFICE)
    rows["expected"][offices] = rows["workers"][offices] + 3
    world.drivers.growth = 1.0
    plan_businesses(world)
    assert (rows["vacancies"][offices] == 3).all()


def test_every_loan_is_in_the_ledger_and_in_the_till(world):
    rows, mine = world.businesses.rows, firms_of(world)
    rows["deposits"][mine] = 0.0
    before = rows["loan"][mine].copy()
    plan_businesses(world)
    lent = (rows["loan"][mine] - before).sum()
    assert lent > 0
    assert rows["deposits"][mine].sum() == lent == world.ledger.sheet["loans_to_businesses"]
    new = mine[rows["loan"][mine] > before]
    assert (rows["loan"][new] <= world.p.goods.loan_limit * rows["sales"][new] + 1).all()
