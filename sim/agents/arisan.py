"""Savings circles (arisan): every month all members pay in, and one of them takes the pot, in turn.

A circle's members sit in a fixed order; a round ends when each has had the pot. Payments are collected in the
monthly walk over households; the pots are handed out here. What is paid in is paid out: every month adds to zero.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.compiled import kernel, part, rule
from sim.draws import ARISAN, BUILD_TIES, draws
from sim.walk import spans, together

if TYPE_CHECKING:
    from sim.agents.ties import Neighbours
    from sim.parameters.community import Community

NONE, WISHES = -1, -2  # household.arisan: in no circle; would like to join one
EMPTY = -1
DISTRESSED = np.uint16(1 << 9)  # bits of `signals`, see neighbourhood.py
SAVING = np.uint16(1 << 10)
GONE = np.uint16(0xFFFF)
AT_A_TIME = 2048  # circles whose pots a thread hands out at a time


@dataclass
class Circles:
    """All savings circles: one row a circle."""

    members: np.ndarray  # circle x seats: household rows, EMPTY where free
    contribution: np.ndarray  # Rp a month
    turn: np.ndarray  # seat that takes the next pot
    kelurahan: np.ndarray
    carried: np.ndarray  # Rp of pots nobody could take (a circle without members)
    first: np.ndarray  # by kelurahan: its first circle, and the end
    free: np.ndarray  # free seats

    def __len__(self) -> int:
        return len(self.members)


@kernel
def _recruit(households, order, starts, p, seed, members, kelurahan):
    size, circle = members.shape[1], -1
    for k in range(starts.shape[0] - 1):
        seat = size
        for place in range(starts[k], starts[k + 1]):
            household = households[order[place]]
            household.arisan = NONE
            u, _, _, _ = draws(seed, BUILD_TIES, ARISAN, household.uid)
            if household.takes_part and u < p.arisan_share:
                if seat == size:
                    circle += 1
                    seat = 0
                    kelurahan[circle] = k
                members[circle, seat] = order[place]
                household.arisan = circle
                household.groups = household.takes_part + 1
                seat += 1
    return circle + 1


@rule
def agreed(households, circle, share):
    """A circle's monthly payment: `share` of its members' mean permanent income, whole Rp; nothing where that is below
    zero."""
    total, count = 0.0, 0
    for row in circle:
        if row != EMPTY:
            total += households[row].permanent
            count += 1
    return math.floor(max(share * total / count, 0.0)) if count else 0.0


@kernel
def _set_contributions(households, members, contribution, share):
    for g in range(members.shape[0]):
        contribution[g] = agreed(households, members[g], share)


@kernel
def seat_members(rows, households, members, first, free):
    """Households that wish to join take a free seat of a circle in their kelurahan, if there is one."""
    for i in rows:
        household = households[i]
        if household.alive and household.arisan == WISHES:
            household.arisan = NONE
            for g in range(first[household.kelurahan], first[household.kelurahan + 1]):
                if free[g] > 0:
                    seat = 0
                    while members[g, seat] != EMPTY:
                        seat += 1
                    members[g, seat] = i
                    free[g] -= 1
                    household.arisan = g
                    household.groups = household.takes_part + 1
                    break


@part
def taker(circle, turn, signals, offered):
    """The seat that takes the pot: that of the turn or, when `offered`, of the first distressed member still waiting.

    Seats whose household has left are skipped. -1: nobody is left in this round.
    """
    seat = turn
    while seat < circle.shape[0] and circle[seat] == EMPTY:
        seat += 1
    if seat == circle.shape[0]:
        return -1
    if offered:
        for other in range(seat, circle.shape[0]):
            if circle[other] != EMPTY and signals[circle[other]] & DISTRESSED:
                circle[other], circle[seat] = circle[seat], circle[other]
                break
    return seat


def pay_pots(paid: np.ndarray, *columns) -> int:
    """Hand out this month's pots (`pots_walk`); a circle's members are in no other, so circles are shared out.

    Returns the rupiah handed out or carried over, less what was carried before: the sum of `paid`.
    """
    return sum(together(lambda part: pots_walk(*part, paid, *columns), spans(len(paid), AT_A_TIME)))


@kernel
def pots_walk(
    low, high, paid, households, signals, members, contribution, turn, kelurahan, carried, free, trust, p, seed, month
):  # fmt: skip
    """The pots of circles low..high-1; returns the rupiah of `paid` that were dealt with. A distressed member may take
    the turn of another, as likely as people trust."""
    handed = 0
    for g in range(low, high):
        circle = members[g]
        free[g] = 0
        for seat in range(circle.shape[0]):
            if circle[seat] != EMPTY:
                heard = signals[circle[seat]]
                if heard == GONE or not heard & SAVING:
                    circle[seat] = EMPTY
            if circle[seat] == EMPTY:
                free[g] += 1
        pot = paid[g] + carried[g]
        handed += np.int64(paid[g])
        if pot > 0.0 and free[g] < circle.shape[0]:
            u, _, _, _ = draws(seed, ARISAN, month, g)
            offered = u < trust[kelurahan[g]]
            seat = taker(circle, turn[g], signals, offered)
            if seat < 0:  # the round is over: a new one, with a new contribution
                contribution[g] = agreed(households, circle, p.arisan_contribution)
                seat = taker(circle, 0, signals, offered)
            households[circle[seat]].savings += pot
            turn[g] = seat + 1
            pot = 0.0
        carried[g] = pot
    return handed


def build_circles(households: np.ndarray, neighbours: Neighbours, seed: int, p: Community) -> Circles:
    """Circles of `arisan_size` neighbours among those who take part. Writes `arisan` and `groups` of households."""
    size, places = int(p.arisan_size), len(neighbours.starts) - 1
    most = int(np.ceil(np.diff(neighbours.starts) / size).sum()) + 1
    members = np.full((most, size), EMPTY, np.int32)
    kelurahan = np.zeros(most, np.int16)
    count = _recruit(households, neighbours.order, neighbours.starts, p, seed, members, kelurahan)
    members, kelurahan = members[:count].copy(), kelurahan[:count].copy()
    contribution = np.zeros(count)
    _set_contributions(households, members, contribution, p.arisan_contribution)
    first = np.searchsorted(kelurahan, np.arange(places + 1)).astype(np.int64)
    free = (members == EMPTY).sum(axis=1).astype(np.int64)
    return Circles(members, contribution, np.zeros(count, np.int16), kelurahan, np.zeros(count), first, free)
