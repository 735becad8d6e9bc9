"""What hazards destroy, in rupiah: homes by fifth and kecamatan, premises and public works by kecamatan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.agents.businesses import OPEN

if TYPE_CHECKING:
    from sim.world import World

FIFTHS, DISTRICTS = 5, 30
OTHERS = 5  # row of businesses and public works, after those of the fifths of households


def standing_damage(world: World) -> np.ndarray:
    """Rp that is broken now, at replacement value (6, 30): homes of each fifth, poorest first, and all else.

    A home's: damaged share * assets; a business's: damaged share * capital; public works: capital out of use.
    Source: hallegatte_2017.
    """
    found = np.zeros((OTHERS + 1, DISTRICTS))
    homes, firms = world.households.rows, world.businesses.rows
    hit = np.flatnonzero((homes["damage"] > 0) & (homes["alive"] == 1))
    worth = np.floor(homes["damage"][hit].astype(float) * homes["assets"][hit])
    cell = homes["quintile"][hit].astype(np.int64) * DISTRICTS + homes["district"][hit]
    found[:OTHERS] = np.bincount(cell, worth, FIFTHS * DISTRICTS).reshape(FIFTHS, DISTRICTS)
    hit = np.flatnonzero((firms["damage"] > 0) & (firms["status"] == OPEN) & (firms["district"] < DISTRICTS))
    worth = np.floor(firms["damage"][hit].astype(float) * firms["capital"][hit])
    found[OTHERS] = np.bincount(firms["district"][hit], worth, DISTRICTS) + np.floor(world.services.damage).sum(axis=1)
    return found
