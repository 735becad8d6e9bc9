"""Public services: crowding, access, capital."""

from __future__ import annotations

import numpy as np
import pytest
from small_city import live, small_city

from sim.agents.services import (
    COMPANY,
    DRAINAGE,
    EDUCATION,
    HEALTH,
    KINDS,
    N_KINDS,
    ROADS,
    WASTE,
    composite,
    kind_weights,
    load_ratio,
    maintain,
    public_services,
    qualities,
    replacement_need,
    visit_shares,
    wear,
)
from sim.parameters import default_parameters

RULES = default_parameters().services


def test_roads_follow_the_bpr_curve_and_other_services_are_shared_out():
    load = np.array([[1.0] * N_KINDS, [2.0] * N_KINDS])
    quality = qualities(load, np.ones_like(load))
    assert quality[0] == pytest.approx([1.0] * N_KINDS)
    assert quality[1, ROADS] == pytest.approx(1.15 / 3.4, abs=1e-12)  # .33824
    assert quality[1, HEALTH] == 0.5


def test_doubling_load_and_capacity_leaves_quality_unchanged():
    load = np.linspace(0.5, 2.0, N_KINDS)[None, :]
    assert np.array_equal(qualities(load, np.ones_like(load)), qualities(2 * load, 2 * np.ones_like(load)))


def test_load_ratio_is_the_inverse_of_quality():
    quality = np.linspace(0.6, 1.1, 30)[:, None] * np.ones(N_KINDS)
    assert qualities(load_ratio(quality), np.ones_like(quality)) == pytest.approx(quality, rel=1e-12)


def test_overall_quality_is_a_weighted_geometric_mean():
    weights = kind_weights(RULES)
    assert weights.sum() == pytest.approx(1.0)
    assert composite(np.full((1, N_KINDS), 0.7), weights) == pytest.approx([0.7])
    halved = np.ones((1, N_KINDS))
    halved[0, HEALTH] = 0.5
    assert composite(halved, weights) == pytest.approx([0.5 ** weights[HEALTH]])


def test_everybody_visits_once():
    people, cost = np.array([100.0, 50.0, 10.0]), np.array([[5.0, 20, 30], [20, 5, 30], [30, 30, 5]])
    assert (people @ visit_shares(cost, 0.1)).sum() == pytest.approx(160.0)
    assert people @ visit_shares(cost, 50.0) == pytest.approx(people)  # nobody goes far


def test_neglected_capital_wears_faster():
    assert wear(1000.0, 0.01, 1.0, 1.0) == pytest.approx(10.0)
    assert wear(1000.0, 0.01, 1.0, 0.0) == pytest.approx(20.0)
    assert wear(1000.0, 0.01, 1.0, 1.2) == pytest.approx(8.0)
    assert wear(1000.0, 0.01, 1.0, 2.0) == pytest.approx(8.0)


@pytest.fixture(scope="module")
def world():
    return live(small_city(), -3, 12)


def test_the_capital_identity_holds_every_month(world):
    service = world.services
    service.add_works(3, DRAINAGE, 5e6, 0)
    world.drivers.hazard_damage = np.full(30, 0.01)
    maintain(world)
    world.drivers.hazard_damage = np.zeros(30)
    flows = service.flows
    expected = flows["opening"] - flows["depreciation"] - flows["damage"] + flows["completed"]
    assert np.array_equal(service.capital, expected)
    assert flows["damage"] == pytest.approx(0.01 * flows["opening"]) and flows["completed"][3, DRAINAGE] >= 5e6


def test_constant_works_bring_capital_to_works_over_depreciation():
    world = live(small_city(), 0, 2)
    service = world.services
    rate = service.decay[0, WASTE]
    service.works[:], service.capital[0, WASTE] = 0.0, 0.0
    gaps = []
    for _ in range(400):
        service.add_works(0, WASTE, 1e6, 0)
        maintain(world)
        gaps.append(1e6 / rate - service.capital[0, WASTE])
    assert service.capital[0, WASTE] == pytest.approx(1e6 / rate * (1 - (1 - rate) ** 400), rel=1e-9)
    assert gaps[200] / gaps[199] == pytest.approx(1 - rate, rel=1e-9)


def test_works_come_into_use_after_their_lag():
    world = live(small_city(), 0, 2)
    service = world.services
    service.works[:] = 0.0
    service.add_works(4, HEALTH, 7e6, 3, COMPANY)
    arrived = []
    for _ in range(5):
        maintain(world)
        arrived.append(service.flows["completed"][4, HEALTH])
    assert arrived == [0.0, 0.0, 0.0, 7e6, 0.0]


def test_replacement_works_keep_quality_where_it_started():
    world = live(small_city(), -6, 48)
    quality = world.services.quality / world.services.quality_start
    assert abs(quality.mean() - 1.0) < 0.02 and np.abs(quality - 1.0).max() < 0.05
    idle = live(small_city(), -6, 48, works=False)
    assert (idle.services.quality < world.services.quality).all() and idle.services.productivity.max() < 0.995


def test_start_quality_is_plausible_and_costs_what_the_city_spends(world):
    quality = world.services.kinds_start
    assert quality.min() > 0.6 and quality.max() < 1.15 and quality.mean() == pytest.approx(0.9, abs=0.03)
    need = replacement_need(world.services).sum() * 12 * world.scale
    assert 0.4e12 < need < 1.1e12  # capital works were Rp 0.72 trillion in 2021


def test_access_adds_up_to_capacity(world):
    public_services(world)
    service, (night, _, children) = world.services, world.communities.presence()
    for kind, people in ((HEALTH, night), (EDUCATION, children)):
        assert people @ service.access[:, kind] == pytest.approx(service.capacity[:, kind].sum(), rel=1e-9)


def test_an_unusable_service_is_crowded(world):
    world.drivers.services = np.ones((30, N_KINDS))
    public_services(world)
    before = world.services.quality.copy()
    world.drivers.services[:, KINDS.index("water")] = 0.6
    public_services(world)
    assert (world.services.quality < before).all() and (world.services.productivity < 1.0).all()
    world.drivers.services = np.ones((30, N_KINDS))
