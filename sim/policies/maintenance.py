"""L8: how well public capital is kept up. Today's upkeep is 1 and is paid out of the city's purchases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.agents.services import N_KINDS
from sim.catalogue import LEVERS, Kind
from sim.choices import number
from sim.intervention import LeverSettings, kin_plans
from sim.language import told
from sim.markets.better_places import sell_more
from sim.markets.programmes import hire_builders

if TYPE_CHECKING:
    from sim.purse import Purse
    from sim.world import World


class Maintenance(LeverSettings):
    """Full upkeep M* costs as much a year as the wear of the capital it keeps (assumption), about Rp 0.9 trillion in
    the whole city, and is part of today's purchases of goods and services. A share below 1 frees that part of them for
    the treasury; above 1 it costs more on top."""

    lever: Literal["maintenance"]
    share: float = number(1.0, 0, 1.2, "share of full upkeep", "upkeep of public capital; 1: as today")
    budget_rp_per_year: float = number(
        0.0, 0, 5e12, "Rp of 2024/year", "most that upkeep above today's may cost; 0: whatever the share costs"
    )

    @property
    def idle(self) -> bool:
        return self.share == 1.0

    @property
    def remark(self) -> str:
        if self.idle and self.budget_rp_per_year > 0:
            text = "{lever} changes nothing: its budget is only the most that it may cost; give it a share above 1"
            return told(text, lever=self.lever)
        return super().remark

    def full_cost(self, world: World) -> np.ndarray:
        """Cost of full upkeep this month where the lever works, Rp by kecamatan (30,)."""
        return (world.services.capital * world.services.decay).sum(axis=1) * self.places()

    def asks(self, world: World, strength: float, memory: dict[str, Any]) -> float:
        """What its share takes beyond what other lines do in the same places: a share is a level, reached once."""
        full, more = self.full_cost(world), strength * (self.share - 1.0)
        cost = more * float(full.sum())
        if others := kin_plans(world, self, memory):
            cost = float(_rest(more, sum(others)) @ full)
        most = super().asks(world, strength, memory) if self.budget_rp_per_year > 0 else cost
        asked = min(cost, most)
        memory["plan"] = world.month, np.where(full > 0, asked / max(full.sum(), 1.0), 0.0)
        return asked

    def steer(self, world: World, strength: float, memory: dict[str, Any]) -> None:
        """Less upkeep than today happens by itself."""
        if self.share < 1.0:
            self.keep_up(world, _rest(strength * (self.share - 1.0), _done(world)), memory)

    def release(self, world: World, purse: Purse, memory: dict[str, Any]) -> None:
        """More than today as far as the purse pays for it: work for local builders."""
        cost = self.full_cost(world)
        more = np.minimum(min(purse.money / cost.sum(), self.share - 1.0), _rest(self.share - 1.0, _done(world)))
        purse.owe(hire_builders(world, more * cost))
        self.keep_up(world, more, memory)

    def keep_up(self, world: World, more: np.ndarray, memory: dict[str, Any]) -> None:
        """Upkeep of this month beyond today's (30,), as a share of full upkeep (below 0: less), and the wear it
        saves."""
        services, extra = world.services, (more * self.places())[:, None]
        services.maintenance = services.maintenance + extra
        memory["saved"] = services.capital * services.decay * world.p.services.neglect * extra

    def linger(self, world: World, memory: dict[str, Any]) -> None:
        """Capital that is there, or missing, through upkeep since its start changes what businesses can sell."""
        services = world.services
        added = memory.get("added", np.zeros((30, N_KINDS))) * (1.0 - services.decay)
        memory["added"] = added + memory.pop("saved", 0.0)
        sell_more(world, memory["added"])


def _done(world: World) -> np.ndarray:
    """Upkeep beyond today's that other lines have given so far this month, as a share of full upkeep (30,)."""
    return world.services.maintenance[:, 0] - 1.0


def _rest(more: float, done: np.ndarray) -> np.ndarray:
    """What is left to do of `more` upkeep where some is done already (30,); both are below 0 where there is less."""
    left = more - np.clip(done, min(more, 0.0), max(more, 0.0))
    return np.asarray(left)


LEVERS.add(
    Kind(
        name="maintenance",
        code="L8",
        group="services",
        indonesian="Pemeliharaan sarana",
        meaning="upkeep of public capital: below today's it wears out faster and money is freed, above today's slower",
        source="assumption",
        settings=Maintenance,
        cost="a share of the yearly wear of public capital, about Rp 0.9 trillion at full upkeep",
        moves=(("service_quality", 1), ("service_access", 1), ("value_added_index", 1)),
    )
)
