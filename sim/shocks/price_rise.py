"""E3: food and energy become dearer, as after the fuel rises of 2005, 2013 and 2022. Money buys less.

The rise is earned outside the city: residents pay it, and what they can still afford is bought from fewer sellers
here. Real spending, essentials and, with them, the real value of the poverty line follow each household's own food
share, so the poor lose most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from sim.catalogue import SHOCKS, Kind
from sim.choices import number
from sim.disturbance import ShockSettings

if TYPE_CHECKING:
    from sim.world import World


class PriceRise(ShockSettings):
    everywhere: ClassVar[tuple[str, ...]] = ("districts", "sectors")

    kind: Literal["price_rise"]
    duration: int = number(4, 0, 120, "months", "months at the highest price")
    recovery: int = number(8, 0, 240, "months", "months in which prices come back along a straight line")
    rise: float = number(
        0.3,
        0,
        1,
        "share",
        "rise of food and energy prices at full intensity; intensity 0.3 is about the fuel rise of 2022",
    )
    energy: float = number(
        0.1, 0, 0.5, "share", "energy in what residents buy besides food, and in what businesses buy in"
    )

    def press(self, world: World, strength: float, since: int, memory: dict[str, Any]) -> None:
        drivers, food = world.drivers, strength * self.rise
        drivers.food_price *= 1.0 + food
        drivers.nonfood_price *= 1.0 + food * self.energy
        drivers.input_price = drivers.input_price * (1.0 + food * self.energy)


SHOCKS.add(
    Kind(
        name="price_rise",
        code="E3",
        group="economy",
        indonesian="Kenaikan harga pangan dan energi",
        meaning="food and energy cost up to 30 % more; real incomes fall, most among the poor",
        source="ks_infl2022; bps3273_batagor; assumption",
        settings=PriceRise,
        moves=(
            ("poverty_headcount", 1),
            ("poverty_gap", 1),
            ("food_insecure_share", 1),
            ("wellbeing", -1),
            ("value_added_index", -1),
        ),
    )
)
