"""Sweeps of any function with the machinery of the city's: for known answers (Ishigami) and for models of one's own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.shape import Refused
from sim.sweep.answer import Function
from sim.sweep.factors import Factor
from sim.sweep.sampling import Sampling, checked_points, count_points, draw_points, sampling_problems

__all__ = ["FreeDesign", "Function", "free_factor"]


def free_factor(column: str, low: float, high: float, role: str = "uncertainty", **said: Any) -> Factor:
    """A varied number of a function."""
    if not low < high:
        raise InputError(f"{column}: the range {low:g} to {high:g} is empty")
    return Factor(column, role, "free", float(low), float(high), said.pop("default", (low + high) / 2), **said)


@dataclass(frozen=True)
class FreeDesign:
    """A design without a scenario: what a design file says, in Python. `given`: the points, instead of sampling."""

    factors: tuple[Factor, ...]
    outcomes: tuple[str, ...]
    sampling: Sampling = field(default_factory=Sampling)
    seed_list: tuple[int, ...] = (1,)
    package_list: tuple[str, ...] = ("none",)
    shock_list: tuple[str, ...] = ("on",)
    title: str = "A function"
    name: str = "function"
    text: str = ""
    seeds_as: str = "crossed"  # factor: `factors` hold one of the kind `seed`
    given: Any = None

    def __post_init__(self) -> None:
        if self.given is None and (problems := sampling_problems(self.sampling, self.factors)):
            raise Refused(problems)

    @property
    def runs_per_point(self) -> int:
        seeds = 1 if self.seeds_as == "factor" else len(self.seed_list)
        return seeds * len(self.package_list) * len(self.shock_list)

    @property
    def count(self) -> int:
        points = count_points(self.sampling, self.factors) if self.given is None else len(self.given)
        return points * self.runs_per_point

    @cached_property
    def points(self) -> np.ndarray:
        if self.given is not None:
            return checked_points(self.given, self.factors)
        return draw_points(self.sampling, self.factors)

    def with_points(self, points: Any) -> FreeDesign:
        """The same design at points of one's own choice, (points, factors)."""
        return replace(self, given=points)
