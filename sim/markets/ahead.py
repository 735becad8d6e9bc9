"""Looking ahead: a year of an agent's numbers is seen at once, so that quiet months cost nothing.

What a rare event asks of an agent is one keyed number a month, and for most months it lies between bounds within
which nothing happens whatever else is true. Once a year, in the agent's own month (a person's birthday), the coming
twelve numbers are compared with the bounds, and the months that are not quiet are kept as bits. A month then visits
those whose bit is set. Who is visited in vain only costs time: results are those of asking everybody every month.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import rule
from sim.draws import draws

UNSEEN = np.uint16(0xFFFF)  # nobody has looked ahead yet: the agent is visited every month until somebody does


@rule
def number_of(seed, decision, age, uid):
    """The number of an agent's month at an address. `age`: months since its own month; four of them share a call."""
    return draws(seed, decision, np.int64(age) >> 2, uid)[np.int64(age) & 3]


@rule
def loud_months(seed, decision, month, age, uid, low, high):
    """The year's months whose number is below `low` or above `high`, as bits by calendar month; its first one always.

    `age`: as in `number_of`, in `month`; the year began in the last month in which it was a multiple of 12.
    """
    since = age % 12
    bits = 1
    for quarter in range(3):
        a, b, c, d = draws(seed, decision, ((age - since) >> 2) + quarter, uid)
        four = (
            is_loud(a, low, high) | is_loud(b, low, high) << 1 | is_loud(c, low, high) << 2 | is_loud(d, low, high) << 3
        )
        bits |= four << (4 * quarter)
    turn = (month - since) % 12  # from months of the agent's year to those of the calendar
    return np.uint16((bits << turn | bits >> (12 - turn)) & 0xFFF)


@rule
def is_loud(number, low, high):
    """1 when a number is outside the bounds within which nothing happens, else 0."""
    return 1 * ((number < low) | (number > high))


@rule
def bit_of(month):
    """The bit that stands for a month."""
    return np.uint16(1 << (month % 12))


def made_longer(bits: np.ndarray, rows: int) -> np.ndarray:
    """`bits` for at least `rows` agents, new ones unseen (the same array when it is long enough)."""
    if len(bits) >= rows:
        return bits
    return np.append(bits, np.full(max(rows, int(1.1 * rows)) - len(bits), UNSEEN, np.uint16))
