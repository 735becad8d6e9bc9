"""What demography and migration do in a month: people are conserved, lists stay whole, rates are the city's own.

Who comes, and where people move, is in test_migration.py."""

import math

import numpy as np
import pytest
from worlds import STILL, live, residents, small_world

from sim.agents.ahead import bit_of, is_loud, look_ahead, loud_months, number_of, numbers_of, room_ahead
from sim.agents.businesses import BUSINESS
from sim.agents.employment import leave_job, take_job
from sim.agents.families import age_months, pay_debts
from sim.agents.households import HOUSEHOLD
from sim.agents.persons import CHILD, FORMAL, GONE, INACTIVE, NOBODY, PERSON, UNEMPLOYED
from sim.agents.schooling import completed_years, enrolment_profile, leaving_hazard
from sim.declare import defaults
from sim.markets.demography import at_school_age, death_factor, fate, luck_of_life
from sim.markets.formation import BIRTHS, CAME, DEATHS, LEFT, MOVED_IN, MOVED_OUT
from sim.markets.projection import WorkingLife, official_growth, project, project_labour_force, project_population
from sim.markets.vital import recount
from sim.markets.vital_rates import (
    age_class,
    births_with_partner,
    leaving_profile,
    monthly_births,
    monthly_deaths,
    people_by_age,
)
from sim.parameters import default_parameters
from sim.parameters.demography import Demography
from sim.parameters.migration import Migration
from sim.walk import set_threads

RULES, MOVING = defaults(Demography), defaults(Migration)


@pytest.fixture(scope="module")
def two_years():
    world = small_world(200, seed=5, **STILL)
    before, money = residents(world), int(world.households.rows["savings"].sum())
    tallies = live(world, 24)
    return world, before, tallies, money


def test_every_living_person_is_in_exactly_one_household_list_and_sizes_agree(two_years):
    world, *_ = two_years
    persons, homes = world.persons.rows, world.households.rows
    listed = np.zeros(len(persons), int)
    for h in np.flatnonzero(homes["alive"]):
        members, i = [], homes["first"][h]
        while i != NOBODY:
            members.append(i)
            i = persons["next"][i]
        listed[members] += 1
        assert np.all(persons["home"][members] == h)
        assert len(members) == homes["size"][h] > 0
        assert np.count_nonzero(world.month - 1 - persons["born"][members] < 180) == homes["children"][h]
    assert np.array_equal(listed, (persons["state"] != GONE).astype(int))
    assert np.all(homes["size"][homes["alive"] == 0] == 0)


def test_residents_change_by_births_deaths_arrivals_departures_and_moves_in_every_district(two_years):
    world, before, tallies, _ = two_years
    t = tallies.sum(axis=0)
    change = t[:, BIRTHS] - t[:, DEATHS] + t[:, CAME] - t[:, LEFT] + t[:, MOVED_IN] - t[:, MOVED_OUT]
    assert np.array_equal(residents(world), before + change)
    assert t[:, MOVED_IN].sum() == t[:, MOVED_OUT].sum() > 0
    assert min(t[:, c].sum() for c in (BIRTHS, DEATHS, CAME, LEFT)) > 50


def test_money_and_debts_balance_over_deaths_splits_and_migration(two_years):
    world, _, _, money = two_years
    homes, ledger = world.households.rows, world.ledger
    counted = {"households": int(homes["savings"].sum()), "government": world.government.treasury}
    owed = {"households": int(homes["formal_debt"].sum()), "informal": int(homes["informal_debt"].sum())}
    assert ledger.sheet["wealth_in"] > 0 and ledger.sheet["wealth_out"] > 0
    assert counted["households"] != money
    assert ledger.close(counted, owed) == 0.0
    assert homes["savings"].min() >= 0 and np.all(homes["savings"] == np.floor(homes["savings"]))


def test_businesses_count_the_workers_they_have(two_years):
    world, *_ = two_years
    persons, firms = world.persons.rows, world.businesses.rows
    employed = persons[persons["state"] == FORMAL]
    assert np.array_equal(np.bincount(employed["employer"], minlength=60), firms["workers"])
    assert np.array_equal(np.bincount(employed["employer"], employed["pay"], minlength=60), firms["wage_bill"])
    assert np.all(persons["employer"][persons["state"] == GONE] == NOBODY)


def test_ties_stay_mutual_and_none_leads_to_a_household_that_is_gone(two_years):
    world, *_ = two_years
    ties, alive = world.ties[: world.households.n], world.households.rows["alive"]
    a, place = np.nonzero(ties >= 0)
    b = ties[a, place]
    assert set(zip(a, b, strict=True)) == set(zip(b, a, strict=True))
    assert alive[a].all() and alive[b].all()


def test_new_people_have_ids_of_their_own(two_years):
    world, *_ = two_years
    for table in (world.persons, world.households):
        assert len(np.unique(table.rows["uid"])) == len(table)


def test_nobody_lives_on_as_a_child_after_leaving_school(two_years):
    world, *_ = two_years
    persons = world.persons.rows
    age = world.month - 1 - persons["born"]
    child = persons["state"] == CHILD
    assert np.all((age[child] < 180) | (persons["enrolled"][child] == 1))
    assert not np.any(child & (age > 30 * 12))


def test_the_same_seed_gives_the_same_city_for_one_thread_and_for_two():
    worlds = []
    for threads in (1, 2):
        set_threads(threads)
        world = small_world(20, seed=2, **STILL)  # several blocks of rows
        live(world, 8)
        worlds.append(world)
    set_threads(1)
    for name in ("persons", "households"):
        assert getattr(worlds[0], name).rows.tobytes() == getattr(worlds[1], name).rows.tobytes()


def test_one_more_birth_changes_nobody_elses_luck():
    one, other = small_world(200, seed=3), small_world(200, seed=3)
    live(one, 2), live(other, 2)
    mother = int(np.flatnonzero(other.persons.rows["sex"] == 1)[100])
    home = int(other.persons.rows["home"][mother])
    baby = other.persons.add(1)
    rows = other.persons.rows
    rows[baby] = rows[mother]
    rows["uid"][baby], rows["born"][baby], rows["state"][baby] = 1 << 50, 2, CHILD
    rows["employer"][baby] = rows["sector"][baby] = rows["workplace"][baby] = NOBODY
    rows["next"][baby], rows["next"][mother] = rows["next"][mother], baby
    other.households.rows["size"][home] += 1
    other.households.rows["children"][home] += 1
    start = one.persons.n
    live(one, 6), live(other, 6)
    lives = [dict(zip(w.persons.rows["uid"], w.persons.rows["state"], strict=True)) for w in (one, other)]
    mine = set(one.persons.rows["uid"][:start].tolist())
    assert start > 12_000 and all(lives[0][uid] == lives[1][uid] for uid in mine)
    births = [set(w.persons.rows["uid"][w.persons.rows["born"] >= 2].tolist()) - {1 << 50} for w in (one, other)]
    assert births[0] == births[1]


def test_luck_of_life_is_spread_evenly_and_neighbours_and_months_do_not_share_it():
    people = np.zeros(4000, PERSON)
    people["uid"], people["born"] = np.arange(1, 4001), -np.arange(4000) % 900 - 1
    luck = np.array([[luck_of_life(1, month, person) for month in range(8)] for person in people[:1000]])
    assert luck.mean() == pytest.approx(0.5, abs=0.02) and luck.std() == pytest.approx(math.sqrt(1 / 12), abs=0.01)
    assert abs(np.corrcoef(luck[:-1, 0], luck[1:, 0])[0, 1]) < 0.1
    assert all(abs(np.corrcoef(luck[:, 0], luck[:, month])[0, 1]) < 0.1 for month in range(1, 8))
    assert len(np.unique(luck)) == luck.size


def test_a_number_is_loud_outside_its_bounds_only():
    assert [is_loud(number, 0.2, 0.7) for number in (0.1, 0.2, 0.5, 0.7, 0.71)] == [1, 0, 0, 0, 1]


@pytest.mark.parametrize(
    ("months", "enrolled", "expected"), [(71, 0, False), (72, 0, True), (83, 0, True), (84, 0, False), (300, 1, True)]
)
def test_the_school_year_concerns_pupils_and_those_of_six(months, enrolled, expected):
    person = np.zeros(1, PERSON)[0]
    person["born"], person["enrolled"] = -months, enrolled
    assert at_school_age(person, 0) == expected


@pytest.mark.parametrize(("months", "years"), [(0, 0), (11, 0), (12, 1), (1500, 109), (-3, 0)])
def test_age_classes_are_whole_years_up_to_109(months, years):
    person = np.zeros(1, PERSON)[0]
    person["born"] = -months
    assert age_class(person, 0) == years


@pytest.mark.parametrize("own", range(12))
def test_who_looks_a_year_ahead_sees_the_months_whose_number_is_loud(own):
    """Bit by bit, whatever month of the agent's year it is when somebody looks."""
    for age in (own, 12 + own, 600 + own):
        month = 5
        bits = int(loud_months(3, 10, month, age, 77, 0.2, 0.7))
        for k in range(12):
            when, then = month - own + k, age - own + k
            u = number_of(3, 10, then, 77)
            assert bool(bits & int(bit_of(when))) == (k == 0 or u < 0.2 or u > 0.7)


@pytest.mark.parametrize("month", [-40, 0, 5, 131])
def test_those_who_look_ahead_together_see_what_each_would_see_alone(month):
    (room, _), count = room_ahead(), 200
    _, uids, ages, _, _, numbers = room
    uids[:], ages[:] = np.arange(len(uids)) + 2**40, month + np.arange(len(ages)) * 7 - 60
    lows, highs, bits = np.linspace(0, 0.4, len(uids)), np.linspace(0.9, 0.5, len(uids)), np.zeros(len(uids), np.int64)
    numbers_of(3, 10, count, room)
    assert numbers[:count].tolist() == [number_of(3, 10, ages[k], uids[k]) for k in range(count)]
    look_ahead(3, 10, month, count, room, lows, highs, bits)
    alone = [int(loud_months(3, 10, month, ages[k], uids[k], lows[k], highs[k])) for k in range(count)]
    assert bits[:count].tolist() == alone and len(set(alone)) > 50


def test_a_month_visits_everybody_to_whom_something_happens():
    """Nobody dies, bears, leaves home or school in a month for which no bit was set: asked of everybody, as before."""
    world = small_world(100, seed=4)
    for _ in range(14):
        people, n = world.persons.rows, world.persons.n
        month, vital = world.month, world.vital
        if vital is not None and vital.year == world.calendar[0] and len(vital.loud) >= n:
            quiet = (vital.loud[:n] & int(bit_of(month))) == 0
            for i in np.flatnonzero(quiet & (people["state"] > 0)):
                months = max(month - int(people["born"][i]), 0)
                u = luck_of_life(world.seed, month, people[i])
                assert fate(u, people[i], months, vital.tables, RULES) == 0
        live(world, 1)


def test_deaths_births_and_arrivals_of_a_year_are_those_of_the_rates():
    world = small_world(20, seed=11, **STILL)
    people = people_by_age(world.persons.rows, 0)[0]
    years = np.minimum(np.arange(people.shape[1]) // 12, 109)
    deaths = 12 * (people * monthly_deaths(world.city, RULES)[:, years]).sum()
    births = 12 * (people[1] * monthly_births(world.city, RULES)[years]).sum()
    t = live(world, 12).sum(axis=(0, 1))
    assert t[DEATHS] == pytest.approx(deaths, abs=4 * math.sqrt(deaths))
    assert t[BIRTHS] == pytest.approx(births, abs=4 * math.sqrt(births) + 0.01 * births)  # a growing city
    arrivals = (world.vital.arrivals[:12] * people.sum()).sum()
    assert t[CAME] == pytest.approx(arrivals, abs=5 * math.sqrt(arrivals))
    assert t[LEFT] == pytest.approx(0.012 * people.sum(), rel=0.12)


def test_the_city_follows_the_official_projection_and_household_size_stays_within_2_percent():
    world = small_world(50, seed=4, **STILL)
    homes, before = world.households.rows, world.persons.n
    start = homes["size"].sum() / len(homes)
    live(world, 120)
    homes = world.households.rows
    now = homes["size"].sum()
    assert now / before == pytest.approx(official_growth((2025, 1), 120)[-1], rel=0.015)
    assert now / homes["alive"].sum() == pytest.approx(start, rel=0.02)
    age = 119 - world.persons.rows["born"]
    adults = (world.persons.rows["state"] != GONE) & (age >= 300)
    assert world.persons.rows["schooling"][adults].mean() == pytest.approx(11.9, abs=0.3)  # 0.07 a year, as observed
    enrolled = [world.persons.rows["enrolled"][(age >= a * 12) & (age < b * 12)] for a, b in ((7, 13), (16, 19))]
    alive = [world.persons.rows["state"][(age >= a * 12) & (age < b * 12)] != GONE for a, b in ((7, 13), (16, 19))]
    assert enrolled[0][alive[0]].mean() == pytest.approx(0.995, abs=0.01)
    assert enrolled[1][alive[1]].mean() == pytest.approx(0.79, abs=0.04)


def test_the_expected_path_is_the_official_growth_and_the_labour_force_outgrows_it():
    world = small_world(200)
    p = default_parameters()
    args = (world.persons.rows, world.households.rows, world.city, p, 120, (2025, 1))
    people, workers = project_population(*args), project_labour_force(*args)
    assert people == pytest.approx(official_growth((2025, 1), 120), rel=1e-9)
    assert people[0] == workers[0] == 1.0 and len(workers) == 121
    assert 1.0 < workers[-1] < 1.2 and np.abs(np.diff(workers)).max() < 0.003
    assert people[12] == pytest.approx((2548784 + 2569102) / (2528163 + 2548784), rel=1e-9)


def test_a_labour_force_in_balance_grows_with_its_people_and_one_out_of_balance_returns():
    world = small_world(200)
    rows, homes, p = world.persons.rows, world.households.rows, default_parameters()
    fast = WorkingLife(np.full((2, 100), 0.6), np.full(100, 1.0))
    slow = WorkingLife(np.full((2, 100), 0.6), np.full(100, 0.02))
    adults = rows[(rows["born"] <= -180) & (rows["state"] != CHILD)]
    now = np.count_nonzero(adults["state"] == FORMAL)
    quick, lagging = (project_labour_force(rows, homes, world.city, p, 12, (2025, 1), life) for life in (fast, slow))
    assert quick[1] == pytest.approx(0.6 * len(adults) / now, rel=0.01)
    assert lagging[1] - 1 == pytest.approx(0.02 * (quick[1] - 1), abs=0.004)


def test_without_births_arrivals_and_departures_a_cohort_only_dies():
    world = small_world(200, demography__fertility_level=0.7)
    p = world.p
    leaving = np.zeros((2, 110))
    people = np.zeros((2, 1320))
    people[0, 70 * 12] = 1000.0
    path = project(
        people, world.city, p._replace(migration=p.migration._replace(arrivals_level=0.0)), 24, leaving, (2025, 1)
    )
    m = monthly_deaths(world.city, p.demography)[0]
    assert path.people[24] == pytest.approx(1000 * (1 - m[70]) ** 12 * (1 - m[71]) ** 12)


def test_leaving_probabilities_average_to_the_usual_rate():
    world = small_world(200)
    chance, roots, need = leaving_profile(world.persons.rows, world.households.rows, world.ties, MOVING, 0)
    by_age = people_by_age(world.persons.rows, 0)[0].reshape(2, 110, 12).sum(axis=2)
    assert (chance * by_age).sum() / by_age.sum() == pytest.approx(MOVING.leaving_rate / 12)
    assert 0 < roots < 3 and need >= 1


def test_the_rootlessness_of_january_is_the_mean_over_everybody_that_the_first_month_took():
    world = small_world(500)
    live(world, 12)
    recount(world)
    mean = leaving_profile(world.persons.rows, world.households.rows, world.ties, MOVING, world.month)[1]
    assert world.vital.rootlessness == mean


def test_leaving_school_keeps_the_enrolment_profile():
    profile, hazard = enrolment_profile(RULES), leaving_hazard(RULES)
    share = profile[0]
    for month in range(19 * 12):
        share *= 1 - hazard[month]
    assert share == pytest.approx(RULES.enrolled_19)
    assert hazard[-1] == 1.0


def test_a_pupil_of_seven_and_a_half_in_january_has_no_full_year_and_one_of_eight_and_a_half_has_one():
    assert completed_years(7 * 12 + 5, 6) == 0  # entered last July
    assert completed_years(7 * 12 + 6, 6) == 1
    assert completed_years(18 * 12 + 6, 6) == 12


def test_poor_health_raises_the_death_rate_and_bounds_hold():
    assert death_factor(0.9, 0.9, 1.5) == 1.0
    assert death_factor(0.5, 0.9, 1.5) == pytest.approx(1.6)
    assert death_factor(0.0, 1.0, 4.0) == 3.0 and death_factor(1.0, 0.5, 4.0) == 0.5


def test_births_of_all_women_are_kept_however_few_have_a_partner():
    births, women = np.full(110, 0.01), np.full(110, 100.0)
    for partnered in (80.0, 30.0):
        chance = births_with_partner(births, women, np.full(110, partnered), 0.1)
        mean = (partnered * chance + (100.0 - partnered) * 0.1 * chance) / 100.0
        assert mean[5:105] == pytest.approx(0.01)


def test_taking_and_leaving_a_job_moves_the_books_of_both():
    person, firm = np.rec.array(np.zeros(1, PERSON))[0], np.rec.array(np.zeros(1, BUSINESS))[0]
    firm.district, firm.sector = 7, 2
    take_job.py_func(person, firm, 40, 5, 4e6, 1.5)
    assert (firm.workers, firm.wage_bill, firm.skills) == (1, 4e6, 1.5)
    assert (person.state, person.employer, person.workplace, person.since) == (FORMAL, 40, 7, 5)
    leave_job.py_func(person, firm)
    assert (firm.workers, firm.wage_bill, firm.skills) == (0, 0.0, 0.0)
    assert (person.state, person.employer, person.pay) == (INACTIVE, NOBODY, 0.0)


def test_an_estate_pays_the_bank_first_and_the_rest_is_written_off():
    home = np.rec.array(np.zeros(1, HOUSEHOLD))[0]
    home.savings, home.formal_debt, home.informal_debt = 150.0, 100.0, 80.0
    assert pay_debts.py_func(home) == (100.0, 0.0, 50.0, 30.0)
    assert (home.savings, home.formal_debt, home.informal_debt) == (0.0, 0.0, 0.0)


def test_age_is_never_negative():
    person = np.rec.array(np.zeros(1, PERSON))[0]
    person.born = 5
    assert age_months.py_func(person, 3) == 0 and age_months.py_func(person, 17) == 12


def test_people_by_age_tell_pupils_of_15_and_more_and_the_labour_force_from_everybody():
    people = np.zeros(6, PERSON)
    people["state"] = [CHILD, CHILD, FORMAL, UNEMPLOYED, INACTIVE, GONE]
    people["born"] = [-100, -190, -400, -400, -1000, -400]
    people["sex"] = [0, 1, 1, 1, 0, 1]
    everybody, pupils, active = people_by_age(people, 0)
    assert everybody.sum() == 5 and everybody[0, 100] == everybody[1, 190] == everybody[0, 1000] == 1
    assert everybody[1, 400] == 2  # the one who is gone does not count
    assert pupils.sum() == pupils[1, 190] == 1  # at eight one is a pupil, but not of 15 and more
    assert active.sum() == active[1, 400] == 2
