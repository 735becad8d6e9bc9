"""Cash for families on a list: what the transfers of the city have in common. The kinds are in sim/policies/."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.agents.beneficiaries import Listed, draw_list
from sim.choices import note, number
from sim.intervention import LeverSettings, kin_memories, kin_plans
from sim.markets.programmes import give_cash

if TYPE_CHECKING:
    from sim.purse import Purse
    from sim.world import World

RENEWED = 12  # months after which the list is drawn anew


def before_transfer(permanent, amount, counted, speed):
    """Permanent income from which a month's income leads to what a family counts on, Rp/month.

        P' = P - speed / (1 - speed) (1 - counted) amount,  so that  (1 - speed) P' + speed Y
        is the usual step with only `counted` of the transfer in Y

    A transfer of the city may come late or end: families save more of it than of their earnings. Source:
    bazzi_2015, gertler_2012.
    """
    return np.maximum(permanent - speed / (1.0 - speed) * (1.0 - counted) * amount, 0.0)


class ListedTransfer(LeverSettings):
    """Settings of a transfer to a list. A kind says whom it can be meant for, and what each family is due."""

    targeting: Literal["need", "population", "random"] = note(
        "need", "meant for the poorest of the city, for the poorest of every kecamatan, or for anybody by lot"
    )
    amount_rp: float = number(200e3, 0, 600e3, "Rp of 2024/household/month", "cash a household receives")
    coverage: float = number(0.10, 0, 0.4, "share of households", "households it is meant for, the poorest")
    exclusion_error: float = number(0.35, 0, 0.6, "share", "of those it is meant for, missed by the list")
    inclusion_error: float = number(0.15, 0, 0.4, "share", "of the list, not meant to be on it (leakage)")
    administration: float = number(0.04, 0.02, 0.06, "share", "cost of running it, over the cash paid")

    @property
    def idle(self) -> bool:
        return self.budget_rp_per_year <= 0 or self.amount_rp <= 0 or self.coverage <= 0

    @property
    def decision(self) -> int:
        """The address of its luck."""
        raise NotImplementedError

    def could_be_meant(self, world: World) -> np.ndarray:
        """True for each household that it can be meant for."""
        return world.households.rows["alive"] == 1

    def is_paid(self, world: World, rows: np.ndarray) -> np.ndarray:
        """True for each of the households that is paid this month."""
        return np.ones(len(rows), bool)

    def payments(self, world: World, rows: np.ndarray) -> np.ndarray:
        """Rp due to each of the households this month, at the run's prices."""
        return np.full(len(rows), int(self.amount_rp * world.deflator))

    def listed(self, world: World, memory: dict[str, Any]) -> Listed:
        """The list; drawn when first needed and once a year after that."""
        known = memory.get("listed")
        if known is None or world.month >= known.drawn + RENEWED:
            households = world.households.rows
            here = self.places()[households["district"]] > 0
            candidates = np.flatnonzero(self.could_be_meant(world) & here)
            known = memory["listed"] = draw_list(
                households,
                candidates,
                round(self.coverage * len(candidates)),
                (self.exclusion_error, self.inclusion_error),
                (world.seed, self.decision, world.month),
                self.targeting,
            )
        return known

    def due(self, world: World, memory: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
        """Households to be paid this month, in the order of the list, and what each is due, Rp."""
        rows = self.listed(world, memory).rows
        rows = rows[world.households.rows["alive"][rows] == 1]
        rows = rows[self.is_paid(world, rows)]
        amounts = self.payments(world, rows)
        return rows[amounts > 0], amounts[amounts > 0]

    def asks(self, world: World, strength: float, memory: dict[str, Any]) -> float:
        """What is due to those on the list, as far as the year's money so far goes: what quiet months of a calendar
        year leave is there for its hard ones."""
        rows, amounts = self.due(world, memory)
        for others in kin_plans(world, self, memory):  # a family gets the transfer once
            left = ~np.isin(rows, others)
            rows, amounts = rows[left], amounts[left]
        need = float(amounts.sum()) * (1.0 + self.administration)
        saved = memory.get("saved", 0.0) if world.calendar[1] > 1 else 0.0
        money = super().asks(world, strength, memory) + saved
        asked = min(money, need)
        memory["saved"], memory["beyond"] = money - asked, need - asked
        enough = np.searchsorted(np.cumsum(amounts) * (1.0 + self.administration), asked + 1.0, side="right")
        memory["plan"] = world.month, rows[:enough]
        for other in kin_memories(world, self, memory):  # what this line pays is not refused by those before it
            other["beyond"] = max(other.get("beyond", 0.0) - asked, 0.0)
        return asked

    def pay(self, world: World, purse: Purse, memory: dict[str, Any]) -> np.ndarray:
        """Pay those who are due, in the order of the list, as far as the purse goes; the rest is refused. Returns the
        paid."""
        listed = self.listed(world, memory)
        rows, amounts = self.due(world, memory)
        left = purse.unserved(world.households.rows["uid"][rows])
        rows, amounts = rows[left], amounts[left]
        paid = give_cash(world, purse, rows, amounts, self.administration)
        purse.serve(world.households.rows["uid"][paid])
        known, p = world.households.rows["permanent"], world.p.household
        known[paid] = before_transfer(known[paid], amounts[: len(paid)], p.transfer_counted, p.permanent_speed)
        wrong = np.isin(paid, listed.rows[~listed.meant])
        purse.line.leaked += float(amounts[: len(paid)][wrong].sum())
        purse.line.eligible += listed.places
        purse.line.refused += memory["beyond"]
        return paid
