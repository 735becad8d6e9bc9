"""Working life looked at a year ahead: most months bring nothing to an employee or to somebody who seeks no work.

As in `ahead`, whoever is visited in a birthday's month sees the coming months' numbers at once, and keeps as bits those
that are low enough for something to happen under the highest chances of that year. What no number tells in advance is
asked every month: whose employer lets people go (`jobs` says where each works), and which households are short of
essentials. Who is visited in vain only costs time: results are those of asking everybody every month.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.agents.ahead import UNSEEN, carried, made_longer
from sim.agents.persons import INACTIVE, NOBODY
from sim.compiled import kernel, rule
from sim.draws import BATCH, LABOUR, batch, many_draws

QUIET = np.uint16(0)  # no month brings anything
NO_JOB = np.uint32(0)  # else the employer's row + 1


@dataclass
class WorkAhead:
    """What has been seen of everybody's year, and the chances it was seen under (the highest of twelve months)."""

    loud: np.ndarray = field(default_factory=lambda: np.zeros(0, np.uint16))  # bits by calendar month, or UNSEEN
    jobs: np.ndarray = field(default_factory=lambda: np.zeros(0, np.uint32))  # employer's row + 1, true unless UNSEEN
    lost: np.ndarray = field(default_factory=lambda: np.zeros(241))  # of losing or leaving a job, by tenure
    leave: np.ndarray = field(default_factory=lambda: np.zeros((2, 100)))  # of leaving the labour force
    enter: np.ndarray = field(default_factory=lambda: np.zeros((2, 100)))  # of entering it

    def make_room(self, persons: int) -> None:
        """Room for `persons` rows, of which nothing is seen."""
        self.loud = made_longer(self.loud, persons)
        if len(self.jobs) < len(self.loud):
            self.jobs = np.append(self.jobs, np.zeros(len(self.loud) - len(self.jobs), np.uint32))

    def months(self, persons: int) -> np.ndarray:
        """`loud` of at least `persons` rows."""
        self.make_room(persons)
        return self.loud

    def get_ready(self, persons: int, lost: np.ndarray, leave: np.ndarray, enter: np.ndarray) -> None:
        """Room for everybody; where this month's chances are above those looked under, nothing counts as seen."""
        self.make_room(persons)
        if (lost > self.lost).any() or (leave > self.leave).any() or (enter > self.enter).any():
            self.lost, self.leave, self.enter = of_the_year(lost), of_two_years(leave), of_two_years(enter)
            self.loud[:] = UNSEEN

    def seated(self, new: np.ndarray, persons: int) -> None:
        """Persons have got the rows `new` (below 0: gone); there are `persons` of them now."""
        self.loud = carried(self.loud, new, persons, UNSEEN)
        self.jobs = carried(self.jobs, new, persons, NO_JOB)


def of_the_year(hazard: np.ndarray) -> np.ndarray:
    """The highest of each month's hazard and the twelve after it; the last one stays. hazard: (n,) by tenure."""
    longer = np.append(hazard, np.full(12, hazard[-1]))
    return np.max([longer[k : k + len(hazard)] for k in range(13)], axis=0)


def of_two_years(chances: np.ndarray) -> np.ndarray:
    """The higher of each age's chance and the next one's. chances: (2, 100) by sex and age."""
    return np.maximum(chances, np.hstack([chances[:, 1:], chances[:, -1:]]))


def room_for_looking() -> tuple:
    """Room for those of a batch who look ahead: rows, ids, numbers; the chances of either number; what they see."""
    rows, uids, luck, low = batch()
    return rows, uids, luck, low, np.empty(BATCH), np.empty(BATCH, np.int64)


@rule
def own_month(month, person):
    """Whether it is the month of a person's birthday."""
    return (np.int64(month) - np.int64(person.born)) % 12 == 0


@rule
def look_at_work(seed, month, count, loud, room):
    """The `count` people of the room keep which of the next eleven months has a number below its chance; and that of
    their birthday, when they look again."""
    rows, uids, luck, first, second, bits = room
    for step in range(1, 12):
        many_draws(seed, LABOUR, month + step, uids, count, luck)
        at = (month + step) % 12
        for k in range(count):
            bits[k] |= (1 * ((luck[0, k] < first[k]) | (luck[1, k] < second[k]))) << at
    for k in range(count):
        loud[rows[k]] = bits[k]


@kernel
def ask_the_short(low, high, tally, short, households, persons, loud, bit):
    """In households short of essentials those who seek no work are visited this month."""
    for k in range(low, high):
        i = households[short[k]].first
        while i != NOBODY:
            if persons[i].state == INACTIVE:
                loud[i] |= bit
            i = persons[i].next
