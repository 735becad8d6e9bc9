"""L19: quicker travel in the city, and public flats (rusunawa) where the jobs are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.agents.businesses import CONSTRUCTION, OPEN
from sim.agents.households import OWNER, RENTER
from sim.catalogue import LEVERS, Kind
from sim.choices import number
from sim.draws import LEVER
from sim.intervention import LeverSettings
from sim.language import told
from sim.markets.formation import MOVED_IN, MOVED_OUT
from sim.markets.programmes import choose
from sim.quotas import systematic

if TYPE_CHECKING:
    from sim.purse import Purse
    from sim.world import World

DECISION = LEVER + 19
LAG = 12  # months from the payment of a flat to its tenants


class TransportAndHousing(LeverSettings):
    lever: Literal["transport_and_housing"]
    travel_cut: float = number(0.1, 0, 0.3, "share", "fall of the cost of travel when it is paid in full")
    point_rp: float = number(10e9, 2e9, 1e11, "Rp of 2024/year", "running cost of each percentage point of that fall")
    flat_rp: float = number(275e6, 200e6, 350e6, "Rp of 2024/flat", "cost of a public flat")

    @property
    def remark(self) -> str:
        """Besides the usual: kecamatan are chosen for flats only."""
        if self.districts and self.travel_cut > 0 and not self.idle:
            text = "{lever}: travel costs less in the whole city; the districts named are where flats are built"
            return super().remark or told(text, lever=self.lever)
        return super().remark

    def steer(self, world: World, strength: float, memory: dict[str, Any]) -> None:
        """Travel costs less by what was paid for last month."""
        world.drivers.travel *= 1.0 - memory.get("cut", 0.0)

    def release(self, world: World, purse: Purse, memory: dict[str, Any]) -> None:
        """Buses first, flats with the rest; families move into those that are ready."""
        cut = max(self.travel_cut - sum(purse.done("cut")), 0.0)  # other lines have paid for the rest
        full = 100.0 * cut * self.point_rp * world.deflator / world.scale / 12.0
        paid = purse.pay("programme_costs", min(full, purse.money))
        memory["cut"] = cut * paid / full if full >= 1.0 else 0.0
        purse.done("cut", memory["cut"])
        under_way = memory.setdefault("flats", np.zeros((LAG + 1, 30), np.int64))
        target = self._target(world)
        under_way[LAG] += self._order(world, purse, target)
        ready = under_way[0].copy()
        under_way[:-1] = under_way[1:]
        under_way[-1] = 0
        under_way[0] += ready - self._move_in(world, purse, ready, target)

    def _target(self, world: World) -> np.ndarray:
        """Where flats are built: the kecamatan named, or those with more jobs to a resident than the city (30,)."""
        if self.districts:
            return self.places()
        firms = world.businesses.rows
        heads = np.where(firms["status"] == OPEN, firms["workers"] + firms["commuters"], 0)
        jobs = np.bincount(firms["district"], heads, minlength=34)[:30]
        return (jobs * world.people.sum() > jobs.sum() * world.people).astype(float)

    def _order(self, world: World, purse: Purse, target: np.ndarray) -> np.ndarray:
        """Flats by kecamatan (30,) that the rest of the purse pays for, spread as people live there."""
        cost = int(self.flat_rp * world.deflator)
        count = purse.places(cost)
        if not count or not target.any():
            return np.zeros(30, np.int64)
        offset = (world.month * 0.6180339887498949) % 1.0
        flats = systematic(world.people * target, count, offset)
        share = world.p.government.works_imports
        imported = purse.pay("works_imports", int(cost * count * share))
        local = np.floor(cost * flats * (1.0 - share))
        world.government.purchases[:, CONSTRUCTION] += local
        purse.owe(int(local.sum()))
        assert imported >= 0
        return flats

    def _move_in(self, world: World, purse: Purse, ready: np.ndarray, target: np.ndarray) -> np.ndarray:
        """Families without a home of their own, from elsewhere in the city, take the flats. Returns flats taken."""
        rows = world.households.rows
        able = (rows["alive"] == 1) & (rows["tenure"] != OWNER) & (target[rows["district"]] == 0)
        homes = np.flatnonzero(able)
        picked = homes[
            choose(world, rows["uid"][homes], homes, int(ready.sum()), self.targeting, np.ones(30), DECISION)
        ]
        district = np.repeat(np.arange(30), ready)[: len(picked)]
        kelurahan, moves = world.city.kelurahan, world.counts["demography"]
        np.add.at(moves[:, MOVED_OUT], rows["district"][picked], rows["size"][picked])
        np.add.at(moves[:, MOVED_IN], district, rows["size"][picked])
        first = np.searchsorted(kelurahan.district, district)
        there = np.bincount(kelurahan.district, minlength=30)[district]
        rows["district"][picked] = district
        rows["kelurahan"][picked] = first + rows["uid"][picked] % there.astype(np.uint64)
        rows["tenure"][picked] = RENTER
        rows["moved_in"][picked] = world.month
        purse.count(picked)
        return np.bincount(district, minlength=30)


LEVERS.add(
    Kind(
        name="transport_and_housing",
        code="L19",
        group="services",
        indonesian="Transportasi dan rusunawa",
        meaning="travel costs less, so that job seekers look farther; public flats in kecamatan rich in jobs",
        source="cali_2019; assumption",
        settings=TransportAndHousing,
        reach="households",
        cost="Rp 10 billion a year for each percentage point of travel cost; Rp 275 million a flat",
        moves=(("job_access", 1),),
    )
)
