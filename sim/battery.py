"""The standard battery: six shocks, each alone and then once more, that every package is put through.

A scenario's own shocks tell how its packages do in that story. The battery asks the same of all packages, so that the
performance of one scenario's packages compares with another's: the index's second figure, beside its capacity. Each
shock strikes in worlds of its own, long after the policies have begun, and the same shock three years later again: what
the second takes less than the first is adaptation. Source: assumption (the choice of shocks and times).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.ensemble import Ensemble
from sim.analysis.index import dimension_scores, index_values, performance
from sim.analysis.paired import paired, tested
from sim.catalogue import SHOCKS, Settings
from sim.choices import month_name, month_number
from sim.comparison import MOST_SEEDS, gather, records, within
from sim.crew import live_all
from sim.errors import InputError
from sim.language import told
from sim.outcomes.index import weights_of
from sim.scenario import Scenario, load_scenario
from sim.shape import MOST_MONTHS, MOST_SCALE

# Kinds of shock, with what differs from their declared settings: about as deep as what a decade may bring.
STANDARD: dict[str, dict[str, Any]] = {
    "demand_slump": {"intensity": 0.6},
    "price_rise": {"intensity": 0.6},
    "flood": {"return_period": 25, "season": "any"},
    "earthquake": {"magnitude": 6.8},
    "pandemic": {"intensity": 0.45},
    "conflict": {"intensity": 1.0},
}
AFTER = 24  # months from the last beginning of a policy to the first shock
AGAIN = 36  # months between a shock and its like, and after that
COLUMNS = (
    "package", "shock", "performance", "low", "high", "effect", "effect_low", "effect_high", "p", "distinguishable",
    "distinguishable_in_table", "second", "adaptation",
)  # fmt: skip
ALL = "all"  # of the battery


@dataclass
class Battery:
    """What the standard shocks do to the city with each package."""

    scenario: Scenario
    scale: int
    seeds: tuple[int, ...]
    months: int
    onset: int  # month (index) of the first shock
    ensemble: Ensemble  # its shock axis: none, then each of `shocks`
    seconds: float
    weights: dict[str, float] | None = None

    @property
    def shocks(self) -> tuple[str, ...]:
        """The kinds of the battery."""
        return tuple(STANDARD)

    def performances(self, second: bool = False) -> np.ndarray:
        """R_T = 1 - loss/T over the three years from each shock on, weighted as the index: (shock, package, seed).

        second: of the same shock three years later.
        """
        begin = self.onset + AGAIN * second
        return np.array(
            [performance(under(self.ensemble, s, begin, begin + AGAIN), self.weights) for s in self._states()]
        )

    def _states(self) -> range:
        return range(1, 1 + len(self.shocks))

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a package and shock, and one a package for the mean of all (`shock`: 'all').

        performance: of the first shock, mean of seeds, with low and high (95 %); effect: minus that without policy,
        paired by seed; second: performance in the second shock of the kind; adaptation: second minus first.
        """
        first, second = (_with_mean(self.performances(again)) for again in (False, True))
        level, effect = paired(first), paired(first - first[:, :1])
        rows = []
        for k, package in enumerate(self.ensemble.packages):
            for s, shock in enumerate((*self.shocks, ALL)):
                against = [float(part[s, k]) if k else np.nan for part in effect[:4]]
                rows.append(
                    {"package": package, "shock": shock, "performance": level.mean[s, k], "low": level.low[s, k],
                     "high": level.high[s, k], "second": second[s, k].mean(),
                     "adaptation": (second - first)[s, k].mean(), "agrees": bool(effect.agrees[s, k])}
                    | dict(zip(("effect", "effect_low", "effect_high", "p"), against, strict=True))
                )  # fmt: skip
        return tested(pd.DataFrame(rows))[list(COLUMNS)]

    @cached_property
    def capacity(self) -> pd.Series:
        """The index in the year before the shocks, without them, by package: mean of seeds."""
        level = index_values(dimension_scores(self.ensemble), self.weights)
        return pd.Series(level.mean(axis=1), index=self.ensemble.packages, name="capacity")

    def spoken(self, language: str) -> Battery:
        """The same with title and packages as a language calls them."""
        scenario = self.scenario.spoken(language)
        named = dict(zip(self.ensemble.policies, (one.name for one in scenario.packages), strict=True))
        return replace(self, scenario=scenario, ensemble=self.ensemble.renamed(named))

    def as_dict(self) -> dict[str, Any]:
        """What `bandung battery --json` prints."""
        from sim.runner import finite

        said = {
            "scenario": self.scenario.name,
            "scale": self.scale,
            "seeds": len(self.seeds),
            "months": self.months,
            "first_shock": self.ensemble.months[self.onset],
            "second_shock": self.ensemble.months[self.onset + AGAIN],
            "shocks": [one[0].model_dump(exclude_defaults=True) for one in self.scenario.courses],
            "capacity": self.capacity.to_dict(),
            "results": records(self.table),
            "seconds": self.seconds,
        }
        return finite(said)


def _with_mean(values: np.ndarray) -> np.ndarray:
    """Values by shock (first axis) and, behind them, their mean: each shock counts alike."""
    return np.concatenate([values, values.mean(axis=0, keepdims=True)])


def under(ensemble: Ensemble, state: int, onset: int, end: int) -> Ensemble:
    """The worlds under one of several courses of shocks, as those of a scenario with just that one, up to `end`."""
    return replace(ensemble, city=ensemble.city[:, [0, state], :, :end], months=ensemble.months[:end], onset=onset)


def first_month(scenario: Scenario) -> int:
    """Month (index) in which the battery begins: the first January at least two years after the last policy does."""
    begin = month_number(scenario.start)
    starts = [month_number(one.model_dump()["start"]) - begin for p in scenario.packages for one in p.policies]
    earliest = AFTER + max([0, *starts])
    return earliest + -(begin + earliest) % 12


def courses(scenario: Scenario) -> list[list[Settings]]:
    """The shocks of each world of the battery: one kind, twice."""
    first = month_number(scenario.start) + first_month(scenario)
    dates = [month_name(first), month_name(first + AGAIN)]
    return [
        [SHOCKS[kind].settings(**{"kind": kind, "start": date, **said}) for date in dates]
        for kind, said in STANDARD.items()
    ]


def battery(
    scenario: Scenario | Mapping | Path | str,
    *,
    seeds: int | None = None,
    scale: int | None = None,
    workers: int | None = None,
    weights: Mapping[str, float] | None = None,
    progress: Callable[[str, int, int], object] | None = None,
) -> Battery:
    """Put the packages of a scenario through the standard battery of shocks, in place of its own.

    Arguments left out are those of the scenario; the length follows from the battery. Raises InputError for choices
    that cannot be, RunError when the run fails.
    """
    chosen, read = weights_of(weights), load_scenario(scenario)
    count = within("seeds", seeds, read.seeds, MOST_SEEDS)
    sample = within("scale", scale, read.scale, MOST_SCALE)
    onset = first_month(read)
    months = onset + 2 * AGAIN
    if months > MOST_MONTHS:
        said = "the battery would end in month {months} of this scenario: its policies begin too late (at most {most})"
        raise InputError(told(said, months=months, most=MOST_MONTHS))
    started, tell = time.perf_counter(), progress or (lambda stage, done, total: None)
    shaken, numbers = read.shaken_by(courses(read)), tuple(range(1, count + 1))
    found = list(
        live_all(shaken, sample, numbers, months, workers, None, lambda done, all_: tell("worlds", done, all_))
    )
    from sim.city import load_city

    city = load_city(read.start_month[0])
    ensemble = gather(shaken, found, city.codes, city.names)
    return Battery(shaken, sample, numbers, months, onset, ensemble, round(time.perf_counter() - started, 3), chosen)
