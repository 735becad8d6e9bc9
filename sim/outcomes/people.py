"""Who lives here: persons, households, age structure, newcomers."""

from __future__ import annotations

import numpy as np

from sim.declare import outcome
from sim.outcomes.figures import CHILDREN, Figures, everywhere, ratio

outcome("population", "persons", "residents", "bps_3273", by_place=True, headline=True)
outcome("households", "households", "households", "bps_3273", by_place=True)
outcome("household_size", "persons", "mean household size", "bps_3273", by_place=True, by_group=True)
outcome(
    "dependency_ratio", "ratio", "persons under 15 and over 64 over those between", "un_wpp", by_place=True,
    by_group=True,
)  # fmt: skip
outcome("new_migrants", "persons/month", "persons who moved into the city", "bps_3273")


def people(f: Figures) -> dict[str, np.ndarray]:
    """The outcomes on population."""
    homes = f.households["households"]
    dependents = f.aged(CHILDREN) + f.aged(slice(5, 6))
    return {
        "population": f.persons * float(f.scale),
        "households": homes * float(f.scale),
        "household_size": ratio(f.persons, homes),
        "dependency_ratio": ratio(dependents, f.persons - dependents),
        "new_migrants": everywhere(f.city["migrants_in"] * f.scale),
    }
