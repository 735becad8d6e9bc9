"""The Forum TJSL and the city's match of companies' projects: what they move, and what they cost."""

from __future__ import annotations

import numpy as np
import pytest
from lever_worlds import begun, line_of, lived, mean_of, setting

from sim.agents.companies import FIT, Giving, choose_projects, companies_of
from sim.agents.musrenbang import need_of
from sim.parameters import default_parameters
from sim.policies.csr_match import offer

SCALE, MONTHS = 1000, 24
P = default_parameters()
NAMES = ("csr_coordination", "csr_match")
LOW_HIGH = {
    "csr_coordination": (
        {"budget_rp_per_year": 2e9, "reporting": 1.2},
        {"budget_rp_per_year": 3e9, "secretariat_rp": 2e9, "reporting": 2.2},
    ),
    "csr_match": ({"budget_rp_per_year": 2e9}, {"budget_rp_per_year": 60e9, "match": 3.0}),
}


@pytest.fixture(scope="module")
def quiet():
    return lived(begun(SCALE), MONTHS)


@pytest.fixture(scope="module")
def runs(quiet):
    return {
        (name, end): lived(begun(SCALE), MONTHS, setting(name, **values))
        for name in NAMES
        for end, values in enumerate(LOW_HIGH[name])
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_lever_without_money_changes_nothing(name):
    assert lived(begun(SCALE), 2, setting(name)).recorder.digest() == lived(begun(SCALE), 2).recorder.digest()


def test_a_match_of_nothing_changes_nothing():
    none = setting("csr_match", budget_rp_per_year=30e9, match=0.0)
    assert lived(begun(SCALE), 2, none).recorder.digest() == lived(begun(SCALE), 2).recorder.digest()


@pytest.mark.parametrize("name", NAMES)
def test_giving_and_services_rise_and_rise_more_with_more(quiet, runs, name):
    for outcome in ("csr_rp", "service_quality"):
        usual, low, high = (mean_of(m, outcome, 12) for m in (quiet, runs[name, 0], runs[name, 1]))
        assert high > usual and high > low, outcome


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("end", [0, 1])
def test_books_balance_and_no_month_spends_more_than_was_granted(runs, name, end):
    model = runs[name, end]
    assert max(model.identities.values()) == 0.0
    spent, granted = np.array(model.spending)[:, 0].T
    assert (spent <= granted + 1).all() and spent[-1] > 0


def test_giving_stays_within_what_is_recorded_today_without_a_lever(quiet):
    """Rp 25 to 40 billion a year on the books, with two quarters of it waiting in the funds, at any scale."""
    yearly = 12 * mean_of(quiet, "csr_rp", 24)
    assert 25e9 < yearly < 40e9
    funds = quiet.world.businesses.rows["csr_fund"].sum() * SCALE
    assert 1.0 < funds / (yearly / 4) < 3.0


# --- The Forum -----------------------------------------------------------------------------------------------------


def test_the_forum_records_more_and_never_more_than_everything():
    giving = Giving(price=1.0)
    assert giving.recorded(0.4, P.companies) == pytest.approx(0.4)
    giving.reporting = 2.0
    assert giving.recorded(0.4, P.companies) == pytest.approx(0.8)
    giving.reporting, giving.match = 4.0, np.ones((30, 7))
    assert giving.recorded(0.4, P.companies) == 1.0


def test_a_secretariat_works_as_far_as_it_is_paid():
    def forum(budget):
        plan = setting("csr_coordination", budget_rp_per_year=budget)
        return lived(begun(SCALE), 1, plan)

    paid = P.government.absorption
    assert forum(1e9).world.companies.forum == pytest.approx(0.5 * paid, rel=1e-3)
    assert forum(1e9).world.companies.reporting == pytest.approx(1 + 0.5 * paid, rel=1e-3)
    rich = forum(50e9)
    assert rich.world.companies.forum == pytest.approx(1.0, rel=1e-4)
    cost = 2e9 * rich.world.deflator / 12 / SCALE
    assert line_of(rich, "csr_coordination").spent == pytest.approx(cost, abs=1)


def test_coordinated_projects_follow_need_and_not_the_crowd():
    """Need counts double, what is seen by many less: the same companies, asked 200 times in the same city."""
    world = begun(SCALE).world
    need, people = need_of(world.services), np.log(world.communities.presence()[0])
    firms, rows = world.businesses.rows, companies_of(world.businesses.rows)

    def chosen(forum):
        picked = []
        for month in range(0, 600):
            firms["csr_fund"][rows] = 1e9
            tables = (need, world.city.cost[:, :30], people, FIT, np.zeros((30, 7)), forum, P.companies)
            choice, _, _ = choose_projects(rows, firms, *tables, 1e6, 1, month)
            picked.append(choice[choice >= 0])
        choice = np.concatenate(picked)
        return need.ravel()[choice].mean(), people[choice // 7].mean()

    usual, coordinated = chosen(0.0), chosen(1.0)
    assert coordinated[0] > 1.03 * usual[0] and coordinated[1] < usual[1] - 0.02


# --- The match -----------------------------------------------------------------------------------------------------


def test_the_city_promises_no_more_than_its_cap_can_pay():
    assert offer(1.0, 30e9, 20e9) == 1.0 and offer(2.0, 30e9, 20e9) == 1.5
    assert offer(1.0, 1e9, 20e9) == pytest.approx(0.05) and offer(1.0, 1e9, 0.0) == 1.0


def test_match_money_goes_to_the_companies_own_projects_where_services_lack():
    model = begun(SCALE)
    world = model.world
    plan = setting("csr_match", budget_rp_per_year=100e9, match=1.0)
    lived(model, 5, plan)
    given, need = world.companies.given.copy(), need_of(world.services)
    line, before = line_of(model, "csr_match"), line_of(model, "csr_match").spent
    eligible = plan.eligible(world)
    wanted = given * eligible
    assert ((eligible > 0) == (need > need.mean())).all() and wanted.sum() > 0
    model.step()
    assert line.spent - before == pytest.approx(wanted.sum(), rel=0.02, abs=60)
    lag = int(P.companies.works_lag) - 1  # a month has passed since the works began
    assert (world.services.works[:, :, lag][wanted > 0] >= wanted[wanted > 0]).all()


def test_a_cap_too_small_to_be_felt_raises_nothing(quiet, runs):
    giving = [sum(m.recorder.city("csr_rp")) for m in (quiet, runs["csr_match", 0])]
    assert giving[1] / giving[0] == pytest.approx(1.0, abs=0.05)
    assert runs["csr_match", 0].world.companies.match.max() < 0.5


def test_a_match_for_two_kecamatan_raises_giving_there_and_not_everywhere():
    """In the whole city it raises what companies set aside in full, in some kecamatan by their part of giving; it
    draws companies to matched projects alone."""
    wide, narrow = (
        lived(begun(SCALE), 2, setting("csr_match", budget_rp_per_year=60e9, districts=where)).world
        for where in ((), ("32.73.01", "32.73.02"))
    )
    matched = narrow.companies.match > 0
    assert matched[:2].any() and not matched[2:].any()
    usual, somewhat, much = (
        giving.recorded(0.4, P.companies) for giving in (Giving(price=1.0), narrow.companies, wide.companies)
    )
    given = narrow.companies.given_year.sum(axis=0)
    part = given[matched].sum() / given[narrow.companies.open_to_match > 0].sum()
    assert somewhat / usual == pytest.approx(1.0 + 0.19 * part, rel=1e-6) and part < 0.3
    assert usual <= somewhat < much == pytest.approx(1.19 * usual)


def test_the_match_stays_under_its_cap(runs):
    spent = line_of(runs["csr_match", 0], "csr_match").spent * SCALE
    assert spent <= 2 * 2e9 * 1.001
