"""The state of one world: who lives in it, where, under which rules. Acts read and change it; nothing else does."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from sim.city import City
    from sim.ledger import Ledger
    from sim.parameters import Parameters
    from sim.tables import Table


@dataclass
class World:
    """One simulated city.

    Money is whole rupiah of `price_year`; `scale` real agents stand behind one simulated agent; `month` counts from 0
    at the start (negative during the burn-in); arrays over places have 30 rows (kecamatan) unless said otherwise.
    """

    city: City
    p: Parameters
    seed: int
    scale: int
    start: tuple[int, int]  # calendar year and month of month 0
    price_year: int
    persons: Table
    households: Table
    businesses: Table
    ties: np.ndarray  # household x TIES: rows of tied households, -1 where free (grows with households)
    ledger: Ledger
    month: int = 0
    first: int = 0  # month in which the city began to live: the burn-in's first
    drivers: Any = None  # sim.drivers.Drivers: what the outside world and shocks do this month
    government: Any = None
    communities: Any = None
    services: Any = None
    market: Any = None
    labour: Any = None
    companies: Any = None
    children: Any = None
    sectors: Any = None
    hazards: Any = None  # sim.agents.hazards.Hazards: what the city is exposed to and what protects it
    deflator: float = 1.0  # Rp of the price year for one Rp of 2024
    largest_firm: int = 1_000_000  # most workers of one simulated business
    vital: Any = None  # sim.markets.vital.Vital: rates of birth, death, school, arrival and departure
    policies: list = field(default_factory=list)  # sim.intervention.Lever: .steer(world), .act(stage, world), ...
    shocks: list = field(default_factory=list)  # objects with .apply(world): change this month's drivers
    growth_path: np.ndarray = field(default_factory=lambda: np.ones(1))  # labour force from `first` on, over month 0's
    people: np.ndarray = field(default_factory=lambda: np.zeros(30, np.int64))  # residents at the last count
    jobs: int = 0  # held by residents at the last count
    identities: dict[str, float] = field(default_factory=lambda: {"money": 0.0, "people": 0.0, "jobs": 0.0})
    agents: Any = None
    reached: list[np.ndarray] | None = None  # rows of the households that programmes have reached, where somebody asks
    memory: Any = None  # sim.outcomes.reads.Memory: what this month's measures are compared with
    counts: dict[str, Any] = field(default_factory=dict)  # this month's tallies, by name, for outcomes and checks

    def twin(self) -> World:
        """A copy that lives on its own from here: same people, same luck. What never changes is shared."""
        shared = {id(one): one for one in (self.city, self.p, self.sectors, self.growth_path)}
        return copy.deepcopy(self, shared)

    @property
    def calendar(self) -> tuple[int, int]:
        """Calendar (year, month 1-12) of the current month."""
        months = self.start[0] * 12 + self.start[1] - 1 + self.month
        return months // 12, months % 12 + 1
