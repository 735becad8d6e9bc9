"""L10: houses made stronger before an earthquake; after one, money to repair the damaged ones first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.agents.businesses import CONSTRUCTION
from sim.agents.hazard_rules import COMPLETE, HEAVY, MODERATE, SLIGHT
from sim.catalogue import LEVERS, Kind
from sim.choices import number
from sim.draws import LEVER
from sim.intervention import LeverSettings
from sim.markets.programmes import choose

if TYPE_CHECKING:
    from sim.purse import Purse
    from sim.world import World

DECISION = LEVER + 10


def hire_builders(world: World, purse: Purse, homes: np.ndarray, rupiah: np.ndarray) -> None:
    """Have work done on homes (rows) for whole Rp each: materials from outside, the rest by builders of the place."""
    government = world.government
    local = np.floor(rupiah * (1.0 - world.p.government.works_imports))
    purse.pay("works_imports", float((rupiah - local).sum()))
    where = world.households.rows["district"][homes]
    government.purchases[:, CONSTRUCTION] += np.bincount(where, weights=local, minlength=30)
    purse.owe(int(local.sum()))


class SeismicRetrofit(LeverSettings):
    lever: Literal["seismic_retrofit"]
    house_rp: float = number(40e6, 20e6, 60e6, "Rp of 2024/house", "cost of making one house stronger")
    repair_share: float = number(1.0, 0, 1, "share", "of the money that repairs homes first while some are shaken")
    light_rp: float = number(15e6, 0, 100e6, "Rp of 2024/house", "most paid for a lightly damaged home")
    moderate_rp: float = number(30e6, 0, 100e6, "Rp of 2024/house", "most paid for a moderately damaged home")
    heavy_rp: float = number(60e6, 0, 200e6, "Rp of 2024/house", "most paid for a heavily damaged home")

    def release(self, world: World, purse: Purse, memory: dict[str, Any]) -> None:
        world.hazards.grow(world.households.n)
        rows = world.households.rows
        here = (rows["alive"] == 1) & (self.places()[rows["district"]] > 0)
        shaken = np.flatnonzero(here & (world.hazards.shaken > 0))
        if len(shaken):
            self._repair(world, purse, shaken)
            if self.repair_share >= 1.0:
                return
        self._retrofit(world, purse, here)

    def _repair(self, world: World, purse: Purse, shaken: np.ndarray) -> None:
        """Repair each home once, up to the amount for its damage; the worst hit first, then by keyed choice."""
        rows, hazards = world.households.rows, world.hazards
        amount = np.zeros(COMPLETE + 1)
        amount[[SLIGHT, MODERATE, HEAVY, COMPLETE]] = self.light_rp, self.moderate_rp, self.heavy_rp, self.heavy_rp
        left = self.repair_share * purse.money
        for state in (COMPLETE, HEAVY, MODERATE, SLIGHT):
            homes = shaken[hazards.shaken[shaken] == state]
            cost = int(amount[state] * world.deflator)
            if not len(homes) or cost <= 0:
                continue
            places = min(int(left // cost), len(homes))
            uids = rows["uid"][homes]
            homes = homes[choose(world, uids, homes, places, self.targeting, self.places(), DECISION)]
            worth = rows["damage"][homes] * rows["assets"][homes]
            paid = np.floor(np.minimum(worth, cost))
            hire_builders(world, purse, homes, paid)
            left -= float(paid.sum())
            rows["damage"][homes] = np.maximum(
                rows["damage"][homes] - paid / np.maximum(rows["assets"][homes], 1.0), 0.0
            )
            hazards.shaken[homes] = 0
            purse.line.eligible += len(uids)
            purse.count(homes, paid)
            if len(homes) < len(uids):
                return  # the worse hit wait for next month's money before the others get any

    def _retrofit(self, world: World, purse: Purse, here: np.ndarray) -> None:
        """Make houses stronger that are not yet, as many as the money pays for."""
        rows, hazards = world.households.rows, world.hazards
        weak = np.flatnonzero(here & (hazards.retrofitted < rows["moved_in"]))
        cost = int(self.house_rp * world.deflator)
        uids = rows["uid"][weak]
        homes = weak[choose(world, uids, weak, purse.places(cost), self.targeting, self.places(), DECISION)]
        hire_builders(world, purse, homes, np.full(len(homes), float(cost)))
        hazards.retrofitted[homes] = world.month
        purse.line.eligible += len(weak)
        purse.count(homes, cost)
        world.counts["retrofitted"] = world.counts.get("retrofitted", 0) + len(homes)


LEVERS.add(
    Kind(
        name="seismic_retrofit",
        code="L10",
        group="hazards",
        indonesian="Rumah tahan gempa dan stimulan perbaikan",
        meaning="houses made stronger; after an earthquake, repairs of damaged homes come first",
        source="assumption",
        settings=SeismicRetrofit,
        reach="households",
        cost="Rp 20-60 million a house",
        moves=(("wellbeing", 1),),
    )
)
