"""A lever's money: who pays, what is refused, what is left for next month; and the books balance."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.catalogue import SHOCKS, discover
from sim.disturbance import envelope, shocks_of
from sim.intervention import Lever, LeverSettings, ramp_up
from sim.markets.programmes import build, choose, facilitate, give_cash, shares_of
from sim.model import BandungModel
from sim.purse import Kin, Purse, fill_purses

discover()
SCALE = 1000
YEARLY = 240e9


class Plan(LeverSettings):
    """A lever whose act is given by the test."""

    lever: str = "plan"
    does: Any = None
    stage: str = "release"

    def _act(self, stage, world, purse):
        if stage == self.stage and self.does:
            self.does(world, purse)

    def release(self, world, purse, memory):
        self._act("release", world, purse)

    def transfer(self, world, purse, memory):
        self._act("transfer", world, purse)


@dataclass
class Seen:
    money: list = field(default_factory=list)

    def __call__(self, world, purse):
        self.money.append(purse.money)


def lived(*plans, months=4, first=1, shocks=()):
    model = BandungModel(scale=SCALE, seed=3, months=12)
    model.world.shocks = shocks_of(shocks, model.world.start)
    model.world.policies = [Lever(plan, f"plan {k}", first, 99) for k, plan in enumerate(plans)]
    for _ in range(months):
        model.step()
    return model


@pytest.fixture(scope="module")
def quiet():
    return lived()


def test_nobody_is_served_twice_in_a_month_by_lines_of_one_kind():
    """Line A has served persons 1 and 2. B may serve the third and firms of any number; A goes on as it likes."""
    kin = Kin()
    a, b = (Purse(None, SimpleNamespace(name=name), 0, kin=kin) for name in "AB")
    assert b.unserved(np.array([1, 2, 3])).all()
    a.serve(np.array([1, 2]))
    assert b.unserved(np.array([1, 2, 3])).tolist() == [False, False, True]
    assert b.unserved(np.array([1, 2]), "firm").all() and a.unserved(np.array([1, 2])).all()


def test_a_lever_without_money_changes_nothing(quiet):
    assert lived(Plan(budget_rp_per_year=0)).recorder.digest() == quiet.recorder.digest()


def test_a_month_brings_a_twelfth_of_the_budget_as_far_as_it_is_absorbed():
    seen = Seen()
    model = lived(Plan(budget_rp_per_year=YEARLY, does=seen), months=2)
    usual = YEARLY / SCALE / 12 * model.world.p.government.absorption * model.world.deflator
    assert seen.money[0] == pytest.approx(usual, rel=1e-6)


def test_what_is_not_spent_waits_in_the_purse():
    seen = Seen()
    lived(Plan(budget_rp_per_year=YEARLY, does=seen), months=3)
    assert seen.money[1] == pytest.approx(2 * seen.money[0], rel=1e-6)


def test_who_cannot_use_what_lies_in_the_purse_asks_for_no_more():
    """Two months' money and no more; the city goes on buying with the rest."""
    seen = Seen()
    model = lived(Plan(budget_rp_per_year=YEARLY, does=seen), months=8)
    assert seen.money[1:] == pytest.approx([2 * seen.money[0]] * 6, rel=1e-6)
    line = model.world.government.line("plan 0")
    assert line.released == pytest.approx(2 * seen.money[0], rel=1e-6) and line.refused == 0


def test_a_dear_place_is_saved_up_for():
    """One that costs the money of five months is bought in the fifth month, and again."""
    bought = []

    def buy(world, purse):
        price = 5.0 * YEARLY / SCALE / 12 * world.p.government.absorption * world.deflator * 0.999
        if purse.places(price):
            bought.append(world.month)
            purse.pay("programme_costs", price)

    lived(Plan(budget_rp_per_year=YEARLY, does=buy), months=12, first=0)
    assert bought == [4, 9]


def test_a_purse_never_pays_more_than_it_holds():
    def spend(world, purse):
        with pytest.raises(ValueError, match="cannot pay"):
            purse.pay("programme_costs", purse.money + 1)

    lived(Plan(budget_rp_per_year=YEARLY, does=spend), months=2)


def test_money_of_the_budget_line_is_taken_from_other_purchases(quiet):
    plan = Plan(budget_rp_per_year=YEARLY, does=lambda world, purse: purse.pay("programme_costs", purse.money))
    model = lived(plan, months=4)
    spent = model.world.government.programmes["plan 0"].spent
    paid = {name: sum(m.world.ledger.totals.get(f, 0) for f in ("government_purchases", "government_imports"))
            for name, m in (("with", model), ("without", quiet))}  # fmt: skip
    assert spent > 0
    waiting = model.world.government.ordered.sum()
    assert paid["with"] + waiting == pytest.approx(paid["without"], rel=0.01), "a programme's costs are purchases too"
    assert 0 < waiting < spent
    assert abs(model.world.government.treasury - waiting - quiet.world.government.treasury) < 0.2 * spent
    assert max(model.identities.values()) == 0.0


def test_no_more_is_redirected_than_the_discretionary_envelope():
    plan = Plan(budget_rp_per_year=5e12, does=lambda world, purse: purse.pay("programme_costs", purse.money))
    model = lived(plan, months=3)
    line, envelope = model.world.government.programmes["plan 0"], model.world.government.discretionary_yearly / 12
    assert line.spent <= 2 * envelope * 1.02
    assert line.refused > 0
    assert line.spent + line.refused == pytest.approx(
        2 * 5e12 / 12 / SCALE * model.world.p.government.absorption, rel=0.02
    )


def spend_all(world, purse):
    purse.pay("programme_costs", purse.money)


@pytest.mark.parametrize("cut", [0.2, 1.0])
def test_a_cut_of_transfers_takes_from_the_levers_too(cut):
    """A lever of nearly the whole envelope: the city that gets less has less for it, and says so."""
    plan = Plan(budget_rp_per_year=940e9, does=spend_all)
    usual = lived(plan, months=6)
    shock = SHOCKS["fiscal_cut"].settings(kind="fiscal_cut", start="2025-01", cut=cut)
    struck = lived(plan, months=6, shocks=[shock])
    spent, less = (model.world.government.line("plan 0") for model in (usual, struck))
    assert spent.refused == 0 and less.refused > 0.05 * spent.spent
    assert less.spent + less.refused == pytest.approx(spent.spent, rel=1e-3)
    assert 0 <= less.spent < (0.95 if cut < 1.0 else 0.3) * spent.spent
    assert struck.world.government.treasury > 0
    assert max(struck.identities.values()) == 0.0


def test_what_a_poor_treasury_cannot_pay_is_missing_from_all_levers_alike():
    """Money for half of what they ask, beyond other purchases and standing programmes: half for the first and the last.

    With the same money, purchases lose nothing yet: levers are cut before them.
    """
    model = lived(Plan(budget_rp_per_year=400e9), Plan(budget_rp_per_year=200e9), months=2, first=9)
    world, government = model.world, model.world.government
    for policy in world.policies:
        policy.first = world.month
    goods = government.purchases_yearly / 12
    asked = 600e9 / SCALE / 12 * world.deflator * government.absorption
    others = goods - asked + government.programmes_yearly / 12
    government.treasury = int(0.5 * government.reserve + others + 0.5 * asked)
    taken, freed = fill_purses(world, goods)
    lines = [government.line(f"plan {k}") for k in range(2)]
    assert taken == pytest.approx(0.5 * asked, rel=1e-6) and freed == 0.0
    for line, share in zip(lines, (2 / 3, 1 / 3), strict=True):
        assert line.released == pytest.approx(0.5 * share * asked, rel=1e-6) == pytest.approx(line.refused, rel=1e-6)
    assert [policy.purse.money for policy in world.policies] == [int(line.released) for line in lines]


def test_companies_pay_no_more_than_they_have_set_aside():
    plan = Plan(
        budget_rp_per_year=1e12,
        funding="csr",
        does=lambda world, purse: purse.pay("programme_costs", purse.money),
    )
    model = lived(plan, months=4)
    line = model.world.government.programmes["plan 0"]
    assert line.from_companies == pytest.approx(line.spent, abs=2)
    assert line.refused > line.spent
    assert model.world.ledger.totals["company_programmes"] == line.from_companies
    assert max(model.identities.values()) == 0.0


def test_a_match_asks_companies_for_no_more_than_the_citys_half():
    model = lived(Plan(budget_rp_per_year=1e9, funding="match"), months=4)
    line = model.world.government.programmes["plan 0"]
    assert 0 < line.from_companies <= 0.5 * line.released + 1


def test_cash_of_a_million_reaches_the_households_named_and_costs_its_overhead(quiet):
    rows = np.flatnonzero(quiet.world.households.rows["alive"] == 1)[:20]

    def pay(world, purse):
        give_cash(world, purse, rows, 1_000_000, overhead=0.05)

    model = lived(Plan(budget_rp_per_year=1e12, does=pay, stage="transfer"), first=3)
    line = model.world.government.programmes["plan 0"]
    assert (line.reached, line.spent) == (20, 20 * 1_050_000)
    assert line.by_quintile.sum() == line.by_district.sum() == 20
    assert line.received_by_quintile.sum() == 20 * 1_000_000
    gain = model.world.households.rows["income"][rows] - quiet.world.households.rows["income"][rows]
    assert np.median(gain) == 1_000_000


def test_works_raise_capital_after_their_lag_and_are_never_ordered_beyond_the_purse(quiet):
    def order(world, purse):
        works = np.zeros((30, 7))
        works[4, 3] = 1e12
        build(world, purse, works, lag=1)

    model = lived(Plan(budget_rp_per_year=YEARLY, does=order), months=6)
    line = model.world.government.programmes["plan 0"]
    more = model.world.services.capital - lived(months=6).world.services.capital
    assert line.spent <= line.released
    assert more[4, 3] > 0.7 * line.spent
    assert max(model.identities.values()) == 0.0


def test_half_the_money_buys_half_the_facilitators():
    def hire(world, purse):
        facilitate(world, purse, np.full(151, 0.5), 2.0 * purse.money)

    model = lived(Plan(budget_rp_per_year=YEARLY, does=hire))
    assert model.world.communities.facilitation == pytest.approx(np.full(151, 0.25), rel=1e-3)


def test_the_poorest_are_chosen_first_and_shut_districts_not_at_all(quiet):
    world = quiet.world
    rows = np.flatnonzero(world.households.rows["alive"] == 1)
    uids = world.households.rows["uid"][rows]
    where = np.ones(30)
    where[:15] = 0
    picked = rows[choose(world, uids, rows, 100, "need", where, 119)]
    chance = rows[choose(world, uids, rows, 100, "random", where, 119)]
    assert len(picked) == len(chance) == 100
    assert (world.households.rows["district"][picked] >= 15).all()
    assert world.households.rows["average"][picked].mean() < 0.8 * world.households.rows["average"][chance].mean()


def test_places_by_population_follow_the_residents(quiet):
    world = quiet.world
    rows = np.flatnonzero(world.households.rows["alive"] == 1)
    picked = rows[choose(world, world.households.rows["uid"][rows], rows, 150, "population", np.ones(30), 119)]
    got = np.bincount(world.households.rows["district"][picked], minlength=30)
    assert np.abs(got - 150 * world.people / world.people.sum()).max() <= 1.0


@pytest.mark.parametrize("targeting", ["population", "need", "random", "growth"])
def test_shares_of_a_line_add_up_and_stay_where_the_lever_works(quiet, targeting):
    where = np.zeros(30)
    where[[3, 8, 20]] = 1.0
    shares = shares_of(quiet.world, targeting, where)
    assert shares.sum() == pytest.approx(1.0)
    assert (shares[where == 0] == 0).all()


def test_a_shock_is_whole_while_it_lasts_and_fades_along_a_straight_line():
    assert [envelope(t, 2, 3) for t in range(-1, 6)] == pytest.approx([0, 1, 1, 0.75, 0.5, 0.25, 0])
    assert envelope(0, 0, 0) == 0.0


def test_a_lever_grows_in_equal_steps():
    assert [ramp_up(t, 3) for t in (-1, 0, 1, 3, 9)] == pytest.approx([0, 0.25, 0.5, 1, 1])
    assert ramp_up(0, 0) == 1.0
