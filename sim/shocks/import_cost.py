"""E4: the rupiah loses value. What is bought abroad costs more, what is sold abroad sells better."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from sim.agents.businesses import SECTORS
from sim.catalogue import SHOCKS, Kind
from sim.choices import Sectors, note, number
from sim.disturbance import ShockSettings

if TYPE_CHECKING:
    from sim.world import World


class ImportCost(ShockSettings):
    everywhere: ClassVar[tuple[str, ...]] = ("districts",)

    kind: Literal["import_cost"]
    duration: int = number(6, 0, 120, "months", "months of the weakest rupiah")
    recovery: int = number(18, 0, 240, "months", "months of a straight way back")
    sectors: Sectors = note(("manufacturing", "modern_services"), "sectors that buy their inputs abroad")
    rise: float = number(0.25, 0, 1, "share", "rise of import prices in rupiah at full intensity")
    abroad: float = number(
        0.15, 0, 1, "share", "foreign part of what the city sells outside and of what residents buy from outside"
    )
    response: float = number(1.0, 0.5, 1.5, "elasticity", "of foreign orders to the price of the rupiah")

    def press(self, world: World, strength: float, since: int, memory: dict[str, Any]) -> None:
        drivers, dearer = world.drivers, 1.0 + strength * self.rise
        hit = np.isin(SECTORS, self.sectors)
        drivers.input_price = drivers.input_price * np.where(hit, dearer, 1.0)
        drivers.import_price *= 1.0 + self.abroad * (dearer - 1.0)
        orders = 1.0 + self.abroad * (dearer**self.response - 1.0)
        drivers.demand = drivers.demand * np.where(hit, orders, 1.0)[:, None]


SHOCKS.add(
    Kind(
        name="import_cost",
        code="E4",
        group="economy",
        indonesian="Pelemahan rupiah",
        meaning="inputs from abroad cost up to 25 % more; foreign orders rise a little",
        source="assumption",
        settings=ImportCost,
        moves=(("value_added_index", -1), ("unemployment_rate", 1), ("poverty_headcount", 1)),
    )
)
