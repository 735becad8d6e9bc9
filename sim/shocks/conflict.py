"""S2: conflict between groups. Trust falls at once and returns slowly, ties across groups are cut, streets empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from sim.agents.businesses import FOOD_SERVICES, TRADE
from sim.agents.participation import LOWEST_TRUST
from sim.catalogue import SHOCKS, Kind
from sim.choices import number
from sim.disturbance import ShockSettings

if TYPE_CHECKING:
    from sim.world import World

# At full intensity: trust lost at once, share of bridging ties cut, share of customers who stay away.
DISTRUST, CUT_TIES, EMPTY_STREETS = 0.3, 0.5, 0.2  # Source: assumption


def lose_trust(world: World, loss: np.ndarray) -> None:
    """Every household that has formed an opinion trusts less: `loss` by kecamatan (30,), index points."""
    rows = world.households.rows
    knows = (rows["alive"] == 1) & (rows["trust"] >= LOWEST_TRUST)
    lower = rows["trust"][knows] - loss[rows["district"][knows]]
    rows["trust"][knows] = np.maximum(lower, LOWEST_TRUST)


class Conflict(ShockSettings):
    everywhere: ClassVar[tuple[str, ...]] = ("sectors",)

    kind: Literal["conflict"]
    duration: int = number(2, 0, 24, "months", "months of open conflict (1 to 3 is usual)")
    recovery: int = number(
        6, 0, 60, "months", "months of a straight way back of ties and customers; trust takes longer"
    )

    def strike(self, world: World, memory: dict[str, Any]) -> None:
        lose_trust(world, DISTRUST * self.intensity * self.footprint())

    def press(self, world: World, strength: float, since: int, memory: dict[str, Any]) -> None:
        hit = strength * self.footprint()
        world.communities.conflict = np.maximum(world.communities.conflict, hit)
        world.communities.bridging_factor = world.communities.bridging_factor * (1.0 - CUT_TIES * hit)
        customers = np.ones((8, 30))
        customers[[TRADE, FOOD_SERVICES]] = 1.0 - EMPTY_STREETS * hit
        world.drivers.footfall = world.drivers.footfall * customers
        world.drivers.demand = world.drivers.demand * customers


SHOCKS.add(
    Kind(
        name="conflict",
        code="S2",
        group="society",
        indonesian="Konflik sosial",
        meaning="trust falls by up to 0.3, up to half the ties between groups are cut, shops lose customers",
        source="assumption",
        settings=Conflict,
        moves=(("trust", -1), ("bridging", -1), ("value_added_index", -1)),
    )
)
