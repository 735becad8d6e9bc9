"""L7: new public services: roads, pipes, drains, health posts, schools, parks and waste sites where they lack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import BeforeValidator

from sim.agents.government import place_shares
from sim.agents.musrenbang import need_of
from sim.agents.services import KINDS
from sim.catalogue import LEVERS, Kind, did_you_mean
from sim.choices import note, number
from sim.intervention import LeverSettings
from sim.language import told
from sim.markets.better_places import sell_more
from sim.markets.programmes import build, shares_of

if TYPE_CHECKING:
    from sim.purse import Purse
    from sim.world import World


def _is_pair(one: Any) -> bool:
    return isinstance(one, (list, tuple)) and len(one) == 2 and isinstance(one[0], str)


def _mix(value: Any) -> tuple[tuple[str, float], ...]:
    if isinstance(value, (list, tuple)) and all(_is_pair(one) for one in value):
        value = dict(value)
    if not isinstance(value, dict):
        raise ValueError(told("must give shares of services, e.g. {example}", example="{roads: 2, water: 1}"))
    for kind, share in value.items():
        if kind not in KINDS:
            near = did_you_mean(str(kind), KINDS) or told("; known: {names}", names=", ".join(KINDS))
            raise ValueError(told("unknown service '{name}'{hint}", name=str(kind)[:80], hint=near))
        if isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 <= share < 1e9:
            raise ValueError(told("the share of {name} must be a number from 0", name=kind))
    if value and not sum(value.values()) > 0:
        raise ValueError(told("at least one service needs a share above 0"))
    return tuple((str(kind), float(share)) for kind, share in value.items())


Mix = Annotated[tuple[tuple[str, float], ...], BeforeValidator(_mix)]


class ServiceInfrastructure(LeverSettings):
    lever: Literal["service_infrastructure"]
    mix: Mix = note(
        (), "relative shares of roads, water, drainage, health, education, green, waste; none: as today", parts=KINDS
    )
    need_weight: float = number(0.5, 0, 1, "weight", "targeting by need: weight of missing quality, rest by residents")
    lag: int = number(9, 6, 12, "months", "from the order of works to their use")

    def by_kind(self, world: World) -> np.ndarray:
        """Shares of the seven kinds of service (7,), adding to 1; none named: those of today's capital."""
        wanted = dict(self.mix)
        share = np.array([wanted.get(kind, 0.0) for kind in KINDS]) if wanted else world.services.capital.sum(axis=0)
        return share / share.sum()

    def by_place(self, world: World) -> np.ndarray:
        """How the money of each kind is split over kecamatan (30, 7); columns add to 1."""
        where = self.places()
        if self.targeting != "need":
            return np.tile(shares_of(world, self.targeting, where)[:, None], len(KINDS))
        need, people = need_of(world.services), world.people * where
        return np.stack([place_shares(people, need[:, k], self.need_weight) for k in range(len(KINDS))], axis=1)

    def release(self, world: World, purse: Purse, memory: dict[str, Any]) -> None:
        """Order works for all the money there is."""
        works = purse.money * self.by_place(world) * self.by_kind(world)
        build(world, purse, works, self.lag)
        memory.setdefault("coming", []).append((world.month + self.lag, works))

    def linger(self, world: World, memory: dict[str, Any]) -> None:
        """What has come into use and is not worn out raises what businesses can sell."""
        added = memory.get("added", np.zeros((30, len(KINDS)))) * (1.0 - world.services.decay)
        done = [works for due, works in memory.get("coming", []) if due < world.month]
        memory["added"] = sum(done, added)
        memory["coming"] = [one for one in memory.get("coming", []) if one[0] >= world.month]
        sell_more(world, memory["added"])


LEVERS.add(
    Kind(
        name="service_infrastructure",
        code="L7",
        group="services",
        indonesian="Pembangunan sarana layanan",
        meaning="works that add to public services; businesses produce more, children learn and thrive",
        source="bom_ligthart_2014",
        settings=ServiceInfrastructure,
        cost="the works; a whole city's services are worth Rp 8.6 million a resident",
        moves=(("service_quality", 1), ("service_access", 1), ("value_added_index", 1), ("child_development", 1)),
    )
)
