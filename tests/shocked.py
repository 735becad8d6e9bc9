"""Twin cities: one lived start, continued without and with shocks. For the tests of shocks."""

from __future__ import annotations

import copy

import numpy as np

from sim.catalogue import SHOCKS, discover
from sim.disturbance import shocks_of
from sim.model import BandungModel

discover()


def settings(kind: str, start: str, **given):
    return SHOCKS[kind].settings(kind=kind, start=start, **given)


def continued(model: BandungModel, months: int, *shocks) -> BandungModel:
    """A copy of the city, `months` on, under these shocks."""
    twin = copy.deepcopy(model)
    twin.world.shocks = shocks_of(shocks, twin.world.start)
    for _ in range(months):
        twin.step()
    return twin


def apart(shocked: BandungModel, quiet: BandungModel, name: str, first: int, last: int) -> float:
    """Mean difference of a city outcome over months first..last-1, in the outcome's unit."""
    return float(np.mean(shocked.recorder.city(name)[first:last] - quiet.recorder.city(name)[first:last]))


def over(shocked: BandungModel, quiet: BandungModel, name: str, first: int, last: int) -> float:
    """Sum of a city outcome over months first..last-1, relative to the twin, less one."""
    return float(shocked.recorder.city(name)[first:last].sum() / quiet.recorder.city(name)[first:last].sum() - 1.0)
