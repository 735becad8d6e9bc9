"""What hazards have destroyed this month: assets, not the income that is lost with them."""

from __future__ import annotations

import numpy as np

from sim.agents.broken import OTHERS
from sim.declare import outcome
from sim.outcomes.figures import GROUPS, Figures, everywhere

outcome(
    "asset_losses_rp", "Rp/month, start prices", "homes, business premises and public works that hazards destroyed",
    "hallegatte_2017", good=-1, by_place=True,
)  # fmt: skip
outcome(
    "home_losses_rp", "Rp/month, start prices", "of these, homes and household goods", "hallegatte_2017", good=-1,
    by_place=True, by_group=True,
)  # fmt: skip


def losses(f: Figures) -> dict[str, np.ndarray]:
    """The asset losses of a month; 0 where no hazard has struck."""
    broken = np.moveaxis(f.city["broken"], 0, -1) * f.scale  # (6, 30, months)
    homes = broken[:OTHERS]
    of_homes = everywhere(homes.sum(axis=(0, 1)), homes.sum(axis=0))
    of_homes[GROUPS] = homes.sum(axis=1)
    return {"asset_losses_rp": everywhere(broken.sum(axis=(0, 1)), broken.sum(axis=0)), "home_losses_rp": of_homes}
