"""The city as loaded, and the algebra of places, against figures that can be worked out by hand."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.city import (
    AGE_GROUPS,
    available_starts,
    catchment_access,
    congestion,
    deflator,
    gravity,
    huff_shares,
    ipf,
    load_city,
    rationing,
    whole_shares,
)
from sim.city.people import OLDEST, life_expectancy, survivors
from sim.errors import InputError


@pytest.fixture(scope="module")
def city():
    return load_city(2025)


@pytest.fixture(scope="module")
def before():
    return load_city(2019)


# Start years and targets


def test_start_years_are_those_with_figures():
    assert available_starts() == [2018, 2019, 2020, 2021, 2022, 2024, 2025]
    assert [load_city(year).data_year for year in available_starts()] == [2018, 2019, 2020, 2021, 2021, 2024, 2024]


@pytest.mark.parametrize("year", [2015, 2017, 2023, 2026, -3])
def test_a_start_year_without_figures_names_those_that_work(year):
    with pytest.raises(InputError, match=r"start years that work: 2018, 2019, 2020, 2021, 2022, 2024, 2025"):
        load_city(year)


def test_targets_of_2025_are_the_published_figures_of_2024(city):
    t = city.targets
    assert (city.start_year, city.data_year, city.price_year) == (2025, 2024, 2024)
    assert t.population == 2_528_163
    assert (t.unemployment, t.poverty_headcount, t.poverty_gap, t.poverty_severity) == (0.074, 0.0387, 0.006, 0.0014)
    assert (t.gini, t.poverty_line, t.minimum_wage, t.life_expectancy) == (0.44, 614_707, 4_209_309, 75.83)
    assert (t.participation, t.years["participation"]) == (0.6531, 2021)
    assert (t.informal_share, t.years["informal_share"]) == (0.4222, 2021)


def test_targets_of_2019_are_its_own(before):
    t = before.targets
    assert before.price_year == before.data_year == 2019
    assert t.population == 2_507_888
    assert (t.unemployment, t.poverty_headcount, t.poverty_gap, t.poverty_severity) == (0.0818, 0.0338, 0.0053, 0.0014)
    assert (t.gini, t.poverty_line, t.participation) == (0.442, 474_448, 0.659)


def test_recorded_company_giving_is_eighty_billion_over_three_years_in_prices_of_the_start(city, before):
    for c in (city, before):
        assert c.targets.csr_rp == pytest.approx(80e9 / 3 * deflator(2015, c.price_year))
        assert 25e9 < c.targets.csr_rp < 40e9


def test_hospitality_tax_of_a_usual_year_is_not_taken_from_the_pandemic(before):
    assert before.targets.years["hospitality_tax_rp"] == 2022
    assert load_city(2021).targets.hospitality_tax_rp == 405e9


# Prices


def test_prices_move_as_published():
    assert deflator(2024, 2024) == 1
    # yearly means: prices of 2020 were 2.3 % and of 2021 1.5 % above the year before (monthly rates of the table)
    assert deflator(2019, 2020) == pytest.approx(1.0231, abs=5e-4)
    assert deflator(2020, 2021) == pytest.approx(1.0151, abs=5e-4)
    assert deflator(2015, 2016) == pytest.approx(  # household consumption of the accounts, current over constant
        (127374.24 / 93431.01) / (114874.34 / 86641.77)
    )


def test_prices_chain():
    assert deflator(2012, 2024) == pytest.approx(deflator(2012, 2018) * deflator(2018, 2024))
    assert deflator(2024, 2019) == pytest.approx(1 / deflator(2019, 2024))


@pytest.mark.parametrize("pair", [(2009, 2019), (2019, 2031)])
def test_prices_outside_the_tables_are_an_error(pair):
    with pytest.raises(InputError, match="cover 2010 to 2024"):
        deflator(*pair)


# People


@pytest.mark.parametrize("year", [2018, 2019, 2020, 2021, 2022, 2024, 2025])
def test_people_add_up_exactly(year):
    c = load_city(year)
    assert c.district_population.sum() == c.kelurahan.population.sum() == c.targets.population
    assert np.array_equal(np.bincount(c.kelurahan.district, c.kelurahan.population), c.district_population)
    assert c.district_population.dtype == c.kelurahan.population.dtype == np.int64


def test_babakan_ciparay_is_the_largest_kecamatan_and_has_its_share_of_the_register(city):
    assert city.names[city.district_population.argmax()] == "Babakan Ciparay"
    assert city.district_population[2] == pytest.approx(2_528_163 * 147_541 / 2_579_837, abs=1)


def test_mean_household_size_is_the_one_asked_for(city):
    for wanted in (3.4, 3.68):
        c = load_city(2025, household_size=wanted)
        households = (c.district_population / c.household_size).sum()
        assert c.district_population.sum() / households == pytest.approx(wanted)
    ratio = city.household_size[14] / city.household_size[8]  # the register's pattern: Bandung Kulon, Bandung Wetan
    register = city.columns["hh_size_2024"]
    assert ratio == pytest.approx(register[14] / register[8], rel=1e-3)


def test_age_and_sex_keep_the_margins_of_the_register(city):
    assert city.age_sex.shape == (30, 2, 16)
    assert city.age_sex.sum(axis=(1, 2)) == pytest.approx(np.ones(30))
    sukasari = city.age_sex[0]
    assert sukasari[0].sum() == pytest.approx(39_236 / 78_544)
    assert sukasari[:, 0].sum() == pytest.approx(4_860 / 78_277)
    women = city.age_sex[:, 1].sum(axis=0) / city.age_sex.sum(axis=(0, 1))
    assert women[0] < 0.5 < women[15]  # more boys are born, more women grow old
    assert city.age_shares.sum() == pytest.approx(1)
    assert len(AGE_GROUPS) == 16 and AGE_GROUPS[-1][0] == 75


def test_schooling_shares_are_the_registers(city):
    assert city.education.shape == (30, 10)
    assert city.education.sum(axis=1) == pytest.approx(np.ones(30))
    assert city.education[0, 4] == pytest.approx(23_378 / 78_544)


@pytest.mark.parametrize("year", [2019, 2021, 2025])
def test_participation_adds_up_to_the_published_rate(year):
    c = load_city(year)
    adults = c.age_shares[:, 15:]
    assert (adults * c.participation[:, 15:]).sum() / adults.sum() == pytest.approx(c.targets.participation, abs=1e-9)
    assert (c.participation[:, :15] == 0).all() and (c.participation < 1).all()
    assert c.participation[0, 40] > 0.9 > c.participation[1, 40] > 0.4


@pytest.mark.parametrize("year", [2019, 2025])
def test_mortality_gives_the_published_life_expectancy(year):
    c = load_city(year)
    assert life_expectancy(c.mortality, 1.05) == pytest.approx(c.targets.life_expectancy, abs=1e-6)
    assert c.mortality.shape == (2, OLDEST) and (c.mortality > 0).all()
    assert survivors(c.mortality)[1, 75] > survivors(c.mortality)[0, 75]


def test_life_expectancy_at_a_constant_death_rate_is_its_inverse():
    assert life_expectancy(np.full((2, OLDEST), 0.02), 1.05) == pytest.approx(50)


def test_fertility_adds_up_to_two_children_per_woman(city):
    assert city.fertility.sum() == pytest.approx(2.0)
    assert city.fertility[:15].sum() == city.fertility[50:].sum() == 0
    assert 25 <= city.fertility.argmax() <= 29


# Places


def test_the_graph_holds_the_66_borders(city):
    assert (city.graph.number_of_nodes(), city.graph.number_of_edges()) == (30, 66)
    assert city.graph.nodes[1] == {"code": "32.73.02", "name": "Coblong"}
    assert city.graph[0][7]["border_km"] == 4.81  # Sukasari and Cidadap
    assert not city.graph.has_edge(1, 5)  # Coblong and Cicendo only touch


def test_distances_are_symmetric_and_close_to_those_between_area_centroids(city):
    for matrix in (city.distance_km, city.centroid_km):
        assert np.array_equal(matrix, matrix.T) and (np.diag(matrix) == 0).all()
    assert np.abs(city.distance_km - city.centroid_km).max() < 1.5
    assert city.centroid_km[0, 1] == 3.743


def test_travel_cost_is_a_symmetric_table_with_short_trips_at_home(city):
    assert city.cost.shape == (34, 34)
    assert np.array_equal(city.cost, city.cost.T)
    inner = city.cost[:30, :30]
    to_others = (inner.sum(axis=1) - np.diag(inner)) / 29
    assert (np.diag(inner) < to_others).all()
    # Sukasari to Coblong: km x 1.3 detour at 18 km/h and 10 minutes at the ends
    assert inner[0, 1] == pytest.approx(city.distance_km[0, 1] * 1.3 / 18 * 60 + 10)
    # inside Sukasari, 6.278 km2: 0.52 of the root of the area
    assert inner[0, 0] == pytest.approx(0.52 * 6.278**0.5 * 1.3 / 18 * 60 + 10)


def test_outer_zones_lie_beyond_their_own_borders(city):
    assert city.zone_names == ("Cimahi", "Kabupaten Bandung", "Bandung Barat", "Sumedang")
    nearest = [city.names[city.cost[:30, 30 + z].argmin()] for z in range(4)]
    assert nearest[0] in ("Bandung Kulon", "Andir", "Cicendo", "Sukajadi", "Sukasari")
    assert nearest[2] in ("Sukasari", "Cidadap")
    assert nearest[3] in ("Cibiru", "Gedebage", "Panyileukan")
    assert city.cost[:30, 33].min() > city.cost[:30, 31].min()


def test_a_kecamatan_is_found_by_code_or_name(city):
    assert city.index("32.73.27") == city.index("gedebage") == 26
    with pytest.raises(InputError, match="nearest is Gedebage"):
        city.index("Gedebag")


def test_the_shared_city_cannot_be_written(city):
    assert load_city(2025) is city
    for array in (city.cost, city.kelurahan.population, city.columns["dtks_share"], city.district_population):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_a_city_travels_to_another_process_unchanged(city):
    copy = pickle.loads(pickle.dumps(city))
    assert copy.targets == city.targets
    assert np.array_equal(copy.cost, city.cost) and copy.graph.edges == city.graph.edges


def test_short_names_are_the_columns_they_stand_for(city):
    assert city.columns["dtks_share"] == pytest.approx(city.columns["dtks_share_2023_pct"] / 100)
    assert city.columns["minimarkets"].sum() == 575
    assert all(len(values) == 30 and np.isfinite(values).all() for values in city.columns.values())


def test_importing_the_city_is_quick_and_light():
    code = (
        "import sys, time; t = time.perf_counter(); import sim.city; print(time.perf_counter() - t);"
        "print(sorted({'pandas', 'numba', 'networkx', 'scipy', 'mesa'} & set(sys.modules)))"
    )
    seconds, heavy = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.split("\n")[:2]
    assert heavy == "[]"
    assert float(seconds) < 2


# Algebra of places


def test_gravity_without_friction_is_proportional():
    origins, destinations = np.array([10.0, 30.0, 60.0]), np.array([50.0, 25.0, 25.0])
    trips = gravity(origins, destinations, np.random.default_rng(0).uniform(5, 60, (3, 3)), 0.0)
    assert trips == pytest.approx(np.outer(origins, destinations) / 100, rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 0.15))
def test_gravity_keeps_both_margins(seed, beta):
    rng = np.random.default_rng(seed)
    origins, destinations = rng.uniform(1, 100, 6), rng.uniform(1, 100, 6)
    destinations *= origins.sum() / destinations.sum()
    trips = gravity(origins, destinations, rng.uniform(5, 60, (6, 6)), beta)
    assert np.abs(trips.sum(axis=1) - origins).max() < 1e-8
    assert np.abs(trips.sum(axis=0) - destinations).max() < 1e-8


def test_gravity_on_the_city_keeps_margins_and_people_work_near_home(city):
    jobs = city.columns["minimarkets"] * city.district_population.sum() / 575
    trips = gravity(city.district_population, jobs, city.cost[:30, :30], 0.08)
    assert np.abs(trips.sum(axis=1) - city.district_population).max() < 1e-8 * trips.sum()
    assert np.abs(trips.sum(axis=0) - jobs).max() < 1e-8 * trips.sum()
    far = gravity(city.district_population, jobs, city.cost[:30, :30], 0.0)
    assert (trips * city.cost[:30, :30]).sum() < (far * city.cost[:30, :30]).sum()
    assert np.trace(trips) > np.trace(far)


def test_gravity_with_two_places_solves_its_equation():
    """T11 T22 / (T12 T21) = exp(-beta (c11 + c22 - c12 - c21)): with even margins T11 / T12 is its square root."""
    trips = gravity([50.0, 50.0], [50.0, 50.0], np.array([[10.0, 30.0], [30.0, 10.0]]), 0.05)
    assert trips[0, 0] / trips[0, 1] == pytest.approx(np.e)


def test_fitting_keeps_zeros_and_says_when_nothing_fits():
    table = ipf(np.array([[1.0, 0.0], [1.0, 1.0]]), [np.array([2.0, 4.0]), np.array([3.0, 3.0])])
    assert table == pytest.approx(np.array([[2.0, 0.0], [1.0, 3.0]]))
    with pytest.raises(ValueError, match="must agree"):
        ipf(np.ones((2, 2)), [np.array([1.0, 2.0]), np.array([2.0, 2.0])])
    with pytest.raises(ValueError, match="no table fits"):
        ipf(np.array([[1.0, 0.0], [0.0, 1.0]]), [np.array([1.0, 3.0]), np.array([2.0, 2.0])], rounds=50)


def test_fitting_in_three_dimensions_meets_every_margin():
    rng = np.random.default_rng(3)
    wanted = rng.uniform(1, 2, (3, 2, 4))
    margins = [wanted.sum(axis=(1, 2)), wanted.sum(axis=(0, 2)), wanted.sum(axis=(0, 1))]
    table = ipf(np.ones((3, 2, 4)), margins)
    assert table.sum(axis=(0, 2)) == pytest.approx(margins[1], rel=1e-10)
    assert table == pytest.approx(np.einsum("i,j,k->ijk", *margins) / wanted.sum() ** 2)  # independence


def test_huff_shares_add_to_one_and_follow_pull_and_distance():
    cost = np.array([[10.0, 20.0], [20.0, 10.0]])
    shares = huff_shares(np.array([1.0, 3.0]), cost, 0.1)
    assert shares.sum(axis=1) == pytest.approx([1, 1])
    assert shares[0, 1] / shares[0, 0] == pytest.approx(3 / np.e)
    assert huff_shares(np.array([1.0, 3.0]), cost, 0.0)[0] == pytest.approx([0.25, 0.75])
    assert (huff_shares(np.zeros(2), cost, 0.1) == 0).all()


def test_access_hands_out_every_place_once(city):
    capacity = city.columns["puskesmas"]
    access = catchment_access(capacity, city.district_population, city.cost[:30, :30], 0.05)
    assert (access * city.district_population).sum() == pytest.approx(capacity.sum(), rel=1e-12)


def test_access_with_no_friction_is_places_per_person_and_with_much_is_the_place_itself():
    capacity, people, cost = np.array([30.0, 10.0]), np.array([100.0, 100.0]), np.array([[0.0, 30.0], [30.0, 0.0]])
    assert catchment_access(capacity, people, cost, 0.0) == pytest.approx([0.2, 0.2])
    assert catchment_access(capacity, people, cost, 2.0) == pytest.approx([0.3, 0.1], abs=1e-9)


def test_congestion_is_one_at_capacity():
    assert congestion(1.0) == pytest.approx(1.0)
    assert congestion(2.0) == pytest.approx(1.15 / 3.4) == pytest.approx(0.33824, abs=5e-6)
    assert congestion(0.0) == 1.15
    assert (np.diff(congestion(np.linspace(0, 3, 50))) < 0).all()


def test_a_rationed_service_is_shared_out():
    assert rationing(np.array([0.0, 0.5, 1.0, 2.0])) == pytest.approx([1.15, 1.15, 1.0, 0.5])


@given(st.integers(0, 100_000), st.lists(st.floats(0.001, 1e6), min_size=1, max_size=40))
def test_whole_shares_add_up_and_are_within_one(total, weights):
    weights = np.array(weights)
    parts = whole_shares(total, weights)
    assert parts.sum() == total
    assert np.abs(parts - total * weights / weights.sum()).max() < 1 + 1e-6


def test_whole_shares_worked_example():
    assert whole_shares(10, np.array([1.0, 1.0, 1.0])).tolist() == [4, 3, 3]
    assert whole_shares(3, np.array([0.5, 0.25, 0.25])).tolist() == [1, 1, 1]
    assert whole_shares(0, np.zeros(2)).tolist() == [0, 0]
