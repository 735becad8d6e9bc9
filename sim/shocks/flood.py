"""N1: rivers and drains overflow. Homes and premises in the flood zone are damaged, shops stay shut for weeks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from pydantic import model_validator

from sim.agents.businesses import FIRM, OPEN
from sim.agents.hazard_rules import closed_capacity, damaged_more, depth_damage, flood_reach, flood_water
from sim.agents.hazards import destroy, hire_local_builders
from sim.agents.services import DRAINAGE, ROADS, WATER
from sim.catalogue import SHOCKS, Kind
from sim.choices import month_number, note, number
from sim.compiled import kernel
from sim.disturbance import ShockSettings
from sim.draws import SHOCK, draws, normal
from sim.language import told
from sim.walk import FIXED, walk

if TYPE_CHECKING:
    from sim.world import World

DECISION = SHOCK + 7
RAINY = (11, 12, 1, 2, 3, 4)  # November to April
HOMES, HIT, LOST = range(3)  # tally: homes, of them flooded, their lost share of assets (fixed point)
ROAD_LOSS = 0.3  # share of road capacity lost in a flood that fills the whole zone of the most exposed kecamatan


@kernel
def flood_homes(low, high, tally, households, chance, depth, value, spread, seed):
    """Water in homes. Where a dwelling stands in the flood zone, and how low, is its own lasting luck, so that rarer
    floods reach the same homes and more. Arrays by kecamatan; depth: median water in flooded homes, m."""
    for h in range(low, high):
        home = households[h]
        if home.alive == 0:
            continue
        d = home.district
        tally[d, HOMES] += 1
        u, v, w, _ = draws(seed, DECISION, home.moved_in, home.uid)
        if u < chance[d]:
            water = depth[d] * math.exp(spread * normal(v, w))
            loss = value[d] * depth_damage(water)
            home.damage = damaged_more(home.damage, loss)
            tally[d, HIT] += 1
            tally[d, LOST] += np.int64(loss * FIXED)


@kernel
def flood_firms(low, high, tally, businesses, chance, depth, value, spread, seed):
    """Water in business premises, by the same rule."""
    for j in range(low, high):
        firm = businesses[j]
        if firm.status != OPEN or firm.kind != FIRM or firm.district >= 30:
            continue
        d = firm.district
        tally[d, HOMES] += 1
        u, v, w, _ = draws(seed, DECISION, 0, firm.uid)
        if u < chance[d]:
            water = depth[d] * math.exp(spread * normal(v, w))
            loss = value[d] * depth_damage(water)
            firm.damage = damaged_more(firm.damage, loss)
            tally[d, HIT] += 1
            tally[d, LOST] += np.int64(loss * FIXED)


def flooded_share(world: World, years: float, where: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Chance that a home is flooded and median depth in m, by kecamatan (30,), after what protects them."""
    hazards, p = world.hazards, world.p.hazards
    kept = hazards.protection(world.month, p.basin_protection)
    drains = world.services.kinds_start[:, DRAINAGE] / np.maximum(world.services.quality_by_kind[:, DRAINAGE], 0.1)
    reached = p.flood_zone * hazards.flood_index * flood_reach(years)
    reached = reached * np.maximum(drains, 1.0) ** p.drain_effect  # better drains protect as basins do, counted once
    chance = np.minimum(reached, 1.0) * (1.0 - kept) * where
    depth = flood_water(p.flood_depth, years) * (1.0 - p.protection_depth * kept)
    return chance, depth


class Flood(ShockSettings):
    everywhere: ClassVar[tuple[str, ...]] = ("sectors",)

    kind: Literal["flood"]
    duration: int = number(1, 0, 12, "months", "months with roads under water and shops shut")
    recovery: int = number(0, 0, 24, "months", "months of a straight way back of roads and shops")
    return_period: float = number(10, 2, 100, "years", "years between floods of this size or more")
    weeks: float = number(2, 1, 4, "weeks", "weeks that flooded businesses stay shut (1 to 3 is usual)")
    season: Literal["rainy", "any"] = note("rainy", "rainy: November to April only; any: in any month")

    @model_validator(mode="after")
    def _in_season(self) -> Flood:
        if self.season == "rainy" and month_number(self.start) % 12 + 1 not in RAINY:
            raise ValueError(
                told(
                    "a flood in {start} is outside the rainy season (November to April); choose another month or say "
                    "season: any",
                    start=self.start,
                )
            )
        return self

    def strike(self, world: World, memory: dict[str, Any]) -> None:
        """Homes, premises and public works are damaged at once."""
        p, month = world.p.hazards, world.month
        chance, depth = flooded_share(world, self.return_period, self.footprint() * self.intensity)
        saved = 1.0 - p.warning_saves * world.hazards.warning_access(month, p.warning_fade)
        place = (chance, depth)
        homes = walk(
            flood_homes, world.households.n, (30, 3), world.households.rows, *place, p.flood_home_value * saved,
            p.flood_spread, world.seed,
        )  # fmt: skip
        firms = walk(
            flood_firms, world.businesses.n, (30, 3), world.businesses.rows, *place, p.flood_firm_value * saved,
            p.flood_spread, world.seed,
        )  # fmt: skip
        public = np.zeros((30, 7))
        public[:, [ROADS, WATER, DRAINAGE]] = (
            p.flood_public_value * chance * np.array([depth_damage(metres) for metres in depth])
        )[:, None]
        destroy(world, public)
        memory["chance"] = chance
        memory["homes"], memory["firms"] = homes[:, HIT], firms[:, HIT]
        world.counts["flooded_homes"], world.counts["flooded_firms"] = homes[:, HIT], firms[:, HIT]

    def press(self, world: World, strength: float, since: int, memory: dict[str, Any]) -> None:
        """Roads lie under water, and businesses are shut."""
        chance, fade = memory["chance"], strength / self.intensity
        shut = np.array([closed_capacity(fade * share, self.weeks) for share in chance])
        world.drivers.capacity = world.drivers.capacity * shut
        roads = np.ones((30, 7))
        roads[:, ROADS] = 1.0 - ROAD_LOSS * fade * np.minimum(chance / world.p.hazards.flood_zone, 1.0)
        world.drivers.services = world.drivers.services * roads

    def linger(self, world: World, since: int, memory: dict[str, Any]) -> None:
        hire_local_builders(world)


SHOCKS.add(
    Kind(
        name="flood",
        code="N1",
        group="nature",
        indonesian="Banjir",
        meaning="homes, premises, roads and drains in the flood zone damaged; businesses shut for one to three weeks",
        source="jrc_2017; gedebage_flood_2020; cnn_2020flood; haqiaryva",
        settings=Flood,
        moves=(("service_quality", -1), ("no_buffer_share", 1)),
    )
)
