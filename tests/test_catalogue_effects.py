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
MANY = tuple(range(1, 9))  # seeds for what moves so little that two seeds can say the opposite
FAINT = {
    ("worker_training", "informal_share"),
    ("worker_training", "vacancies_rate"),
    ("cash_transfer", "food_insecure_share"),
    ("child_friendly_city", "out_of_school_share"),
    ("seismic_retrofit", "wellbeing"),
}


@cache
def world(seed: int, name: str = "", level: int = 0) -> Branch:
    """The quiet world, or that of a kind at its low (0) or high (1) setting, struck by a shock where needed."""
    if not name:
        return lived(SCALE, seed, LEVER_MONTHS)
    struck = [made(KINDS[AGAINST[name]], **dose(KINDS[AGAINST[name]], 1))] if name in AGAINST else []
    long = name not in SHOCKS or name in AGAINST.values()
    settings = [*struck, made(KINDS[name], **dose(KINDS[name], level))]
    return lived(SCALE, seed, LEVER_MONTHS if long else SHOCK_MONTHS, *settings)


def effect(name: str, outcome: str, level: int = 1) -> np.ndarray:
    """By seed: over the year from the onset of a shock; in the third year of a lever."""
    window = slice(0, SHOCK_MONTHS) if name in SHOCKS else slice(LEVER_MONTHS - YEAR, LEVER_MONTHS)
    apart = []
    for seed in MANY if (name, outcome) in FAINT else SEEDS:
        with_, without = world(seed, name, level), world(seed, AGAINST.get(name, ""), int(name in AGAINST))
        apart.append(np.mean(with_.recorder.city(outcome)[window] - without.recorder.city(outcome)[window]))
    return np.array(apart)


# Companies give as much for a small match as for a large one (karlan_list_2007): more money only waits.
SATURATED = ("csr_match",)
MOVES = [
    pytest.param(name, outcome, sign, id=f"{name}-{outcome}-{'up' if sign > 0 else 'down'}")
    for name, kind in KINDS.items()
    for outcome, sign in kind.moves
]


@pytest.mark.parametrize(("name", "outcome", "sign"), MOVES)
def test_at_the_high_setting_every_declared_outcome_moves_its_way(name, outcome, sign):
    assert (sign * effect(name, outcome)).mean() > 0, effect(name, outcome)


@pytest.mark.parametrize(("name", "outcome", "sign"), [row for row in MOVES if row.values[0] not in SATURATED])
def test_the_high_setting_moves_it_further_than_the_low_one(name, outcome, sign):
    low, high = (sign * effect(name, outcome, level) for level in (0, 1))
    assert high.mean() > low.mean(), (low, high)


@pytest.mark.parametrize("seed", SEEDS)
def test_more_money_for_training_fills_more_seats_and_never_more_than_it_pays_for(seed):
    lines = [world(seed, "worker_training", level).world.government.line("policy: worker_training") for level in (0, 1)]
    assert lines[0].reached < lines[1].reached
    seat = KINDS["worker_training"].settings.model_fields["seat_rp"].default
    for line in lines:
        assert line.reached * seat * begun(SCALE, seed).world.deflator <= line.released * 1.001
