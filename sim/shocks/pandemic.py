"""S1: a pandemic. Shops and offices close, people stay home, buy less, fall ill; schools shut; each trade returns in
its own time.

The default is the shock of 2020: set against a city that started in 2019, it was fitted to what Bandung lost in 2020
and 2021. How deep each sector goes follows the regional accounts (GRDP by sector against its own trend).
Source: bps3273_batagor, jabar_qgrdp, wb_hify1 for the size; paths and shares: assumption.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from sim.agents.businesses import FOOD_SERVICES, TRANSPORT
from sim.agents.persons import CHILD
from sim.catalogue import SHOCKS, Kind
from sim.choices import number
from sim.disturbance import ShockSettings, envelope

if TYPE_CHECKING:
    from sim.world import World

FITTED = 0.45  # the intensity that stands for 2020; what is in force or not is wholly in force from here
# Share of outside demand left at intensity 1, by sector. Fitted at 0.45 to each sector's GRDP of 2020 against its own
# trend, which asks for more than a first guess by contact (0.45 for hotels, 0.65 for transport) since residents'
# shopping shares only half of it. Source: bps3273_batagor.
LEFT = np.array([0.87, 0.68, 0.66, 0.15, 0.05, 0.90, 0.92, 0.35])
# Homes with a connection on which children can learn, from the poorest to the richest fifth. Source: assumption.
CONNECTED = np.array([0.35, 0.5, 0.65, 0.8, 0.9])
SCHOOL_AGES = (84, 216)  # months


class Pandemic(ShockSettings):
    everywhere: ClassVar[tuple[str, ...]] = ("districts", "sectors")

    kind: Literal["pandemic"]
    intensity: float = number(FITTED, 0, 1, "share", "0.45 stands for 2020; 1 is about twice as deep")
    duration: int = number(5, 0, 120, "months", "months of the strictest limits")
    recovery: int = number(40, 0, 240, "months", "months of a straight way back")
    tourism_recovery: int = number(24, 0, 240, "months", "the same for hotels, restaurants and transport")
    density: float = number(0.3, 0, 1, "elasticity", "of the depth in a kecamatan to its people per km2")
    residents: float = number(0.5, 0, 1, "share", "of the loss of outside custom that residents' own shopping shares")
    fear: float = number(0.06, 0, 0.5, "share", "spending that households put off at intensity 1, beyond lost income")
    layoffs: float = number(0.085, 0, 0.1, "1/month", "added layoffs in the first three months at intensity 1")
    closed: float = number(
        0.05, 0, 1, "share", "of the lost custom that businesses cannot serve either (limits on capacity)"
    )
    untaxed: float = number(
        0.5, 0, 1, "share", "of the tax of hotels and restaurants not paid at the depth of 2020 (guests gone, relief)"
    )
    sick: float = number(0.03, 0, 0.3, "share", "workers absent through illness at intensity 1")
    digital: float = number(0.4, 0, 1, "share", "of the loss that digital sellers are spared")
    schools: int = number(17, 0, 60, "months", "months in which schools are closed")
    school_year: float = number(0.25, 0, 0.6, "SD/year", "what a usual school year adds to a child's development")
    online: float = number(0.6, 0, 1, "share", "of the lost learning that a connection at home makes good")

    def strength(self, since: int) -> float:
        """The slowest part sets how long it presses."""
        return self.intensity * max(
            envelope(since, self.duration, max(self.recovery, self.tourism_recovery)), float(0 <= since < self.schools)
        )

    def paths(self, since: int) -> np.ndarray:
        """Strength by sector (8,)."""
        own = np.full(8, envelope(since, self.duration, self.recovery))
        own[[FOOD_SERVICES, TRANSPORT]] = envelope(since, self.duration, self.tourism_recovery)
        return self.intensity * own

    def press(self, world: World, strength: float, since: int, memory: dict[str, Any]) -> None:
        drivers, market = world.drivers, world.market
        now = self.intensity * envelope(since, self.duration, self.recovery)
        lost = np.outer((1.0 - LEFT) * self.paths(since), self.exposure(world)).clip(0.0, 0.95)
        adopters = market.own_share * world.labour.adopters + (1 - market.own_share) * market.firm_adopters[:, None]
        kept = 1.0 - lost * (1.0 - self.digital * adopters)
        drivers.demand = drivers.demand * kept
        drivers.footfall = drivers.footfall * (1.0 - self.residents * (1.0 - kept))
        by_sector = lost.mean(axis=1)
        drivers.laggards = drivers.laggards * (1.0 - by_sector) / (1.0 - (1.0 - self.digital) * by_sector)
        drivers.capacity = drivers.capacity * (1.0 - self.closed * lost) * (1.0 - self.sick * now)
        drivers.spending *= 1.0 - self.fear * now
        drivers.hospitality_tax *= self.taxed(since)
        drivers.participation_leave *= 1.0 + 2.0 * now
        if since < 3:
            drivers.layoffs += self.layoffs * self.intensity
        if since < self.schools:
            self.close_schools(world, min(1.0, self.intensity / FITTED))

    def taxed(self, since: int) -> float:
        """Paid share of the tax of hotels and restaurants that is usually paid on their sales.

        Beyond lost sales: those who pay (hotels, places of entertainment) lost more guests than small eateries, and
        the city gave relief. From 2021 to 2022 the tax rose by 84 %, the sector's output by 14 % and its prices by
        about 5: two thirds of the usual tax on a rupiah of sales were paid in 2021. Source: dprd_2023pad,
        bps3273_batagor; half at the deepest: assumption.
        """
        return 1.0 - self.untaxed * min(1.0, self.paths(since)[FOOD_SERVICES] / FITTED)

    def exposure(self, world: World) -> np.ndarray:
        """How much harder each kecamatan is hit than the mean resident's, by density (30,)."""
        people = world.city.district_population
        dense = (people / world.city.area_km2) ** self.density
        return dense * people.sum() / (dense @ people)

    def close_schools(self, world: World, rules: float) -> None:
        """Half of a month's learning is lost to each pupil, less what a connection at home makes good."""
        persons = world.persons.rows
        age = world.month - persons["born"].astype(np.int32)
        young = (
            (persons["state"] == CHILD) & (persons["enrolled"] == 1) & (age >= SCHOOL_AGES[0]) & (age < SCHOOL_AGES[1])
        )
        pupils = np.flatnonzero(young)
        fifth = world.households.rows["quintile"][persons["home"][pupils]]
        month = 0.5 * self.school_year / 12.0 * (1.0 - self.online * CONNECTED[fifth])
        persons["human"][pupils] -= rules * month


SHOCKS.add(
    Kind(
        name="pandemic",
        code="S1",
        group="society",
        indonesian="Pandemi",
        meaning="contact trades lose custom, schools close, people save, fall ill and stay home",
        source="bps3273_batagor; jabar_qgrdp; wb_hify1; assumption",
        settings=Pandemic,
        moves=(
            ("value_added_index", -1),
            ("unemployment_rate", 1),
            ("poverty_headcount", 1),
            ("child_development", -1),
            ("participation_rate", -1),
        ),
    )
)
