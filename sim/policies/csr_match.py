"""L15: the city adds to companies' social projects where services lack most (KPBU), up to a cap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.agents.companies import lacking
from sim.agents.musrenbang import need_of
from sim.catalogue import LEVERS, Kind
from sim.choices import number
from sim.intervention import LeverSettings
from sim.markets.programmes import build

if TYPE_CHECKING:
    from sim.purse import Purse
    from sim.world import World


def offer(match: float, yearly: float, given: float) -> float:
    """Rupiah that the city can promise for each rupiah of a company: the match, or what the cap pays for if less.

    yearly: the cap; given: what companies gave to such projects in the past year, Rp. Source: assumption.
    """
    return min(match, yearly / given) if given > 0.0 else match


class CsrMatch(LeverSettings):
    lever: Literal["csr_match"]
    match: float = number(1.0, 0, 3, "Rp per Rp", "what the city adds to each rupiah; the budget is the cap")

    @property
    def idle(self) -> bool:
        return self.budget_rp_per_year <= 0 or self.match <= 0

    def eligible(self, world: World) -> np.ndarray:
        """Projects that the city co-funds (30, 7), 1 or 0: where more is lacking than the mean, in its places."""
        return lacking(need_of(world.services)) * self.places()[:, None]

    def steer(self, world: World, strength: float, memory: dict[str, Any]) -> None:
        """Announce the match for the month for the projects it is meant for, as far as the cap can honour it: on top
        of what other lines promise, and with them no more than the match."""
        yearly = self.budget_rp_per_year * world.deflator / world.scale * strength
        companies, eligible = world.companies, self.eligible(world)
        room = np.maximum(self.match - companies.match, 0.0) * eligible
        given = float((companies.given_year * (room > 0)).sum())
        companies.open_to_match = lacking(need_of(world.services))
        companies.match = companies.match + np.minimum(room, offer(self.match, yearly, given))

    def release(self, world: World, purse: Purse, memory: dict[str, Any]) -> None:
        """Add to the projects begun last month, in the same places and services."""
        if memory.get("announced"):
            wanted = self.match * world.companies.given * self.eligible(world)
            wanted = np.maximum(wanted - sum(purse.done("matched")), 0.0)  # what other lines add is not added again
            paid = build(world, purse, wanted, int(world.p.companies.works_lag))
            purse.done("matched", wanted * (paid / max(wanted.sum(), 1.0)))
        memory["announced"] = True


LEVERS.add(
    Kind(
        name="csr_match",
        code="L15",
        group="partnership",
        indonesian="Dana pendamping TJSL (KPBU)",
        meaning="the city matches projects of companies where services lack: a match raises giving, its size does not",
        source="karlan_list_2007",
        settings=CsrMatch,
        cost="what companies give there times the match, at most the budget",
        moves=(("csr_rp", 1), ("service_quality", 1)),
    )
)
