"""Who takes part in the child-friendly city programme: parents, teachers and children who can be counted."""

from __future__ import annotations

import numpy as np
import pytest
from small_city import live, small_city

from sim.agents.businesses import PUBLIC
from sim.agents.children import kept_at_school
from sim.agents.growing_up import involvement, newly_covered
from sim.agents.participants import FORUM, PARENTS, TEACHERS, chances, could_teach, role_of
from sim.agents.persons import FORMAL, PERSON
from sim.markets.demography import stays
from sim.parameters import default_parameters

P = default_parameters().children


def person(**columns):
    row = np.zeros(1, PERSON)
    for name, value in columns.items():
        row[name] = value
    return row[0]


def test_pupils_of_ten_sit_in_forums_and_graduates_of_public_services_teach():
    assert role_of(person(born=-130, enrolled=1), 0) == FORUM
    assert role_of(person(born=-130, enrolled=0), 0) == role_of(person(born=-110, enrolled=1), 0) == -1
    teacher = {"born": -400, "state": FORMAL, "sector": PUBLIC, "schooling": 16, "workplace": 3}
    assert could_teach(person(**teacher)) and role_of(person(**teacher), 0) == TEACHERS
    assert not could_teach(person(**teacher | {"schooling": 12}))
    assert not could_teach(person(**teacher | {"workplace": 31}))


def test_more_coverage_reaches_others_besides_those_already_reached():
    assert involvement(1, 5) == involvement(1, 5) != involvement(2, 5)
    places = [involvement(1, uid) for uid in range(1, 2001)]
    assert np.mean(places) == pytest.approx(0.5, abs=0.02)
    assert newly_covered(0.3, 0.4, 0.2) == 0.0 and newly_covered(0.5, 0.4, 0.2) == 1.0
    assert newly_covered(0.65, 0.4, 0.2) == 0.0 and newly_covered(0.35, 0.4, -0.1) == -1.0
    assert np.mean([newly_covered(place, 0.4, 0.2) for place in places]) == pytest.approx(0.2, abs=0.02)


def test_teachers_keep_some_of_those_about_to_leave():
    assert kept_at_school(P, np.array([-0.2, 0.0, 0.4])) == pytest.approx([0, 0, 0.06])
    assert not any(stays(0.0, 1, 3, uid) for uid in range(50))
    assert np.mean([stays(0.3, 1, 3, uid) for uid in range(2000)]) == pytest.approx(0.3, abs=0.03)


def test_chances_follow_the_coverage_of_each_role():
    coverage = np.tile([0.5, 0.4, 0.2], (30, 1))
    chance = chances(P, coverage, np.full(30, 1000.0), np.full(30, 40.0))
    assert chance[0] == pytest.approx([0.5, 0.05 * 0.4 * 25, 0.02 * 0.2])


@pytest.fixture(scope="module")
def city():
    world = small_city(50)
    people = world.persons.rows
    graduates = np.flatnonzero((people["state"] == FORMAL) & (people["schooling"] >= 16))[::3]
    people["sector"][graduates] = PUBLIC
    return live(world, -3, 10)


def test_the_three_roles_are_people_who_can_be_counted(city):
    """Found one by one from the rows, by the same lasting luck, within what a year of visits may miss."""
    people, homes, state = city.persons.rows, city.households.rows, city.children
    here = np.flatnonzero(people["home"] >= 0)
    luck = np.array([involvement(city.seed, uid) for uid in people["uid"][here]])
    age, d = city.month - people["born"][here], homes["district"][people["home"][here]]
    teachers = state.counted[:, :, 3].sum(axis=0)
    chance = chances(P, state.by_role, city.communities.offspring.sum(axis=0)[:, 2], teachers)
    small = (age < 84) & (luck < chance[d, PARENTS])
    named = [
        len(np.unique(people["home"][here][small])),
        sum(could_teach(p) for p in people[here][luck < chance[d, TEACHERS]]),
        ((age >= 120) & (age < 216) & (people["enrolled"][here] > 0) & (luck < chance[d, FORUM])).sum(),
    ]
    assert state.roles.dtype.kind == "i" and (state.roles.sum(axis=0) > 20).all()
    assert state.roles.sum(axis=0) == pytest.approx(named, rel=0.1)


def test_extra_money_of_a_role_adds_people_in_that_role(city):
    rich = small_city(50)
    live(rich, -3, 0)
    for month in range(0, 12):
        rich.children.extra = np.zeros((30, 3))
        rich.children.extra[:, FORUM] = rich.children.budget  # four times what the forum usually gets
        live(rich, month, month + 1)
    state, usual = rich.children, city.children
    assert state.roles[:, FORUM].sum() > 1.5 * usual.roles[:, FORUM].sum()
    assert state.by_role[:, PARENTS] == pytest.approx(state.usual[:, PARENTS])
    assert (state.voices > 0).all() and not usual.voices.any()
    assert len(state.newly_reached) > 0 and len(usual.newly_reached) == 0
