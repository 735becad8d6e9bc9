"""L2: mentoring of small businesses. Better management practice sells more, draws on digital tools, and fades."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.agents.persons import FEMALE
from sim.catalogue import LEVERS, Kind
from sim.choices import number
from sim.draws import LEVER
from sim.intervention import LeverSettings
from sim.markets.enterprises import applicants, count_enterprises, select

if TYPE_CHECKING:
    from sim.purse import Purse
    from sim.world import World

DECISION = LEVER + 2
BEST = 3.0  # SD: practice that mentoring can bring at most


class BusinessTraining(LeverSettings):
    lever: Literal["business_training"]
    intensity: float = number(1.0, 1, 3, "times", "from a class (1) to close mentoring with initiative training (3)")
    business_rp: float = number(2e6, 1e6, 6e6, "Rp of 2024/business", "cost of one business at intensity 1")

    def train(self, world: World, purse: Purse, memory: dict[str, Any]) -> None:
        """Places for own-account businesses and firms of 1 to 19 workers that ask for it."""
        persons, firms = world.persons.rows, world.businesses.rows
        cost = int(self.business_rp * self.intensity * world.deflator)
        asking = applicants(world, self.places(), DECISION, purse)
        mentored = select(world, asking, purse.places(cost), self.targeting, self.places(), DECISION)
        gain = world.p.government.business_training_gain * self.intensity
        by_sex = np.where(persons["sex"][mentored.owners] == FEMALE, world.p.goods.training_women, 1.0)
        for rows, more, who in ((persons, gain * by_sex, mentored.owners), (firms, gain, mentored.firms)):
            before = rows["practice"][who]
            rows["practice"][who] = np.maximum(before, np.minimum(before + more, BEST))
        purse.pay("programme_costs", cost * len(mentored))
        purse.line.eligible += len(asking)
        count_enterprises(purse, mentored)
        world.counts["mentored"] = world.counts.get("mentored", 0) + len(mentored)


LEVERS.add(
    Kind(
        name="business_training",
        code="L2",
        group="enterprise",
        indonesian="Pelatihan dan pendampingan UMKM",
        meaning="mentoring of own-account and small businesses; better practice sells more, part of it from rivals",
        source="mckenzie_2021; campos_2017; mckenzie_puerto_2021",
        settings=BusinessTraining,
        reach="businesses",
        cost="Rp 2 million a business, times the intensity",
        moves=(("value_added_index", 1), ("technology_adoption", 1)),
    )
)
