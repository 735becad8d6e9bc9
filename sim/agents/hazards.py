"""What the city is exposed to and what protects it: flood zones, distance to the fault, basins, warnings, retrofits.

Arrays over kecamatan have 30 rows, over kelurahan 151; what belongs to a dwelling is kept by household row and ends
when the household moves. Shocks read this state; levers and the city's own rebuilding change it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from sim.agents.businesses import CONSTRUCTION
from sim.agents.hazard_rules import kept_dry
from sim.agents.services import N_KINDS
from sim.city import open_library

if TYPE_CHECKING:
    from sim.city import City
    from sim.world import World

# The Lembang fault from Padalarang over Cisarua and Gunung Batu to Palintang, 29 km, read off named places along it.
# Source: daryono_2019 (length, course); points: assumption.
FAULT = np.array([(107.475, -6.800), (107.560, -6.808), (107.636, -6.830), (107.736, -6.845)])  # degrees east, north
KM_PER_DEGREE = 111.2
LAKE_LEVEL = 725.0  # m: ground below it is the bed of the old lake of Bandung, soft. Source: memory
PLAIN_TOP, PLAIN_BOTTOM = 740.0, 665.0  # m: from no exposure to rivers to that of Gedebage. Source: assumption
OFTEN = 2.0  # recorded floods at which a kecamatan counts as fully exposed by its record. Source: assumption
NEVER = -32000


@dataclass
class Hazards:
    """Exposure, protection, and what is still broken."""

    flood_index: np.ndarray  # (30,) 0-1: exposure relative to the most exposed kecamatan
    slopes: np.ndarray  # (30,) share of kelurahan on slopes
    fault_km: np.ndarray  # (151,) distance to the fault's trace
    soft: np.ndarray  # (151,) 1 on the old lake bed
    warning: np.ndarray  # (30,) share of residents whom a warning reached when it was last paid for
    warned: int = 0  # month of that
    basins: list[tuple[int, np.ndarray]] = field(default_factory=list)  # (first month of use, basins in each kecamatan)
    retrofitted: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int16))  # month, by household row
    shaken: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int8))  # damage state not yet helped
    victims: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))  # persons killed this month, by row
    destroyed: np.ndarray = field(default_factory=lambda: np.zeros((30, N_KINDS)))  # Rp of public capital to rebuild
    rebuilding: int = NEVER  # month in which builders' extra work was last reckoned

    def protection(self, month: int, each: float) -> np.ndarray:
        """Share of flooded homes that the basins in use keep dry (30,)."""
        ready = sum((count for first, count in self.basins if first <= month), np.zeros(30))
        return np.array([kept_dry(count, each) for count in ready])

    def warning_access(self, month: int, fade: float) -> np.ndarray:
        """Share of residents whom a warning reaches (30,)."""
        return self.warning * (1.0 - fade) ** max(month - self.warned, 0)

    def forget_homes(self) -> None:
        """No house is known to be retrofitted or shaken: the rows have new numbers."""
        self.retrofitted, self.shaken = self.retrofitted[:0], self.shaken[:0]

    def grow(self, homes: int) -> None:
        """Make room for new household rows."""
        missing = homes - len(self.retrofitted)
        if missing > 0:
            self.retrofitted = np.append(self.retrofitted, np.full(missing, NEVER, np.int16))
            self.shaken = np.append(self.shaken, np.zeros(missing, np.int8))


def build_hazards(city: City, warning: float, homes: int) -> Hazards:
    """The hazards of the city as it is: nothing built, nothing broken."""
    height = np.asarray(city.columns["elev_mean_m"], float)
    low = np.clip((PLAIN_TOP - height) / (PLAIN_TOP - PLAIN_BOTTOM), 0.0, 1.0)
    slope, flat = (np.asarray(city.columns[name], float) for name in ("kel_on_slope", "kel_flat"))
    kelurahan = city.kelurahan
    hazards = Hazards(
        flood_index=0.5 * low + 0.5 * np.minimum(recorded_floods(city) / OFTEN, 1.0),
        slopes=slope / np.maximum(slope + flat, 1.0),
        fault_km=distance_to_line(kelurahan.lon, kelurahan.lat, FAULT),
        soft=(height[kelurahan.district] < LAKE_LEVEL).astype(float),
        warning=np.full(30, warning),
    )
    hazards.grow(homes)
    return hazards


def recorded_floods(city: City) -> np.ndarray:
    """Floods on record by kecamatan (30,): listed for 2022-24, and the events of 2016-21. Source: haqiaryva; shocks."""
    yearly = sum(np.asarray(city.columns[f"flood_events_{year}"], float) for year in (2022, 2023, 2024))
    events = open_library().read("shocks")
    places = [
        scope for kind, scope in zip(events.text("type"), events.text("scope"), strict=True)
        if kind == "flood" and scope.startswith("Kota Bandung:")
    ]  # fmt: skip
    return yearly + np.array([sum(name in scope for scope in places) for name in city.names], float)


def distance_to_line(lon: np.ndarray, lat: np.ndarray, line: np.ndarray) -> np.ndarray:
    """Kilometres from points to a line through `line` (n, 2) in degrees, on a plane."""
    scale = KM_PER_DEGREE * np.array([np.cos(np.radians(np.mean(lat))), 1.0])
    points, corners = np.stack([lon, lat], axis=1) * scale, line * scale
    nearest = np.full(len(points), np.inf)
    for a, b in pairwise(corners):
        along = np.clip((points - a) @ (b - a) / ((b - a) @ (b - a)), 0.0, 1.0)
        nearest = np.minimum(nearest, np.linalg.norm(points - a - along[:, None] * (b - a), axis=1))
    return nearest


def destroy(world: World, share: np.ndarray) -> None:
    """A share of public capital (30, 7) is destroyed this month; the city will rebuild it as its money allows."""
    services = world.services
    lost = services.capital * np.clip(share, 0.0, 0.9)
    services.damage = services.damage + lost
    world.hazards.destroyed = world.hazards.destroyed + lost


def rebuilding_works(world: World) -> np.ndarray:
    """Rp of works (30, 7) that the city would order this month to rebuild what hazards destroyed; 0 in quiet times."""
    if world.hazards is None:
        return np.zeros((30, N_KINDS))
    return world.hazards.destroyed / world.p.hazards.rebuild_months


def rebuilding_ordered(world: World, works: np.ndarray) -> None:
    """Take works that were ordered off what is still to be rebuilt."""
    if world.hazards is not None:
        world.hazards.destroyed = np.maximum(world.hazards.destroyed - works, 0.0)


def hire_local_builders(world: World) -> None:
    """What households paid for repairs last month comes back in part as orders to builders of the city, once a month.

    Repairs are paid to the outside, which buys there from local construction: money leaves and returns as outside
    demand, and both are posted.
    """
    hazards, drivers, market = world.hazards, world.drivers, world.market
    if hazards.rebuilding == world.month:
        return
    hazards.rebuilding = world.month
    paid = getattr(world.ledger, "last", {}).get("repairs", 0) * world.p.hazards.repair_local
    usual = market.external[CONSTRUCTION].sum() * market.demand_scale * drivers.growth
    usual *= drivers.productivity * drivers.external
    if paid > 0 and usual > 0:
        drivers.demand = drivers.demand.copy()
        drivers.demand[CONSTRUCTION] += paid / usual
