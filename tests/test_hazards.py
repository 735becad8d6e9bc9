"""What the city is exposed to: rules of water and shaking, flood zones, the fault, protection and rebuilding."""

import math

import numpy as np
import pytest

from sim.agents.hazard_rules import (
    COMPLETE,
    NONE,
    REPAIR_RATIO,
    SLIGHT,
    closed_capacity,
    damage_state,
    damaged_more,
    depth_damage,
    exceedance,
    flood_reach,
    flood_water,
    ground_acceleration,
    kept_dry,
    mean_damage,
)
from sim.agents.hazards import FAULT, KM_PER_DEGREE, Hazards, build_hazards, distance_to_line
from sim.city import load_city
from sim.parameters import default_parameters

CITY = load_city(2025)
P = default_parameters().hazards


@pytest.fixture(scope="module")
def hazards() -> Hazards:
    return build_hazards(CITY, 0.0, 10)


def at(name: str) -> int:
    return CITY.names.index(name)


@pytest.mark.parametrize(
    "metres, lost",
    [
        (0, 0),
        (0.25, 0.165),
        (0.5, 0.33),
        (0.75, 0.41),
        (1, 0.49),
        (1.25, 0.555),
        (1.5, 0.62),
        (1.75, 0.67),
        (2, 0.72),
        (3, 0.87),
        (6, 0.87),
    ],
)
def test_damage_follows_the_published_curve_of_depth(metres, lost):
    assert depth_damage(metres) == pytest.approx(lost)


def test_rarer_floods_reach_further_and_deeper():
    assert (flood_reach(1.0), flood_reach(10.0), flood_reach(100.0)) == pytest.approx((0.0, 0.5, 1.0))
    assert flood_water(0.75, 10.0) == pytest.approx(0.75)
    assert flood_water(0.75, 100.0) == pytest.approx(1.5)


def test_each_basin_keeps_a_quarter_of_what_is_still_flooded_dry():
    assert [kept_dry(n, 0.25) for n in (0, 1, 2)] == pytest.approx([0, 0.25, 0.4375])


def test_a_second_flood_spoils_only_what_the_first_left_whole():
    assert damaged_more(0.2, 0.5) == pytest.approx(0.6)
    assert damaged_more(0.0, 0.3) == pytest.approx(0.3)


def test_shaking_is_that_of_the_published_relation():
    """By hand, Mw 6.8 at 10 km on soft ground: log10 = 3.5113 - 1.0200 * 1.1021 + 0.0832 = 2.4702, so 295 cm/s2."""
    assert ground_acceleration(6.8, 10.0, 1.0, 1.0) == pytest.approx(0.301, abs=0.001)
    assert ground_acceleration(6.8, 10.0, 0.0, 1.0) == pytest.approx(0.253, abs=0.001)
    assert ground_acceleration(6.8, 10.0, 1.0, 1.2) == pytest.approx(1.2 * 0.301, abs=0.002)


def test_half_the_houses_reach_a_damage_state_at_its_median():
    assert exceedance(0.25, 0.25, 0.6) == pytest.approx(0.5)
    assert exceedance(0.25 * math.exp(0.6), 0.25, 0.6) == pytest.approx(0.8413, abs=1e-4)
    assert exceedance(0.0, 0.25, 0.6) == 0.0


def test_the_same_luck_breaks_a_strong_house_less():
    assert damage_state(0.3, 1.0, P, 0.12) == COMPLETE
    assert damage_state(0.3, 1.5, P, 0.12) < COMPLETE
    assert damage_state(0.3, 1.0, P, 0.87) == SLIGHT
    assert damage_state(0.3, 1.0, P, 0.88) == NONE
    assert damage_state(0.3, 1.5, P, 0.5) == SLIGHT and damage_state(0.3, 1.5, P, 0.75) == NONE


def test_expected_damage_is_the_sum_over_states():
    """At 0.3 g: chances of reaching the states .876, .619, .316, .124; repair costs .05, .25, .6, 1."""
    by_hand = 0.05 * (0.876 - 0.619) + 0.25 * (0.619 - 0.316) + 0.6 * (0.316 - 0.124) + 0.124
    assert mean_damage(0.3, 1.0, P) == pytest.approx(by_hand, abs=0.002)
    assert mean_damage(0.3, 1.5, P) < 0.6 * by_hand
    assert mean_damage(0.45, 1.5, P) == pytest.approx(mean_damage(0.3, 1.0, P))  # half as strong again, shaken as much


def test_expected_damage_is_the_mean_over_the_luck_of_houses():
    """At 0.1 g a third of it is slight: 0.05 * (0.250 - 0.063) + 0.25 * (0.063 - 0.010) + 0.6 * 0.009 + 0.001."""
    by_luck = np.mean([REPAIR_RATIO[damage_state(0.1, 1.0, P, u)] for u in (np.arange(10_000) + 0.5) / 10_000])
    assert mean_damage(0.1, 1.0, P) == pytest.approx(by_luck, abs=1e-4)


def test_a_tenth_of_the_shops_shut_for_two_weeks_costs_a_fortieth_of_output():
    assert closed_capacity(0.1, 2.0) == pytest.approx(1 - 0.05 * 2 / 4.3)
    assert closed_capacity(0.0, 3.0) == 1.0


def test_the_east_is_more_exposed_to_floods_than_the_hills(hazards):
    assert hazards.flood_index[at("Gedebage")] == hazards.flood_index.max()
    assert hazards.flood_index.max() == pytest.approx(1.0, abs=0.01)
    assert hazards.flood_index[at("Rancasari")] > 0.4
    assert max(hazards.flood_index[at(name)] for name in ("Coblong", "Cidadap", "Sukajadi")) == 0.0


def test_the_fault_is_29_km_long_and_about_ten_kilometres_north_of_the_town_hall(hazards):
    scale = KM_PER_DEGREE * np.array([np.cos(np.radians(6.82)), 1.0])
    length = np.linalg.norm(np.diff(FAULT * scale, axis=0), axis=1).sum()
    assert length == pytest.approx(29.0, abs=0.6)
    town_hall = CITY.kelurahan.district == at("Sumur Bandung")
    assert 8.0 < hazards.fault_km[town_hall].mean() < 11.0


def test_distances_are_measured_to_the_nearest_point_of_the_line():
    line = np.array([(107.0, 0.0), (107.1, 0.0)])
    km = distance_to_line(np.array([107.05, 107.2]), np.array([0.1, 0.0]), line)
    assert km == pytest.approx([0.1 * KM_PER_DEGREE, 0.1 * KM_PER_DEGREE], rel=1e-4)


def test_a_quake_of_6_8_shakes_the_city_as_strongly_as_published(hazards):
    """BMKG: 0.2-0.4 g. Hussain and others: 1.9-2.7 million people of the whole basin beyond 0.3 g at Mw 6.6-7.0, so the
    city, 2.5 of its 8 million people and its nearest large part, has less than that, and more with size."""

    def beyond(magnitude):
        g = np.array([
            ground_acceleration(magnitude, km, soft, P.basin_amplification if soft else 1.0)
            for km, soft in zip(hazards.fault_km, hazards.soft, strict=True)
        ])  # fmt: skip
        return g, CITY.kelurahan.population[g > 0.3].sum()

    g, _ = beyond(6.8)
    assert 0.2 < g.min() and np.median(g) < 0.4 and g.max() < 0.45
    assert 0.5e6 < beyond(6.6)[1] < 1.9e6
    assert 1.2e6 < beyond(7.0)[1] < 2.7e6


def test_basins_protect_from_their_first_month_of_use(hazards):
    count = np.zeros(30)
    count[3] = 2.0
    hazards.basins = [(12, count)]
    assert hazards.protection(11, 0.25).max() == 0.0
    assert hazards.protection(12, 0.25)[3] == pytest.approx(0.4375)
    hazards.basins = []


def test_warnings_fade_when_nobody_pays_for_them(hazards):
    hazards.warning, hazards.warned = np.full(30, 0.5), 10
    assert hazards.warning_access(10, 0.02) == pytest.approx(np.full(30, 0.5))
    assert hazards.warning_access(22, 0.02) == pytest.approx(np.full(30, 0.5 * 0.98**12))
