"""Worlds of one past that part under different levers: for the tests of levers."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

import numpy as np

from sim.catalogue import LEVERS, discover
from sim.intervention import levers_of
from sim.model import BandungModel

discover()


def setting(lever: str, **values: Any) -> Any:
    """The settings of a lever as a scenario would give them."""
    return LEVERS[lever].settings(lever=lever, **values)


@cache
def _begun(scale: int, seed: int, parameters: tuple[tuple[str, float], ...]) -> BandungModel:
    return BandungModel(scale=scale, seed=seed, months=120, threads=1, parameters=dict(parameters))


def begun(scale: int, seed: int = 1, **parameters: float) -> BandungModel:
    """A city at its start, shared by all who ask for the same one; parameters as group__name=value."""
    values = tuple(sorted((name.replace("__", "."), value) for name, value in parameters.items()))
    return copy.deepcopy(_begun(scale, seed, values))


def lived(model: BandungModel, months: int, *settings: Any) -> BandungModel:
    """Months with some levers. Remembers what each had spent and been granted month by month in `model.spending`."""
    world = model.world
    world.policies = levers_of(settings, world.start)
    model.spending = []
    for _ in range(months):
        model.step()
        lines = [world.government.line(lever.name) for lever in world.policies]
        model.spending.append([(line.spent, line.released) for line in lines])
    return model


def mean_of(model: BandungModel, outcome: str, months: int) -> float:
    """Mean of a city outcome over the last months."""
    return float(np.mean(model.recorder.city(outcome)[-months:]))


def line_of(model: BandungModel, lever: str) -> Any:
    """The lever's line in the city's books."""
    return model.world.government.programmes[f"policy: {lever}"]
