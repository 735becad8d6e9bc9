"""L9: retention basins, drains and early warning. Basins keep flood water out once they are built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.agents.services import DRAINAGE
from sim.catalogue import LEVERS, Kind
from sim.choices import number
from sim.intervention import LeverSettings, kin_memories, kin_plans
from sim.markets.programmes import build, shares_of

if TYPE_CHECKING:
    from sim.purse import Purse
    from sim.world import World


class FloodProtection(LeverSettings):
    lever: Literal["flood_protection"]
    basin_rp: float = number(25e9, 10e9, 40e9, "Rp of 2024/basin", "cost of one retention basin with its drains")
    lag: int = number(15, 12, 18, "months", "from the payment of a basin to its use")
    warning_share: float = number(0.05, 0, 1, "share", "of the money for early warning")
    warning_rp: float = number(
        1.5e9, 0.2e9, 10e9, "Rp of 2024/kecamatan/year", "early warning that reaches everybody in a kecamatan"
    )

    @property
    def planned_rp_per_year(self) -> float:
        """The money for basins, and for early warning no more than reaches everybody in every kecamatan chosen."""
        warning = self.warning_share * super().planned_rp_per_year
        return super().planned_rp_per_year - warning + min(warning, self.warning_rp * self.places().sum())

    def monthly_warning(self, world: World) -> float:
        """Cost of a month of early warning that reaches everybody in a kecamatan, Rp of the simulated agents."""
        return self.warning_rp * world.deflator / world.scale / 12.0

    def asks(self, world: World, strength: float, memory: dict[str, Any]) -> float:
        """Nothing where no home would be flooded, and for early warning no more than reaches everybody."""
        full, where, asked = self.monthly_warning(world), self.exposed(world), super().asks(world, strength, memory)
        asked = asked if where.sum() > 0 else 0.0
        room = np.maximum(1.0 - sum(kin_plans(world, self, memory), np.zeros(30)), 0.0)
        reach = self.warning_share * asked * where / full
        plan = np.minimum(reach, room)
        memory["plan"] = world.month, plan
        memory["asked"] = asked - (reach - plan).sum() * full
        return memory["asked"]

    def release(self, world: World, purse: Purse, memory: dict[str, Any]) -> None:
        """Order basins where most homes would be flooded; run the warning service."""
        where = self.exposed(world)
        if where.sum() <= 0:
            return
        self._warn(world, purse, memory)
        price = self.basin_rp * world.deflator / world.scale
        works = np.zeros((30, 7))
        works[:, DRAINAGE] = purse.money * where
        others = [one["counted"] for one in kin_memories(world, self, memory) if "counted" in one]
        people = float(world.people @ ((where > 0) & ~np.any(np.array([*others, np.zeros(30, bool)]), axis=0)))
        spent = build(world, purse, works, self.lag)
        if spent > 0:
            world.hazards.basins.append((world.month + self.lag, spent * where / price))
            purse.count(np.zeros(0, np.int64), people=0 if "counted" in memory else int(people))
            memory["counted"] = where > 0

    def exposed(self, world: World) -> np.ndarray:
        """How basins are split over kecamatan (30,), adding to 1: by exposure, times the chosen way of targeting."""
        weight = shares_of(world, self.targeting, self.places()) * world.hazards.flood_index
        total = weight.sum()
        return weight / total if total > 0 else weight

    def _warn(self, world: World, purse: Purse, memory: dict[str, Any]) -> None:
        """Pay the month of early warning that was planned, as far as the money asked for came."""
        hazards, p = world.hazards, world.p.hazards
        month, plan = memory["plan"]
        asked = memory["asked"] if month == world.month else 0.0
        more = plan * min(1.0, purse.money / asked) if asked > 0.0 else np.zeros(30)
        reach = sum(purse.done("warned"), np.zeros(30)) + more
        purse.done("warned", more)
        purse.pay("programme_costs", int((more * self.monthly_warning(world)).sum()))
        before = hazards.warning_access(world.month, p.warning_fade)
        hazards.warning, hazards.warned = np.maximum(before, reach), world.month


LEVERS.add(
    Kind(
        name="flood_protection",
        code="L9",
        group="hazards",
        indonesian="Pengendalian banjir dan peringatan dini",
        meaning="retention basins and drains that keep flood water out, and early warning that saves belongings",
        source="unbreakable_code; assumption",
        settings=FloodProtection,
        reach="persons",
        cost="Rp 10-40 billion a basin",
        moves=(("flood_protection", 1), ("service_quality", 1)),
    )
)
