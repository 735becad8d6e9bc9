"""Outcomes of people, jobs, children and services, as measured and counted again with plain NumPy."""

import numpy as np
import pytest
from months import lived
from random_city import MINIMUM, living, quintile_of_home, random_world

from sim.agents.businesses import OPEN
from sim.agents.persons import CHILD, FORMAL, GONE, OWN, UNEMPLOYED
from sim.outcomes.figures import ADULT, YOUNG, together
from sim.outcomes.histogram import PAY_CELLS, finer_from, pay_cell, pay_edges
from sim.outcomes.inequality import gini
from sim.outcomes.labour import labour
from sim.outcomes.measure import count, measure, observe
from sim.outcomes.people_tally import FLAGGED, jobs_checksum


@pytest.fixture(scope="module")
def world():
    return random_world()


@pytest.fixture(scope="module")
def measured(world):
    return measure(world)


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


def test_those_on_public_works_are_at_work_also_among_the_young_and_the_long_unemployed():
    """90 at work, ten of 18 to 24 out of a job for a year, of whom four do a month's public works."""
    seen = observe(random_world())
    seen.people, seen.works = np.zeros_like(seen.people), np.zeros_like(seen.works)
    seen.people[:, FORMAL, ADULT.start], seen.people[:, UNEMPLOYED, YOUNG, FLAGGED] = [90, 0, 0, 0], 10
    seen.works[:, YOUNG, FLAGGED] = 4
    found = labour(together([seen]))
    assert found["unemployment_rate"][0, 0] == found["long_term_unemployment_rate"][0, 0] == pytest.approx(0.06)
    assert found["youth_unemployment_rate"][0, 0] == pytest.approx(0.6)


def test_money_of_the_agents_is_told_at_the_size_of_the_city(world, measured):
    """One in twenty lives here: Rp 4 million of help between households stand for 80 million."""
    assert world.scale == 20 and measured.city("mutual_aid_rp") == 80e6
    assert measured.city("swadaya_rp") == 600e6 and measured.city("csr_rp") == 400e6
    assert measured.city("treasury_rp") == 20 * 123_456_789


def test_value_added_per_head_and_per_job(world, measured):
    value, people = world.counts["value_added"], len(living(world))
    b = world.businesses.rows
    here = b["district"] < 30
    jobs = (b["workers"][here] + b["commuters"][here]).sum() + (living(world)["state"] == OWN).sum()
    assert measured.city("value_added_per_head") == pytest.approx(value.sum() / people)
    assert measured.places("value_added_per_head") == pytest.approx(value / world.people)
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
    assert measured.city("service_access_gini") == pytest.approx(gini(measured.places("service_access"), people))


def test_jobs_within_reach_are_shared_so_that_residents_have_as_many_each_as_there_are(city_year):
    """Near jobs count more, and each is counted for the people in its reach, wherever they live."""
    world = city_year.world
    rows = world.businesses.rows
    jobs = ((rows["workers"] + rows["commuters"]) * (rows["status"] == OPEN)).sum()
    access = city_year.recorder.places("job_access")[-1]
    assert city_year.latest["job_access"] == pytest.approx(jobs / world.people.sum(), rel=0.01)
    assert (access > 0.05).all() and access.max() < 4 * access.min()


def test_the_blocks_of_kota_layak_anak_are_shown_one_by_one(measured):
    assert measured.city("child_city_institutions") == 60 and measured.city("child_city_local") == 180


def test_pay_outcomes_agree_with_a_plain_recount(world, measured):
    p = living(world)
    pay = p["pay"][p["state"] == FORMAL]
    assert measured.city("median_wage") == pytest.approx(np.median(pay), rel=0.01)
    assert measured.city("median_own_account_income") == pytest.approx(np.median(p["pay"][p["state"] == OWN]), rel=0.01)
    assert measured.city("below_minimum_wage_share") == pytest.approx((pay < MINIMUM).mean())
    assert measured.city("mean_wage") == pytest.approx(pay.mean(), rel=1e-12)
    home, fifth = world.households.rows["district"][p["home"]], quintile_of_home(world)[p["home"]]
    for d in (0, 17):
        here = p["pay"][(p["state"] == FORMAL) & (home == d)]
        assert measured.places("median_wage")[d] == pytest.approx(np.median(here), rel=0.03)
        assert measured.places("mean_wage")[d] == pytest.approx(here.mean(), rel=1e-12)
    for q in range(5):
        theirs = p["pay"][(p["state"] == FORMAL) & (fifth == q)]
        assert measured.groups("mean_wage")[q] == pytest.approx(theirs.mean(), rel=1e-12)


def test_the_mean_wage_moves_where_the_median_stands_on_the_minimum_wage():
    """Employees with 3, 4.2, 4.2, 4.2 and 6 million a month: the median is 4.2 and the mean 4.32 million. The last gets
    a million more: the median stays, the mean is 4.52 million. Own-account workers and the jobless are not counted.
    """
    world = random_world(homes=40)
    persons = world.persons.rows
    some = np.flatnonzero(persons["state"] != GONE)[:7]
    persons["state"] = GONE
    persons["state"][some] = [FORMAL] * 5 + [OWN, UNEMPLOYED]
    persons["pay"][some] = [3e6, MINIMUM, MINIMUM, MINIMUM, 6e6, 50e6, 9e6]
    first = measure(world)
    persons["pay"][some[4]] = 7e6
    second = measure(world)
    assert first.city("median_wage") == second.city("median_wage") == MINIMUM
    assert first.city("mean_wage") == pytest.approx((9e6 + 3 * MINIMUM) / 5)
    assert second.city("mean_wage") - first.city("mean_wage") == pytest.approx(0.2e6)


def test_every_pay_falls_into_the_cell_whose_edges_enclose_it():
    """From edge to edge; who earns exactly the minimum wage has a cell of its own."""
    minimum = 4_209_309.0
    edges, first = pay_edges(minimum), finer_from(minimum)
    pays = np.array([1e4, 3e5, 2.1e6, 4.2e6, minimum - 1, minimum, minimum + 1, 4.3e6, 9e6, 5e7])
    cells = np.array([pay_cell(pay, minimum, first) for pay in pays])
    assert (np.diff(cells) >= 0).all() and cells.max() < PAY_CELLS
    inside = (pays >= edges[0]) & (pays < edges[-1])
    assert (edges[cells[inside]] <= pays[inside]).all() and (pays[inside] <= edges[cells[inside] + 1]).all()
    at = cells[pays == minimum][0]
    assert edges[at] == edges[at + 1] == minimum and (cells == at).sum() == 1


@pytest.mark.parametrize("months", [1, 13, 25])
def test_the_median_wage_is_right_where_three_in_ten_earn_the_minimum_wage(months):
    """They stand in one point, and in January beside that of the year before."""
    model = lived(months, scale=100)
    persons, homes = model.world.persons.rows, model.world.households.rows
    employees = persons[persons["state"] == FORMAL]
    assert model.latest["median_wage"] == pytest.approx(np.median(employees["pay"]), rel=0.002)
    home = homes["district"][employees["home"]]
    local = model.recorder.places("median_wage")[-1]
    true = np.array([np.median(employees["pay"][home == d]) for d in range(30)])
    assert np.median(np.abs(local / true - 1)) < 0.002


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
    figures = together([count(world)])
    assert figures.households["persons"][0, 0] == figures.persons[0, 0] == len(living(world))
    assert (living(world)["state"] == CHILD).sum() == figures.pupils[0, 0]


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
