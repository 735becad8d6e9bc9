"""L14: the Forum TJSL coordinates companies' social projects: more on its books, more by need, less for show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from sim.catalogue import LEVERS, Kind
from sim.choices import number
from sim.intervention import LeverSettings, kin_plans

if TYPE_CHECKING:
    from sim.purse import Purse
    from sim.world import World


class CsrCoordination(LeverSettings):
    everywhere: ClassVar[tuple[str, ...]] = ("districts",)

    lever: Literal["csr_coordination"]
    reporting: float = number(2.0, 1, 4, "ratio", "recorded share of companies' giving over today's, at most all of it")
    secretariat_rp: float = number(2e9, 1e9, 3e9, "Rp of 2024/year", "cost of the Forum's secretariat at full work")

    @property
    def planned_rp_per_year(self) -> float:
        """No more than the secretariat costs: nothing else is paid for."""
        return min(self.budget_rp_per_year, self.secretariat_rp)

    def monthly(self, world: World) -> float:
        """Cost of the secretariat for a month, Rp at the simulated scale and the run's prices."""
        return self.secretariat_rp * world.deflator / 12.0 / world.scale

    def asks(self, world: World, strength: float, memory: dict[str, Any]) -> float:
        """No more than the secretariat costs: there is one, whose work other lines may pay in part."""
        cost = self.monthly(world)
        asked = min(super().asks(world, strength, memory), cost * max(1.0 - sum(kin_plans(world, self, memory)), 0.0))
        memory["plan"] = world.month, asked / cost
        return asked

    def release(self, world: World, purse: Purse, memory: dict[str, Any]) -> None:
        """Pay the secretariat; it works as far as it is paid, and as far as the lever has grown."""
        cost = self.monthly(world)
        companies = world.companies
        paid = purse.pay("programme_costs", min(cost * (1.0 - companies.forum), purse.money))
        work = paid / cost
        companies.forum = min(1.0, companies.forum + work)
        companies.reporting += (self.reporting - 1.0) * work


LEVERS.add(
    Kind(
        name="csr_coordination",
        code="L14",
        group="partnership",
        indonesian="Forum TJSL",
        meaning="a secretariat for companies' social projects: more of them recorded, chosen by need, not visibility",
        source="antara_csr2017",
        settings=CsrCoordination,
        cost="Rp 1-3 billion a year",
        moves=(("csr_rp", 1), ("service_quality", 1)),
    )
)
