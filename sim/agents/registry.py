"""The social registry (DTKS): who is listed for assistance, with its known errors."""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.draws import BATCH, BUILD_WELFARE, batch, many_draws
from sim.parameters.household import HouseholdRules
from sim.walk import walk

LISTED, FAMILY = 1, 2
LASTING = 1  # stands for the month in the address of a household's luck with the registry


@kernel
def _count(low, high, tally, households):
    """Households of the poorest fifth and others."""
    for h in range(low, high):
        if households[h].alive == 1:
            tally[0 if households[h].quintile == 0 else 1] += 1


@kernel
def _list(low, high, tally, households, inside, outside, seed, families, room):
    """List each household with the chance `inside` if it is poor and `outside` if not; counts families listed.

    families: gets the luck with PKH of listed families, above 1 for all others.

    Its luck with the registry lasts: who is overlooked stays so, and who is listed until it is poor no more.
    """
    _, uids, luck, _ = room
    for begin in range(low, high, BATCH):
        end = min(begin + BATCH, high)
        for h in range(begin, end):
            uids[h - begin] = households[h].uid
        many_draws(seed, BUILD_WELFARE, LASTING, uids, end - begin, luck)
        for h in range(begin, end):
            home = households[h]
            listed = (home.alive == 1) & (luck[2, h - begin] < (inside if home.quintile == 0 else outside))
            family = listed & (home.children > 0)
            home.registered = LISTED * listed
            families[h] = luck[3, h - begin] if family else 2.0
            tally[0] += family


@kernel
def _add_families(low, high, tally, households, share, families):
    """A share of the listed families gets PKH too."""
    for h in range(low, high):
        if families[h] < share:
            households[h].registered = FAMILY


def register_poor(households: np.ndarray, p: HouseholdRules, scale: int, seed: int) -> None:
    """The social registry: most of the poorest fifth, and some who should not be on it. Sets `registered`.

    1: food assistance; 2: food assistance and PKH (families with children first). Numbers are the published ones.
    """
    poor, others = (int(number) for number in walk(_count, len(households), 2, households))
    wanted = p.registry_bpnt / scale
    inside = min(1.0 - p.exclusion_error, wanted / max(poor, 1))
    outside = max(0.0, wanted - inside * poor) / max(others, 1)
    families = np.empty(len(households))
    number = int(walk(_list, len(households), 1, households, inside, outside, seed, families, batch)[0])
    share = min(1.0, p.registry_pkh / scale / max(number, 1))
    walk(_add_families, len(households), 1, households, share, families)
