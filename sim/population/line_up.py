"""Lining people up once more, before month 0: rows of those who are gone go, families stand together again.

Months of births, moves and departures scatter a household's members over the table and leave rows that nobody uses.
Walks over families then wait for the processor's memory; a walk over the lined-up city takes about two thirds of the
time. Nothing but row numbers changes: ids, and with them everybody's luck, stay.
"""

from __future__ import annotations

import numpy as np

from sim.agents.arisan import EMPTY
from sim.agents.persons import NOBODY
from sim.agents.ties import FREE, neighbourhoods
from sim.compiled import kernel
from sim.tables import Table
from sim.walk import walk
from sim.world import World


@kernel
def seat_families(homes, households, persons, order):
    """Members of each household of `homes` one after another, head first, into `order`. Returns how many they are."""
    count = 0
    for h in homes:
        i = households[h].first
        while i != NOBODY:
            order[count] = i
            count += 1
            i = persons[i].next
    return count


def numbers(order: np.ndarray, rows: int) -> np.ndarray:
    """New row of each old row, -1 for those left out. `order`: old rows in their new order."""
    new = np.full(rows, -1, np.int32)
    new[order] = np.arange(len(order), dtype=np.int32)
    return new


def renumbered(rows: np.ndarray, new: np.ndarray) -> np.ndarray:
    """`rows` with new numbers; negative entries (nobody, free) stay."""
    return np.where(rows < 0, rows, new[rows]).astype(rows.dtype)


@kernel
def _copy(low, high, tally, order, then, now):
    for k in range(low, high):
        for word in range(then.shape[1]):
            now[k, word] = then[order[k], word]


def reorder(table: Table, order: np.ndarray) -> None:
    """The rows of `order`, in that order, with as much room for others as before."""
    room = len(table._data) - table.n
    rows = np.zeros(len(order) + room, table._data.dtype)
    words = rows.dtype.itemsize // 8  # aligned rows are whole words
    walk(_copy, len(order), 1, order, *(array.view(np.uint64).reshape(-1, words) for array in (table.rows, rows)))
    table._data, table.n = rows, len(order)


def line_up(world: World) -> None:
    """Households by kelurahan and in their old order, each with its members behind its head; the others' rows go."""
    persons, households, social = world.persons, world.households, world.communities
    rows = households.rows
    living = np.flatnonzero(rows["alive"] == 1)
    homes = living[np.argsort(rows["kelurahan"][living], kind="stable")]
    people = np.empty(int(rows["size"][homes].sum()), np.int64)
    seat_families(homes, rows, persons.rows, people)
    new_person, new_home = numbers(people, persons.n), numbers(homes, households.n)
    reorder(persons, people)
    reorder(households, homes)
    persons.rows["home"] = new_home[persons.rows["home"]]
    persons.rows["next"] = renumbered(persons.rows["next"], new_person)
    households.rows["first"] = new_person[households.rows["first"]]
    room = np.full((len(world.ties) - len(new_home), world.ties.shape[1]), FREE, world.ties.dtype)
    world.ties = np.concatenate([renumbered(world.ties[homes], new_home), room])
    members = social.circles.members
    social.circles.members = np.where(members == EMPTY, EMPTY, new_home[members]).astype(members.dtype)
    social.signals = social.signals[homes]
    social.neighbours = neighbourhoods(households.rows, social.district, social.borders)
    world.hazards.forget_homes()
    short = new_home[world.market.short]
    world.market.short = short[short >= 0]
    world.labour.seekers = world.labour.applicants = np.zeros(0, np.int32)
