"""Trials inside the model, against the published effects: a match of giving, a parenting programme.

Each unit is its own control: the same company, the same child, in two worlds of one past and one luck.
"""

from __future__ import annotations

import numpy as np
import pytest
from lever_worlds import begun, lived, setting

from sim.agents.companies import companies_of
from sim.agents.growing_up import involvement
from sim.agents.participants import PARENTS
from sim.intervention import levers_of
from sim.month import MONTH
from sim.parameters import default_parameters

P = default_parameters()
PUBLISHED = (0.0, 0.38)  # 95 % of the rise of giving for each letter with a match, 19 % (karlan_list_2007, recalled)


def set_aside(*plans) -> dict[int, float]:
    """What each company sets aside for recorded projects in a year, Rp by its id."""
    world = begun(200).world
    world.policies = levers_of(plans, world.start)
    firms = world.businesses.rows
    rows, total = companies_of(firms), np.zeros(len(firms))
    for _ in range(12):
        for act in MONTH:
            before = firms["csr_fund"].copy()
            act.does(world)
            if act.name == "settlement":
                total += np.maximum(firms["csr_fund"] - before, 0.0)
        world.month += 1
    return dict(zip(firms["uid"][rows].tolist(), total[rows].tolist(), strict=True))


@pytest.fixture(scope="module")
def giving():
    return {m: set_aside(*([setting("csr_match", match=m, budget_rp_per_year=300e9)] if m else []))
            for m in (0.0, 0.4, 0.5, 1.0, 2.0)}  # fmt: skip


def rise(giving, match: float) -> float:
    return sum(giving[match].values()) / sum(giving[0.0].values()) - 1.0


@pytest.mark.parametrize("match", [0.5, 1.0, 2.0])
def test_a_match_raises_what_companies_give_by_about_a_fifth(giving, match):
    assert PUBLISHED[0] < rise(giving, match) < PUBLISHED[1]
    assert rise(giving, match) == pytest.approx(0.19, abs=0.04)
    ratios = [giving[match][uid] / usual for uid, usual in giving[0.0].items() if usual > 1e5 and giving[match][uid]]
    assert np.median(ratios) == pytest.approx(1.19, abs=0.03) and len(ratios) > 25


def test_two_for_one_adds_nothing_and_too_little_moves_nobody(giving):
    assert rise(giving, 2.0) == pytest.approx(rise(giving, 1.0), abs=0.03)
    assert rise(giving, 0.4) == pytest.approx(0.0, abs=0.03)


HALF = [f"32.73.{n:02d}" for n in range(1, 31, 2)]  # every second kecamatan gets the programme
MONTHS, AGE = 50, 36


@pytest.fixture(scope="module")
def children():
    """Children who turn 3 at the end, three years of visits behind them: index with less index without the
    programme, and whether it reaches them beyond what was usual at the start."""
    plan = setting("child_friendly_city", budget_rp_per_year=200e9, parents=1, teachers=0, forum=0, districts=HALF)
    treated, control = lived(begun(100), MONTHS, plan).world, lived(begun(100), MONTHS).world
    people, others, state = treated.persons.rows, control.persons.rows, treated.children
    twin = {int(uid): i for i, uid in enumerate(others["uid"]) if others["home"][i] >= 0}
    young = (people["home"] >= 0) & (np.abs(MONTHS - AGE - people["born"]) <= 2)
    rows = [i for i in np.flatnonzero(young) if int(people["uid"][i]) in twin]
    d = treated.households.rows["district"][people["home"][rows]]
    place = np.array([involvement(treated.seed, uid) for uid in people["uid"][rows]])
    start, gain = state.coverage_start[d, PARENTS], state.coverage_gain[d, PARENTS]
    gained = people["human"][rows] - others["human"][[twin[int(people["uid"][i])] for i in rows]]
    return gained, (place >= start) & (place < start + gain)


def test_three_years_of_parenting_groups_raise_development_by_the_published_effect_attenuated(children):
    """SMD 0.32 in trials, 0.4 of it at scale; a year's gain fades by a tenth in the next (0.116 of 0.128 remain)."""
    gained, reached = children
    effect, error = gained[reached].mean(), gained[reached].std() / np.sqrt(reached.sum())
    trial = P.children.parenting_effect * P.children.scale_up
    faded = trial * (1 + P.children.persistence + P.children.persistence**2) / 3
    assert reached.sum() > 20 and error < 0.01
    assert 0.2 * 0.32 < effect < 0.6 * 0.32  # the range of attenuation
    assert 0.75 * faded < effect < 1.05 * trial  # visits fall a little before or after a birthday


def test_children_who_are_not_reached_are_as_they_would_have_been(children):
    gained, reached = children
    assert abs(gained[~reached].mean()) < 0.01
