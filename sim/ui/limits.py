"""How much one page may ask of the machine, and how finely it looks. Chosen at start, the same for everybody."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

VARIABLE = "BANDUNG_UI_LIMITS"  # how the command hands the limits to the page it starts
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Detail:
    """One way to look: how many real agents stand behind a simulated one, and how often the city is repeated."""

    name: str
    scale: int
    seeds: int


@dataclass(frozen=True)
class Limits:
    """The bounds of a server."""

    workers: int = field(default_factory=lambda: len(os.sched_getaffinity(0)))
    live_scale: int = 500
    live_seeds: int = 3
    least_scale: int = 1  # the finest look that may be asked for; 1 is the whole city
    most_months: int = 240
    most_seeds: int = 30
    most_waiting: int = 400  # worlds that may wait in the queue, over all users
    most_deep: int = 4  # long runs that may wait
    cache_bytes: int = 400 * MEGABYTE
    warm_bytes: int = 200 * MEGABYTE  # of each worker
    upload_bytes: int = 200_000

    def details(self) -> tuple[Detail, ...]:
        """The looks on offer: at once, with care, and the whole city."""
        live = Detail("live", self.live_scale, self.live_seeds)
        finer = (Detail("careful", 100, 10), Detail("whole", 1, 1))
        return (live, *(one for one in finer if self.least_scale <= one.scale and one.seeds <= self.most_seeds))

    def detail(self, name: str) -> Detail:
        """The look of that name; the live one where there is none."""
        found = {one.name: one for one in self.details()}
        return found.get(name, found["live"])


def chosen(bounds: Mapping[str, int | None]) -> Limits:
    """The limits of the command line: what was left out is as usual."""
    names = {"finest": "least_scale"}
    return Limits(**{names.get(name, name): value for name, value in bounds.items() if value is not None})


def hand_over(limits: Limits) -> None:
    """Leave the limits for the page of this process."""
    os.environ[VARIABLE] = json.dumps(asdict(limits))


def handed_over() -> Limits:
    """The limits that the command left; the usual ones where it left none."""
    return Limits(**json.loads(os.environ.get(VARIABLE) or "{}"))
