"""The state of one world: who lives in it, where, under which rules. Acts read and change it; nothing else does."""

from __future__ import annotations

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
    drivers: Any = None  # sim.drivers.Drivers: what the outside world and shocks do this month
    government: Any = None
    communities: Any = None
    services: Any = None
    market: Any = None
    labour: Any = None
    arisan: Any = None
    commitments: list = field(default_factory=list)
    counts: dict[str, Any] = field(default_factory=dict)  # this month's tallies, by name, for outcomes and checks

    @property
    def calendar(self) -> tuple[int, int]:
        """Calendar (year, month 1-12) of the current month."""
        months = self.start[0] * 12 + self.start[1] - 1 + self.month
        return months // 12, months % 12 + 1
