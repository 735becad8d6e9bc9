"""One city of each seed, and its twins under any shocks and levers: for the tests over the whole catalogue."""

from __future__ import annotations

from functools import cache
from typing import Any

from sim import month as calendar
from sim.disturbance import shocks_of
from sim.intervention import levers_of
from sim.outcomes.record import Recorder
from sim.parameters import default_parameters
from sim.population import build_world
from sim.twins import Branch, step

FIRST, LONGEST = (2025, 1), 36


@cache
def begun(scale: int, seed: int) -> Branch:
    """A city at its start; those who change it take a twin."""
    world = build_world(FIRST, default_parameters(), scale, seed, LONGEST, live=calendar.step)
    return Branch(world, Recorder(world.city.codes, FIRST, world.price_year))


def lived(scale: int, seed: int, months: int, *settings: Any, each=lambda world: None) -> Branch:
    """Some months under these shocks and levers; `each` looks at every month."""
    start = begun(scale, seed)
    branch = Branch(start.world.twin(), start.recorder.twin())
    branch.world.shocks = shocks_of([one for one in settings if hasattr(one, "kind")], FIRST)
    branch.world.policies = levers_of([one for one in settings if hasattr(one, "lever")], FIRST)
    for _ in range(months):
        step(branch)
        each(branch.world)
    return branch
