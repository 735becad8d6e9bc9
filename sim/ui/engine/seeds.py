"""Worlds that were lived one by one, put together again as what `bandung compare` makes of a seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.analysis.ensemble import Ensemble
from sim.city import load_city
from sim.comparison import Comparison, gather
from sim.parameters import default_parameters, with_values
from sim.runner import parameter_values
from sim.scenario import Scenario
from sim.twins import GROUPS, PLACES, Key, SeedResult, household_gains, plan
from sim.ui.engine.job import Job, Lived, job_of

GAINS = ("share_up", "share_down", "mean_change")


def jobs_of(scenario: Scenario, scale: int, seed: int, months: int) -> dict[Key, Job]:
    """The worlds of one seed by package (0: none) and shocks; those that never differ share a job."""
    keys = plan(scenario, months).keys
    return {(k, s): job_of(scenario, k, bool(s), scale, seed, months) for k, s in keys}


def seed_result(scenario: Scenario, seed: int, months: int, worlds: Mapping[Key, Lived]) -> SeedResult:
    """One seed's worlds as arrays: what `sim.twins.live` returns."""
    tree = plan(scenario, months)
    first, shape = worlds[0, 0], (len(tree.packages), tree.states)

    def stacked(name: str) -> np.ndarray:
        return np.array([[getattr(worlds[k, s], name) for s in range(shape[1])] for k in range(shape[0])])

    gains = {name: np.full((*shape, GROUPS + PLACES), np.nan) for name in GAINS}
    for (k, s), one in worlds.items():
        for name, found in household_gains(first.born, worlds[0, s], one).items():
            gains[name][k, s] = found
    programmes: list[dict[str, Any]] = [
        {"package": tree.packages[k], "shock": s, "seed": seed, **line}
        for (k, s), one in worlds.items()
        for line in one.programmes
    ]
    return SeedResult(
        seed=seed,
        outcomes=first.outcomes,
        months=first.months,
        city=stacked("city"),
        yearly=stacked("yearly"),
        gains=gains,
        programmes=programmes,
        digests={key: one.digest for key, one in worlds.items()},
        identities={name: max(one.identities[name] for one in worlds.values()) for name in first.identities},
        counts=first.counts,
    )


def ensemble_of(scenario: Scenario, found: Sequence[SeedResult]) -> Ensemble:
    """The seeds as one ensemble."""
    city = load_city(scenario.start_month[0])
    return gather(scenario, list(found), city.codes, city.names)


def comparison_of(scenario: Scenario, scale: int, found: Sequence[SeedResult], seconds: float = 0.0) -> Comparison:
    """The seeds as a comparison: tables, report, manifest."""
    tree = plan(scenario, len(found[0].months))
    return Comparison(
        scenario=scenario,
        scale=scale,
        seeds=tuple(one.seed for one in found),
        months=len(found[0].months),
        ensemble=ensemble_of(scenario, found),
        digests={
            one.seed: {
                f"{tree.packages[k]}, shocks {'on' if s else 'off'}": text for (k, s), text in one.digests.items()
            }
            for one in found
        },
        identities={name: max(one.identities[name] for one in found) for name in found[0].identities},
        counts=found[0].counts,
        seconds=round(seconds, 3),
        parameters=parameter_values(with_values(default_parameters(), scenario.parameters)),
    )


def _world(package: str, shocked: int) -> str:
    return f"{package}, shocks {'on' if shocked else 'off'}"
