"""L17: another path of the minimum wage (UMK). Employers pay; what it does to jobs follows from their books."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from sim.catalogue import LEVERS, Kind
from sim.choices import number
from sim.intervention import LeverSettings
from sim.language import told

if TYPE_CHECKING:
    from sim.world import World


class MinimumWage(LeverSettings):
    free = told("it costs no public money, employers pay")
    everywhere: ClassVar[tuple[str, ...]] = ("districts",)

    lever: Literal["minimum_wage"]
    extra_growth: float = number(0.0, -0.02, 0.10, "1/year", "growth of the UMK beyond today's path, above inflation")

    @property
    def idle(self) -> bool:
        """Does nothing at all: today's path."""
        return self.extra_growth == 0.0

    def steer(self, world: World, strength: float, memory: dict[str, Any]) -> None:
        """Added to the growth of the UMK in January's wage round."""
        world.drivers.minimum_wage += strength * self.extra_growth


LEVERS.add(
    Kind(
        name="minimum_wage",
        code="L17",
        group="rules",
        indonesian="Upah minimum (UMK)",
        meaning="a faster or slower rise of the UMK; businesses that comply pay it, others do not",
        source="hohberg_lay_2015; comola_de_mello_2011",
        settings=MinimumWage,
        cost="no budget of its own; employers pay, the city's own offices among them",
        moves=(("median_wage", 1), ("mean_wage", 1), ("below_minimum_wage_share", 1)),
        others_pay=("wages_paid_rp",),
    )
)
