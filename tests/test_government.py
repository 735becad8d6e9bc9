"""The city's money: what may be released, how it is split, seats that are paid for, revenue of one's own."""

import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.agents.government import CityGovernment, Programme, place_shares, release_share
from sim.agents.persons import OWN, UNEMPLOYED
from sim.agents.registry import register_poor
from sim.catalogue import SHOCKS
from sim.disturbance import shocks_of
from sim.markets.public import kept_up, release_budgets, train, transfers
from sim.month import step

RUPIAH = st.floats(0, 1e13)


def test_a_treasury_of_120_with_a_floor_of_100_releases_a_fifth_of_a_plan_of_100():
    assert release_share(120e9, 100e9, 100e9) == pytest.approx(0.2)
    assert release_share(250e9, 100e9, 100e9) == 1.0
    assert release_share(90e9, 100e9, 100e9) == 0.0
    assert release_share(90e9, 0.0, 100e9) == 1.0


@given(st.floats(-1e12, 1e13), RUPIAH, RUPIAH, RUPIAH)
def test_what_is_released_never_takes_the_treasury_under_its_floor(treasury, planned, floor, more):
    share = release_share(treasury, planned, floor)
    assert 0 <= share <= 1
    assert share == 0 or planned == 0 or treasury - share * planned >= floor - 1e-6 * max(abs(treasury), 1)
    assert release_share(treasury + more, planned, floor) >= share


def test_two_equal_places_one_with_all_the_need():
    """Weight 0.3 on need: half of 70 % each, and the 30 % go to the place in need: 35 and 65."""
    people = np.array([1000.0, 1000.0])
    assert place_shares(people, np.array([0.0, 1.0]), 0.3) == pytest.approx([0.35, 0.65])
    assert place_shares(people, np.array([5.0, 5.0]), 0.3) == pytest.approx([0.5, 0.5])
    assert place_shares(np.array([1000.0, 3000.0]), np.array([0.0, 1.0]), 0.0) == pytest.approx([0.25, 0.75])
    assert place_shares(people, np.zeros(2), 1.0) == pytest.approx([0.5, 0.5])  # no need anywhere: by people


@given(st.lists(st.tuples(st.floats(1, 1e6), st.floats(0, 1)), min_size=2, max_size=30), st.floats(0, 1))
def test_shares_add_to_the_whole(places, weight):
    people, need = (np.array(column) for column in zip(*places, strict=True))
    shares = place_shares(people, need, weight)
    assert shares.sum() == pytest.approx(1.0) and (shares >= 0).all()


def test_ten_million_a_month_at_four_a_seat_is_five_seats_in_two_months():
    line = Programme("training", 120e6, 4e6)
    seats = []
    for _ in range(2):
        count = line.seats(10e6)
        seats.append(count)
        line.pay(count)
    assert seats == [2, 3]
    assert line.spent == 20e6 == line.released and line.reached == 5 and line.carry == 0


def test_seats_that_nobody_takes_are_kept_for_later():
    line = Programme("training", 120e6, 4e6)
    assert line.seats(10e6) == 2
    assert line.pay(1) == 4_000_000
    assert line.seats(0.0) == 1
    assert Programme("grants", 1e9, 0.0).seats(5e6) == 0


def city_hall(**fields):
    given = {"treasury": 0, "revenue_yearly": 0.0, "transfers_yearly": 0.0, "other_yearly": 0.0,
             "property_tax_rate": 0.0, "csr_recorded": 1.0, "purchases_yearly": 0.0, "works_yearly": 0.0,
             "reserve": 0.0}  # fmt: skip
    return CityGovernment(**(given | fields))


def test_own_revenue_is_counted_as_a_moving_average_of_a_year():
    """Month one: taxes of 40 and 3 from elsewhere, 57 from above: 43 %. Then 1/12 of each news."""
    hall = city_hall(own_revenue=40)
    hall.close_month(57, 3)
    assert hall.own_revenue_share == pytest.approx(0.43) and hall.own_revenue == 0
    hall.own_revenue = 40
    hall.close_month(140, 0)
    assert hall.own_revenue_share == pytest.approx(0.43 + (40 / 180 - 0.43) / 12)


@pytest.mark.parametrize("city", ["fresh_city", "city_year", "city_year_2019"])
def test_own_revenue_is_the_published_share(city, request):
    world = request.getfixturevalue(city).world
    assert world.government.own_revenue_share == pytest.approx(world.p.government.own_revenue_share, abs=0.02)


def test_a_poor_treasury_cuts_everything_but_wages_and_a_rich_one_nothing(world):
    government = world.government
    government.treasury = int(-government.transfers_yearly)  # far under its floor
    release_budgets(world)
    assert government.cut == 0.0 and government.purchases.sum() == 0
    assert world.ledger.sheet.get("community_grants", 0) == 0
    government.treasury = int(10 * government.reserve)
    release_budgets(world)
    assert government.cut == 1.0 and government.purchases.sum() > 0


def test_a_release_is_posted_and_taken_from_the_treasury(world):
    government = world.government
    before = government.treasury
    release_budgets(world)
    sheet = world.ledger.sheet
    came = sheet["transfers_to_region"] + sheet["other_revenue"]
    went = sum(sheet.get(flow, 0) for flow in ("government_imports", "works_imports", "community_grants"))
    assert government.treasury == before + came - went
    assert (government.purchases == np.floor(government.purchases)).all()


def test_public_works_pay_jobless_people_only_and_within_the_seats(world):
    line = world.government.programmes["public_works"]
    line.yearly *= 20
    persons = world.persons.rows
    world.labour.seekers = np.flatnonzero((persons["state"] == UNEMPLOYED) | (persons["state"] == OWN))
    jobless = persons["home"][persons["state"] == UNEMPLOYED]
    world.month, line.carry, line.reached = 1, 0.0, 0
    before, treasury = world.households.rows["savings"].copy(), world.government.treasury
    transfers(world)
    paid = world.households.rows["savings"] - before
    assert paid.sum() == world.ledger.sheet["wages_public_works"] == treasury - world.government.treasury > 0
    assert set(np.flatnonzero(paid)) <= set(jobless)
    assert line.reached * line.unit_cost <= line.yearly / 12


def test_trainees_are_counted_certified_at_the_declared_rate_and_paid_for(world):
    persons, programmes = world.persons.rows, world.government.programmes
    for name in ("worker_training", "business_training"):
        line = programmes[name]
        line.yearly, line.carry, line.spent, line.reached = 100 * line.yearly, 0.0, 0.0, 0
    world.labour.seekers = np.flatnonzero(persons["state"] == UNEMPLOYED)
    world.labour.applicants = np.flatnonzero(persons["state"] == OWN)
    practice = persons["practice"].sum()
    world.month = 1
    train(world)
    workers, firms = programmes["worker_training"], programmes["business_training"]
    assert world.counts["trained"] == (persons["certified"] == 1).sum() <= workers.reached
    assert world.counts["trained"] == pytest.approx(0.9 * workers.reached, abs=4 * np.sqrt(0.09 * workers.reached))
    assert world.counts["mentored"] == firms.reached > 0
    gained = persons["practice"].sum() - practice
    assert 0 < gained <= firms.reached * world.p.government.business_training_gain * (1 + 1e-6)
    assert world.ledger.sheet["programme_costs"] == workers.spent + firms.spent


def test_the_registry_lists_as_many_families_as_published_and_most_are_poor(world):
    homes, p = world.households.rows, world.p.household
    register_poor(homes, p, world.scale, world.seed)
    listed = (homes["alive"] == 1) & (homes["registered"] > 0)
    wanted = p.registry_bpnt / world.scale
    assert listed.sum() == pytest.approx(wanted, abs=4 * np.sqrt(wanted))
    poor = (homes["alive"] == 1) & (homes["quintile"] == 0)
    reached = (listed & poor).sum() / poor.sum()
    assert reached <= 1 - p.exclusion_error + 4 * np.sqrt(0.25 / poor.sum())
    assert reached > 3 * (listed & ~poor).sum() / (~poor).sum()
    assert (homes["children"][homes["registered"] == 2] > 0).all()
    assert (homes["registered"] == 2).sum() == pytest.approx(p.registry_pkh / world.scale, rel=0.35)


def test_who_stays_poor_stays_on_the_registry(city_year):
    """Luck with the registry lasts: of those listed and still in the poorest fifth a year on, nearly all are listed."""
    world = copy.deepcopy(city_year.world)
    rows, p = world.households.rows, world.p.household
    register_poor(rows, p, world.scale, world.seed)
    poor = (rows["alive"] == 1) & (rows["quintile"] == 0)
    listed = poor & (rows["registered"] > 0)
    uids = rows["uid"][listed]
    for _ in range(13):
        step(world)
        world.month += 1
    rows = world.households.rows
    still = (rows["alive"] == 1) & (rows["quintile"] == 0) & np.isin(rows["uid"], uids)
    assert still.sum() > 20
    assert (rows["registered"][still] > 0).mean() > 0.95


def test_upkeep_falls_with_the_purchases_that_it_is_part_of():
    """A tenth less bought: upkeep falls by a tenth if it is cut like the rest, by half of that, or not at all."""
    assert [kept_up(90.0, 100.0, follows) for follows in (1.0, 0.5, 0.0)] == pytest.approx([0.9, 0.95, 1.0])
    assert kept_up(120.0, 100.0, 1.0) == 1.0 and kept_up(-5.0, 100.0, 1.0) == 0.0 and kept_up(0.0, 0.0, 1.0) == 1.0


def test_a_city_that_gets_less_lets_its_services_wear_out(city_year):
    """A fifth of the transfers missing for two years, against the same city with upkeep that is spared."""
    worlds = [copy.deepcopy(city_year.world) for _ in range(2)]
    worlds[1].p = worlds[1].p._replace(services=worlds[1].p.services._replace(upkeep_follows=0.0))
    for world in worlds:
        settings = SHOCKS["fiscal_cut"].settings(kind="fiscal_cut", start="2026-01", duration=24)
        world.shocks = shocks_of([settings], world.start)
        for _ in range(24):
            step(world)
            world.month += 1
    worn, spared = (world.services.quality.mean() for world in worlds)
    assert worn < 0.998 * spared
