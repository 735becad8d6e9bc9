"""One world to live, named by everything that determines it: equal jobs have equal results."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from sim.disturbance import shocks_of
from sim.intervention import levers_of
from sim.scenario import Scenario


@dataclass(frozen=True)
class Job:
    """A world: its base (start, months, parameters, scale, seed), its policies and its shocks."""

    start: tuple[int, int]
    months: int
    parameters: tuple[tuple[str, float], ...]
    scale: int
    seed: int
    policies: tuple[Any, ...] = ()  # settings of levers; none where nothing of the package ever acts
    shocks: tuple[Any, ...] = ()  # settings of shocks; none where none ever strikes

    @cached_property
    def first(self) -> int | None:
        """Month (from 0) in which a policy first acts."""
        levers = levers_of(self.policies, self.start)
        firsts = [max(one.first, 0) for one in levers if not one.settings.idle and one.last >= max(one.first, 0)]
        return _within(min(firsts, default=None), self.months)

    @cached_property
    def onset(self) -> int | None:
        """Month in which the first shock strikes."""
        shocks = shocks_of(self.shocks, self.start)
        firsts = (max(one.first, 0) for one in shocks if one.settings.intensity > 0)
        return _within(min(firsts, default=None), self.months)

    @cached_property
    def kin(self) -> Job:
        """The world that this one is until its shock strikes."""
        return self.without(shocks=True)

    @cached_property
    def root(self) -> Job:
        """The city that it begins with, left alone."""
        return self.without(policies=True, shocks=True)

    def without(self, *, policies: bool = False, shocks: bool = False) -> Job:
        """The same world without its policies, or without its shocks."""
        return replace(self, policies=() if policies else self.policies, shocks=() if shocks else self.shocks)


def _within(month: int | None, months: int) -> int | None:
    return None if month is None or month >= months else month


def job_of(scenario: Scenario, package: int, shocked: bool, scale: int, seed: int, months: int) -> Job:
    """The world of a scenario's package (0: none, then 1, 2 ... as listed). What never acts is left out of its name."""
    policies = tuple(scenario.packages[package - 1].policies) if package else ()
    shocks = tuple(scenario.shocks) if shocked else ()
    parameters = tuple(sorted(scenario.parameters.items()))
    job = Job(scenario.start_month, months, parameters, scale, seed, policies, shocks)
    return job.without(policies=job.first is None, shocks=job.onset is None)


@dataclass
class Lived:
    """What is kept of a world lived to its end. `born` and `counts` are those of its first day."""

    outcomes: tuple[str, ...]
    months: tuple[str, ...]
    city: np.ndarray  # (month, outcome)
    yearly: np.ndarray  # (year, outcome, 36)
    born: dict[str, np.ndarray]  # uid, quintile, district, alive of the first households
    uid: np.ndarray  # of the same rows at the end
    alive: np.ndarray
    average: np.ndarray
    programmes: list[dict[str, Any]]
    identities: dict[str, float]
    digest: str
    counts: dict[str, int]

    @property
    def size(self) -> int:
        """Bytes, about."""
        arrays = (self.city, self.yearly, self.uid, self.alive, self.average, *self.born.values())
        return sum(one.nbytes for one in arrays) + 2000
