"""The second process of a first run (`compiling`): it lives a month of a small city only to have it compiled.

The city comes from the code that the first process has compiled by then. Of the month, the first acts, the longest to
compile, are left to that process; and the last ones come first, so that the two do not meet before the end.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from types import SimpleNamespace

import numpy as np

from sim import month
from sim.agents.ahead import UNSEEN
from sim.parameters import default_parameters
from sim.population import build_world
from sim.walk import set_threads
from sim.world import World

SMALL = 500  # one agent for so many: built in a second, large enough that all happens that takes compiling
BEGIN, FROM = "community", "budgets"  # the act it begins with, to the month's end; then from this one up to there


class _Done(Exception):
    """The month has been walked."""


def help_out() -> None:
    """What the second process does: wait for a line, build a small city, walk a month in its own order, end."""

    def other_order(world: World) -> None:
        world.vital = SimpleNamespace(loud=np.full(world.persons.n, UNSEEN))  # as demography leaves it
        first, last = (next(k for k, act in enumerate(month.MONTH) if act.name == name) for name in (FROM, BEGIN))
        for act in (*month.MONTH[last:], *month.MONTH[first:last]):
            with suppress(Exception):  # the books of such a month make no sense; its kernels are compiled all the same
                act.does(world)
        raise _Done

    if sys.stdin.readline():
        set_threads(1)
        with suppress(_Done):
            build_world((2025, 1), default_parameters(), SMALL, 1, 1, live=other_order)
