"""Training for the jobless, public works, the UMK, travel and flats near jobs: what they move, and what they cost."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from lever_worlds import begun, line_of, lived, mean_of, setting
from pydantic import ValidationError

from sim.agents.households import OWNER
from sim.agents.persons import FORMAL, OWN, UNEMPLOYED
from sim.agents.work import matches
from sim.catalogue import LEVERS
from sim.listing import kind_rows
from sim.policies.transport_and_housing import LAG
from sim.policies.worker_training import AGAIN

SCALE, MONTHS, SEEDS = 200, 18, (1, 2, 3)
LOW_HIGH = {
    "worker_training": ({"budget_rp_per_year": 100e9}, {"budget_rp_per_year": 800e9}),
    "public_works": ({"budget_rp_per_year": 100e9}, {"budget_rp_per_year": 800e9}),
    "minimum_wage": ({"extra_growth": -0.02}, {"extra_growth": 0.10}),
    "transport_and_housing": (
        {"budget_rp_per_year": 50e9, "travel_cut": 0.05},
        {"budget_rp_per_year": 500e9, "travel_cut": 0.3},
    ),
}
NAMES = tuple(LOW_HIGH)


@pytest.fixture(scope="module")
def quiet():
    return {seed: lived(begun(SCALE, seed), MONTHS) for seed in SEEDS}


@pytest.fixture(scope="module")
def runs(quiet):
    return {
        (name, end, seed): lived(begun(SCALE, seed), MONTHS, setting(name, **LOW_HIGH[name][end]))
        for name in NAMES
        for end in (0, 1)
        for seed in SEEDS
    }


def effect(quiet, runs, name, end, outcome):
    """Mean over seeds of the difference that a lever makes in the last year."""
    return np.mean([mean_of(runs[name, end, s], outcome, 12) - mean_of(quiet[s], outcome, 12) for s in SEEDS])


@pytest.mark.parametrize("name", NAMES)
def test_a_lever_set_as_today_changes_nothing(name):
    assert lived(begun(SCALE), 2, setting(name)).recorder.digest() == lived(begun(SCALE), 2).recorder.digest()


@pytest.mark.parametrize(
    "name, outcome, sign",
    [
        ("worker_training", "vacancies_rate", -1),
        ("public_works", "poverty_headcount", -1),
        ("public_works", "unemployment_rate", -1),
        ("public_works", "employed", 1),
        ("public_works", "service_quality", 1),
        ("minimum_wage", "median_wage", 1),
        ("minimum_wage", "mean_wage", 1),
        ("minimum_wage", "below_minimum_wage_share", 1),
        ("transport_and_housing", "job_access", 1),
    ],
)
def test_much_of_a_lever_moves_what_it_is_meant_to_and_more_than_little(quiet, runs, name, outcome, sign):
    low, high = (sign * effect(quiet, runs, name, end, outcome) for end in (0, 1))
    assert high > 0 and high > low, (low, high)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("end", [0, 1])
def test_books_balance_and_no_month_spends_more_than_was_granted(runs, name, end):
    for seed in SEEDS:
        model = runs[name, end, seed]
        assert max(model.identities.values()) == 0.0
        spent, granted = np.array(model.spending)[:, 0].T
        assert (spent <= granted + 1).all()
        assert (spent[-1] > 0) == (name != "minimum_wage")


# --- Training ------------------------------------------------------------------------------------------------------


def test_more_money_fills_more_seats_and_nobody_sits_twice_in_two_years(runs):
    low, high = (line_of(runs["worker_training", end, 1], "worker_training") for end in (0, 1))
    assert low.spent / low.reached == high.spent / high.reached == 4_000_000
    assert 0 < low.reached < high.reached < high.eligible
    model = lived(begun(SCALE), 0, setting("worker_training", budget_rp_per_year=800e9))
    for _ in range(12):
        before = model.world.persons.rows["certified"].copy()
        model.step()
        trained = model.world.persons.rows["certified"][: len(before)] > before
        again = trained & (before > model.world.month - 1 - AGAIN)
        assert again.sum() <= 6  # those of the city's own programme, which asks nobody
    assert trained.sum() > 30


def test_a_trained_seeker_counts_a_little_more_in_the_matching_function():
    """Ten seekers of effort 1.08 and ten vacancies: the square root of 1.08 times as many hires."""
    assert matches(10.8, 20.0, 0.3, 0.5) / matches(10.0, 20.0, 0.3, 0.5) == pytest.approx(1.08**0.5)


# --- Public works --------------------------------------------------------------------------------------------------


def test_a_month_of_public_works_costs_half_the_umk_and_materials(runs):
    model = runs["public_works", 0, 1]
    line, world = line_of(model, "public_works"), model.world
    each = 0.5 * world.labour.minimum_wage
    assert line.spent / line.reached == pytest.approx(1.3 * each, rel=0.03)
    assert line.received_by_quintile.sum() / line.reached == pytest.approx(each, rel=0.03)
    assert line.by_quintile[0] > line.by_quintile[4]


def test_most_of_what_public_works_cost_stays_as_local_capital(runs, quiet):
    """Seven tenths of pay and materials, less what is under way, a year's wear and upkeep that has less money."""
    more = runs["public_works", 1, 1].world.services.capital - quiet[1].world.services.capital
    assert 0.45 < more.sum() / line_of(runs["public_works", 1, 1], "public_works").spent < 0.72


def test_who_works_for_the_city_counts_as_employed_and_goes_on_looking(runs):
    """A month's paid work is work (ILO), casual and so informal. To the labour market they are jobless."""
    model = runs["public_works", 1, 1]
    world, latest = model.world, model.latest
    at_work, states = world.labour.on_works, np.bincount(world.persons.rows["state"], minlength=6)
    assert len(at_work) > 5 and (world.persons.rows["state"][at_work] == UNEMPLOYED).all()
    force = states[[FORMAL, OWN, UNEMPLOYED]].sum()
    assert latest["unemployment_rate"] == pytest.approx((states[UNEMPLOYED] - len(at_work)) / force)
    assert latest["employed"] == SCALE * (states[FORMAL] + states[OWN] + len(at_work))
    assert latest["informal_share"] == pytest.approx(1 - SCALE * states[FORMAL] / latest["employed"])
    places = model.recorder.places("employed")[-1], model.recorder.groups("employed")[-1]
    assert [part.sum() for part in places] == [latest["employed"]] * 2


def test_public_works_leave_jobs_as_they_were_when_they_end():
    """Income at once; two years after their end no more people are at work than without (SE over seeds)."""
    short = {"budget_rp_per_year": 800e9, "end": "2025-06"}
    gap = []
    for seed in SEEDS:
        model, usual = (lived(begun(SCALE, seed), 30, *plan) for plan in ((setting("public_works", **short),), ()))
        gap.append(mean_of(model, "employed", 6) / mean_of(usual, "employed", 6) - 1)
    assert abs(np.mean(gap)) < 0.006


# --- The UMK -------------------------------------------------------------------------------------------------------


def test_the_umk_grows_by_what_is_asked_each_january(runs, quiet):
    for seed in SEEDS:
        usual = quiet[seed].world.labour.minimum_wage
        for end, growth in ((0, -0.02), (1, 0.10)):  # January 2025 and January 2026
            found = runs["minimum_wage", end, seed].world.labour.minimum_wage
            assert found / usual == pytest.approx((1 + growth) ** 2, rel=0.002)


def test_employers_pay_more_wages_where_the_umk_rises(runs, quiet):
    """The year's wages of businesses are those of the ledger, and above those of the twin."""
    raised, usual = (m.recorder.city("wages_paid_rp") for m in (runs["minimum_wage", 1, 1], quiet[1]))
    sheet = quiet[1].world.ledger.last
    assert usual[-1] == SCALE * (sheet["wages"] + sheet["wages_to_commuters"])
    assert raised[-12:].sum() > 1.01 * usual[-12:].sum()


def test_formal_jobs_answer_the_umk_within_the_published_range(runs, quiet):
    """Elasticity of formal employment between -0.2 (Comola and de Mello 2011) and 0.05 (Hohberg and Lay 2015)."""
    jobs = [
        [(m.world.persons.rows["state"] == FORMAL).sum() for m in (runs["minimum_wage", 1, s], quiet[s])] for s in SEEDS
    ]
    raised = np.mean([np.log(a / b) for a, b in jobs])
    umk = np.log(runs["minimum_wage", 1, 1].world.labour.minimum_wage / quiet[1].world.labour.minimum_wage)
    assert -0.2 < raised / umk < 0.05


# --- Travel and flats ----------------------------------------------------------------------------------------------


def test_travel_gets_cheaper_by_what_is_paid_for():
    half = setting("transport_and_housing", budget_rp_per_year=159e9, travel_cut=0.3)
    model = lived(begun(SCALE), 3, half)
    assert model.world.drivers.travel == pytest.approx(1 - 0.3 * 159 / 300 * 0.945, rel=0.01)
    assert lived(begun(SCALE), 3).world.drivers.travel == 1.0


@pytest.mark.parametrize("name", ["minimum_wage", "revenue_effort", "csr_coordination"])
def test_what_works_in_the_whole_city_cannot_be_asked_for_in_some_kecamatan(name):
    with pytest.raises(ValidationError, match="works in the whole city"):
        setting(name, districts=("Coblong",))
    rows = {row["name"]: row for row in kind_rows(LEVERS)}
    assert "districts" not in {one["name"] for one in rows[name]["settings"]}


def test_who_names_kecamatan_for_flats_is_told_that_travel_gets_cheaper_everywhere():
    plan = {"budget_rp_per_year": 9e11, "districts": ("Coblong",)}
    assert "in the whole city" in setting("transport_and_housing", **plan).remark
    assert not setting("transport_and_housing", travel_cut=0.0, **plan).remark


def test_flats_stand_where_jobs_are_and_families_without_a_home_move_in():
    flats = setting("transport_and_housing", budget_rp_per_year=900e9, travel_cut=0.0)
    model = begun(50)
    first = copy.deepcopy(model.world.households.rows)
    model = lived(model, LAG + 8, flats)
    line = line_of(model, "transport_and_housing")
    ordered = line.spent // 275e6
    assert 0.3 * ordered < line.reached < ordered
    rows = model.world.households.rows[: len(first)]
    moved = (rows["moved_in"] > LAG - 2) & (rows["alive"] == 1) & (rows["uid"] == first["uid"])
    moved &= (rows["district"] != first["district"]) & (first["tenure"] != OWNER)
    jobs = np.bincount(model.world.businesses.rows["district"], model.world.businesses.rows["workers"], 34)[:30]
    rich = jobs / model.world.people > jobs.sum() / model.world.people.sum()
    assert line.by_district[rich].sum() > 0.7 * line.reached
    assert moved.sum() >= line.reached * 0.5
    assert max(model.identities.values()) == 0.0
