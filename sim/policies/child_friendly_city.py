"""L13: Kota Layak Anak, the child-friendly city: parenting groups, teachers and children's forums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import model_validator

from sim.agents.participants import ROLES
from sim.catalogue import LEVERS, Kind
from sim.choices import number
from sim.intervention import LeverSettings
from sim.language import told
from sim.markets.programmes import shares_of

if TYPE_CHECKING:
    from sim.purse import Purse
    from sim.world import World

MOST = 1.25  # money beyond the unit cost of every child that can still reach one more


class ChildFriendlyCity(LeverSettings):
    lever: Literal["child_friendly_city"]
    child_rp: float = number(2e5, 1e5, 6e5, "Rp of 2024/child/year", "cost of covering one child under 7 in all roles")
    parents: float = number(1.0, 0, 1, "weight", "part of parenting groups in the money: early development")
    teachers: float = number(1.0, 0, 1, "weight", "part of teachers in the money: fewer children leave school")
    forum: float = number(1.0, 0, 1, "weight", "part of children's forums in the money: a say, and neighbours who join")

    @model_validator(mode="after")
    def _some_role(self) -> ChildFriendlyCity:
        if self.parents + self.teachers + self.forum <= 0:
            raise ValueError(told("parents, teachers and forum are all 0; give at least one of them a weight"))
        return self

    def mix(self) -> np.ndarray:
        """Parts of the three roles in the money, adding to 1."""
        weights = np.array([self.parents, self.teachers, self.forum])
        return weights / weights.sum()

    def release(self, world: World, purse: Purse, memory: dict[str, Any]) -> None:
        """Money for the roles by kecamatan; what would reach nobody any more stays in the purse."""
        state, mix = world.children, self.mix()
        share = shares_of(world, self.targeting, self.places())
        monthly = self.child_rp * world.deflator / 12.0
        usual_cost = world.p.children.unit_cost * world.deflator / 12.0
        there = state.extra * (monthly / usual_cost)  # what other lines have added
        most = np.maximum(MOST * monthly / ROLES * state.under_7[:, None] - there, 0.0)
        wanted = np.minimum(purse.money * np.outer(share, mix), most)
        paid = purse.pay("programme_costs", wanted.sum())
        if paid > 0:
            state.extra = state.extra + wanted * (usual_cost / monthly)
        homes = state.newly_reached[world.households.rows["alive"][state.newly_reached] == 1]
        if memory.get("began"):
            homes = homes[self.places()[world.households.rows["district"][homes]] > 0]
            uids = world.households.rows["uid"][homes]
            purse.count(homes[purse.unserved(uids)])
            purse.serve(uids)
        memory["began"] = True


LEVERS.add(
    Kind(
        name="child_friendly_city",
        code="L13",
        group="community",
        indonesian="Kota Layak Anak",
        meaning="parents, teachers and children's forums: small children develop better, fewer pupils leave school",
        source="jeong_2021",
        settings=ChildFriendlyCity,
        reach="households",
        cost="Rp 100,000-600,000 a child and year",
        moves=(
            ("child_city_coverage", 1),
            ("child_development", 1),
            ("child_city_score", 1),
            ("out_of_school_share", -1),
        ),
    )
)
