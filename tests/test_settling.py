"""The city put together: firms in strata, people in jobs, commuting by gravity. Margins to the unit."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.agents.businesses import BUSINESS, FIRM, OFFICE, SIZE_BOUNDS, ZONE
from sim.agents.persons import FORMAL, INACTIVE, OWN, PERSON, UNEMPLOYED
from sim.balance import signature
from sim.population.firms import _fit_total, strata_shares, stratum_sizes
from sim.population.jobs import experience_table, experience_years, seat_commuters, wage_level, workplaces
from sim.population.workforce import labour_force, participation_sought, spells, states


def test_under_zipf_s_law_each_firm_size_holds_as_many_jobs():
    """Tail 1 would be n^-1 of jobs at each size n: 1-4, 5-19, 20-99 and 100-9999 hold ln-like shares."""
    shares = strata_shares(1.0, 10_000)
    harmonic = np.cumsum(1 / np.arange(1, 10_000))
    exact = np.diff([0, harmonic[3], harmonic[18], harmonic[98], harmonic[-1]]) / harmonic[-1]
    assert shares == pytest.approx(exact)
    assert strata_shares(1.06, 50).sum() == pytest.approx(1.0)
    assert strata_shares(1.3, 10_000)[0] > strata_shares(1.0, 10_000)[0]


@given(st.floats(50, 5e4), st.sampled_from(range(3)), st.floats(0.9, 1.3))
def test_sizes_of_a_stratum_hold_its_jobs_but_for_part_of_a_firm(jobs, size_class, tail):
    low, high = SIZE_BOUNDS[size_class], SIZE_BOUNDS[size_class + 1] - 1
    sizes, carry = stratum_sizes(jobs, low, high, tail, 0.0)
    assert sizes.sum() + carry == pytest.approx(jobs)
    assert abs(carry) <= high
    assert len(sizes) == 0 or low <= sizes.min() <= sizes.max() <= high
    assert (np.diff(sizes) >= 0).all()


def test_what_one_sector_leaves_over_the_next_one_takes():
    sizes, carry = stratum_sizes(3.0, 20, 99, 1.06, 0.0)
    assert len(sizes) == 0 and carry == 3.0
    sizes, carry = stratum_sizes(3.0, 20, 99, 1.06, 40.0)
    assert len(sizes) == 1 and sizes[0] + carry == 43.0


@given(st.lists(st.integers(1, 500), min_size=1, max_size=80), st.integers(-40, 200))
@example([2, 3], -3)
def test_sizes_are_trimmed_to_exactly_the_jobs_there_are(sizes, change):
    sizes = np.array(sizes)
    jobs = max(int(sizes.sum()) + change, len(sizes))
    fitted = _fit_total(sizes, jobs)
    assert fitted.sum() == jobs
    assert fitted.min() >= 1


@settings(max_examples=30, deadline=None)  # the first call compiles
@given(st.integers(1, 400), st.floats(0, 0.4), st.integers(0, 10**6))
def test_people_from_outside_hold_exactly_their_share_of_jobs(count, share, seed):
    firms = np.zeros(count + 2, BUSINESS)
    firms["uid"] = np.arange(count + 2) + 1
    firms["kind"][-2:] = OFFICE, ZONE
    firms["workers"] = 1 + (np.arange(count + 2) * 7) % 13
    before = firms["workers"].copy()
    seat_commuters(firms, share, seed)
    assert (firms["workers"] + firms["commuters"] == before).all()
    assert (firms["workers"] >= 0).all() and (firms["commuters"] >= 0).all()
    assert (firms["commuters"][-2:] == 0).all()
    wanted = round(share * before[:-2].sum())
    assert abs(int(firms["commuters"].sum()) - wanted) <= 1


def test_every_job_is_taken_once_and_everybody_has_one(fresh_city):
    rng = np.random.default_rng(1)
    homes = rng.integers(0, 30, 5000)
    jobs = rng.multinomial(5000, np.arange(1, 35) / 595)
    place = workplaces(homes, jobs, fresh_city.world.city.cost, 0.045, rng.random(5000))
    assert (np.bincount(place, minlength=34) == jobs).all()
    assert len(place) == 5000


def test_without_deterrence_where_one_lives_does_not_matter_and_with_it_one_works_near(fresh_city):
    cost = fresh_city.world.city.cost
    rng = np.random.default_rng(2)
    homes, jobs = np.repeat(np.arange(30), 400), np.append(np.full(30, 400), [0, 0, 0, 0])
    u = rng.random(12_000)
    minutes = [cost[homes, workplaces(homes, jobs, cost, beta, u)].mean() for beta in (0.0, 0.045, 0.15)]
    assert minutes[0] == pytest.approx(cost[:30, :30].mean(), rel=0.02)
    assert minutes[0] > minutes[1] > minutes[2]


def test_experience_is_counted_from_the_end_of_school(fresh_city):
    table = experience_table(fresh_city.world.p.labour)
    assert table[0] == 1.0 and table.argmax() == 32 and (table[32:] == table[32]).all()
    persons = np.zeros(3, PERSON)
    persons["born"], persons["schooling"] = [-12 * 30, -12 * 15, -12 * 99], [12, 9, 0]
    assert experience_years(persons, np.arange(3)).tolist() == [12, 0, 80]


def adults(count):
    persons = np.zeros(count, PERSON)
    persons["uid"], persons["state"] = np.arange(count) + 1, INACTIVE
    persons["born"] = -12 * (15 + np.arange(count) % 60)
    persons["sex"], persons["skill"] = np.arange(count) // 60 % 2, np.exp(np.linspace(-1, 1, count))
    return persons


def test_participation_by_age_and_sex_is_met_to_the_person():
    persons = adults(12_000)  # 100 of each age and sex
    profile = np.full((2, 100), 0.5)
    profile[1] = 0.4
    force, share, free = labour_force(persons, profile, 1)
    cell = persons["sex"][force] * 100 + -persons["born"][force] // 12
    count = np.bincount(cell, minlength=200).reshape(2, 100)[:, 15:75]
    assert (np.abs(count[0] - 50) <= 1).all() and (np.abs(count[1] - 40) <= 1).all()
    assert share[0, 30] == pytest.approx(0.5) and free[0, 30] == 1.0
    assert len(set(force)) == len(force)


def test_students_are_not_in_the_labour_force_and_the_others_make_up_for_them():
    persons = adults(12_000)
    persons["enrolled"] = (persons["born"] > -12 * 20) & (np.arange(12_000) // 120 % 2 == 0)
    force, share, free = labour_force(persons, np.full((2, 100), 0.4), 1)
    assert (persons["enrolled"][force] == 0).all()
    assert share[0, 17] == pytest.approx(0.4) and free[0, 17] == pytest.approx(0.5)


def test_people_move_towards_the_participation_that_keeps_the_profile_while_they_age_and_some_are_sent_out():
    """A profile falling 2.4 points a year, t = 0.02: s = 0.5 - 0.002/0.02; needy homes (h) lower it further."""
    share = np.tile(0.5 - 0.024 * (np.arange(100) - 60.0), (2, 1))
    free, turnover = np.ones((2, 100)), np.full(100, 0.02)
    assert participation_sought(share, free, turnover, 0.0)[0, 60] == pytest.approx(0.5 - 0.1)
    assert participation_sought(share, free, turnover, 0.004)[0, 60] == pytest.approx(0.5 - 0.1 - 0.004 * 0.5 / 0.02)
    flat = np.full((2, 100), 0.4)
    assert participation_sought(flat, np.full((2, 100), 0.5), turnover, 0.0)[1, 40] == pytest.approx(0.8)


def test_jobless_own_account_and_formal_are_as_many_as_published():
    persons = adults(12_000)
    force = np.arange(0, 12_000, 2)
    jobless, own, formal = states(persons, force, 0.074, 0.42, 1)
    assert (len(jobless), len(own), len(formal)) == (444, 2334, 3222)
    for rows, state in ((jobless, UNEMPLOYED), (own, OWN), (formal, FORMAL)):
        assert (persons["state"][rows] == state).all()
    assert sorted(np.concatenate([jobless, own, formal])) == force.tolist()
    age = -persons["born"] // 12
    young = age[force] < 25
    assert (age[jobless] < 25).mean() > 1.5 * young.mean()
    assert persons["skill"][own].mean() < persons["skill"][formal].mean()


def test_spells_of_a_constant_hazard_have_their_mean():
    months = spells(1, np.arange(50_000), 40.0)
    assert months.min() == 1 and months.max() == 240
    assert months.mean() == pytest.approx(1 / (1 - np.exp(-1 / 40)), rel=0.02)


def test_the_city_is_seated_to_the_last_job(fresh_city):
    world = fresh_city.world
    persons, firms = world.persons.rows, world.businesses.rows
    at_work = persons["state"] == FORMAL
    heads = np.bincount(persons["employer"][at_work], minlength=len(firms))
    pay = np.bincount(persons["employer"][at_work], weights=persons["pay"][at_work], minlength=len(firms))
    assert (heads == firms["workers"]).all()
    assert pay == pytest.approx(firms["wage_bill"])
    assert (persons["workplace"][at_work] == firms["district"][persons["employer"][at_work]]).all()
    assert (firms["commuters"][firms["kind"] != FIRM] == 0).all()


def test_signatures_tell_employers_apart():
    """Sums of signatures agree only if every business has as many workers as think they work there."""
    found = {signature(row) for row in range(50_000)}
    assert len(found) == 50_000
    assert signature(3) + signature(4) != signature(2) + signature(5)


def test_the_wage_level_brings_the_mean_pay_to_the_target_floors_included():
    """Half of the jobs pay no less than 3: with pay of 1 and 3 at level 1, a mean of 6 needs (3 + 3 x) / 2, x = 3."""
    raw, least = np.array([1.0, 3.0]), np.array([3.0, 0.0])
    level = wage_level(raw, least, 6.0)
    assert level == pytest.approx(3.0)
    assert np.maximum(level * raw, least).mean() == pytest.approx(6.0)
    assert wage_level(raw, np.zeros(2), 6.0) == pytest.approx(3.0)
    assert wage_level(raw, np.array([9.0, 0.0]), 6.0) == pytest.approx(1.0, rel=1e-3)  # thirty steps of 3/4
