"""N4: the landfill burns or closes. Waste is not collected, people fall ill, visitors stay away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from sim.agents.businesses import FOOD_SERVICES
from sim.agents.services import HEALTH, WASTE
from sim.catalogue import SHOCKS, Kind
from sim.choices import number
from sim.disturbance import ShockSettings

if TYPE_CHECKING:
    from sim.world import World

# At full intensity: share of waste services lost (in August 2023, 80 % of the waste was hauled to the burning landfill;
# a quota of trucks remained), of health services taken up by illness, and of visitors' demand lost.
UNCOLLECTED, ILLNESS, VISITORS = 0.6, 0.1, 0.1  # Source: kompas_sarimukti (waste), assumption (illness, visitors)


class WasteCrisis(ShockSettings):
    everywhere: ClassVar[tuple[str, ...]] = ("sectors",)

    kind: Literal["waste_crisis"]
    duration: int = number(4, 0, 60, "months", "months with the landfill shut (2 to 6 is usual)")
    recovery: int = number(3, 0, 60, "months", "months of a straight way back")

    def press(self, world: World, strength: float, since: int, memory: dict[str, Any]) -> None:
        hit, left, visitors = self.footprint(), np.ones((30, 7)), np.ones((8, 30))
        left[:, WASTE] = 1.0 - strength * UNCOLLECTED * hit
        left[:, HEALTH] = 1.0 - strength * ILLNESS * hit
        visitors[FOOD_SERVICES] = 1.0 - strength * VISITORS * hit
        world.drivers.services = world.drivers.services * left
        world.drivers.demand = world.drivers.demand * visitors


SHOCKS.add(
    Kind(
        name="waste_crisis",
        code="N4",
        group="nature",
        indonesian="Darurat sampah",
        meaning="the landfill is shut: up to 60 % of waste services lost, more illness, fewer visitors",
        source="kompas_sarimukti; assumption",
        settings=WasteCrisis,
        moves=(("service_quality", -1), ("value_added_index", -1)),
    )
)
