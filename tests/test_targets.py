"""January of the start year against the published figures, and what the first years must keep to."""

import numpy as np
import pytest

from sim.declare import OUTCOMES
from sim.model import BandungModel

SCALE, MONTHS, PLACES_SCALE = 50, 24, 20
# Start: unemployment, P0, P1, Gini as published for the figures the start stands on (2024 for 2025, 2019 for 2019).
PUBLISHED = {
    "2025-01": {"unemployment_rate": 0.0740, "poverty_headcount": 0.0387, "poverty_gap": 0.0060, "gini": 0.440},
    "2019-01": {"unemployment_rate": 0.0818, "poverty_headcount": 0.0338, "poverty_gap": 0.0053, "gini": 0.442},
}
WITHIN = {"unemployment_rate": 0.003, "poverty_headcount": 0.002, "poverty_gap": 0.0006, "gini": 0.015}
FULL_YEAR = 12


@pytest.fixture(scope="module", params=PUBLISHED)
def city(request):
    """A city of 50,000 people after two years."""
    model = BandungModel(scale=SCALE, seed=1, months=MONTHS, start=request.param)
    for _ in range(MONTHS):
        model.step()
    return request.param, model


@pytest.mark.parametrize("name", WITHIN)
def test_january_has_the_published_figure(city, name):
    start, model = city
    assert model.recorder.city(name)[0] == pytest.approx(PUBLISHED[start][name], abs=WITHIN[name])


def test_the_figures_held_here_are_those_of_the_city_series(city):
    start, model = city
    t = model.world.city.targets
    read = {"unemployment_rate": t.unemployment, "poverty_headcount": t.poverty_headcount,
            "poverty_gap": t.poverty_gap, "gini": t.gini}  # fmt: skip
    assert read == pytest.approx(PUBLISHED[start], abs=5e-5)


def test_two_in_five_of_those_at_work_work_on_their_own_account(city):
    assert 0.40 <= city[1].recorder.city("informal_share")[0] <= 0.44


def test_households_are_as_large_as_declared(city):
    _, model = city
    declared = model.world.p.population.household_size
    assert model.recorder.city("household_size")[0] == pytest.approx(declared, rel=0.01)


def test_recorded_giving_of_the_first_year_is_25_to_40_billion(city):
    """The recorder counts monthly or yearly rupiah: its unit says which."""
    series = city[1].recorder.city("csr_rp")
    yearly = "year" in OUTCOMES["csr_rp"].unit
    total = series[FULL_YEAR - 1] if yearly else series[:FULL_YEAR].sum()
    assert 25e9 <= total <= 40e9


def test_the_treasury_neither_empties_nor_explodes(city):
    _, model = city
    treasury = model.recorder.city("treasury_rp") / treasury_of(start_of(city[0]))
    assert 0.25 <= treasury.min() and treasury.max() <= 4.0


def treasury_of(model):
    return model.world.government.treasury * model.world.scale


def start_of(start):
    return BandungModel(scale=SCALE, seed=1, months=1, start=start)


@pytest.mark.parametrize("start", PUBLISHED)
def test_every_kecamatan_has_its_people(start):
    """Within one percent of the register's district populations, which add up to the city's."""
    model = BandungModel(scale=PLACES_SCALE, seed=1, months=1, start=start)
    model.step()
    measured = model.recorder.places("population")[0]
    official = model.world.city.district_population
    apart = measured / official - 1
    assert np.abs(apart).max() <= 0.01, f"worst: {model.world.city.names[int(np.abs(apart).argmax())]} {apart.round(4)}"
    assert measured.sum() == pytest.approx(model.world.city.targets.population, rel=0.01)
