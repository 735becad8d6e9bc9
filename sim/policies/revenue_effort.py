"""L18: better collection of property tax and of the taxes on turnover. People and businesses pay more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from sim.catalogue import LEVERS, Kind
from sim.choices import number
from sim.intervention import LeverSettings
from sim.language import told

if TYPE_CHECKING:
    from sim.world import World

TODAY = 0.6  # share of the tax due that is paid: what the hotel and restaurant tax of the start assumes


class RevenueEffort(LeverSettings):
    free = told("its cost is paid out of what it brings")
    everywhere: ClassVar[tuple[str, ...]] = ("districts",)

    lever: Literal["revenue_effort"]
    compliance: float = number(TODAY, 0.4, 0.9, "share", "tax paid over tax due; 0.6 is today's")
    cost_share: float = number(0.015, 0.01, 0.02, "share", "cost of collecting, over what it brings more")

    @property
    def idle(self) -> bool:
        """Does nothing at all: today's compliance."""
        return self.compliance == TODAY

    def steer(self, world: World, strength: float, memory: dict[str, Any]) -> None:
        """Pay for last month's effort out of what it brought; this month's taxes are collected accordingly."""
        government, before = world.government, memory.get("effort", 1.0)
        cost = int(self.cost_share * max(government.own_revenue * (1.0 - 1.0 / before), 0.0))
        world.ledger.post("programme_costs", cost)
        government.treasury -= cost
        line = government.line(f"policy: {self.lever}")
        line.released += cost
        line.spent += cost
        memory["effort"] = 1.0 + strength * (self.compliance / TODAY - 1.0)
        world.drivers.revenue_effort *= memory["effort"]


LEVERS.add(
    Kind(
        name="revenue_effort",
        code="L18",
        group="rules",
        indonesian="Optimalisasi pajak daerah (PBB, PBJT)",
        meaning="more of the property and turnover taxes due are paid; the city has more, its taxpayers less",
        source="assumption",
        settings=RevenueEffort,
        cost="1.5 % of what it brings; the rest is paid by taxpayers",
        moves=(("own_revenue_share", 1), ("treasury_rp", 1), ("consumption_mean", -1)),
        others_pay=("property_tax_rp", "business_tax_rp"),
    )
)
