"""L12: facilitators who work with PKK, Karang Taruna, arisan and RW siaga in the kelurahan they are sent to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.catalogue import LEVERS, Kind
from sim.choices import number
from sim.intervention import LeverSettings
from sim.markets.programmes import facilitate, shares_of
from sim.quotas import systematic

if TYPE_CHECKING:
    from sim.purse import Purse
    from sim.world import World

STARTS = (0.5, 0.0, 0.25, 0.75)  # of the first line of a package, of its second, ...: parts of a step


class CommunityFacilitation(LeverSettings):
    lever: Literal["community_facilitation"]
    facilitator_rp: float = number(5e7, 4e7, 6e7, "Rp of 2024/year", "cost of one facilitator")
    facilitators: int = number(1500, 0, 1500, "persons", "most facilitators at work at a time")

    @property
    def idle(self) -> bool:
        return self.budget_rp_per_year <= 0 or self.facilitators == 0

    def post(self, world: World, people: int, others: list[np.ndarray]) -> np.ndarray:
        """Whole facilitators by kelurahan (151,), at most one for each RW with those of other lines.

        Each line starts from another place, so that few facilitators of two lines do not meet in the same kelurahan.
        """
        state = world.communities
        share = shares_of(world, self.targeting, self.places())[state.district]
        weight = share * state.n_rw / state.by_district(state.n_rw)[state.district]
        posted = systematic(weight, people, STARTS[len(others) % len(STARTS)])
        return np.minimum(posted, np.maximum(state.n_rw - sum(others), 0))

    def release(self, world: World, purse: Purse, memory: dict[str, Any]) -> None:
        """Facilitators paid for the month, in real persons: each costs the simulated city a `scale`-th."""
        monthly = self.facilitator_rp * world.deflator / 12.0 / world.scale
        posted = self.post(world, min(self.facilitators, purse.places(monthly)), purse.done("posted"))
        purse.done("posted", posted)
        memory["posted"] = posted
        if posted.sum() == 0:
            return
        facilitate(world, purse, posted / world.communities.n_rw, monthly * posted.sum())
        rows = world.households.rows
        purse.count_the_same(np.flatnonzero((rows["alive"] == 1) & (posted[rows["kelurahan"]] > 0)))


LEVERS.add(
    Kind(
        name="community_facilitation",
        code="L12",
        group="community",
        indonesian="Pendampingan masyarakat",
        meaning="facilitators of local groups: more people take part, meet others, save together, are ready",
        source="grootaert_1999",
        settings=CommunityFacilitation,
        reach="households",
        cost="Rp 40-60 million a year for each facilitator",
        moves=(("participation_rate", 1), ("memberships", 1), ("child_city_coverage", 1)),
    )
)
