"""Conflict and failing government: trust falls at once, returns slowly; ties, customers, money and self-help follow."""

from types import SimpleNamespace

import numpy as np
import pytest
from lives import Life

from sim.agents.businesses import MANUFACTURING, TRADE
from sim.catalogue import SHOCKS, discover
from sim.drivers import Drivers
from sim.shocks.conflict import EMPTY_STREETS
from sim.shocks.governance_failure import WITHHELD

discover()
CONFLICT = {"kind": "conflict", "start": "2025-02"}
FAILURE = {"kind": "governance_failure", "start": "2025-02"}
SHOCK = {"conflict": CONFLICT, "governance_failure": FAILURE}
MONTHS = 8


@pytest.fixture(scope="module")
def quiet(fresh_city):
    return Life(fresh_city, MONTHS)


@pytest.fixture(scope="module")
def lives(fresh_city):
    """Each shock in full and at three tenths."""
    return {kind: (Life(fresh_city, MONTHS, [one]), Life(fresh_city, MONTHS, [one | {"intensity": 0.3}]))
            for kind, one in SHOCK.items()}  # fmt: skip


@pytest.mark.parametrize("kind", SHOCK)
def test_a_social_shock_without_intensity_changes_nothing(kind, fresh_city, quiet):
    none = Life(fresh_city, MONTHS, [SHOCK[kind] | {"intensity": 0}])
    assert none.recorder.digest() == quiet.recorder.digest()


@pytest.mark.parametrize("kind", SHOCK)
def test_what_it_is_meant_to_move_moves_that_way_and_more_when_stronger(kind, lives, quiet):
    for outcome, sign in SHOCKS[kind].moves:
        much, little, none = (np.mean([m[outcome] for m in life.months[2:]]) for life in (*lives[kind], quiet))
        assert sign * (much - little) > 0, outcome
        assert sign * (little - none) > 0, outcome


@pytest.mark.parametrize("kind, lost", [("conflict", 0.3), ("governance_failure", 0.15)])
def test_trust_falls_at_once_by_the_declared_points_and_is_not_back_within_half_a_year(kind, lost, lives, quiet):
    fall = [its["trust"] - mine["trust"] for mine, its in zip(lives[kind][0].months, quiet.months, strict=True)]
    assert fall[0] == 0.0
    assert 0.8 * lost < fall[1] < 1.35 * lost
    assert 0.5 * lost < fall[-1]


def test_conflict_in_one_kecamatan_stays_there(fresh_city, quiet):
    life = Life(fresh_city, 3, [CONFLICT | {"districts": ["Andir"]}])
    where = life.world.city.names.index("Andir")
    twin = Life(fresh_city, 3)
    lost = twin.world.communities.district_trust() - life.world.communities.district_trust()
    assert lost[where] > 0.2
    assert np.abs(np.delete(lost, where)).max() < 0.03
    assert life.world.drivers.footfall[TRADE, where] == pytest.approx(0.8)
    assert np.delete(life.world.drivers.footfall[TRADE], where).min() == 1.0


def test_conflict_cuts_up_to_half_of_the_ties_between_groups(lives, quiet):
    """What is seen of ties is a moving average of a year, so two months of half the ties cost about a twelfth."""
    cut = lives["conflict"][0].over(quiet, "bridging")
    assert 0.9 < cut[2] < 0.97
    assert cut[-1] < 0.95


def test_a_stalled_administration_spends_less_on_its_programmes(fresh_city):
    world = {}
    for name, shocks in (("calm", []), ("stalled", [FAILURE])):
        world[name] = Life(fresh_city, 4, shocks).world.government
    assert world["stalled"].absorption == pytest.approx(0.6 * world["calm"].absorption)
    spent = {name: sum(line.spent for line in government.programmes.values()) for name, government in world.items()}
    assert spent["stalled"] < 0.85 * spent["calm"]


def test_self_help_falls_by_more_than_half_of_what_grants_lose(lives, quiet):
    """Six tenths of the grants, times half the self-help each: three tenths, less where trust is gone."""
    given = lives["governance_failure"][0].over(quiet, "swadaya_rp")
    assert 0.1 < np.mean(given[2:]) < 0.45


def test_half_of_the_self_help_is_withheld_from_a_government_that_fails():
    world = SimpleNamespace(drivers=Drivers())
    SHOCKS["governance_failure"].settings(**FAILURE).press(world, 1.0, 0, {})
    assert world.drivers.swadaya == pytest.approx(1 - WITHHELD) and world.drivers.absorption == pytest.approx(0.6)


def test_shops_lose_their_customers_where_the_conflict_is_and_nowhere_else():
    communities = SimpleNamespace(conflict=np.zeros(30), bridging_factor=np.ones(30))
    world = SimpleNamespace(drivers=Drivers(), communities=communities)
    conflict = SHOCKS["conflict"].settings(**CONFLICT, districts=["Gedebage"])
    conflict.press(world, 1.0, 0, {})
    trade = np.where(conflict.footprint() > 0, 1 - EMPTY_STREETS, 1.0)
    for customers in (world.drivers.demand, world.drivers.footfall):
        assert customers[TRADE] == pytest.approx(trade) and (trade < 1).sum() == 1
        assert (customers[MANUFACTURING] == 1.0).all()
