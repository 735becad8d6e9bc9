"""What every lever has: money or intensity, when, for whom, where, and who pays. The kinds are in sim/policies/."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from pydantic import ValidationInfo, field_validator

from sim.catalogue import Settings
from sim.choices import Districts, Month, district_rows, month_number, note, number
from sim.language import told

if TYPE_CHECKING:
    from sim.agents.government import Programme
    from sim.purse import Purse
    from sim.world import World

Targeting = Literal["population", "need", "random", "growth"]
Funding = Literal["apbd", "csr", "match", "reserve"]


def ramp_up(since, ramp):
    """Strength of a lever `since` months after its start: from nothing to all of it in equal steps over `ramp`
    months; a lever without a ramp is whole from its first month. Source: assumption.
    """
    if since < 0:
        return 0.0
    return min(1.0, (since + 1) / (ramp + 1.0))


class LeverSettings(Settings):
    """Settings of every lever. A kind adds its own and says what it does in some of the four places of the month
    where policies act: `steer`, `release`, `transfer`, `train`."""

    free: ClassVar[str] = ""  # why it takes no budget, of the kinds that take none
    everywhere: ClassVar[tuple[str, ...]] = ()  # `districts` of the kinds that work in the whole city or nowhere

    lever: str
    start: Month | None = note(None, "first month; none: the first month of the run", "YYYY-MM")
    end: Month | None = note(None, "last month; none: to the end of the run", "YYYY-MM")
    ramp: int = number(0, 0, 120, "months", "months over which it grows to its full size")
    budget_rp_per_year: float = number(0.0, 0, 5e12, "Rp of 2024/year", "money a year, at the prices of 2024")
    targeting: Targeting = note("need", "who comes first: by population, need, chance, or growth potential")
    districts: Districts = note((), "kecamatan where it works; none named: the whole city")
    funding: Funding = note(
        "apbd", "who pays: the city's budget in place of other purchases, company funds, half each, the fiscal reserve"
    )

    @field_validator("districts")
    @classmethod
    def _can_choose(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if value and info.field_name in cls.everywhere:
            raise ValueError(told("this lever works in the whole city; leave the line out"))
        return value

    @property
    def idle(self) -> bool:
        """Does nothing at all: no money."""
        return self.budget_rp_per_year <= 0

    @property
    def programme(self) -> str:
        """What several lines of a package must have in common to be one programme, which serves nobody twice."""
        return self.lever

    @property
    def planned_rp_per_year(self) -> float:
        """Rp of 2024 that it plans to spend in a year at its full size. A kind that can use less plans with less."""
        return 0.0 if self.free or self.idle else self.budget_rp_per_year

    @property
    def remark(self) -> str:
        """What the author of a scenario should know of these settings, or nothing."""
        budget = self.budget_rp_per_year
        if self.free and budget:
            text = "{lever} takes no budget: {why}; its budget_rp_per_year counts as 0"
            return told(text, lever=self.lever, why=self.free)
        if self.idle and not self.model_copy(update={"budget_rp_per_year": 1.0}).idle:
            text = "{lever} changes nothing: it has no money; give it budget_rp_per_year"
            return told(text, lever=self.lever)
        if self.idle:
            return told("{lever} changes nothing: its settings are those of today", lever=self.lever)
        if (most := self.planned_rp_per_year) < budget:
            text = "{lever} can use no more than Rp {most} billion a year; the rest of its budget is not spent"
            return told(text, lever=self.lever, most=f"{most / 1e9:.4g}")
        return ""

    def places(self) -> np.ndarray:
        """1 for each kecamatan where the lever works, else 0 (30,)."""
        here = np.zeros(30)
        here[[district_rows()[code] for code in self.districts] or slice(None)] = 1.0
        return here

    def asks(self, world: World, strength: float, memory: dict[str, Any]) -> float:
        """Rp of the month at the simulated scale and the run's prices: a twelfth of its money. Below 0: it frees
        money that the city's purchases carry today. A kind that can use less asks for less.
        """
        yearly = (0.0 if self.free else self.budget_rp_per_year) * world.deflator / world.scale
        return yearly / 12.0 * strength * world.government.absorption

    def steer(self, world: World, strength: float, memory: dict[str, Any]) -> None:
        """At the start of the month: change rules of the city (drivers, institutions)."""

    def linger(self, world: World, memory: dict[str, Any]) -> None:
        """At the start of every month from its first on, also after its last: what it has built goes on working."""

    def release(self, world: World, purse: Purse, memory: dict[str, Any]) -> None:
        """When budgets are released: works, grants, facilitators."""

    def transfer(self, world: World, purse: Purse, memory: dict[str, Any]) -> None:
        """Before households choose their spending: cash, jobs."""

    def train(self, world: World, purse: Purse, memory: dict[str, Any]) -> None:
        """After the labour market: seats filled from those who looked for work or asked for help this month."""

    def after(self, world: World, line: Programme, memory: dict[str, Any]) -> None:
        """Every month after its last: what goes on by itself (repayments)."""

    def seated(self, memory: dict[str, Any], new: np.ndarray) -> None:
        """Persons have new rows from now on (each January): what is remembered of them by row must follow.

        new: new row of each old one, below 0 for those who are gone.
        """


@dataclass
class Lever:
    """One lever of one world: settings, months, its programme's name, its purse. Copied with the world."""

    settings: LeverSettings
    name: str  # of its programme in the city's books
    first: int  # month of the run
    last: int
    memory: dict[str, Any] = field(default_factory=dict)
    purse: Purse | None = None  # this month's

    def strength(self, month: int) -> float:
        """Share of its full size in a month (0 outside its months)."""
        if self.settings.idle or month > self.last:
            return 0.0
        return ramp_up(month - self.first, self.settings.ramp)

    def steer(self, world: World) -> None:
        if world.month >= self.first and not self.settings.idle:
            self.settings.linger(world, self.memory)
        if (strength := self.strength(world.month)) > 0:
            self.settings.steer(world, strength, self.memory)

    def asks(self, world: World) -> float:
        """Rp that it asks for this month; below 0: that it frees."""
        strength = self.strength(world.month)
        return self.settings.asks(world, strength, self.memory) if strength > 0 else 0.0

    def seated(self, new: np.ndarray) -> None:
        """Persons have new rows from now on: what it remembers of them by row follows (`LeverSettings.seated`)."""
        self.settings.seated(self.memory, new)

    def act(self, stage: str, world: World) -> None:
        """Act at one place of the month (`release`, `transfer`, `train`) with what the purse still holds."""
        if self.purse is not None:
            getattr(self.settings, stage)(world, self.purse, self.memory)
        elif stage == "transfer" and world.month > self.last:
            self.settings.after(world, world.government.line(self.name), self.memory)


def kin_memories(world: World, plan: LeverSettings, memory: dict[str, Any]) -> list[dict[str, Any]]:
    """What the other lines of a plan's programme remember, in the order of the package."""
    alike = (one for one in world.policies if isinstance(one, Lever) and one.settings.programme == plan.programme)
    return [one.memory for one in alike if one.memory is not memory]


def kin_plans(world: World, plan: LeverSettings, memory: dict[str, Any]) -> list[Any]:
    """What other lines of a plan's programme have planned for this month so far (`memory["plan"]`: month, plan)."""
    plans = (one.get("plan", (None, None)) for one in kin_memories(world, plan, memory))
    return [planned for month, planned in plans if month == world.month]


def levers_of(settings: Iterable[Any], start: tuple[int, int]) -> list[Lever]:
    """The levers of a package for a world that starts in calendar month `start`; two of a kind get a number."""
    begin = start[0] * 12 + start[1] - 1
    made: list[Lever] = []
    for one in settings:
        taken = sum(lever.settings.lever == one.lever for lever in made)
        name = f"policy: {one.lever}" + (f" {taken + 1}" if taken else "")
        first = 0 if one.start is None else month_number(one.start) - begin
        last = 10**6 if one.end is None else month_number(one.end) - begin
        made.append(Lever(one, name, first, last))
    return made
