"""All that shocks and levers are declared to move: it moves, the right way, and further at the high setting.

The rows come from the declarations, so a new kind is tested from the day it is there.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from catalogue_settings import AGAINST, KINDS, dose, made
from catalogue_worlds import begun, lived

from sim.catalogue import SHOCKS
from sim.twins import Branch

SCALE, SEEDS, SHOCK_MONTHS, LEVER_MONTHS, YEAR = 100, (1, 2), 12, 36, 12


@cache
def worlds(seed: int) -> dict[tuple[str, int], Branch]:
    """The quiet world, and each kind's at its low (0) and high (1) setting where it is asked for."""
    found = {("", 0): lived(SCALE, seed, LEVER_MONTHS)}
    for name, kind in KINDS.items():
        shocked = name in SHOCKS
        struck = [made(KINDS[AGAINST[name]], **dose(KINDS[AGAINST[name]], 1))] if name in AGAINST else []
        long = not shocked or name in AGAINST.values()
        for level in (0, 1):
            settings = [*struck, made(kind, **dose(kind, level))]
            found[name, level] = lived(SCALE, seed, LEVER_MONTHS if long else SHOCK_MONTHS, *settings)
    return found


def effect(name: str, outcome: str, level: int = 1) -> np.ndarray:
    """By seed: over the year from the onset of a shock; in the third year of a lever."""
    window = slice(0, SHOCK_MONTHS) if name in SHOCKS else slice(LEVER_MONTHS - YEAR, LEVER_MONTHS)
    apart = []
    for seed in SEEDS:
        with_, without = worlds(seed)[name, level], worlds(seed)[AGAINST.get(name, ""), int(name in AGAINST)]
        apart.append(np.mean(with_.recorder.city(outcome)[window] - without.recorder.city(outcome)[window]))
    return np.array(apart)


MOVES = [
    pytest.param(name, outcome, sign, id=f"{name}-{outcome}-{'up' if sign > 0 else 'down'}")
    for name, kind in KINDS.items()
    for outcome, sign in kind.moves
]


@pytest.mark.parametrize(("name", "outcome", "sign"), MOVES)
def test_at_the_high_setting_every_declared_outcome_moves_its_way_in_every_city(name, outcome, sign):
    assert (sign * effect(name, outcome) > 0).all(), effect(name, outcome)


@pytest.mark.parametrize(("name", "outcome", "sign"), MOVES)
def test_the_high_setting_moves_it_further_than_the_low_one(name, outcome, sign):
    low, high = (sign * effect(name, outcome, level) for level in (0, 1))
    assert high.mean() > low.mean(), (low, high)


@pytest.mark.parametrize("seed", SEEDS)
def test_more_money_for_training_fills_more_seats_and_never_more_than_it_pays_for(seed):
    lines = [
        worlds(seed)["worker_training", level].world.government.line("policy: worker_training") for level in (0, 1)
    ]
    assert lines[0].reached < lines[1].reached
    seat = KINDS["worker_training"].settings.model_fields["seat_rp"].default
    for line in lines:
        assert line.reached * seat * begun(SCALE, seed).world.deflator <= line.released * 1.001
