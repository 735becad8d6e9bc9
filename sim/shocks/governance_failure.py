"""S3: a corruption case or a stalled administration. Less money is spent, trust falls, residents give less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from sim.catalogue import SHOCKS, Kind
from sim.choices import number
from sim.disturbance import ShockSettings
from sim.shocks.conflict import lose_trust

if TYPE_CHECKING:
    from sim.world import World

# At full intensity: share of programme money not spent, trust lost at once, share of self-help lost.
STALLED, DISTRUST, WITHHELD = 0.4, 0.15, 0.5  # Source: assumption


class GovernanceFailure(ShockSettings):
    everywhere: ClassVar[tuple[str, ...]] = ("districts", "sectors")

    kind: Literal["governance_failure"]
    duration: int = number(12, 0, 60, "months", "months of a stalled administration")
    recovery: int = number(6, 0, 60, "months", "months of a straight way back")

    def strike(self, world: World, memory: dict[str, Any]) -> None:
        lose_trust(world, np.full(30, DISTRUST * self.intensity))

    def press(self, world: World, strength: float, since: int, memory: dict[str, Any]) -> None:
        world.drivers.absorption *= 1.0 - STALLED * strength
        world.drivers.swadaya *= 1.0 - WITHHELD * strength


SHOCKS.add(
    Kind(
        name="governance_failure",
        code="S3",
        group="society",
        indonesian="Kegagalan tata kelola",
        meaning="up to 40 % of programme money is not spent, trust falls by up to 0.15, self-help halves",
        source="assumption",
        settings=GovernanceFailure,
        moves=(("trust", -1), ("swadaya_rp", -1)),
    )
)
