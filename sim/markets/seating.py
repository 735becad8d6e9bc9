"""Families stand together in the table of persons: each January, and once before the start.

Births, moves and departures scatter a household's members over the table and leave rows that nobody uses; walks over
families then wait for the processor's memory, and a year costs more the longer a world lives. Nothing but row numbers
changes: ids, and with them everybody's luck, stay, and households keep their rows.
"""

from __future__ import annotations

import numpy as np

from sim.agents.ahead import UNSEEN, carried
from sim.agents.persons import NOBODY
from sim.compiled import kernel
from sim.walk import walk
from sim.world import World


@kernel
def seat(low, high, tally, households, seats, then, now, words_then, words_now, new):
    """Members of households low..high-1 one after another, head first, from `then` into `now`.

    seats: row of each household's first member; `words_*`: the same rows as whole words; new: new row of each old one.
    """
    for h in range(low, high):
        i, k = households[h].first, seats[h]
        if i != NOBODY:
            households[h].first = k
        while i != NOBODY:
            for word in range(words_then.shape[1]):
                words_now[k, word] = words_then[i, word]
            new[i] = k
            i = then[i].next
            now[k].home = h
            now[k].next = k + 1 if i != NOBODY else NOBODY
            k += 1


def whole_words(table: np.ndarray) -> np.ndarray:
    """Aligned rows as words of 8 bytes (rows, words)."""
    return table.view(np.uint64).reshape(len(table), -1)


@kernel
def _count_members(low, high, tally, households, members):
    for h in range(low, high):
        members[h] = households[h].size if households[h].alive == 1 else 0


@kernel
def _renumber(low, high, tally, rows, new):
    for k in range(low, high):
        if rows[k] >= 0:
            rows[k] = new[rows[k]]


def renumber(rows: np.ndarray, new: np.ndarray) -> None:
    """Put new numbers into `rows`; negative entries (nobody, free) stay."""
    walk(_renumber, len(rows), 1, rows, new)


def seat_families(world: World) -> None:
    """Persons by household, each household's behind its head; the rows of those who are gone go."""
    persons, households = world.persons, world.households.rows
    members = np.empty(len(households), np.int64)
    walk(_count_members, len(households), 1, households, members)
    seats = np.cumsum(members) - members
    old, new = persons.rows, np.full(persons.n, NOBODY, np.int32)
    persons.reseat(persons.seats(), int(members.sum()), again=True)
    words = whole_words(old), whole_words(persons.rows)
    walk(seat, len(households), 1, households, seats, old, persons.rows, *words, new)
    _tell_others(world, new)


def _tell_others(world: World, new: np.ndarray) -> None:
    """Those who know persons by their rows get the new ones. new: of each old row, NOBODY for those who are gone."""
    labour, vital = world.labour, world.vital
    labour.seekers = labour.applicants = labour.on_works = np.zeros(0, np.int32)  # of last month
    labour.ahead.seated(new, world.persons.n)
    if vital is not None:
        vital.loud = carried(vital.loud, new, world.persons.n, UNSEEN)
        renumber(vital.residents, new)
    for lever in world.policies:
        lever.seated(new)
