"""Public services: quality and access, weighted by the people who live with them."""

from __future__ import annotations

import numpy as np

from sim.agents.services import DRAINAGE, KINDS, VISITED
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
outcome("job_access", "jobs per resident", "formal jobs within reach, each shared over the people in its reach",
        "luo_wang_2003", good=1, by_place=True)  # fmt: skip
outcome("flood_protection", "index", "quality of drainage", "assumption", good=1, by_place=True)
outcome("worst_service", "index", "quality of the weakest of the seven services", "assumption", good=1, by_place=True)
for _kind in KINDS:
    outcome(f"service_quality_{_kind}", "index", f"quality of {_kind} under the present load, 1 = enough capacity",
            "bpr_1964", good=1, by_place=True)  # fmt: skip
for _k in VISITED:
    outcome(f"service_access_{KINDS[_k]}", "places per user", f"places of {KINDS[_k]} within reach per user",
            "luo_wang_2003", good=1, by_place=True)  # fmt: skip


def weighted(value: np.ndarray, people: np.ndarray):
    """Mean of figures of places (the axis before the last, that of months) over the people who live there."""
    return np.sum(value * people, axis=-2) / np.maximum(np.sum(people, axis=-2), 1e-9)


def worst(value: np.ndarray, count: int = WORST):
    """Mean of the lowest `count` places, each counted once."""
    return np.sort(value, axis=0)[:count].mean(axis=0)


LOCAL = ("service_access", "service_quality", "flood_protection", "worst_service", "job_access")
QUALITY = tuple(f"service_quality_{kind}" for kind in KINDS)
REACH = tuple(f"service_access_{KINDS[k]}" for k in VISITED)


def services(f: Figures) -> dict[str, np.ndarray]:
    """The outcomes on public services."""
    people, access = f.persons[PLACES], f.places["access"]
    quality, reach = (np.moveaxis(f.places[name], 1, 0) for name in ("quality_by_kind", "access_by_kind"))
    few = (access, f.places["quality"], quality[DRAINAGE], quality.min(axis=0), f.places["job_access"])
    figures = np.array([*few, *quality, *reach[list(VISITED)]])
    city = weighted(figures, people)
    return {
        **{name: everywhere(*each) for name, *each in zip(LOCAL + QUALITY + REACH, city, figures, strict=True)},
        "service_access_worst5": everywhere(worst(access)),
        "service_access_gini": everywhere(gini(access, people)),
    }
