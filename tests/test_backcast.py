"""The city before its start: whoever lives there lives on to the people of the start, by place, age and sex."""

import numpy as np
import pytest
from worlds import small_world

from sim.city import load_city
from sim.markets.projection import official_growth
from sim.parameters import default_parameters
from sim.population.backcast import keep_to_register, live_through, residents_before

P = default_parameters()


@pytest.fixture(scope="module")
def before():
    return residents_before(load_city(2025), P, 48, (2021, 1))


def test_the_city_was_smaller_by_the_official_growth_and_younger(before):
    city, (earlier, ages) = load_city(2025), before
    growth = official_growth((2021, 1), 48)[-1]
    total = city.district_population.sum()
    assert earlier.district_population.sum() == pytest.approx(total / growth, rel=2e-3)
    assert (earlier.household_size > city.household_size).all()
    assert ages.sum(axis=(1, 2)) == pytest.approx(1.0)
    children = ages[:, :, :15].sum(axis=(1, 2)) @ earlier.district_population / earlier.district_population.sum()
    assert children > city.age_shares[:, :15].sum()


def test_those_of_before_become_those_of_the_start_by_age(before):
    city, (earlier, ages) = load_city(2025), before
    people = np.zeros((30, 2, 1320))
    people[:, :, :1200] = np.repeat(earlier.district_population[:, None, None] * ages / 12.0, 12, axis=2)
    path = people.sum() * official_growth((2021, 1), 48)
    leaving = np.full((2, 110), P.migration.leaving_rate / 12.0)  # not by age: a rough check of whole age groups
    lived = live_through(people, city, P, leaving, path)
    shares = lived.sum(axis=0)[:, :1200].reshape(2, 100, 12).sum(axis=2) / lived.sum()
    for low, high in ((5, 15), (40, 60), (60, 80)):
        assert shares[:, low:high].sum() == pytest.approx(city.age_shares[:, low:high].sum(), rel=0.03)


def test_a_few_households_change_their_kecamatan_until_each_has_its_share():
    world = small_world(50)
    rows = world.households.rows
    rows["district"][::40] = 0  # too many in the first
    moved = rows["district"].copy()
    keep_to_register(world)
    people = np.bincount(rows["district"], weights=rows["size"], minlength=30)
    wanted = world.city.district_population / world.city.district_population.sum() * people.sum()
    assert np.abs(people - wanted).max() < 2 * rows["size"].max()
    assert np.mean(rows["district"] != moved) < 0.06
    assert (world.city.kelurahan.district[rows["kelurahan"]][rows["district"] != moved] == rows["district"][
        rows["district"] != moved
    ]).all()  # fmt: skip
