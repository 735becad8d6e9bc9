"""L11: more money for neighbourhoods (PIPPK), placed by their own meetings or by plebiscite (Musrenbang)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import model_validator

from sim.agents.musrenbang import more_grants
from sim.catalogue import LEVERS, Kind
from sim.choices import district_rows, note, number
from sim.intervention import LeverSettings
from sim.language import told
from sim.markets.programmes import shares_of

if TYPE_CHECKING:
    from sim.purse import Purse
    from sim.world import World

FULL_VOICE = 0.25  # grants over the usual ones at which the plebiscite decides on enough to be felt in full


def by_kelurahan(world: World, targeting: str, where: np.ndarray) -> np.ndarray:
    """Shares of a line by kelurahan (151,), adding to 1: kecamatan by `targeting`, within them by the number of RW."""
    state = world.communities
    share = shares_of(world, targeting, where)[state.district]
    return share * state.n_rw / state.by_district(state.n_rw)[state.district]


class ParticipatoryBudget(LeverSettings):
    lever: Literal["participatory_budget"]
    per_rw_rp: float = number(0, 0, 2e8, "Rp of 2024/year", "money a year for each RW, in place of a budget")
    mode: Literal["meeting", "plebiscite"] = note(
        "meeting", "who decides on works: meetings of those who take part, or a direct vote of residents"
    )

    @model_validator(mode="before")
    @classmethod
    def _budget(cls, given: Any) -> Any:
        """Money for each RW makes the budget: the number of RW where the lever works times it."""
        if not isinstance(given, dict) or not given.get("per_rw_rp"):
            return given
        try:
            budget = float(given["per_rw_rp"]) * _count_rw(given.get("districts") or ())
        except (TypeError, ValueError, KeyError):
            return given  # the fields say what is wrong
        if given.get("budget_rp_per_year") not in (None, 0, budget):
            raise ValueError(told("give either budget_rp_per_year or per_rw_rp, not both"))
        return given | {"budget_rp_per_year": budget}

    def release(self, world: World, purse: Purse, memory: dict[str, Any]) -> None:
        """Grants to the neighbourhoods, spent by them as their residents vote."""
        state = world.communities
        amounts = np.floor(purse.money * by_kelurahan(world, self.targeting, self.places()))
        purse.pay("community_grants", amounts.sum())
        more_grants(state, amounts)
        if self.mode == "plebiscite":
            felt = amounts / np.maximum(FULL_VOICE * state.usual_grants, 1.0)
            state.voice = np.minimum(state.voice + felt, 1.0)
        rows = world.households.rows
        there = amounts[rows["kelurahan"]] > 0
        purse.count_the_same(np.flatnonzero((rows["alive"] == 1) & (rows["takes_part"] == 1) & there))


def _count_rw(districts: Any) -> int:
    """RW of the kecamatan named, or of all."""
    from sim.choices import district_codes
    from sim.city import load_city

    kelurahan = load_city(2025).kelurahan
    rows = [district_rows()[district_codes()[str(name).strip().lower()]] for name in districts]
    inside = np.isin(kelurahan.district, rows) if rows else np.ones(len(kelurahan.district), bool)
    return int(kelurahan.n_rw[inside].sum())


LEVERS.add(
    Kind(
        name="participatory_budget",
        code="L11",
        group="community",
        indonesian="Anggaran partisipatif (PIPPK, Musrenbang)",
        meaning="money that neighbourhoods spend as residents vote; they add self-help, and a direct vote satisfies",
        source="olken_2010",
        settings=ParticipatoryBudget,
        reach="households",
        cost="up to Rp 200 million a year for each RW",
        moves=(("participation_rate", 1), ("trust", 1), ("swadaya_rp", 1), ("service_quality", 1)),
    )
)
