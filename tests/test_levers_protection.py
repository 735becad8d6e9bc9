"""Cash for poor families and for their children: who is on the list, who is paid, what is refused."""

import copy
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.agents.beneficiaries import draw_list, rank_within
from sim.agents.persons import CHILD, PERSON
from sim.disturbance import ShockSettings, shocks_of
from sim.intervention import levers_of
from sim.markets.listed_transfer import before_transfer
from sim.model import BandungModel
from sim.policies.cash_transfer import CashTransfer, pressed
from sim.policies.child_transfer import ChildTransfer, grow_healthier, keep_at_school, paid_for

SCALE = 1000
PLENTY = {"budget_rp_per_year": 5e12, "funding": "reserve"}


class Press(ShockSettings):
    """A shock that does nothing but press."""

    kind: str = "press"


@dataclass
class Seen:
    """What a transfer paid each month, and whom."""

    months: list = field(default_factory=list)
    aid: np.ndarray | None = None  # of each household, after the transfers of the last month

    def steer(self, world) -> None:
        line = next(iter(n for name, n in world.government.programmes.items() if name.startswith("policy")), None)
        self.months.append(line.spent if line else 0.0)

    def act(self, stage: str, world) -> None:
        if stage == "transfer":
            self.aid = world.households.rows["aid"].copy()

    def seated(self, new) -> None:
        pass


def lived(*plans, months=24, shocks: tuple[Any, ...] = (), scale=SCALE, seed=2, watch=None):
    """A city that has lived under some levers; none ever spends more than it was granted."""
    model = BandungModel(scale=scale, seed=seed, months=months, threads=1)
    model.world.policies = [*levers_of(plans, model.world.start), *([watch] if watch else [])]
    model.world.shocks = shocks_of(shocks, model.world.start)
    for _ in range(months):
        model.step()
        for lever in model.world.policies[: len(plans)]:
            line = model.world.government.line(lever.name)
            assert line.spent <= line.released + 1
    return model


def cash(**given):
    return CashTransfer(lever="cash_transfer", **given)


def child(**given):
    return ChildTransfer(lever="child_transfer", **given)


def last_year(model, name):
    return float(np.mean(model.recorder.city(name)[-12:]))


@pytest.fixture(scope="module")
def quiet():
    return lived()


@pytest.fixture(scope="module")
def paid():
    return lived(cash(amount_rp=200e3, coverage=0.2, **PLENTY))


@pytest.fixture(scope="module")
def paid_children():
    return lived(child(amount_rp=200e3, coverage=0.4, **PLENTY))


def test_without_money_amount_or_coverage_nothing_changes():
    usual = lived(months=4).recorder.digest()
    for plan in (
        cash(),
        cash(amount_rp=0, **PLENTY),
        cash(coverage=0, **PLENTY),
        child(),
        child(amount_rp=0, **PLENTY),
    ):
        assert lived(plan, months=4).recorder.digest() == usual


def test_more_cash_leaves_fewer_people_poor_and_hungry():
    """In a city large enough that chance after two years is smaller than a small transfer."""
    sizes = ((), (cash(amount_rp=100e3, coverage=0.2, **PLENTY),), (cash(amount_rp=200e3, coverage=0.2, **PLENTY),))
    quiet, little, paid = (lived(*plans, scale=100) for plans in sizes)
    for name in ("poverty_headcount", "poverty_gap"):
        assert last_year(paid, name) < last_year(little, name) < last_year(quiet, name)
    assert last_year(paid, "food_insecure_share") < last_year(quiet, "food_insecure_share")


def test_cash_for_children_lifts_families_and_small_children(quiet, paid_children):
    assert last_year(paid_children, "poverty_gap") < last_year(quiet, "poverty_gap")
    assert last_year(paid_children, "child_development") > last_year(quiet, "child_development")
    assert last_year(paid_children, "out_of_school_share") <= last_year(quiet, "out_of_school_share")


def test_the_books_balance_at_the_ends_of_the_ranges(paid, paid_children):
    extreme = [cash(amount_rp=600e3, coverage=0.4, exclusion_error=0, inclusion_error=0.4, **PLENTY)]
    extreme += [child(amount_rp=200e3, coverage=0.4, administration=0.06, budget_rp_per_year=5e12)]
    for model in (lived(*extreme, months=12), paid, paid_children):
        assert max(model.identities.values()) == 0.0


def test_administration_comes_on_top_and_reach_leakage_and_coverage_are_counted(paid):
    line = paid.world.government.programmes["policy: cash_transfer"]
    assert line.spent == pytest.approx(1.04 * line.received_by_quintile.sum(), rel=1e-6)
    assert line.received_by_quintile.sum() == pytest.approx(200e3 * line.reached)
    assert line.leaked / line.received_by_quintile.sum() == pytest.approx(0.15, abs=0.02)
    right = line.reached - line.leaked / 200e3
    assert right / line.eligible == pytest.approx(0.65, abs=0.03)


def test_a_short_purse_pays_in_the_order_of_the_list_and_counts_what_it_refuses():
    watch = Seen()
    model = lived(cash(amount_rp=200e3, coverage=0.3, budget_rp_per_year=100e9), months=3, watch=watch)
    lever = model.world.policies[0]
    line, listed = model.world.government.programmes[lever.name], lever.memory["listed"]
    assert 0 < line.reached < 3 * len(listed.rows)
    assert line.refused > 0
    assert line.spent + line.refused == pytest.approx(3 * 1.04 * 200e3 * len(listed.rows), rel=0.03)
    first = listed.rows[: line.reached // 3]
    assert (watch.aid[first] >= 200e3).all()


def test_errors_of_the_list_weigh_as_much_on_a_short_purse():
    """The city does not know who on its list is poorest: a fifth of the money leaks the same share."""
    short = lived(cash(amount_rp=200e3, coverage=0.3, budget_rp_per_year=100e9), months=2, scale=100)
    line = line_of(short)
    assert line.refused > 3 * line.spent
    assert 0.08 < line.leaked / line.received_by_quintile.sum() < 0.25
    assert 0.4 < line.received_by_quintile[0] / line.received_by_quintile.sum() < 0.8


def line_of(model):
    return model.world.government.programmes[model.world.policies[0].name]


def test_what_quiet_months_leave_is_there_in_the_hard_ones_of_the_same_year():
    """Rp 60 billion a year, a shock in September and October: paid with ten months' money. In the January that follows
    nothing of the year before is left."""
    plan = {"mode": "adaptive", "delay": 0, "least": 1, "amount_rp": 200e3, "coverage": 0.4}
    due = {}
    for name, budget, start in (("plenty", 5e12, "2025-09"), ("year", 60e9, "2025-09"), ("new year", 60e9, "2026-01")):
        watch, shock = Seen(), Press(start=start, duration=2, recovery=0)
        lived(cash(**plan, budget_rp_per_year=budget, funding="reserve"), months=14, shocks=(shock,), watch=watch)
        due[name] = np.diff([*watch.months, watch.months[-1]]) * SCALE / 1e9
    twelfth = 60 * 0.945 / 12
    assert due["plenty"][8] > 9 * twelfth
    assert due["year"][8] == pytest.approx(9 * twelfth, rel=0.08) and due["year"][9] == pytest.approx(twelfth, rel=0.3)
    assert due["new year"][12] == pytest.approx(twelfth, rel=0.3)


def test_adaptive_cash_waits_for_a_shock_then_for_its_delay_and_ends_with_it():
    watch = Seen()
    shock = Press(start="2025-03", duration=4, recovery=0)
    lived(cash(mode="adaptive", delay=2, least=1, **PLENTY), months=10, shocks=(shock,), watch=watch)
    paid = np.diff([*watch.months, watch.months[-1]])
    assert list(np.flatnonzero(paid)) == [4, 5]  # pressed in months 2 to 5 of the run


def test_adaptive_cash_outlasts_a_short_shock():
    watch = Seen()
    shock = Press(start="2025-03", duration=1, recovery=0)
    lived(cash(mode="adaptive", delay=2, least=3, **PLENTY), months=10, shocks=(shock,), watch=watch)
    paid = np.diff([*watch.months, watch.months[-1]])
    assert list(np.flatnonzero(paid)) == [4, 5, 6]


def test_adaptive_cash_without_a_shock_is_no_policy_at_all():
    assert lived(cash(mode="adaptive", **PLENTY), months=4).recorder.digest() == lived(months=4).recorder.digest()


def test_adaptive_cash_is_paid_only_where_the_shock_presses(quiet):
    world = copy.deepcopy(quiet.world)
    world.month = 3
    world.shocks = shocks_of((Press(start="2025-01", duration=6, districts=["Gedebage"]),), world.start)
    assert list(np.flatnonzero(pressed(world, 2, 1))) == [26]
    assert not pressed(world, 4, 1).any()
    rows = np.flatnonzero(world.households.rows["alive"] == 1)
    due = rows[cash(mode="adaptive", delay=0).is_paid(world, rows)]
    assert (world.households.rows["district"][due] == 26).all() and len(due)


@pytest.fixture(scope="module")
def homes(quiet):
    rows = quiet.world.households.rows.copy()
    return rows, np.flatnonzero(rows["alive"] == 1)


def test_a_list_without_errors_holds_the_poorest_those_known_first(homes):
    rows, here = homes
    listed = draw_list(rows, here, 50, (0.0, 0.0), (1, 105, 0))
    assert set(listed.rows) == set(here[np.argsort(rows["average"][here], kind="stable")[:50]])
    known = rows["registered"][listed.rows] > 0
    assert listed.meant.all() and 0 < known.sum() < 50 and known[: known.sum()].all()


def test_a_list_misses_some_and_holds_some_it_should_not(homes):
    rows, here = homes
    listed = draw_list(rows, here, 200, (0.35, 0.15), (1, 105, 0))
    poorest = here[np.argsort(rows["average"][here], kind="stable")[:200]]
    assert listed.meant.sum() == 130 == np.isin(listed.rows, poorest).sum()
    assert (~listed.meant).sum() == round(0.15 / 0.85 * 130)
    again = draw_list(rows, here, 200, (0.35, 0.15), (1, 105, 12))  # a year later, everybody as poor as before
    assert (again.rows == listed.rows).all() and again.drawn == 12


def test_the_registry_decides_who_is_found(homes):
    rows, here = homes
    listed = draw_list(rows, here, 200, (0.35, 0.0), (1, 105, 0))
    poorest = here[np.argsort(rows["average"][here], kind="stable")[:200]]
    known = poorest[rows["registered"][poorest] > 0]
    assert 0 < len(known) < 200
    assert np.isin(known, listed.rows).sum() == min(len(known), 130)


def test_a_list_by_population_takes_the_same_share_everywhere_and_by_lot_anybody(homes):
    rows, here = homes
    by_place = draw_list(rows, here, 250, (0.0, 0.0), (1, 105, 0), "population")
    share = np.bincount(rows["district"][by_place.rows], minlength=30) / np.bincount(rows["district"][here])
    assert np.abs(share - 250 / len(here)).max() < 0.07
    lot = draw_list(rows, here, 250, (0.35, 0.15), (1, 105, 0), "random")
    assert len(lot.rows) == 250
    assert rows["average"][lot.rows].mean() > 2 * rows["average"][by_place.rows].mean()


def test_ranks_run_within_each_place():
    assert rank_within(np.array([5.0, 1.0, 7.0, 2.0]), np.array([0, 0, 1, 1])) == pytest.approx(
        [0.75, 0.25, 0.75, 0.25]
    )


def test_a_family_counts_on_part_of_a_transfer():
    """Permanent income 2.0 million, income 2.3 of which 0.3 is a transfer, counted at 0.4: 2.0 + 0.15 * 0.12."""
    before = before_transfer(2.0e6, 0.3e6, 0.4, 0.15)
    assert before + 0.15 * (2.3e6 - before) == pytest.approx(2.0e6 + 0.15 * (2.12e6 - 2.0e6))
    assert before_transfer(2.0e6, 0.3e6, 1.0, 0.15) == 2.0e6


def test_children_count_below_school_age_and_then_only_at_school(quiet):
    world = copy.deepcopy(quiet.world)
    homes, persons = world.households.rows, world.persons.rows
    families = np.flatnonzero((homes["alive"] == 1) & (homes["children"] > 0))
    number, found = paid_for(world, families)
    age = world.month - persons["born"][found].astype(int)
    assert number.sum() == len(found) > 0
    assert (age < 180).all() and (persons["enrolled"][found[age >= 84]] == 1).all()
    persons["enrolled"] = 0
    assert paid_for(world, families)[0].sum() == (age < 84).sum()


def test_half_of_those_who_leave_school_are_kept(quiet):
    world = copy.deepcopy(quiet.world)
    persons, homes = world.persons.rows, world.households.rows
    age = world.month - persons["born"].astype(int)
    pupils = np.flatnonzero((persons["state"] == CHILD) & (persons["enrolled"] == 1) & (age >= 84) & (age < 179))
    homes["registered"] = 0
    persons["enrolled"][pupils] = 0
    keep_at_school(world, pupils)
    assert persons["enrolled"][pupils].mean() == pytest.approx(0.5, abs=0.07)
    homes["registered"] = homes["hardship"] = 1  # these leave half as often already
    persons["enrolled"][pupils] = 0
    keep_at_school(world, pupils)
    assert persons["enrolled"][pupils].sum() == 0


def test_twelve_months_of_health_visits_make_a_year_s_gain():
    p = SimpleNamespace(children=SimpleNamespace(transfer_gain=0.02))
    world = SimpleNamespace(persons=SimpleNamespace(rows=np.zeros(2, PERSON)), p=p)
    for _ in range(12):
        grow_healthier(world, np.array([1]))
    assert world.persons.rows["human"] == pytest.approx([0.0, 0.02])


def test_families_without_children_get_nothing_for_children(paid_children):
    listed = paid_children.world.policies[0].memory["listed"]
    drawn_at = paid_children.world.households.rows["children"][listed.rows]
    assert (drawn_at > 0).mean() > 0.9  # a year later some have grown up


def test_the_list_is_drawn_anew_after_a_year(paid):
    assert paid.world.policies[0].memory["listed"].drawn == 12
