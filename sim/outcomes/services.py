"""Public services: quality and access, weighted by the people who live with them."""

from __future__ import annotations

import numpy as np

from sim.declare import outcome
from sim.outcomes.figures import PLACES, Figures, everywhere
from sim.outcomes.inequality import gini

WORST = 5  # districts in the bottom-five mean

outcome(
    "service_access",
    "places per user",
    "service places within reach per user, mean of seven services",
    "luo_wang_2003",
    good=1,
    by_place=True,
    headline=True,
)
outcome(
    "service_quality",
    "index",
    "quality of services under the present load, 1 = enough capacity",
    "bpr_1964",
    good=1,
    by_place=True,
    headline=True,
)
outcome("service_access_worst5", "places per user", "access in the five worst kecamatan", "luo_wang_2003", good=1)
outcome("service_access_gini", "index 0-1", "Gini of access between residents' kecamatan", "gini_1912", good=-1)
outcome("flood_protection", "index", "quality of drainage", "assumption", good=1, by_place=True)


def weighted(value: np.ndarray, people: np.ndarray) -> float:
    """Mean of a figure of places over the people who live there."""
    return float(np.dot(value, people) / max(np.sum(people), 1e-9))


def worst(value: np.ndarray, count: int = WORST) -> float:
    """Mean of the lowest `count` places, each counted once."""
    return float(np.sort(value)[:count].mean())


def services(f: Figures) -> dict[str, np.ndarray]:
    """The outcomes on public services."""
    people = f.persons[PLACES]
    access, quality, drainage = (f.places[name] for name in ("access", "quality", "drainage"))
    return {
        "service_access": everywhere(weighted(access, people), access),
        "service_quality": everywhere(weighted(quality, people), quality),
        "service_access_worst5": everywhere(worst(access)),
        "service_access_gini": everywhere(gini(access, people)),
        "flood_protection": everywhere(weighted(drainage, people), drainage),
    }
