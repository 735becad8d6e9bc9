"""Two lines of one kind in a package are one programme: together they do what one line with the money of both does."""

from __future__ import annotations

import numpy as np
import pytest
from lever_worlds import begun, lived, setting

from sim.catalogue import LEVERS

SCALE, MONTHS = 1000, 7
WHOLE = {
    "worker_training": {"budget_rp_per_year": 400e9},
    "business_training": {"budget_rp_per_year": 200e9},
    "digital_support": {"budget_rp_per_year": 200e9},
    "business_finance": {"budget_rp_per_year": 400e9, "grant_share": 0.3},
    "cash_transfer": {"budget_rp_per_year": 600e9, "coverage": 0.4},
    "child_transfer": {"budget_rp_per_year": 200e9, "coverage": 0.4},
    "service_infrastructure": {"budget_rp_per_year": 400e9},
    "maintenance": {"budget_rp_per_year": 160e9, "share": 1.2},
    "flood_protection": {"budget_rp_per_year": 400e9},
    "seismic_retrofit": {"budget_rp_per_year": 600e9},
    "participatory_budget": {"budget_rp_per_year": 100e9, "mode": "plebiscite"},
    "community_facilitation": {"budget_rp_per_year": 6e9},
    "child_friendly_city": {"budget_rp_per_year": 80e9},
    "csr_coordination": {"budget_rp_per_year": 2e9},
    "csr_match": {"budget_rp_per_year": 20e9},
    "public_works": {"budget_rp_per_year": 400e9},
    "transport_and_housing": {"budget_rp_per_year": 600e9, "travel_cut": 0.1},
}
NOBODY = ("service_infrastructure", "maintenance", "csr_coordination", "csr_match")  # reach places, and count nobody
LATER = ("transport_and_housing",)  # nobody moves in before the flats are built, a year later


def lines(name, *plans):
    """A city under these lines of a kind; what they spent and whom they reached, in all."""
    model = lived(begun(SCALE), MONTHS, *(setting(name, funding="reserve", **plan) for plan in plans))
    books = [model.world.government.line(lever.name) for lever in model.world.policies]
    return model, sum(line.spent for line in books), sum(line.reached for line in books)


def halves(plan):
    return [plan | {"budget_rp_per_year": plan["budget_rp_per_year"] / 2}] * 2


def test_every_lever_that_takes_money_is_tried_in_two_lines():
    assert set(WHOLE) == {name for name, kind in LEVERS.items() if not kind.settings.free}


@pytest.mark.parametrize("name", WHOLE)
def test_two_halves_spend_and_reach_what_one_whole_does(name):
    _, spent, reached = lines(name, WHOLE[name])
    two, spent_by_two, reached_by_two = lines(name, *halves(WHOLE[name]))
    assert spent > 0 and spent_by_two == pytest.approx(spent, rel=0.05)  # a purse keeps less than a place costs
    assert reached_by_two == pytest.approx(reached, rel=0.1)
    assert (reached == 0) == (name in NOBODY + LATER)
    assert (LEVERS[name].reach == "") == (name in NOBODY)  # who is counted has a unit
    assert max(two.identities.values()) == 0.0


def test_a_family_on_two_lists_is_paid_once():
    """Each line could pay the whole list: the second finds nobody left, and asks for nothing."""
    plan = {"budget_rp_per_year": 600e9, "coverage": 0.1, "amount_rp": 200e3}
    one, spent, _ = lines("cash_transfer", plan)
    two, spent_by_two, _ = lines("cash_transfer", plan, plan)
    assert spent_by_two == pytest.approx(spent, rel=0.01)
    assert two.world.government.line("policy: cash_transfer 2").spent <= 0.02 * spent
    assert two.world.households.rows["aid"].max() == one.world.households.rows["aid"].max()


def test_cash_while_a_shock_presses_comes_on_top_of_regular_cash():
    modes = [setting("cash_transfer", mode=mode).programme for mode in ("regular", "adaptive")]
    assert modes[0] != modes[1]


def test_there_is_one_secretariat_to_pay_for():
    one, spent, _ = lines("csr_coordination", {"budget_rp_per_year": 3e9})
    two, spent_by_two, _ = lines("csr_coordination", {"budget_rp_per_year": 3e9}, {"budget_rp_per_year": 3e9})
    assert spent_by_two == pytest.approx(spent, rel=0.01)
    assert two.world.companies.reporting == pytest.approx(one.world.companies.reporting, rel=0.01)


@pytest.mark.parametrize("share", [0.8, 1.1])
def test_a_share_of_upkeep_is_a_level_and_reached_once(share):
    one, spent, _ = lines("maintenance", {"share": share})
    two, spent_by_two, _ = lines("maintenance", {"share": share}, {"share": share})
    assert spent_by_two == pytest.approx(spent, rel=0.01)
    assert two.world.services.maintenance == pytest.approx(one.world.services.maintenance, abs=1e-3)


def test_two_lines_promise_no_more_than_the_match_and_no_more_than_their_caps():
    plenty, scarce = {"budget_rp_per_year": 200e9}, {"budget_rp_per_year": 4e9}
    for plan in (plenty, scarce):
        one, two = (lines("csr_match", *plans)[0] for plans in ([plan], halves(plan)))
        assert two.world.companies.match == pytest.approx(one.world.companies.match, rel=0.02)
        assert np.max(two.world.companies.match) <= 1.0
    _, spent_twice, _ = lines("csr_match", plenty, plenty)
    assert spent_twice == pytest.approx(lines("csr_match", plenty)[1], rel=0.02)


def test_halves_of_a_plebiscite_are_felt_and_of_a_warning_heard_as_much_as_the_whole():
    """Money adds up before it is reckoned how far it goes."""
    plan = {"budget_rp_per_year": 20e9, "mode": "plebiscite"}
    one, two = (lines("participatory_budget", *plans)[0] for plans in ([plan], halves(plan)))
    assert 0 < np.median(one.world.communities.voice) < 1
    assert two.world.communities.voice == pytest.approx(one.world.communities.voice, rel=0.02)
    plan = {"budget_rp_per_year": 100e9}
    one, two = (lines("flood_protection", *plans)[0] for plans in ([plan], halves(plan)))
    assert 0 < one.world.hazards.warning.max()
    assert two.world.hazards.warning == pytest.approx(one.world.hazards.warning, rel=0.05)


def test_facilitators_of_two_lines_work_in_as_many_kelurahan_as_those_of_one():
    plan = WHOLE["community_facilitation"]
    one, two = (lines("community_facilitation", *plans)[0] for plans in ([plan], halves(plan)))
    helped = [(model.world.communities.facilitation > 0).sum() for model in (one, two)]
    assert helped[1] == pytest.approx(helped[0], rel=0.1)


def test_nobody_owes_to_two_lines_at_once():
    model = lines("business_finance", *halves(WHOLE["business_finance"]))[0]
    books = [lever.memory["book"] for lever in model.world.policies]
    assert all(len(book) for book in books)
    for firm in (True, False):
        assert not np.intersect1d(*(book["uid"][(book["firm"] == firm) & (book["owed"] > 0)] for book in books)).size


SERVED = {  # how many are served by anybody, each counted once
    "public_works": lambda world: len(world.labour.on_works),
    "worker_training": lambda world: (world.persons.rows["certified"] >= 0).sum(),
    "business_training": lambda world: (world.persons.rows["practice"] > 0.2).sum(),
    "cash_transfer": lambda world: (world.households.rows["aid"] > 0).sum(),
    "child_transfer": lambda world: (world.households.rows["aid"] > 0).sum(),
}


@pytest.mark.parametrize("name", SERVED)
def test_the_second_half_goes_to_others_than_the_first(name):
    served = [SERVED[name](lines(name, *plans)[0].world) for plans in ([WHOLE[name]], halves(WHOLE[name]))]
    assert served[1] == pytest.approx(served[0], rel=0.1)
