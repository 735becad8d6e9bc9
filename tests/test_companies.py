"""Social projects of companies, and the few who decide for many as Mesa agents."""

from __future__ import annotations

import mesa
import numpy as np
import pytest
from small_city import live, small_city

from sim.agents.businesses import CLOSED
from sim.agents.companies import (
    appeal,
    choose_projects,
    companies_of,
    corporate_giving,
    csr_accrual,
    match_multiplier,
    smallest_project,
    tastes,
    way_of_giving,
)
from sim.agents.districts import Community, Company, District, OuterZone, build_space, populate_space
from sim.agents.services import N_KINDS
from sim.parameters import default_parameters

P = default_parameters().companies
MEAN_TASTE = (1.0, 1.0, 1.0)


def test_a_company_without_profit_sets_nothing_aside():
    assert csr_accrual(-5e9, 0.02, 0.5) == 0 and csr_accrual(0.0, 0.02, 0.5) == 0
    assert csr_accrual(1_000_000_050.0, 0.02, 0.5) == 10_000_000


def test_a_match_raises_giving_once():
    assert match_multiplier(P, 0.0) == 1.0 and match_multiplier(P, 0.4) == 1.0
    assert match_multiplier(P, 0.5) == match_multiplier(P, 3.0) == pytest.approx(1.19)


def test_need_draws_visibility_draws_distance_repels():
    usual = appeal(P, MEAN_TASTE, 0.2, 20.0, 10.0, 0.0, 0.0, 0.0)
    assert appeal(P, MEAN_TASTE, 0.5, 20.0, 10.0, 0.0, 0.0, 0.0) - usual == pytest.approx(0.6)
    assert appeal(P, MEAN_TASTE, 0.2, 30.0, 10.0, 0.0, 0.0, 0.0) - usual == pytest.approx(-0.8)
    assert appeal(P, MEAN_TASTE, 0.2, 20.0, 11.0, 0.0, 0.0, 0.0) - usual == pytest.approx(0.8)
    assert appeal(P, MEAN_TASTE, 0.2, 20.0, 10.0, 1.0, 1.0, 0.0) - usual == pytest.approx(0.9)
    # The Forum turns attention from visibility to need.
    assert appeal(P, MEAN_TASTE, 0.5, 20.0, 10.0, 0.0, 0.0, 1.0) == pytest.approx(2.0 * 2 * 0.5 - 1.6 + 0.8 * 0.4 * 10)


def test_a_small_fund_waits_for_a_project_of_its_own_at_most_a_year():
    assert [way_of_giving(5e6, 2e6, turn) for turn in range(13)] == [1, 0, 0] * 4 + [1]
    assert [turn for turn in range(36) if way_of_giving(1e6, 2e6, turn)] == [0, 12, 24]
    assert way_of_giving(1e6, 2e6, 12) == 2 and way_of_giving(0.0, 0.0, 0) == 0


def test_small_funds_do_not_pile_up():
    """Every company is too small for a project of its own: each gives once a year, and by need, not nearness."""
    p = default_parameters()
    world = small_city(p=p._replace(companies=p.companies._replace(smallest=3.0)))
    world.businesses.rows["csr_fund"] = 0.0
    live(world, 0, 12)
    given, joint, kept = 0, 0, []
    for month in range(12, 36):
        live(world, month, month + 1)
        given += world.counts["csr_rp"]
        joint += world.companies.joint
        kept.append(world.businesses.rows["csr_fund"].sum())
    assert joint == 60 * 2 and given == pytest.approx(60 * 24 * 200_000, rel=0.05)
    assert np.mean(kept) == pytest.approx(60 * 200_000 * 6, rel=0.1)  # half a year's money
    assert max(kept) < 1.2 * min(kept)


def choices_of(need: np.ndarray, forum: float) -> np.ndarray:
    world = small_city()
    firms = world.businesses.rows
    picked = []
    for month in range(150):
        firms["csr_fund"] = 20e6
        choice, _, _ = choose_projects(
            np.arange(60),
            firms,
            need,
            world.city.cost[:, :30],
            np.full(30, 9.0),
            np.zeros((8, 7)),
            np.zeros((30, 7)),
            forum,
            P,
            1e7,
            1,
            month,
        )
        picked.append(choice[choice >= 0])
    return np.concatenate(picked)


def test_projects_follow_the_logit_and_a_company_chooses_once_a_quarter():
    need = np.zeros((30, N_KINDS))
    need[:, 3] = 0.5
    picked = choices_of(need, 0.0)
    assert len(picked) == 60 * 50
    odds = np.exp(P.need * 0.5)  # of the needed service against any other, for the median company
    assert (picked % N_KINDS == 3).mean() == pytest.approx(odds / (odds + 6), abs=0.06)
    assert (choices_of(need, 1.0) % N_KINDS == 3).mean() > (picked % N_KINDS == 3).mean() + 0.05


def test_what_is_given_becomes_works_and_purchases_to_the_rupiah():
    world = live(small_city(), 0, 2)
    firms, service = world.businesses.rows, world.services
    firms["csr_fund"] = 20e6
    firms["csr_fund"][5] = 1e6  # too small to begin anything
    assert 1e6 < smallest_project(world, 60) < 20e6
    works = service.works.sum()
    corporate_giving(world)
    left = firms["csr_fund"].sum()
    given = 59 * 20e6 + 1e6 - left
    assert given == world.counts["csr_rp"] == world.counts["company_purchases"].sum() > 0
    assert service.works.sum() - works == pytest.approx(given * (1 - P.overhead))
    assert firms["csr_fund"][5] == 1e6 and world.companies.projects == given / 20e6
    assert np.array_equal(world.counts["company_purchases"], np.floor(world.counts["company_purchases"]))


def test_companies_differ_and_keep_their_tastes():
    strategies = np.array([tastes(uid, 1, P.taste) for uid in range(1, 400)])
    assert tastes(7, 1, P.taste) == tastes(7, 1, P.taste)
    assert np.median(strategies, axis=0) == pytest.approx(np.ones(3), abs=0.1)
    assert np.log(strategies).std(axis=0) == pytest.approx(np.full(3, P.taste), rel=0.1)
    assert tastes(7, 1, 0.0) == (1.0, 1.0, 1.0)


def test_only_open_firms_of_a_hundred_workers_are_companies():
    world = small_city()
    world.businesses.rows["status"][3] = CLOSED
    world.businesses.rows["size_class"][4] = 1
    assert sorted(set(range(60)) - set(companies_of(world.businesses.rows).tolist())) == [3, 4]


@pytest.fixture(scope="module")
def model():
    class Host(mesa.Model):
        def __init__(self):
            super().__init__()
            self.world = live(small_city(), 0, 2)
            self.space = build_space(self, self.world.city)
            populate_space(self)

    return Host()


def test_places_and_institutions_are_mesa_agents_on_the_network(model):
    kinds = {kind: len(model.agents.select(agent_type=kind)) for kind in (District, OuterZone, Community, Company)}
    assert list(kinds.values()) == [30, 4, 151, 60]
    assert len(model.space.all_cells.cells) == 34
    coblong = next(d for d in model.agents.select(agent_type=District) if d.name == "Coblong")
    assert coblong.code == "32.73.02" and coblong.cell.coordinate == 1
    assert {c.coordinate for c in coblong.cell.neighborhood} >= set(model.world.city.graph.neighbors(1))
    here = [a for a in coblong.cell.agents if isinstance(a, Community)]
    assert len(here) == 6


def test_agents_show_the_figures_of_the_arrays(model):
    districts = model.agents.select(agent_type=District)
    assert sum(d.population for d in districts) == model.world.households.rows["size"].sum()
    assert [d.quality for d in districts] == model.world.services.quality.tolist()
    assert all(0 <= d.poverty <= 1 and 0 < d.social_capital < 1 for d in districts)
    community = list(model.agents.select(agent_type=Community))[10]
    community.facilitation = 0.5
    assert model.world.communities.facilitation[10] == 0.5 and len(community.proposals()) == 4
    assert community.fund == model.world.communities.fund[10] and sum(community.choice.values()) == pytest.approx(1.0)
    company = list(model.agents.select(agent_type=Company))[5]
    assert company.open and company.strategy["need"] > 0 and company.csr_fund >= 0


def test_agents_survive_a_change_in_the_rows(model):
    model.world.businesses.add(5)
    model.world.businesses.rows["csr_fund"][5] = 123.0
    assert list(model.agents.select(agent_type=Company))[5].csr_fund == 123.0
