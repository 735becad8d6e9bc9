"""How much time and disk a design takes, said before it starts."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from sim.errors import InputError
from sim.sweep.design import Design, columns
from sim.sweep.plan import MOST_RUNS

# One core's seconds for a month of a city: a base, and so much for each simulated person; and for putting a city
# together before its burn-in. Measured by benchmarks/sweep.py and benchmarks/speed.py; good to a factor of two.
MONTH, MONTH_PERSON, BUILD, BUILD_PERSON = 0.004, 2.1e-7, 0.08, 3e-6
PERSONS = 2.52e6
ROW_BYTES, NUMBER_BYTES = 260, 20  # of a run, in the store and in the table together
LONG_HOURS, LARGE_BYTES, MANY_RUNS = 12.0, 2e9, 100_000  # from here on, somebody has to say yes


@dataclass(frozen=True)
class Size:
    """What a design amounts to."""

    runs: int
    builds: int  # cities that are built, at most
    cpu_seconds: float
    workers: int
    disk_bytes: float

    @property
    def seconds(self) -> float:
        return self.cpu_seconds / self.workers

    @property
    def is_large(self) -> bool:
        return self.seconds > 3600 * LONG_HOURS or self.disk_bytes > LARGE_BYTES or self.runs > MANY_RUNS

    def __str__(self) -> str:
        workers = f"{self.workers} worker{'s' if self.workers > 1 else ''}"
        return f"{self.runs:,} runs, about {span(self.seconds)} with {workers} and {size(self.disk_bytes)} of disk"


def span(seconds: float) -> str:
    """A length of time in words."""
    for unit, length in (("years", 365 * 86400), ("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:,.0f} {unit}"
    return f"{max(seconds, 1):.0f} s"


def size(count: float) -> str:
    for unit, length in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if count >= length:
            return f"{count / length:,.1f} {unit}"
    return "less than 1 MB"


def size_of(design: Design, workers: int | None = None) -> Size:
    """What a design amounts to on so many workers (none: one for each core)."""
    from sim.parameters import default_parameters

    base, persons = design.base, PERSONS / design.base.scale
    month = MONTH + MONTH_PERSON * persons
    burn_in = default_parameters().population.burn_in
    builds = _builds(design)
    seconds = builds * (BUILD + BUILD_PERSON * persons + burn_in * month) + design.count * base.months * month
    numbers = len(columns(design))
    count = workers or len(os.sched_getaffinity(0))
    return Size(design.count, builds, seconds, count, design.count * float(ROW_BYTES + NUMBER_BYTES * numbers))


def _builds(design: Design) -> int:
    """Cities to build: one for each seed, and for each point too where varied parameters shape the past."""
    points = design.count // design.runs_per_point
    shaped = design.past == "rebuilt" and any(factor.kind == "parameter" for factor in design.factors)
    if design.seeds_as == "factor":
        return points if shaped else min(points, len(design.seed_list))
    return len(design.seed_list) * (points if shaped else 1)


def check_size(design: Any, workers: int | None, yes: bool) -> Size:
    """What a design amounts to. Raises InputError for one too large, and for a large one that nobody has agreed to."""
    found = size_of(design, workers)
    name = design.name or "this design"
    if found.runs > MOST_RUNS:
        raise InputError(f"{name}: {found}; the limit is {MOST_RUNS:,} runs; take fewer samples, seeds or grid steps")
    if found.is_large and not yes:
        raise InputError(f"{name}: {found}; say --yes to start it, or take fewer samples, seeds or grid steps")
    return found
