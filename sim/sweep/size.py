"""How much time and disk a design takes, said before it starts."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.language import figure, texts, told
from sim.sweep.design import Design, columns
from sim.sweep.plan import MOST_RUNS

if TYPE_CHECKING:
    from sim.scenario import Scenario

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

    def said(self) -> str:
        """The size in words."""
        fields = {"runs": figure(self.runs), "span": span(self.seconds), "disk": size(self.disk_bytes)}
        if self.workers == 1:
            return told("{runs} runs, about {span} with 1 worker and {disk} of disk", **fields)
        return told(
            "{runs} runs, about {span} with {workers} workers and {disk} of disk", workers=self.workers, **fields
        )

    def __str__(self) -> str:
        return str(self.said())


_SPANS = tuple(
    zip(
        (365 * 86400, 86400, 3600, 60),
        texts("{count} years", "{count} days", "{count} hours", "{count} minutes"),
        strict=True,
    )
)


def span(seconds: float) -> str:
    """A length of time in words."""
    for length, words in _SPANS:
        if seconds >= 2 * length:
            return told(words, count=figure(seconds / length))
    return told("{count} s", count=figure(max(seconds, 1)))


def size(count: float) -> str:
    for unit, length in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if count >= length:
            return told("{size} {unit}", size=figure(count / length, 1), unit=unit)
    return told("less than 1 MB")


def expected(base: Scenario, runs: int, builds: int, numbers: int, workers: int | None) -> Size:
    """What so many runs of a scenario and builds of its city take, with so many columns a row, on so many workers
    (none: one for each core)."""
    from sim.parameters import default_parameters

    persons = PERSONS / base.scale
    month = MONTH + MONTH_PERSON * persons
    burn_in = default_parameters().population.burn_in
    seconds = builds * (BUILD + BUILD_PERSON * persons + burn_in * month) + runs * base.months * month
    count = workers or len(os.sched_getaffinity(0))
    return Size(runs, builds, seconds, count, runs * float(ROW_BYTES + NUMBER_BYTES * numbers))


def size_of(design: Design, workers: int | None = None) -> Size:
    """What a design amounts to on so many workers (none: one for each core)."""
    return expected(design.base, design.count, builds(design, design.points_count), len(columns(design)), workers)


def builds(design: Design, points: int) -> int:
    """Cities to build: one for each seed, and for each point too where varied parameters shape the past."""
    shaped = design.past == "rebuilt" and any(factor.kind == "parameter" for factor in design.factors)
    if design.seeds_as == "factor":
        return points if shaped else min(points, len(design.seed_list))
    return len(design.seed_list) * (points if shaped else 1)


def check_size(design: Design, workers: int | None, yes: bool) -> Size:
    """What a design amounts to. Raises InputError for one too large, and for a large one that nobody has agreed to."""
    found = size_of(design, workers)
    agreed(found, design.name, told("samples, seeds or grid steps"), yes)
    return found


def agreed(found: Size, name: str, fewer: str, yes: bool) -> None:
    """Raises InputError for more runs than can be, and for a large size that nobody has agreed to."""
    said = {"name": name, "size": found.said(), "fewer": fewer}
    if found.runs > MOST_RUNS:
        raise InputError(
            told("{name}: {size}; the limit is {most} runs; take fewer {fewer}", most=figure(MOST_RUNS), **said)
        )
    if found.is_large and not yes:
        raise InputError(told("{name}: {size}; say --yes to start it, or take fewer {fewer}", **said))
