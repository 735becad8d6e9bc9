"""One more birth, one more trainee: nobody else's month changes until services or a market link them."""

from __future__ import annotations

import numpy as np
import pytest

from sim import month as calendar
from sim.agents.persons import CHILD, NOBODY, UNEMPLOYED
from sim.model import BandungModel

ACTS = [act.name for act in calendar.MONTH]
BORN = 1 << 50  # an id that no other newborn has


@pytest.fixture(scope="module")
def begun():
    model = BandungModel(scale=1000, seed=2, months=12, threads=1)
    for _ in range(2):
        model.step()
    return model.world


def one_more_birth(world) -> int:
    """A baby in a family that has a child already. Returns the row of the home."""
    homes = world.households.rows
    home = int(np.flatnonzero((homes["alive"] == 1) & (homes["children"] > 0))[20])
    mother = int(homes["first"][home])
    baby = world.persons.add(1)
    rows = world.persons.rows
    rows[baby] = rows[mother]
    rows["uid"][baby], rows["born"][baby], rows["state"][baby] = BORN, world.month - 1, CHILD
    rows["employer"][baby] = rows["sector"][baby] = rows["workplace"][baby] = NOBODY
    rows["next"][baby], rows["next"][mother] = rows["next"][mother], baby
    world.households.rows["size"][home] += 1
    world.households.rows["children"][home] += 1
    world.people[world.households.rows["district"][home]] += 1  # the books know of it
    return home


def one_more_trainee(world) -> int:
    """A certificate for somebody without work. Returns the row of the home."""
    rows = world.persons.rows
    jobless = int(np.flatnonzero(rows["state"] == UNEMPLOYED)[5])
    rows["certified"][jobless] = world.month
    return int(rows["home"][jobless])


def seen(world, home: int) -> dict[str, dict[int, bytes]]:
    """Every household but one, and every person who lives elsewhere, by id: all that is known of them but
    the rows where newborns and new families happen to be kept."""
    people, homes = world.persons.rows.copy(), world.households.rows.copy()
    people["next"], homes["first"] = 0, 0
    others = {int(one["uid"]): one.tobytes() for k, one in enumerate(homes) if k != home}
    return {"households": others, "persons": {int(one["uid"]): one.tobytes() for one in people if one["home"] != home}}


def lives(world, home: int) -> list[dict]:
    """What is known of the others before each act of a month, and after the last."""
    found: list[dict] = []
    calendar.step(world, watch=lambda name, now: found.append(seen(now, home)))
    return [*found, seen(world, home)]


def differ(one: dict, other: dict) -> int:
    """How many of those in both worlds are not the same to the last bit."""
    return sum(one[kind][uid] != other[kind].get(uid, one[kind][uid]) for kind in one for uid in one[kind])


def parted(begun, change, **also) -> dict[str, int]:
    """Of the others, how many differ after each act of the month of the change."""
    alone, twin = begun.twin(), begun.twin()
    home = change(twin)
    for name, value in also.items():
        setattr(twin, name, value)
    pairs = zip(ACTS, lives(alone, home)[1:], lives(twin, home)[1:], strict=True)
    return {act: differ(one, other) for act, one, other in pairs}


def first_act(found: dict[str, int]) -> str:
    """The act that first makes somebody else's month another one; nothing when none does."""
    return next((act for act, changed in found.items() if changed), "")


def test_one_more_trainee_changes_nobody_elses_month_before_the_labour_market(begun):
    found = parted(begun, one_more_trainee)
    assert ACTS.index(first_act(found) or ACTS[-1]) >= ACTS.index("labour"), found


def test_one_more_birth_changes_nobody_elses_month_before_money_is_spent(begun):
    """A child uses services and is fed: others feel it through crowded services and the goods market, not before."""
    found = parted(begun, one_more_birth)
    assert ACTS.index(first_act(found) or ACTS[-1]) >= ACTS.index("services"), found


@pytest.mark.parametrize("change", [one_more_birth, one_more_trainee])
def test_luck_that_is_not_keyed_to_the_person_would_be_seen(begun, change):
    """Other luck in the twin: others part from their twins before any market has met."""
    found = parted(begun, change, seed=begun.seed + 1)
    assert ACTS.index(first_act(found)) < ACTS.index("services"), found
