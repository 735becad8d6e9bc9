"""Poverty, as BPS measures it: average spending per head against the line, every person counted."""

from __future__ import annotations

import numpy as np

from sim.declare import outcome
from sim.outcomes.figures import Figures, counted

_FGT = "foster_greer_thorbecke_1984"
outcome(
    "poverty_headcount",
    "share of persons",
    "P0: persons whose average spending per head (memory: a year) is below the poverty line",
    _FGT,
    good=-1,
    by_place=True,
    by_group=True,
    headline=True,
)
outcome(
    "poverty_gap",
    "share of line",
    "P1: mean distance below the line",
    _FGT,
    good=-1,
    by_place=True,
    by_group=True,
    headline=True,
)
outcome(
    "poverty_severity", "share of line", "P2: mean squared distance below the line", _FGT, good=-1, by_place=True,
    by_group=True,
)  # fmt: skip
outcome(
    "poverty_headcount_month", "share of persons", "persons whose spending this month is below the poverty line", _FGT,
    good=-1, by_place=True, by_group=True,
)  # fmt: skip
outcome(
    "near_poor_share", "share of persons", "persons between 1 and 1.5 poverty lines", "worldbank_aspiring_2019",
    good=-1, by_place=True, by_group=True,
)  # fmt: skip


def fgt(spending: np.ndarray, size: np.ndarray, line: float, alpha: float) -> float:
    """P_alpha = (1/N) sum n_h ((z - c)/z)+^alpha over households with spending per head c. Source: FGT 1984."""
    short = np.clip(1.0 - np.asarray(spending, float) / line, 0.0, None)
    depth = np.where(short > 0, short**alpha, 0.0)
    return float(np.dot(size, depth) / np.sum(size))


def fgt_between(spending, size, place, line: float, alpha: float) -> tuple[np.ndarray, np.ndarray]:
    """Each place's population share and its P_alpha: the city's is their product, summed."""
    places = np.unique(place)
    shares = np.array([np.sum(size[place == d]) for d in places]) / np.sum(size)
    return shares, np.array([fgt(spending[place == d], size[place == d], line, alpha) for d in places])


def poverty(f: Figures) -> dict[str, np.ndarray]:
    """The poverty outcomes of a month."""
    h = f.households
    persons = counted(h["persons"])
    return {
        "poverty_headcount": h["poor"] / persons,
        "poverty_gap": h["gap"] / persons,
        "poverty_severity": h["severity"] / persons,
        "poverty_headcount_month": h["poor_this_month"] / persons,
        "near_poor_share": h["near_poor"] / persons,
    }
