"""The synthetic people meet each kecamatan's figures, live in plausible households, and are the same for a seed."""

import numpy as np
import pytest

from sim.agents.persons import CHILD, INACTIVE, NOBODY
from sim.agents.schooling import LEVEL_YEARS
from sim.city import load_city
from sim.declare import defaults
from sim.parameters.demography import Demography
from sim.quotas import choose, systematic, tilted
from sim.synthesis import synthesise

CITY = load_city(2025)
RULES = defaults(Demography)


@pytest.fixture(scope="module", params=[200, 20])
def city(request):
    people, homes = synthesise(CITY, 7, request.param, RULES)
    return people.rows, homes.rows, request.param


def by_district(persons, homes, chosen):
    return np.bincount(homes["district"][persons["home"]], chosen, minlength=30)


def test_each_kecamatan_has_its_population_within_rounding(city):
    persons, homes, scale = city
    counted = by_district(persons, homes, np.ones(len(persons)))
    assert np.abs(counted - CITY.district_population / scale).max() <= 1.0
    assert len(persons) == round(CITY.targets.population / scale)


def test_ages_and_sexes_of_each_kecamatan_are_within_one_person_of_its_shares(city):
    persons, homes, _ = city
    people = by_district(persons, homes, np.ones(len(persons)))
    group = np.minimum(-persons["born"] // 60, 15)
    for sex in (0, 1):
        for g in range(16):
            counted = by_district(persons, homes, (persons["sex"] == sex) & (group == g))
            assert np.abs(counted - CITY.age_sex[:, sex, g] * people).max() <= 1.0


def test_mean_household_size_of_the_city_is_3_4_and_each_kecamatan_keeps_its_own(city):
    persons, homes, _ = city
    assert len(persons) / len(homes) == pytest.approx(3.4, rel=0.01)
    count = np.bincount(homes["district"], minlength=30)
    size = np.bincount(homes["district"], homes["size"], minlength=30) / count
    assert np.all(np.abs(size - CITY.household_size) <= CITY.household_size / count)  # half a household, rounded


def test_the_count_of_graduates_of_each_kecamatan_is_the_registers(city):
    persons, homes, _ = city
    people = by_district(persons, homes, np.ones(len(persons)))
    for years in (14, 15, 16, 18):
        counted = by_district(persons, homes, (persons["schooling"] == years) & (persons["enrolled"] == 0))
        exact = CITY.education[:, LEVEL_YEARS == years].sum(axis=1) * people
        assert np.abs(counted - exact).max() <= 1.0


def test_mean_years_of_schooling_is_near_the_published_11_07(city):
    persons, _, _ = city
    adults = persons[-persons["born"] >= 25 * 12]
    assert adults["schooling"].mean() == pytest.approx(11.07, abs=0.25)


def test_older_cohorts_went_to_school_for_fewer_years(city):
    persons, _, _ = city
    age = -persons["born"] / 12
    means = [persons["schooling"][(age >= a) & (age < a + 10)].mean() for a in (25, 35, 45, 55, 65)]
    assert np.all(np.diff(means) < 0)


def test_nearly_every_child_of_7_to_12_and_a_third_of_19_to_24_is_at_school(city):
    persons, _, _ = city
    age = -persons["born"] / 12
    assert persons["enrolled"][(age >= 7) & (age < 13)].mean() > 0.98
    assert persons["enrolled"][(age >= 16) & (age < 19)].mean() == pytest.approx(0.79, abs=0.03)
    assert persons["enrolled"][(age >= 19) & (age < 25)].mean() == pytest.approx(0.31, abs=0.04)


def test_households_lie_in_order_with_their_members_after_each_other(city):
    persons, homes, _ = city
    assert np.all(np.diff(homes["kelurahan"].astype(int)) >= 0)
    assert np.array_equal(CITY.kelurahan.district[homes["kelurahan"]], homes["district"])
    assert np.array_equal(np.repeat(np.arange(len(homes)), homes["size"]), persons["home"])
    assert np.array_equal(homes["first"], np.cumsum(homes["size"]) - homes["size"])
    last = homes["first"] + homes["size"] - 1
    assert np.all(persons["next"][last] == NOBODY)
    inside = np.delete(np.arange(len(persons)), last)
    assert np.array_equal(persons["next"][inside], inside + 1)


def test_every_head_is_grown_and_mothers_were_of_bearing_age(city):
    persons, homes, _ = city
    age = -persons["born"] / 12
    assert age[homes["first"]].min() >= 17
    second = np.where(homes["size"] > 1, homes["first"] + 1, homes["first"])
    wife = (persons["sex"][second] == 1) & (age[second] >= 17)
    parent = np.where(wife, age[second], age[homes["first"]])
    small = age < 10
    gap = parent[persons["home"][small]] - age[small]
    assert np.mean((gap > 15) & (gap < 50)) > 0.97
    assert np.median(gap) == pytest.approx(28, abs=1.5)


def test_children_are_counted_and_only_children_and_students_are_in_that_state(city):
    persons, homes, _ = city
    young = -persons["born"] < 180
    assert np.array_equal(np.bincount(persons["home"][young], minlength=len(homes)), homes["children"])
    assert np.array_equal(persons["state"] == CHILD, young | (persons["enrolled"] == 1))
    assert set(np.unique(persons["state"])) == {CHILD, INACTIVE}


def test_kelurahan_fill_to_their_population():
    _, homes = synthesise(CITY, 7, 20, RULES)
    people = np.bincount(homes.rows["kelurahan"], homes.rows["size"], minlength=151)
    assert np.abs(people - CITY.kelurahan.population / 20).max() <= 10  # one household


def test_a_seed_gives_the_same_people_and_another_seed_others():
    one, again, other = (synthesise(CITY, seed, 500, RULES)[0].rows for seed in (3, 3, 4))
    assert np.array_equal(one, again)
    assert not np.array_equal(one["born"], other["born"])


def test_even_a_city_of_a_few_hundred_people_can_be_built():
    persons, homes = synthesise(CITY, 1, 20_000, RULES)
    assert homes.rows["size"].sum() == len(persons) and homes.rows["size"].min() >= 1


def test_systematic_counts_are_within_one_of_exact_on_every_run_of_cells():
    weights = np.array([3.0, 0.2, 1.7, 0.0, 2.6])
    for offset in (0.0, 0.3, 0.99):
        counts = systematic(weights, 11, offset)
        exact = np.cumsum(weights) / weights.sum() * 11
        assert counts.sum() == 11 and np.all(np.abs(np.cumsum(counts) - exact) < 1)


def test_chances_are_kept_and_certainty_is_never_exceeded():
    chosen = np.mean([np.isin(np.arange(4), choose([4.0, 1.0, 1.0, 2.0], 2, u)) for u in np.arange(0, 1, 0.01)], axis=0)
    assert chosen == pytest.approx([1.0, 0.25, 0.25, 0.5], abs=0.011)


def test_tilting_meets_the_mean():
    values = np.arange(1, 6)
    assert tilted(np.full(5, 0.2), values, 2.2) @ values == pytest.approx(2.2)
