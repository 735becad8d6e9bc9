"""Declared once: every parameter and every outcome with its unit, range, meaning and source.

Sliders, sweep ranges, scenario checks, error messages and the reference tables all come from these lines.
A group of parameters is a NamedTuple of floats whose defaults are `parameter(...)` declarations; `defaults(Group)`
gives the values, which read as `p.separation` in a rule, in the editor and in compiled code alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Parameter:
    """One number of the model. `source` is a key of sources.toml, or an honest `assumption` or `calibrated`."""

    default: float
    unit: str
    low: float
    high: float
    meaning: str
    source: str

    @property
    def is_assumption(self) -> bool:
        return self.source == "assumption"


def parameter(default: float, unit: str, low: float, high: float, meaning: str, source: str) -> Any:
    """Declare a parameter: its default, unit, plausible range, meaning and source."""
    if not low <= default <= high:
        raise ValueError(f"default {default} outside [{low}, {high}]: {meaning}")
    return Parameter(float(default), unit, float(low), float(high), meaning, source)


def declared(group: type) -> dict[str, Parameter]:
    """The declarations of one group, by field name."""
    return dict(group._field_defaults)  # type: ignore[attr-defined]


def defaults(group: type) -> Any:
    """The group with every parameter at its default, as plain floats."""
    return group(**{name: line.default for name, line in declared(group).items()})


@dataclass(frozen=True)
class Outcome:
    """One figure the model measures. `good` says which way is better: +1, -1 or 0 (neither)."""

    name: str
    unit: str
    meaning: str
    source: str
    good: int
    by_place: bool
    by_group: bool
    headline: bool


OUTCOMES: dict[str, Outcome] = {}


def outcome(
    name: str,
    unit: str,
    meaning: str,
    source: str,
    *,
    good: int = 0,
    by_place: bool = False,
    by_group: bool = False,
    headline: bool = False,
) -> Outcome:
    """Declare an outcome. `by_place`: also for the 30 kecamatan; `by_group`: also for the five quintiles."""
    if name in OUTCOMES:
        raise ValueError(f"outcome {name} is declared twice")
    OUTCOMES[name] = Outcome(name, unit, meaning, source, good, by_place, by_group, headline)
    return OUTCOMES[name]
