"""E1: buyers order less. Outside demand of the hit sectors and districts falls and comes back slowly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.catalogue import SHOCKS, Kind
from sim.choices import number
from sim.disturbance import ShockSettings

if TYPE_CHECKING:
    from sim.world import World

# Share of outside demand lost at full intensity, by sector (model: 0.1 to 0.5; public services hardly sell outside).
DEPTH = np.array([0.5, 0.3, 0.4, 0.4, 0.5, 0.3, 0.1, 0.4])


class DemandSlump(ShockSettings):
    kind: Literal["demand_slump"]
    duration: int = number(6, 0, 120, "months", "months at full depth")
    recovery: int = number(12, 0, 240, "months", "months of a straight way back")
    residents: float = number(
        0.2,
        0,
        1,
        "share",
        "part of residents' own purchases that turns away as outside buyers do, to sellers elsewhere",
    )

    def press(self, world: World, strength: float, since: int, memory: dict[str, Any]) -> None:
        rows = self.sector_rows()
        lost = np.zeros((8, 30))
        lost[rows] = strength * np.outer(DEPTH[rows], self.footprint())
        world.drivers.demand = world.drivers.demand * (1.0 - lost)
        world.drivers.footfall = world.drivers.footfall * (1.0 - self.residents * lost)


SHOCKS.add(
    Kind(
        name="demand_slump",
        code="E1",
        group="economy",
        indonesian="Kelesuan permintaan",
        meaning="outside demand of sectors falls by 10 to 50 % at full intensity",
        source="assumption",
        settings=DemandSlump,
        moves=(("value_added_index", -1), ("unemployment_rate", 1), ("poverty_headcount", 1)),
    )
)
