"""Help between households that know each other."""

from __future__ import annotations

import numpy as np

from sim.agents.households import TIES
from sim.agents.neighbourhood import where_and_how_rich
from sim.compiled import kernel, rule


@rule
def gift(share, trust, spare, gap):
    """What one tie gives to a household in need, whole Rp.

        min(phi T spare, gap)

    phi: share of spare savings that a fully trusting tie gives (half of its prior is at zero); T: trust of the
    household in need, 0-1; spare: the donor's savings beyond its own essentials, Rp; gap: essentials not yet covered.
    Source: gertler_2006, grootaert_1999.
    """
    return np.floor(max(0.0, min(share * trust * spare, gap)))


@kernel
def mutual_aid(rows, households, ties, share, across, usual_trust=0.0, couplings=1.0):
    """Each household of `rows` in turn is helped by its ties until its gap closes. Returns the rupiah given.

    Without couplings everybody helps as if trust were the usual one. across: (30,) by kecamatan of the needy, the part
    of ties to other groups (another kecamatan, or richer or poorer) that is not cut.

    Savings, spare money, aid and gaps change hands at once, so nobody gives the same rupiah twice.
    """
    total = 0.0
    for i in rows:
        needy = households[i]
        for place in range(TIES):
            if ties[i, place] < 0 or needy.gap < 1.0:
                break
            donor = households[ties[i, place]]
            if donor.alive:
                trust = couplings * needy.trust + (1.0 - couplings) * usual_trust
                alike = where_and_how_rich(donor) == where_and_how_rich(needy)
                part = share if alike else share * across[needy.district]
                given = gift(part, trust, min(donor.spare, donor.savings), needy.gap)
                donor.savings -= given
                donor.spare -= given
                needy.savings += given
                needy.aid += given
                needy.gap -= given
                total += given
    return total
