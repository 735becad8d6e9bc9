"""Who comes to the city and where people move: Harris and Todaro's closed forms, shared luck, balanced flows."""

import numpy as np
import pytest
from worlds import STILL, live, small_world

from sim.declare import defaults
from sim.draws import draws
from sim.markets.demography import demography
from sim.markets.formation import CAME
from sim.markets.migration import (
    arriving_units,
    attraction,
    expected_arrivals,
    expected_income,
    migrate,
    moving_weights,
    poisson,
    usual_flows,
    value_of_living,
)
from sim.markets.vital_rates import (
    arrivals_by_age,
)
from sim.parameters.migration import Migration

MOVING = defaults(Migration)


def test_expected_income_weighs_formal_and_own_account_pay_by_the_chance_of_work():
    assert expected_income(0.1, 0.4, 5e6, 3e6) == pytest.approx(0.9 * (0.6 * 5e6 + 0.4 * 3e6))
    assert value_of_living(2.0, 1.0, 1.0, 0.3, 0.2) == 2.0
    assert value_of_living(1.0, 0.8, 1.0, 0.3, 0.2) == pytest.approx(0.935, abs=5e-4)  # 0.8 to the power 0.3
    assert value_of_living(1.0, 1.0, 2.0, 0.3, 0.2) < 1.0 < value_of_living(1.0, 1.1, 1.0, 0.3, 0.2)


def test_two_districts_settle_at_the_closed_form():
    """V_i = w_i N_i^-c, flows N_i m (V_j/V_i)^e: N2/N1 = (w2/w1)^(2e/(1 + 2ec)) = 1.333592."""
    n, wage, c, e = [1000.0, 1000.0], (1.0, 1.2), 0.3, 1.5
    for _ in range(4000):
        ratio = wage[1] * n[1] ** -c / (wage[0] * n[0] ** -c)
        flow = expected_arrivals(0.01, n[0], ratio, e) - expected_arrivals(0.01, n[1], 1 / ratio, e)
        n = [n[0] - flow, n[1] + flow]
    assert n[1] / n[0] == pytest.approx(1.333592, abs=1e-6)


def test_with_an_elastic_response_the_expected_urban_wage_meets_the_rural_one():
    """Harris-Todaro: (1 - u) w_U = w_R. 400 urban jobs at 1.5, rural pay 1: 600 urban people, a third jobless."""

    def net_flow(urban, response):
        ratio = expected_income(1.0 - 400.0 / urban, 0.0, 1.5, 0.0) / 1.0
        back = expected_arrivals(1.0, urban, 1.0 / ratio, response)
        return expected_arrivals(1.0, 1200.0 - urban, ratio, response) - back

    for response, off in ((20.0, 0.03), (100.0, 0.002)):
        low, high = 401.0, 1199.0
        for _ in range(60):
            urban = (low + high) / 2.0
            low, high = (urban, high) if net_flow(urban, response) > 0 else (low, urban)
        assert (400.0 / urban) * 1.5 == pytest.approx(1.0, rel=off)
    assert urban == pytest.approx(600.0, rel=0.002)


def test_poisson_numbers_have_mean_and_variance_of_their_rate():
    for mean in (3.0, 400.0):
        luck = [draws(1, 12, m, 9) for m in range(4000)]
        numbers = np.array([poisson(mean, u, v) for u, v, _, _ in luck])
        assert numbers.mean() == pytest.approx(mean, rel=0.03) and numbers.var() == pytest.approx(mean, rel=0.12)


def test_more_immigration_keeps_the_arrivals_there_were():
    few, many = small_world(200, seed=6), small_world(200, seed=6)
    many.drivers.immigration = 3.0
    ids = []
    for world in (few, many):
        live(world, 1)
        rows = world.persons.rows[len(world.vital.residents) :]
        ids.append(set(rows["uid"][rows["born"] < 0].tolist()))
    assert ids[0] < ids[1]


def test_moves_between_districts_balance_until_something_changes():
    """In every quintile as many go as come, so kecamatan stay as rich as they are."""
    people = np.array([[100.0, 50.0, 200.0], [300.0, 10.0, 20.0], [0.0, 0.0, 0.0]])
    cost = np.array([[0, 10, 20], [10, 0, 15], [20, 15, 0]], float)
    flows = usual_flows(people, np.exp(-0.05 * cost))
    even = moving_weights(flows, np.ones(3))
    moves = people[:, :, None] * even
    assert moves == pytest.approx(moves.transpose(0, 2, 1))
    assert even.sum(axis=2).max(axis=1) == pytest.approx([1.0, 1.0, 0.0]) and np.all(even[:, range(3), range(3)] == 0)
    better = moving_weights(flows, np.array([1.0, 1.2, 1.0]))
    assert np.all((people[:2, None] @ better[:2])[:, 0, 1] > (people[:2, None] @ even[:2])[:, 0, 1])


def test_pay_that_grows_alike_everywhere_draws_nobody():
    """Twice the productivity and twice the pay: the city is worth what it was."""
    world = small_world(50, seed=8, **STILL)
    live(world, 1)
    people = world.vital.reference["people"]
    before = attraction(world, people)[0]
    world.drivers.productivity *= 2.0
    world.labour.formal_pay *= 2.0
    world.labour.own_pay *= 2.0
    assert attraction(world, people)[0] == pytest.approx(before)


def test_bad_times_bring_fewer_people():
    good, bad = small_world(50, seed=8, **STILL), small_world(50, seed=8, **STILL)
    live(good, 1), live(bad, 1)
    bad.labour.unemployment = 0.20
    came = [live(world, 6)[:, :, CAME].sum() for world in (good, bad)]
    assert came[1] / came[0] == pytest.approx((0.80 / 0.926) ** 1.5, abs=0.1)


def test_arrivals_are_mostly_aged_18_to_34():
    ages = arrivals_by_age(MOVING)
    assert ages.sum() == pytest.approx(1.0)
    assert ages[:, 18:35].sum() > 0.6 and 19 <= ages.sum(axis=0).argmax() <= 26


def test_people_live_in_the_burn_in_as_later_and_come_as_if_the_city_had_not_changed():
    world = small_world(50, seed=8, **STILL)
    world.month = world.first = -24
    world.labour.unemployment = 0.5
    for month in range(-24, -12):
        world.month = month
        demography(world)
        migrate(world)
        value, pull = attraction(world, world.vital.reference["people"])
        assert value == 1.0 and (pull == 1.0).all()
        assert world.counts["demography"].any()


def test_arrivals_of_the_burn_in_make_up_for_residents_missing():
    world = small_world(50, seed=8, **STILL)
    world.month = world.first = -24
    demography(world)
    expected = world.vital.people[0]
    missing = [arriving_units(world, round(expected * share), 1.0) for share in (0.98, 1.0, 1.02)]
    assert missing[0] > missing[1] > missing[2] == 0
