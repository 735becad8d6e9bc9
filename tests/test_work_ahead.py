"""Working life is looked at a year ahead: nobody to whom something happens is passed over."""

import copy

import numpy as np
import pytest
from months import lived

from sim.agents.ahead import UNSEEN, bit_of, carried
from sim.agents.persons import CHILD, FORMAL, GONE, INACTIVE, PERSON
from sim.catalogue import LEVERS, SHOCKS, discover
from sim.compiled import kernel
from sim.disturbance import shocks_of
from sim.draws import LABOUR, draws
from sim.fetching import bring
from sim.intervention import levers_of
from sim.markets.labour import APPLIES, SEEKS, sorted_reports
from sim.markets.work_ahead import (
    NO_JOB,
    QUIET,
    WorkAhead,
    look_at_work,
    of_the_year,
    of_two_years,
    own_month,
    room_for_looking,
)


@pytest.fixture(scope="module")
def city():
    """A city in the middle of its second year."""
    return lived(18)


def test_the_highest_hazard_of_a_year_is_found_month_by_month():
    hazard = np.arange(241.0)[::-1].copy()
    hazard[100] = 500.0
    highest = of_the_year(hazard)
    assert highest[0] == 240.0 and highest[240] == 0.0
    assert (highest[88:101] == 500.0).all() and highest[87] == 153.0 and highest[101] == 139.0


def test_the_higher_chance_of_two_years_is_found_age_by_age():
    chances = np.zeros((2, 100))
    chances[1, 40], chances[0, 99] = 0.3, 0.2
    higher = of_two_years(chances)
    assert np.argwhere(higher).tolist() == [[0, 98], [0, 99], [1, 39], [1, 40]]


@pytest.mark.parametrize(("month", "born", "own"), [(0, 0, True), (5, -7, True), (5, -6, False), (-3, -15, True)])
def test_a_birthday_comes_every_twelve_months(month, born, own):
    person = np.zeros(1, PERSON)[0]
    person["born"] = born
    assert bool(own_month(month, person)) == own


@pytest.mark.parametrize("month", [-30, 0, 7, 119])
def test_who_looks_ahead_sees_each_of_the_next_eleven_months(month):
    count, room = 200, room_for_looking()
    rows, uids, _, first, second, bits = room
    rows[:count], uids[:count], bits[:count] = np.arange(count)[::-1], np.arange(count) + 2**41, int(bit_of(month))
    first[:count], second[:count] = np.linspace(0, 0.5, count), np.linspace(0.3, 0, count)
    loud = np.zeros(count, np.uint16)
    look_at_work(3, month, count, loud, room)
    for k in range(count):
        for step in range(12):
            u, v, _, _ = draws(3, LABOUR, month + step, uids[k])
            seen = bool(loud[count - 1 - k] & bit_of(month + step))
            assert seen == (step == 0 or u < first[k] or v < second[k])


def test_higher_chances_than_those_looked_under_make_all_unseen():
    low, high = (np.full(241, 0.01), *np.full((2, 2, 100), 0.01)), (np.full(241, 0.02), *np.full((2, 2, 100), 0.01))
    ahead = WorkAhead()
    ahead.get_ready(10, *low)
    ahead.loud[:] = QUIET
    ahead.get_ready(10, *low)
    assert (ahead.loud == QUIET).all()
    ahead.get_ready(10, *high)
    assert (ahead.loud == UNSEEN).all()
    ahead.loud[:] = QUIET
    ahead.get_ready(10, *low)  # lower chances bring nothing that was not seen
    assert (ahead.loud == QUIET).all()


def test_what_is_known_by_row_goes_along_and_new_rows_know_nothing():
    then, new = np.array([5, 6, 7, 8], np.uint16), np.array([2, -1, 0, 1], np.int32)
    assert carried(then, new, 4, UNSEEN).tolist() == [7, 8, 5, UNSEEN]


@kernel
def _ask_for(table, numbers):
    for k in range(len(table)):
        bring(table, k)
        bring(numbers, k)


def test_rows_that_are_asked_for_are_neither_read_nor_changed():
    table, numbers = np.zeros(5, PERSON), np.arange(50).reshape(5, 10)
    _ask_for(table, numbers)
    assert (table == np.zeros(5, PERSON)).all() and numbers.ravel().tolist() == list(range(50))


def test_reports_are_sorted_into_those_who_seek_those_who_apply_and_events():
    reports = np.array([16 * 4 + SEEKS, 16 * 7 + 0, 16 * 9 + APPLIES, 16 * 11 + 6, 16 * 12 + SEEKS], np.int32)
    seekers, applicants, events = sorted_reports(reports)
    assert (seekers.tolist(), applicants.tolist(), events.tolist()) == ([4, 12], [9], [112, 182])


def test_most_people_are_not_visited_most_months(city):
    rows, ahead = city.world.persons.rows, city.world.labour.ahead
    visited = (ahead.loud[: len(rows)] & bit_of(city.world.month)) != 0
    for state, most in ((FORMAL, 0.2), (INACTIVE, 0.2), (CHILD, 0.02)):
        assert visited[rows["state"] == state].mean() < most
    assert visited[(rows["state"] > FORMAL) & (rows["state"] < INACTIVE)].all()


def test_the_employer_seen_ahead_is_the_employer(city):
    rows, ahead = city.world.persons.rows, city.world.labour.ahead
    seen = (rows["state"] == FORMAL) & (ahead.loud[: len(rows)] != UNSEEN)
    assert seen.sum() > 1000 and (ahead.jobs[: len(rows)][seen] == rows["employer"][seen] + 1).all()
    idle = (rows["state"] == INACTIVE) & (ahead.loud[: len(rows)] != UNSEEN)
    assert (ahead.jobs[: len(rows)][idle] == NO_JOB).all()


@pytest.mark.parametrize("case", ["quiet", "pandemic", "training"])
def test_looking_ahead_changes_nothing(city, case):
    """Two years with and without: the same people in the same states, jobs and pay."""
    discover()
    worlds = []
    for asked_anyway in (False, True):
        one = copy.deepcopy(city)
        if case == "training":
            setting = LEVERS["worker_training"].settings(lever="worker_training", budget_rp_per_year=3e11)
            one.world.policies = levers_of([setting], one.world.start)
        if case == "pandemic":
            one.world.shocks = shocks_of(
                [SHOCKS["pandemic"].settings(kind="pandemic", start="2026-09")], one.world.start
            )
        for _ in range(24):
            if asked_anyway:
                one.world.labour.ahead.loud[:] = UNSEEN
            one.step()
        worlds.append(one.world)
    rows, anyway = (world.persons.rows for world in worlds)
    assert (rows == anyway).all() and (rows["state"] != GONE).sum() > 1000
    assert (worlds[0].businesses.rows == worlds[1].businesses.rows).all()
