"""The Bandung Social Resilience Index: six dimensions on fixed goalposts, so that scores compare across runs and years.

Inside a dimension the mean of its indicators; across dimensions the weighted geometric mean, which does not let a
strong side make up for a missing one. Built in the ten steps of the OECD/JRC handbook. Source: oecd_jrc_2008.

Own revenue and private money are scored against the city's usual budget, not against that of the month: what is lost
from it would raise both.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.catalogue import did_you_mean
from sim.declare import outcome
from sim.errors import InputError
from sim.language import told
from sim.outcomes.figures import CITY, GROUPS
from sim.outcomes.resilience import Goalposts

# dimension: {indicator: goalposts}. Every indicator is an outcome.
DIMENSIONS: dict[str, dict[str, Goalposts]] = {
    "livelihood": {
        "poverty_headcount": Goalposts(0.15, 0.0),
        "no_buffer_share": Goalposts(1.0, 0.0),
        "unemployment_rate": Goalposts(0.25, 0.0),
    },
    "human_capital": {
        "child_development": Goalposts(-1.5, 1.5),
        "out_of_school_share": Goalposts(0.3, 0.0),
        "child_city_coverage": Goalposts(0.0, 1.0),
    },
    "social_capital": {
        "participation_rate": Goalposts(0.0, 1.0),
        "trust": Goalposts(0.0, 1.0),
        "bridging": Goalposts(0.0, 1.0),
    },
    "services": {
        "service_access": Goalposts(0.0, 1.2),
        "worst_service": Goalposts(0.0, 1.2),
        "flood_protection": Goalposts(0.0, 1.2),
    },
    "governance": {
        "own_revenue_share": Goalposts(0.0, 0.8),
        "absorption": Goalposts(0.7, 1.0),
        "leverage": Goalposts(0.0, 0.02),  # twice what households and companies add today
    },
    "equity": {
        "gini": Goalposts(0.55, 0.25),
        "theil_between_districts": Goalposts(0.15, 0.0),
        "service_access_worst5": Goalposts(0.0, 1.2),
    },
}
EQUAL = dict.fromkeys(DIMENSIONS, 1.0)
MOST_WEIGHT = 1000
_MEANING = {
    "livelihood": "poverty, buffers, work",
    "human_capital": "children's development, school, Kota Layak Anak",
    "social_capital": "taking part, trust, bridging ties",
    "services": "access, the weakest service, flood protection",
    "governance": "own revenue, spending of what is budgeted, private rupiah for every usual public one",
    "equity": "spending between persons and kecamatan, access in the worst five kecamatan",
}
for _name, _text in _MEANING.items():
    outcome(f"resilience_{_name}", "index 0-1", f"BSRI dimension: {_text}", "oecd_jrc_2008", good=1, by_place=True)
outcome(
    "resilience_index",
    "index 0-1",
    "Bandung Social Resilience Index (capacity before a shock): six dimensions, geometric mean",
    "oecd_jrc_2008",
    good=1,
    by_place=True,
    headline=True,
)


NAMES = [(name, indicator) for name, indicators in DIMENSIONS.items() for indicator in indicators]
POSTS = np.array([DIMENSIONS[name][indicator] for name, indicator in NAMES])
PARTS = {name: [k for k, pair in enumerate(NAMES) if pair[0] == name] for name in DIMENSIONS}


def dimensions(values: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Scores 0-1 of the six dimensions. Where a place has no figure of its own, the city's counts."""
    table = np.array([values[indicator] for _, indicator in NAMES], float)
    table = np.where(np.isnan(table), table[:, [CITY]], table)
    worst, best = (ends.reshape(-1, *[1] * (table.ndim - 1)) for ends in POSTS.T)
    scores = Goalposts(worst, best).score(table)  # type: ignore[arg-type]
    return {name: scores[rows].sum(axis=0) / len(rows) for name, rows in PARTS.items()}


def weights_of(given: Mapping[str, Any] | None) -> dict[str, float] | None:
    """Weights of all six dimensions from those that are given, the others at 1; None where none are.

    Raises InputError for an unknown dimension, a weight that is no number of 0 or more, and for none above 0.
    """
    if not given:
        return None
    problems = [_wrong_weight(name, weight) for name, weight in given.items()]
    if found := [one for one in problems if one]:
        raise InputError(*found)
    weights = EQUAL | {name: float(weight) for name, weight in given.items()}
    if sum(weights.values()) <= 0:
        raise InputError(told("weights: one of the six at least must be above 0"))
    return weights


def _wrong_weight(name: Any, weight: Any) -> str:
    """What is wrong with a weight; nothing if it is right."""
    if name not in DIMENSIONS:
        hint = did_you_mean(str(name), DIMENSIONS)
        return told("weights: no dimension '{name}'; there are {known}{hint}", name=str(name)[:80],
                    known=", ".join(DIMENSIONS), hint=hint)  # fmt: skip
    number = isinstance(weight, int | float) and not isinstance(weight, bool) and math.isfinite(weight)
    if not number or not 0 <= weight <= MOST_WEIGHT:
        return told("weights: {name} = {value}: must be a number from 0 to {most}", name=name, value=repr(weight),
                    most=MOST_WEIGHT)  # fmt: skip
    return ""


def combine(scores: Mapping[str, np.ndarray], weights: Mapping[str, float] | None = None, geometric: bool = True):
    """The index from its dimensions: prod s_i^w_i, or sum w_i s_i. Weights are brought to a sum of one.

    A dimension at 0 counts as 0.01 in the geometric mean, so that one missing figure does not wipe out the rest.
    """
    weights = EQUAL if weights is None else weights
    if set(weights) != set(scores) or min(weights.values()) < 0 or sum(weights.values()) <= 0:
        raise ValueError(f"weights are needed for {sorted(scores)}, none negative, not all zero")
    total = sum(weights.values())
    parts = [(weights[name] / total, np.asarray(score, float)) for name, score in scores.items()]
    if geometric:
        return np.exp(sum(w * np.log(np.maximum(score, 0.01)) for w, score in parts))
    return sum(w * score for w, score in parts)


def rank_robustness(first: Mapping[str, float], second: Mapping[str, float], weights: np.ndarray) -> float:
    """Share of weightings (rows of `weights`) under which `first` scores above `second`."""
    names = list(DIMENSIONS)
    a, b = (np.log(np.maximum([s[n] for n in names], 0.01)) for s in (first, second))
    return float(np.mean(weights @ a > weights @ b))


def index(values: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The six dimensions and the index of a month, from its other outcomes."""
    scores = dimensions(values)
    for score in scores.values():
        score[GROUPS] = np.nan
    named = {f"resilience_{name}": score for name, score in scores.items()}
    return {**named, "resilience_index": combine(scores)}
