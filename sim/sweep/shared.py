"""Parameters that would do nothing with `past: shared`: they shape the city only before the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.errors import InputError
from sim.language import told
from sim.sweep.city import City, born, copied

if TYPE_CHECKING:
    from sim.sweep.design import Design
    from sim.sweep.factors import Factor
    from sim.twins import Branch


def refuse_idle(design: Design) -> None:
    """Raises InputError that names the varied parameters that move no outcome when they change at the start.

    Tried on the design's own city, its first seed, its shocks and all its levers, month by month until something
    differs; a design with a rebuilt past passes unseen.
    """
    if design.past == "shared" and (idle := idle_parameters(design)):
        text = (
            "{design}: {name} shapes the city before the start only, and changes nothing with `past: shared`; say "
            "`past: rebuilt`, or leave it out"
        )
        raise InputError(*(told(text, design=design.name, name=name) for name in idle))


def idle_parameters(design: Design) -> list[str]:
    """The varied parameters that move nothing from the start on, at neither end of their range."""
    return [factor.column for factor in design.factors if factor.kind == "parameter" and not _acts(design, factor)]


def _acts(design: Design, factor: Factor) -> bool:
    from sim.twins import step

    ends = [value for value in (factor.high, factor.low) if value != factor.default]
    worlds = [_set_up(design, factor, value) for value in (factor.default, *ends)]
    for _ in range(design.base.months):
        for branch in worlds:
            step(branch)
        usual, *others = [branch.recorder.values[-1] for branch in worlds]
        if any(not np.array_equal(usual, other, equal_nan=True) for other in others):
            return True
    return False


def _set_up(design: Design, factor: Factor, value: float) -> Branch:
    """The shared city with one parameter changed, all shocks of the scenario and all levers of its packages."""
    from sim.disturbance import shocks_of
    from sim.intervention import levers_of
    from sim.parameters import default_parameters, with_values

    values = {one.column: one.default for one in design.factors} | {factor.column: value}
    scenario = City.of(design).scenario(values)
    levers = [policy for package in scenario.packages for policy in package.policies]
    branch = copied(born(design.base, dict(design.base.parameters), design.seed_list[0]))
    branch.world.p = with_values(default_parameters(), scenario.parameters)
    branch.world.shocks = shocks_of(scenario.shocks, scenario.start_month)
    branch.world.policies = list(levers_of(levers, scenario.start_month))
    return branch
