"""The measured month as a whole: every declared outcome, for any number of threads and any order of rows."""

import math

import numpy as np
import pytest
from months import lived
from random_city import random_world

from sim.catalogue import LEVERS, SHOCKS, discover
from sim.declare import OUTCOMES
from sim.disturbance import shocks_of
from sim.intervention import levers_of
from sim.ledger import FLOWS, GOVERNMENT
from sim.listing import outcome_rows
from sim.outcomes.business import leverage
from sim.outcomes.measure import evaluate, measure, observe
from sim.walk import set_threads


@pytest.fixture(scope="module")
def world():
    return random_world()


@pytest.fixture(scope="module")
def measured(world):
    return measure(world)


def test_every_declared_outcome_is_measured_where_it_says(measured):
    import sim.outcomes.measure  # noqa: F401

    assert set(measured.values) == set(OUTCOMES)
    for name, line in OUTCOMES.items():
        assert math.isfinite(measured.city(name)), name
        assert np.isfinite(measured.places(name)).all() == line.by_place, name
        assert np.isfinite(measured.groups(name)).all() == line.by_group, name


def test_the_contract_s_names_are_measured(measured):
    contract = (
        "population, unemployment_rate, informal_share, median_wage, poverty_headcount, poverty_gap, poverty_severity, "
        "gini, theil, theil_between_districts, palma, bottom40_share, food_insecure_share, no_buffer_share, "
        "out_of_school_share, child_development, participation_rate, trust, bridging, mutual_aid_rp, service_access, "
        "service_quality, value_added_index, business_survival, technology_adoption, csr_rp, treasury_rp, wellbeing, "
        "resilience_index"
    )
    assert set(contract.split(", ")) <= set(measured.values)


def test_shares_are_fractions(measured):
    for name, line in OUTCOMES.items():
        if line.unit.startswith("share"):
            assert 0 <= measured.city(name) <= 1, name


def test_the_same_figures_for_one_two_and_three_threads_and_small_blocks(monkeypatch):
    reference = {k: v.tobytes() for k, v in measure(random_world()).values.items()}
    try:
        for threads, block in ((1, 700), (2, 700), (3, 97), (2, 1 << 15)):
            set_threads(threads)
            monkeypatch.setattr("sim.walk.BLOCK", block)
            again = {k: v.tobytes() for k, v in measure(random_world()).values.items()}
            assert again == reference, (threads, block)
    finally:
        set_threads(1)


def test_the_order_of_households_and_districts_does_not_matter():
    one, two = random_world(), random_world()
    order = np.random.default_rng(5).permutation(two.households.n)
    back = np.argsort(order)
    two.households.rows[:] = two.households.rows[order]
    two.persons.rows["home"] = back[two.persons.rows["home"]]
    first, second = measure(one), measure(two)
    for name in first.values:
        assert first.values[name].tobytes() == second.values[name].tobytes(), name


def test_leverage_is_private_money_over_public_money():
    assert leverage(30.0, 60.0) == 0.5 and leverage(5.0, 0.0) == 0.0


def test_more_money_for_neighbourhoods_brings_more_private_money_to_each_rupiah_the_city_spends():
    """Self-help follows grants at 0.18 to 0.60 of them, and grants take the place of other purchases: residents add
    more to what the city spends, and the index calls that better governance."""
    discover()
    usual, doubled = lived(13), lived(1)
    more = LEVERS["participatory_budget"].settings(lever="participatory_budget", budget_rp_per_year=1.5e11)
    doubled.world.policies = levers_of([more], doubled.world.start)
    for _ in range(12):
        doubled.step()
    without, with_more = usual.latest["leverage"], doubled.latest["leverage"]
    assert 0.005 < without < with_more < 0.03
    assert doubled.latest["resilience_governance"] > usual.latest["resilience_governance"]
    spent = sum(usual.world.ledger.last[flow] for flow, (payer, _) in FLOWS.items()
                if payer == GOVERNMENT and flow in usual.world.ledger.last)  # fmt: skip
    assert 5e12 < 12 * spent * usual.world.scale < 10e12  # of the size of the APBD


def test_what_is_declared_and_not_measured_or_measured_and_not_declared_is_named(monkeypatch):
    outcome_rows()  # imports every file of sim/outcomes
    seen = observe(random_world())
    names, _ = evaluate([seen])
    assert set(names) == set(OUTCOMES)
    monkeypatch.setitem(OUTCOMES, "gotong", OUTCOMES["trust"])
    monkeypatch.delitem(OUTCOMES, "gini")
    with pytest.raises(ValueError, match="declared and not measured: gotong; measured and not declared: gini"):
        evaluate([seen])


@pytest.fixture(scope="module")
def troubled():
    """Every outcome of the city, month by month, with a pandemic, a failing government and an earthquake."""
    discover()
    model, months = lived(2), []
    settings = [
        SHOCKS[kind].settings(kind=kind, start="2025-04") for kind in ("pandemic", "governance_failure", "earthquake")
    ]
    model.world.shocks = shocks_of(settings, model.world.start)
    for _ in range(16):
        model.step()
        months.append(model.latest)
    return months


@pytest.mark.parametrize("name", sorted(OUTCOMES))
def test_no_outcome_stands_still(troubled, name):
    assert len({month[name] for month in troubled}) > 1


@pytest.mark.parametrize(
    "name", [name for name, line in OUTCOMES.items() if line.unit.startswith(("share", "index 0-1"))]
)
def test_shares_and_indices_are_between_nought_and_one(troubled, name):
    assert all(0.0 <= month[name] <= 1.0 for month in troubled)
