"""Each January families stand together in the table of persons: nothing but the order of the rows changes."""

import copy

import numpy as np
import pytest
from months import lived

from sim import month as calendar
from sim.agents.persons import GONE, NOBODY
from sim.catalogue import LEVERS, discover
from sim.intervention import levers_of
from sim.markets.seating import seat_families

PERSONAL = ("uid", "pay", "employer", "skill", "talent", "human", "health", "born", "since", "state", "enrolled")


@pytest.fixture(scope="module")
def city():
    """A city that has lived to the middle of its second year, with loans and child transfers."""
    discover()
    model = lived(9)
    settings = [
        LEVERS[name].settings(lever=name, budget_rp_per_year=2e11, funding="reserve")
        for name in ("business_finance", "child_transfer")
    ]
    model.world.policies = levers_of(settings, model.world.start)
    for _ in range(9):
        model.step()
    return model.world


@pytest.fixture
def seated(city):
    one = copy.deepcopy(city)
    seat_families(one)
    return one


def by_id(world) -> dict[int, tuple]:
    rows = world.persons.rows[world.persons.rows["state"] != GONE]
    return {int(row["uid"]): tuple(row[name] for name in PERSONAL) for row in rows}


def members(world, h) -> list[int]:
    """Ids of the members of a household, in the order of its list."""
    found, i = [], int(world.households.rows["first"][h])
    while i != NOBODY:
        found.append(int(world.persons.rows["uid"][i]))
        i = int(world.persons.rows["next"][i])
    return found


def test_nobody_is_lost_added_or_changed(city, seated):
    assert (city.persons.rows["state"] == GONE).any()
    assert seated.persons.n == (city.persons.rows["state"] != GONE).sum()
    assert by_id(seated) == by_id(city)


def test_every_household_keeps_its_row_and_its_members_in_their_order(city, seated):
    names = [name for name in city.households.rows.dtype.names if name != "first"]
    assert (city.households.rows[names] == seated.households.rows[names]).all()
    for h in np.flatnonzero(city.households.rows["alive"] == 1):
        assert members(seated, h) == members(city, h)


def test_members_stand_behind_their_head_and_know_their_home(seated):
    persons, homes = seated.persons.rows, seated.households.rows
    scattered = 0
    for h in np.flatnonzero(homes["alive"] == 1):
        rows = slice(homes["first"][h], homes["first"][h] + homes["size"][h])
        assert (persons["home"][rows] == h).all()
        scattered += not (persons["next"][rows][:-1] == np.arange(rows.start + 1, rows.stop)).all()
    assert scattered == 0


def test_before_they_are_seated_some_families_are_scattered(city):
    persons, homes = city.persons.rows, city.households.rows
    apart = np.flatnonzero((persons["next"] != NOBODY) & (persons["state"] != GONE))
    assert (persons["next"][apart] != apart + 1).any()
    assert homes["alive"].all() or (homes["first"][homes["alive"] == 0] == NOBODY).all()


def test_seating_twice_is_seating_once(seated):
    once = seated.persons.rows.copy()
    seat_families(seated)
    assert (seated.persons.rows == once).all()


def test_those_among_whom_partners_are_sought_stay_the_same_people_in_the_same_order(city, seated):
    def ids(world):
        rows = world.vital.residents
        there = rows != NOBODY
        there[there] = world.persons.rows["state"][rows[there]] != GONE
        return np.where(there, world.persons.rows["uid"][rows], 0)

    assert (ids(city) == ids(seated)).all()
    assert (seated.vital.residents == NOBODY).any()


def test_months_ahead_go_with_their_person(city, seated):
    loud = dict(zip(city.persons.rows["uid"].tolist(), city.vital.loud[: city.persons.n].tolist(), strict=True))
    rows = seated.persons.rows
    assert [loud[uid] for uid in rows["uid"].tolist()] == seated.vital.loud[: len(rows)].tolist()


def test_programmes_know_their_borrowers_and_pupils_by_the_new_rows(city, seated):
    lenders = [one.policies[0].memory["book"] for one in (city, seated)]
    persons = [book[~book["firm"]] for book in lenders]
    assert len(persons[0]) > 5
    assert (seated.persons.rows["uid"][persons[1]["row"]] == persons[1]["uid"]).all()
    here = city.persons.rows["state"][persons[0]["row"]] != GONE
    assert (persons[0]["uid"][here] == persons[1]["uid"]).all()
    pupils = [one.policies[1].memory["pupils"] for one in (city, seated)]
    assert len(pupils[0]) > 5
    here = city.persons.rows["state"][pupils[0]] != GONE
    ids = [world.persons.rows["uid"][rows] for world, rows in ((city, pupils[0][here]), (seated, pupils[1]))]
    assert (ids[0] == ids[1]).all()


def test_an_agent_in_hand_stays_the_same_person():
    model = lived(10)
    person = model.persons[len(model.persons) - 1]  # of the last to come: the rows before it close up
    uid, row, born = int(person.uid), person.index, int(person.born)
    for _ in range(3):
        model.step()
    assert model.world.month == 13
    if uid in model.world.persons.rows["uid"]:
        assert (int(person.uid), int(person.born)) == (uid, born)
        assert person.index != row
    else:
        with pytest.raises(LookupError, match="no longer there"):
            person.index  # noqa: B018


def test_families_are_seated_each_january_after_the_start_and_in_no_other_month(monkeypatch):
    model, seen = lived(0), []
    monkeypatch.setattr(calendar, "seat_families", lambda world: seen.append(world.month))
    for _ in range(14):
        model.step()
    assert seen == [12]


def test_a_new_order_of_rows_leaves_the_months_that_follow_as_likely(city):
    """Rows stand in another order, and nothing else: three months later the city is the same within its luck."""
    without = copy.deepcopy(city)
    seated = copy.deepcopy(city)
    seat_families(seated)
    for one in (without, seated):
        for _ in range(3):
            calendar.step(one)
            one.month += 1
    states = [np.bincount(one.persons.rows["state"], minlength=6)[1:] for one in (without, seated)]
    assert np.abs(states[0] - states[1]).max() < 0.01 * states[0].sum()
