"""Lining people up once more, before month 0: households stand by kelurahan, families together (`seat_families`).

Rows of those who are gone go. Nothing but row numbers changes: ids, and with them everybody's luck, stay.
"""

from __future__ import annotations

import numpy as np

from sim.agents.arisan import EMPTY
from sim.agents.ties import FREE, free_ties, neighbourhoods
from sim.compiled import kernel
from sim.markets.seating import seat_families, whole_words
from sim.tables import Table
from sim.walk import walk
from sim.world import World


def numbers(order: np.ndarray, rows: int) -> np.ndarray:
    """New row of each old row, -1 for those left out. `order`: old rows in their new order."""
    new = np.full(rows, -1, np.int32)
    new[order] = np.arange(len(order), dtype=np.int32)
    return new


@kernel
def _copy(low, high, tally, order, then, now):
    for k in range(low, high):
        for word in range(then.shape[1]):
            now[k, word] = then[order[k], word]


@kernel
def _renumber(low, high, tally, order, new, then, now):
    """Ties of the rows of `order`, in that order and by new row numbers."""
    for k in range(low, high):
        for place in range(then.shape[1]):
            other = then[order[k], place]
            now[k, place] = new[other] if other != FREE else FREE


def reorder(table: Table, order: np.ndarray) -> None:
    """The rows of `order`, in that order."""
    data = table.seats()
    walk(_copy, len(order), 1, order, whole_words(table.rows), whole_words(data[: len(order)]))
    table.reseat(data, len(order))


def line_up(world: World) -> None:
    """Households by kelurahan and in their old order, each with its members behind its head; the others' rows go."""
    households, social = world.households, world.communities
    rows = households.rows
    living = np.flatnonzero(rows["alive"] == 1)
    homes = living[np.argsort(rows["kelurahan"][living], kind="stable")]
    new_home = numbers(homes, households.n)
    reorder(households, homes)
    seat_families(world)
    ties = free_ties(len(world.ties) - len(new_home) + len(homes))
    walk(_renumber, len(homes), 1, homes, new_home, world.ties, ties)
    world.ties = ties
    members = social.circles.members
    social.circles.members = np.where(members == EMPTY, EMPTY, new_home[members]).astype(members.dtype)
    social.signals = social.signals[homes]
    social.neighbours = neighbourhoods(households.rows, social.district, social.borders)
    world.hazards.forget_homes()
    short = new_home[world.market.short]
    world.market.short = short[short >= 0]
