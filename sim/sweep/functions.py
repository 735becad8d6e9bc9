"""Sweeps of any function with the machinery of the city's: for known answers (Ishigami) and for models of one's own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from sim.errors import InputError
from sim.language import told
from sim.shape import Refused
from sim.sweep.answer import Function
from sim.sweep.factors import Factor
from sim.sweep.sampling import Crossed, Sampling, sampling_problems

__all__ = ["FreeDesign", "Function", "free_factor"]


def free_factor(column: str, low: float, high: float, role: str = "uncertainty", **said: Any) -> Factor:
    """A varied number of a function."""
    if not low < high:
        raise InputError(
            told("{column}: the range {low} to {high} is empty", column=column, low=f"{low:g}", high=f"{high:g}")
        )
    return Factor(column, role, "free", float(low), float(high), said.pop("default", (low + high) / 2), **said)


@dataclass(frozen=True)
class FreeDesign(Crossed):
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

    def with_points(self, points: Any) -> FreeDesign:
        """The same design at points of one's own choice, (points, factors)."""
        return replace(self, given=points)
