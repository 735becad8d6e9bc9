"""Policies commit, the core carries out: money leaves the treasury, reaches people, and the books balance."""

import numpy as np
import pytest

from sim.commitments import Cash, Facilitation, Seats, Works
from sim.model import BandungModel

SCALE = 1000


class Once:
    """A policy that commits to the same things in every month from `start`."""

    def __init__(self, *wishes, start=1):
        self.wishes, self.start = wishes, start

    def commit(self, world):
        return list(self.wishes) if world.month >= self.start else []


def lived(*policies, months=4, reserve=None):
    model = BandungModel(scale=SCALE, seed=3, months=12)
    model.world.policies = list(policies)
    if reserve is not None:
        model.world.government.treasury = reserve
        model.world.ledger.stocks["government"] = reserve
    for _ in range(months):
        model.step()
    return model


@pytest.fixture(scope="module")
def quiet():
    return lived()


def test_a_policy_that_commits_to_nothing_changes_nothing(quiet):
    assert lived(Once()).recorder.digest() == quiet.recorder.digest()


def test_cash_of_a_million_reaches_every_household_named_and_costs_its_overhead(quiet):
    rows = np.arange(20)
    model = lived(Once(Cash("cash_transfer", rows, 1_000_000, overhead=0.05), start=3))
    line = model.world.government.programmes["cash_transfer"]
    assert line.reached == 20
    assert line.spent == pytest.approx(20 * 1_050_000)
    assert model.world.ledger.last["city_transfers"] == 20_000_000
    gain = model.world.households.rows["income"][rows] - quiet.world.households.rows["income"][rows]
    assert (gain == 1_000_000).all()
    assert max(model.identities.values()) == 0.0


def test_what_the_treasury_cannot_pay_is_not_done_and_is_counted_as_refused():
    model = lived(Once(Cash("cash_transfer", np.arange(400), 100_000_000), start=1))
    line = model.world.government.programmes["cash_transfer"]
    assert line.refused > 0
    assert line.reached < 400 * 3
    asked = line.released + line.refused  # a household that has left is not asked for
    assert 0.95 * 400 * 100_000_000 * 3 < asked <= 400 * 100_000_000 * 3
    assert line.spent <= line.released
    assert max(model.identities.values()) == 0.0


def test_works_raise_capital_after_their_lag(quiet):
    amounts = np.zeros((30, 7))
    amounts[4, 3] = 50_000_000
    model = lived(Once(Works("service_infrastructure", amounts, lag=1), start=1), months=6)
    twin = lived(months=6)
    more = model.world.services.capital - twin.world.services.capital
    assert more[4, 3] > 0.9 * 50_000_000
    assert model.world.government.programmes["service_infrastructure"].spent == pytest.approx(5 * 50_000_000, rel=1e-6)


def test_more_seats_train_more_people(quiet):
    cost = quiet.world.government.programmes["worker_training"].unit_cost
    model = lived(Once(Seats("worker_training_plus", "worker_training", int(10 * cost)), start=1))
    reached = model.world.government.programmes["worker_training"].reached
    assert reached == quiet.world.government.programmes["worker_training"].reached + 30


def test_facilitators_are_paid_and_at_work(quiet):
    model = lived(Once(Facilitation("community_facilitation", np.full(151, 0.5), 5_000_000), start=1))
    assert (model.world.communities.facilitation == 0.5).all()
    assert model.world.government.programmes["community_facilitation"].spent == 15_000_000
