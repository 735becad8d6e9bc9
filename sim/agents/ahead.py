"""Looking ahead: a year of an agent's numbers is seen at once, so that quiet months cost nothing.

What a rare event asks of an agent is one keyed number a month, and for most months it lies between bounds within
which nothing happens whatever else is true. Once a year, in the agent's own month (a person's birthday), the coming
twelve numbers are compared with the bounds, and the months that are not quiet are kept as bits. A month then visits
those whose bit is set. Who is visited in vain only costs time: results are those of asking everybody every month.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel, rule
from sim.draws import BATCH, draws, many_draws_at
from sim.walk import walk

UNSEEN = np.uint16(0xFFFF)  # nobody has looked ahead yet: the agent is visited every month until somebody does
STRETCH = 64  # agents among whom those due are looked for at a time, a part of a batch


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


def room_ahead() -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """Room for the visits of a batch: rows, and ids, ages, addresses, four numbers, one number of each; and for those
    of them who look ahead: rows, months, bounds."""
    visits = (
        np.empty(BATCH, np.int64), np.empty(BATCH, np.uint64), np.empty(BATCH, np.int64), np.empty(BATCH, np.int64),
        np.empty((4, BATCH)), np.empty(BATCH),
    )  # fmt: skip
    return visits, tuple(np.empty(BATCH, kind) for kind in (np.int64, np.int64, float, float))


@rule
def numbers_of(seed, decision, count, room):
    """`number_of` for the first `count` ids and ages of the room, into its last array."""
    _, uids, ages, at, luck, numbers = room
    for k in range(count):
        at[k] = ages[k] >> 2
    many_draws_at(seed, decision, at, uids, count, luck)
    for k in range(count):
        numbers[k] = luck[ages[k] & 3, k]


@rule
def look_ahead(seed, decision, month, count, room, lows, highs, bits):
    """`loud_months` for the first `count` ids and ages of the room, each between its own bounds, into `bits`."""
    _, uids, ages, at, luck, _ = room
    for k in range(count):
        bits[k] = 1
        at[k] = (ages[k] - ages[k] % 12) >> 2
    for quarter in range(3):
        many_draws_at(seed, decision, at, uids, count, luck)
        for m in range(4):
            for k in range(count):
                bits[k] |= is_loud(luck[m, k], lows[k], highs[k]) << (4 * quarter + m)
        for k in range(count):
            at[k] += 1
    for k in range(count):
        turn = (month - ages[k] % 12) % 12  # from months of the agent's year to those of the calendar
        bits[k] = (bits[k] << turn | bits[k] >> (12 - turn)) & 0xFFF


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


def carried(then: np.ndarray, new: np.ndarray, rows: int, unknown: np.unsignedinteger) -> np.ndarray:
    """What is known by row, for `rows` agents of whom each old one now stands in the row `new` (below 0: gone)."""
    now = np.full(rows, unknown)
    walk(_carry, min(len(then), len(new)), 1, then, new, now)
    return now


@kernel
def _carry(low, high, tally, then, new, now):
    for i in range(low, high):
        if new[i] >= 0:
            now[new[i]] = then[i]
