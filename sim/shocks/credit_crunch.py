"""E5: banks lend less and ask for more. Businesses that live on credit let people go; fewer are founded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from sim.catalogue import SHOCKS, Kind
from sim.choices import number
from sim.disturbance import ShockSettings

if TYPE_CHECKING:
    from sim.world import World


class CreditCrunch(ShockSettings):
    everywhere: ClassVar[tuple[str, ...]] = ("districts", "sectors")

    kind: Literal["credit_crunch"]
    duration: int = number(9, 0, 120, "months", "months of the tightest credit")
    recovery: int = number(6, 0, 240, "months", "months of a straight way back")
    tightening: float = number(0.6, 0, 1, "share", "cut of lending limits at full intensity")
    dearer: float = number(0.04, 0, 0.2, "share/year", "rise of interest rates at full intensity")
    founders: float = number(0.3, 0, 1, "share", "founders of businesses who need a loan to begin")

    def press(self, world: World, strength: float, since: int, memory: dict[str, Any]) -> None:
        drivers, tighter = world.drivers, strength * self.tightening
        drivers.credit *= 1.0 - tighter
        drivers.interest += strength * self.dearer / 12.0
        drivers.entry *= 1.0 - self.founders * tighter


SHOCKS.add(
    Kind(
        name="credit_crunch",
        code="E5",
        group="economy",
        indonesian="Pengetatan kredit",
        meaning="lending limits fall by up to 60 %, interest rises by up to 4 points a year",
        source="assumption",
        settings=CreditCrunch,
        moves=(("business_entries", -1), ("businesses", -1)),
    )
)
