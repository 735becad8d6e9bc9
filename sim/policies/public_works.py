"""L16: padat karya. A month's paid work for jobless people, on works that stay: roads, drains, parks, waste places.

Those who work count as employed that month; they go on looking, and next month somebody else may have the turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.agents.persons import UNEMPLOYED
from sim.agents.services import DRAINAGE, GREEN, N_KINDS, ROADS, WASTE
from sim.catalogue import LEVERS, Kind
from sim.choices import number
from sim.draws import LEVER
from sim.intervention import LeverSettings
from sim.markets.programmes import build, choose, put_to_work

if TYPE_CHECKING:
    from sim.purse import Purse
    from sim.world import World

DECISION = LEVER + 16
LAG = 2  # months until the works are in use
KINDS = (ROADS, DRAINAGE, GREEN, WASTE)


class PublicWorks(LeverSettings):
    lever: Literal["public_works"]
    wage_share: float = number(0.5, 0.4, 0.8, "share of UMK", "pay of a month's work")
    materials: float = number(0.3, 0.1, 0.6, "share", "cost of materials, on top of the pay")
    useful: float = number(0.7, 0.4, 1, "share", "of pay and materials that becomes lasting local capital")

    def transfer(self, world: World, purse: Purse, memory: dict[str, Any]) -> None:
        """One month's work for jobless people who looked for work and found none."""
        persons, households = world.persons.rows, world.households.rows
        wage = int(self.wage_share * world.labour.minimum_wage)
        seekers, where = world.labour.seekers, self.places()
        seekers = seekers[persons["state"][seekers] == UNEMPLOYED]
        seekers = seekers[purse.unserved(persons["uid"][seekers])]
        homes = persons["home"][seekers]
        jobs = purse.places(wage * (1.0 + self.materials) + 1.0)
        picked = choose(world, persons["uid"][seekers], homes, jobs, self.targeting, where, DECISION)
        homes = homes[picked]
        put_to_work(world, seekers[picked])
        purse.serve(persons["uid"][seekers[picked]])
        for column in ("savings", "aid"):
            np.add.at(households[column], homes, wage)
        purse.pay("wages_public_works", wage * len(homes))
        purse.line.eligible += int((where[households["district"][persons["home"][seekers]]] > 0).sum())
        purse.count(homes, wage)
        self._build(world, purse, np.bincount(households["district"][homes], minlength=30)[:30] * float(wage))

    def _build(self, world: World, purse: Purse, pay: np.ndarray) -> None:
        """Materials are bought; what they and the work are worth comes into use where the workers live."""
        works = np.zeros((30, N_KINDS))
        works[:, KINDS] = self.materials * pay[:, None] / len(KINDS)
        build(world, purse, works, LAG)
        worth = self.useful * (1.0 + self.materials) / self.materials - 1.0
        world.services.add_all_works(works * worth, LAG)


LEVERS.add(
    Kind(
        name="public_works",
        code="L16",
        group="protection",
        indonesian="Padat karya",
        meaning="a month's paid work for jobless people on local works; income at once, no lasting job",
        source="pasti_padatkarya; assumption",
        settings=PublicWorks,
        reach="person-months",
        cost="half the UMK for a month's work, and 30 % for materials",
        moves=(("poverty_headcount", -1), ("unemployment_rate", -1), ("service_quality", 1)),
    )
)
