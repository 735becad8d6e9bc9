"""E7: custom moves to platforms. Sellers without digital tools lose it, to digital sellers and out of the city."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from sim.agents.businesses import SECTORS
from sim.catalogue import SHOCKS, Kind
from sim.choices import Sectors, note, number
from sim.disturbance import ShockSettings

if TYPE_CHECKING:
    from sim.world import World


class TechnologyDisruption(ShockSettings):
    everywhere: ClassVar[tuple[str, ...]] = ("districts",)

    kind: Literal["technology_disruption"]
    duration: int = number(0, 0, 120, "months", "months until the way back begins; 0: it stays for good")
    recovery: int = number(0, 0, 240, "months", "months of a straight way back, where there is one")
    sectors: Sectors = note(("trade", "transport", "other_services"), "sectors whose customers move to platforms")
    ramp: int = number(24, 0, 120, "months", "months in which it spreads")
    loss: float = number(0.15, 0, 0.9, "share", "custom that sellers without digital tools lose at full intensity")
    gain: float = number(1.0, 0, 5, "share", "added pull of digital sellers at full intensity, over their usual gain")

    def strength(self, since: int) -> float:
        spread = self.intensity * min(1.0, (since + 1) / (self.ramp + 1.0)) if since >= 0 else 0.0
        return spread if self.duration == 0 else min(spread, super().strength(since))

    def press(self, world: World, strength: float, since: int, memory: dict[str, Any]) -> None:
        drivers, market = world.drivers, world.market
        hit = np.isin(SECTORS, self.sectors)
        drivers.digital_pull = drivers.digital_pull * np.where(hit, 1.0 + strength * self.gain, 1.0)
        lost = np.where(hit, strength * self.loss, 0.0)
        drivers.laggards = drivers.laggards * (1.0 - lost)
        # What laggards lose leaves the city, so digital sellers win by their pull alone.
        adopters = market.own_share * world.labour.adopters + (1 - market.own_share) * market.firm_adopters[:, None]
        left = 1.0 - lost[:, None] * (1.0 - adopters)
        drivers.demand = drivers.demand * left
        drivers.footfall = drivers.footfall * left


SHOCKS.add(
    Kind(
        name="technology_disruption",
        code="E7",
        group="economy",
        indonesian="Disrupsi teknologi",
        meaning="sellers without digital tools lose up to 15 % of their custom for good",
        source="assumption",
        settings=TechnologyDisruption,
        moves=(("value_added_index", -1), ("median_own_account_income", -1)),
    )
)
