"""Ties across the city that facilitators help to make, and neighbourhoods ready for disasters (RW siaga)."""

from __future__ import annotations

import numpy as np

from sim.agents.arisan import WISHES
from sim.agents.ties import someone, tie
from sim.compiled import kernel, rule
from sim.draws import VOTE, draws

ELSEWHERE = 1 << 22  # added to the month: luck of its own


@kernel
def make_bridges(rows, ties, households, order, share, seed, month):
    """Households of `rows` that wish to join a savings circle meet somebody anywhere in the city, as likely as `share`
    (by kelurahan) says. Returns the ties made: none where the other has no room for one."""
    made = 0
    for i in rows:
        household = households[i]
        if household.alive and household.arisan == WISHES and share[household.kelurahan] > 0.0:
            u, who, _, _ = draws(seed, VOTE, ELSEWHERE + month, household.uid)
            other = order[someone(0, order.shape[0], who)]
            if u < share[household.kelurahan] and other != i and households[other].alive and tie(ties, i, other):
                made += 1
    return made


@rule
def averted(usable, readiness, effect):
    """Usable share of a capacity once ready neighbours have rescued part of what a shock takes away.

        1 - (1 - s) (1 - e R)    where less than all is usable

    R: readiness 0-1; e: at most 0.2. Source: aldrich (ranking only), size: assumption.
    """
    return usable if usable >= 1.0 else 1.0 - (1.0 - usable) * (1.0 - effect * readiness)


@kernel
def _avert(table, readiness, effect):
    for d in range(table.shape[0]):
        for k in range(table.shape[1]):
            table[d, k] = averted(table[d, k], readiness[d], effect)


def avert(table: np.ndarray, readiness: np.ndarray, effect: float) -> np.ndarray:
    """`averted` for a table of usable shares with a row for each kecamatan; readiness: (30,)."""
    softened = table.copy()
    _avert(softened, readiness, effect)
    return softened
