"""The social registry (DTKS): who is listed for assistance, with its known errors."""

from __future__ import annotations

import numpy as np

from sim.draws import BUILD_WELFARE
from sim.parameters.household import HouseholdRules
from sim.quotas import luck_of


def register_poor(households: np.ndarray, p: HouseholdRules, scale: int, seed: int, month: int = 0) -> None:
    """The social registry: most of the poorest fifth, and some who should not be on it. Sets `registered`.

    1: food assistance; 2: food assistance and PKH (families with children first). Numbers are the published ones.
    """
    alive = households["alive"] == 1
    u = luck_of(seed, BUILD_WELFARE, month + 1, households["uid"])
    wanted = p.registry_bpnt / scale
    poor = alive & (households["quintile"] == 0)
    inside = min(1.0 - p.exclusion_error, wanted / max(poor.sum(), 1))
    rest = max(0.0, wanted - inside * poor.sum()) / max((alive & ~poor).sum(), 1)
    listed = alive & (u[:, 2] < np.where(poor, inside, rest))
    families = listed & (households["children"] > 0)
    share = min(1.0, p.registry_pkh / scale / max(families.sum(), 1))
    households["registered"] = listed.astype(np.int8) + (families & (u[:, 3] < share))
