"""E6: the national government transfers less to the city (TKD).

Purchases shrink at once, and with them the money that levers may take out of them; works and programmes follow where
the treasury comes near half its reserve; wages last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from sim.catalogue import SHOCKS, Kind
from sim.choices import number
from sim.disturbance import ShockSettings

if TYPE_CHECKING:
    from sim.world import World


class FiscalCut(ShockSettings):
    everywhere: ClassVar[tuple[str, ...]] = ("districts", "sectors")

    kind: Literal["fiscal_cut"]
    duration: int = number(12, 0, 120, "months", "months with less money; a budget year begins in January")
    recovery: int = number(0, 0, 240, "months", "months of a straight way back")
    cut: float = number(0.2, 0, 1, "share", "cut of national transfers at full intensity")

    passed_on: float = number(
        0.7,
        0,
        1,
        "share",
        "of the money missing that the city saves on purchases at once; the rest comes out of reserves",
    )

    def press(self, world: World, strength: float, since: int, memory: dict[str, Any]) -> None:
        government, lost = world.government, strength * self.cut
        world.drivers.transfers_to_region *= 1.0 - lost
        saved = self.passed_on * lost * government.transfers_yearly / max(government.purchases_yearly, 1.0)
        world.drivers.purchases *= max(0.0, 1.0 - saved)


SHOCKS.add(
    Kind(
        name="fiscal_cut",
        code="E6",
        group="economy",
        indonesian="Pemotongan transfer ke daerah",
        meaning="national transfers to the city fall by up to 20 % for a year",
        source="assumption",
        settings=FiscalCut,
        moves=(("treasury_rp", -1), ("value_added_index", -1)),
    )
)
