"""E2: plants close (PHK). Their people lose their jobs with what severance the till still holds; their orders go.

Which plant closes, and when, is its own luck: a deeper shock closes the same plants and more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.agents.businesses import FIRM, OPEN
from sim.agents.persons import FORMAL
from sim.catalogue import SHOCKS, Kind
from sim.choices import Sectors, note, number
from sim.disturbance import ShockSettings, envelope
from sim.draws import SHOCK
from sim.markets.settlement import close
from sim.quotas import luck_of

if TYPE_CHECKING:
    from sim.world import World

DECISION = SHOCK + 1


class PlantClosure(ShockSettings):
    kind: Literal["plant_closure"]
    intensity: float = number(0.2, 0, 1, "share", "plants that close")
    duration: int = number(1, 1, 60, "months", "months over which the closures are spread")
    recovery: int = number(36, 0, 240, "months", "months in which other sellers win the lost orders back")
    sectors: Sectors = note(("manufacturing",), "sectors whose plants close")
    smallest: int = number(20, 1, 1000, "workers", "workers of the smallest plants that may close")
    severance: float = number(3.0, 0, 12, "months", "months' wage due to each worker, paid as far as the till goes")
    orders: float = number(1.0, 0, 1, "share", "part of a closed plant's outside orders that leaves the city with it")

    def strike(self, world: World, memory: dict[str, Any]) -> None:
        """Draw the plants and their month."""
        firms = world.businesses.rows
        heads = firms["workers"] + firms["commuters"]
        here = (firms["status"] == OPEN) & (firms["kind"] == FIRM) & (heads >= self.smallest) & (firms["district"] < 30)
        here &= np.isin(firms["sector"], self.sector_rows())
        here &= self.footprint()[np.minimum(firms["district"], 29)] > 0
        rows = np.flatnonzero(here)
        luck = luck_of(world.seed, DECISION, world.month, firms["uid"][rows])
        chosen = luck[:, 0] < self.intensity
        memory["plants"] = firms["uid"][rows[chosen]]
        memory["rows"] = rows[chosen]
        memory["months"] = (luck[chosen, 1] * self.duration).astype(int)
        memory["lost"] = np.zeros((8, 30))

    def linger(self, world: World, since: int, memory: dict[str, Any]) -> None:
        firms = world.businesses.rows
        rows = memory["rows"][memory["months"] == since]
        still = (firms["uid"][rows] == memory["plants"][memory["months"] == since]) & (firms["status"][rows] == OPEN)
        if still.any():
            memory["lost"] = 1.0 - (1.0 - memory["lost"]) * (1.0 - self._orders_of(world, rows[still]))
            pay_severance(world, rows[still], self.severance)
            close(world, rows[still])
        gone = memory["lost"] * envelope(since, self.duration, self.recovery)
        world.drivers.demand = world.drivers.demand * (1.0 - gone)

    def _orders_of(self, world: World, rows: np.ndarray) -> np.ndarray:
        """Share of each cell's outside demand that comes to these firms and leaves with them (8, 30)."""
        firms, table = world.businesses.rows, np.zeros((2, 8, 30))
        trading = np.flatnonzero((firms["status"] == OPEN) & (firms["kind"] == FIRM) & (firms["district"] < 30))
        for k, some in enumerate((rows, trading)):
            np.add.at(table[k], (firms["sector"][some], firms["district"][some]), firms["custom"][some])
        theirs = table[0] / np.maximum(table[1], 1.0)
        return self.orders * theirs * (1.0 - world.market.own_share)


def pay_severance(world: World, rows: np.ndarray, months: float) -> None:
    """Closing firms pay their workers `months` wages, all the same part of it where their deposits fall short."""
    firms, persons, households = world.businesses.rows, world.persons.rows, world.households.rows
    bill, heads, outside = firms["wage_bill"][rows], firms["workers"][rows], firms["commuters"][rows]
    mean = np.where(heads > 0, bill / np.maximum(heads, 1), world.labour.sector_wage[firms["sector"][rows]])
    due = months * (bill + outside * mean)
    paid = np.zeros(len(firms))
    paid[rows] = months * np.clip(firms["deposits"][rows] / np.maximum(due, 1.0), 0.0, 1.0)
    staff = np.flatnonzero((persons["state"] == FORMAL) & (persons["employer"] >= 0))
    staff = staff[paid[persons["employer"][staff]] > 0]
    employer = persons["employer"][staff]
    amounts = np.floor(persons["pay"][staff] * paid[employer])
    np.add.at(households["savings"], persons["home"][staff], amounts)
    abroad = np.floor(outside * mean * paid[rows])
    firms["deposits"][rows] -= np.bincount(employer, amounts, len(firms))[rows] + abroad
    world.ledger.post("severance", amounts.sum())
    world.ledger.post("wages_to_commuters", abroad.sum())


SHOCKS.add(
    Kind(
        name="plant_closure",
        code="E2",
        group="economy",
        indonesian="Penutupan pabrik (PHK)",
        meaning="plants of the chosen sectors and kecamatan close, and their outside orders go elsewhere",
        source="pr_phk2022; kp_phk2025; assumption",
        settings=PlantClosure,
        moves=(
            ("unemployment_rate", 1),
            ("value_added_index", -1),
            ("business_survival", -1),
            ("poverty_headcount", 1),
        ),
    )
)
