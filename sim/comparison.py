"""Every package of a scenario against doing nothing, with and without the shocks, over many seeds."""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.ensemble import Ensemble
from sim.catalogue import LEVERS
from sim.crew import live_all
from sim.entries import planned_cost
from sim.errors import InputError, Remark
from sim.language import ENGLISH, check_language, told
from sim.outcomes.index import EQUAL, weights_of
from sim.parts import parts_of
from sim.repeating import called
from sim.scenario import Scenario, load_scenario
from sim.shape import MOST_MONTHS, MOST_SCALE, whole_number
from sim.span import span_remarks
from sim.twins import SeedResult, plan

if TYPE_CHECKING:
    import pandas as pd

MOST_SEEDS, MOST_WORKERS = 1000, 256


@dataclass
class Comparison:
    """The twin worlds of a scenario and what they say."""

    scenario: Scenario
    scale: int
    seeds: tuple[int, ...]
    months: int
    ensemble: Ensemble
    digests: dict[int, dict[str, str]]  # by seed: digest of each world
    identities: dict[str, float]
    counts: dict[str, int]
    seconds: float
    parameters: dict[str, float] = field(default_factory=dict)
    weights: dict[str, float] | None = None  # of the index's dimensions; None: equal
    dataset: Path | None = None  # where it was saved

    @property
    def command(self) -> str:
        """The command that repeats it; SCENARIO.yaml in it stands for `scenario.text`, where no file says it."""
        import shlex

        sizes = {"--seeds": len(self.seeds), "--scale": self.scale, "--months": self.months}
        options = [str(word) for pair in sizes.items() for word in pair]
        if self.weights:
            options += ["--weights", ",".join(f"{name}={weight:g}" for name, weight in self.weights.items())]
        return shlex.join(["bandung", "compare", called(self.scenario, self.dataset), *options])

    @property
    def remarks(self) -> list[str]:
        """What the author of the packages should know, and what of the scenario lies outside the run."""
        found = span_remarks(self.scenario, self.months, self.scenario.packages)
        return [*found, *self.scenario.remarks(self.months)]

    @property
    def planned(self) -> dict[str, float]:
        """Rp that each package plans to spend over the run."""
        return planned(self.scenario, self.months)

    @cached_property
    def effects(self) -> pd.DataFrame:
        """Policy minus no policy on shared luck: package, shocks, outcome, unit, place, group, without, with, effect,
        low, high, distinguishable."""
        from sim.analysis.effects import effects

        return effects(self.ensemble)

    @cached_property
    def resilience(self) -> pd.DataFrame:
        """Loss, robustness and recovery under the shocks, and what each package changes of the loss."""
        from sim.analysis.resilience import resilience

        return resilience(self.ensemble)

    @cached_property
    def losses(self) -> pd.DataFrame:
        """What the shocks take in assets, income, spending and wellbeing, from whom, and socio-economic resilience; no
        rows without shocks."""
        from sim.analysis.losses import losses

        return losses(self.ensemble)

    @cached_property
    def synergy(self) -> pd.DataFrame:
        """What packages that are the whole of others do beyond the sum of their parts; no rows where there are none."""
        from sim.analysis.synergy import synergy

        return synergy(self.ensemble)

    @cached_property
    def burdens(self) -> pd.DataFrame:
        """What households and businesses pay more with each package over the run: see `sim.analysis.burden`."""
        from sim.analysis.burden import burdens

        return burdens(self.ensemble, asked_of_others(self.scenario))

    def report(self, path: Path | str, language: str = ENGLISH) -> Path:
        """Write the HTML report, in English or Indonesian: one file that works offline."""
        from sim.report import write_report

        check_language(language)
        return write_report(self, _file_to_write(path), language)

    def spoken(self, language: str) -> Comparison:
        """The same comparison with title, question and packages as a language calls them, for tables and reports."""
        if language == ENGLISH:
            return self
        scenario = self.scenario.spoken(language)
        named = dict(zip(self.ensemble.policies, (one.name for one in scenario.packages), strict=True))
        return replace(self, scenario=scenario, ensemble=self.ensemble.renamed(named))

    def as_dict(self) -> dict[str, Any]:
        """What `bandung compare --json` prints."""
        from sim.dataset import manifest

        names = self.ensemble.packages[1:]
        return {
            "scenario": self.scenario.name,
            "packages": [self._package(name) for name in names],
            "losses": records(self.losses),
            "index": self._index(),
            "synergy": records(self.synergy),
            "seeds": len(self.seeds),
            "scale": self.scale,
            "months": self.months,
            "seconds": self.seconds,
            "identities": self.identities,
            "digests": {str(seed): worlds for seed, worlds in self.digests.items()},
            "manifest": manifest(self),
        }

    def _index(self) -> dict[str, Any]:
        """The resilience index under the weights asked for, its ranks, and which package beats which under others."""
        from sim.analysis.index import beats, dimension_profile, rank_table

        ranks = rank_table(self.ensemble, self.weights)
        tables = {
            "packages": dimension_profile(self.ensemble, self.weights),
            "ranks": ranks,
            "pairs": beats(self.ensemble),
        }
        return {"weights": self.weights or EQUAL, **{name: table.to_dict("records") for name, table in tables.items()}}

    def _package(self, name: str) -> dict[str, Any]:
        """A package's cost, reach, effects and resilience."""
        from sim.analysis.cost import reach
        from sim.catalogue import reach_units

        mine = [r for r in self.ensemble.programmes if r["package"] == name]
        shocked = max((r["shock"] for r in mine), default=0)
        worlds = [r for r in mine if r["shock"] == shocked]
        reached = reach(self.ensemble, name)
        tables = (self.effects, self.resilience, self.burdens)
        rows = (table[table["package"] == name].drop(columns="package") for table in tables)
        effects, resilience, burdens = map(records, rows)
        return {
            "name": name,
            "cost_rp": sum(r["spent"] for r in worlds) / len(self.seeds),
            "refused_rp": sum(r["refused"] for r in worlds) / len(self.seeds),
            "paid_by_others": burdens,
            "reach": reached,
            "reach_units": reach_units(reached),
            "effects": effects,
            "resilience": resilience,
        }


def compare(
    scenario: Scenario | Path | str,
    *,
    seeds: int | None = None,
    scale: int | None = None,
    months: int | None = None,
    workers: int | None = None,
    parameters: Mapping[str, float] | None = None,
    out: Path | str | None = None,
    progress: Callable[[str, int, int], object] | None = None,
    language: str = ENGLISH,
    weights: Mapping[str, float] | None = None,
) -> Comparison:
    """Live the twin worlds of a scenario and compare them.

    Arguments left out are those of the scenario. `out`: folder for the whole dataset; `language`: of its report.
    `parameters`: values by name, over those of the scenario.
    `weights`: of the dimensions of the resilience index by name (livelihood, human_capital, ...), those not named at 1.
    Raises InputError for choices that cannot be, RunError when the run fails.
    """
    from sim.results import check_folder

    check_language(language)
    chosen = weights_of(weights)
    read = load_scenario(scenario).under(parameters)
    count = within("seeds", seeds, read.seeds, MOST_SEEDS)
    sample = within("scale", scale, read.scale, MOST_SCALE)
    horizon = within("months", months, read.months, MOST_MONTHS)
    if workers is not None:
        within("workers", workers, 1, MOST_WORKERS)
    for remark in span_remarks(read, horizon, read.packages):
        warnings.warn(remark, Remark, stacklevel=2)
    if out is None:
        return replace(_compare(read, count, sample, horizon, workers, None, progress), weights=chosen)
    from sim.dataset import write_comparison
    from sim.results import COMPARISON, whole_folder

    with whole_folder(check_folder(out, COMPARISON), COMPARISON) as temporary:
        (temporary / "outcomes").mkdir()
        made = _compare(read, count, sample, horizon, workers, temporary / "outcomes", progress)
        made.dataset, made.weights = Path(out), chosen
        write_comparison(made, temporary, language)
    return made


def _compare(
    scenario: Scenario,
    count: int,
    scale: int,
    months: int,
    workers: int | None,
    folder: Path | None,
    progress: Callable[[str, int, int], object] | None,
) -> Comparison:
    started = time.perf_counter()
    seeds = tuple(range(1, count + 1))
    tell = progress or (lambda stage, done, total: None)
    found = list(
        live_all(scenario, scale, seeds, months, workers, folder, lambda done, total: tell("worlds", done, total))
    )
    from sim.city import load_city
    from sim.parameters import default_parameters, with_values
    from sim.runner import parameter_values

    city = load_city(scenario.start_month[0])
    return Comparison(
        scenario=scenario,
        scale=scale,
        seeds=seeds,
        months=months,
        ensemble=gather(scenario, found, city.codes, city.names),
        digests={one.seed: {_world(scenario, key): value for key, value in one.digests.items()} for one in found},
        identities={name: max(one.identities[name] for one in found) for name in found[0].identities},
        counts=found[0].counts,
        seconds=round(time.perf_counter() - started, 3),
        parameters=parameter_values(with_values(default_parameters(), scenario.parameters)),
    )


def gather(scenario: Scenario, found: list[SeedResult], codes: Any, names: Any) -> Ensemble:
    """All seeds' worlds as one ensemble."""
    tree = plan(scenario, len(found[0].months))
    return Ensemble(
        packages=tree.packages,
        seeds=tuple(one.seed for one in found),
        outcomes=found[0].outcomes,
        months=found[0].months,
        places=tuple(codes),
        place_names=tuple(names),
        city=np.stack([one.city for one in found], axis=2),
        yearly=np.stack([one.yearly for one in found], axis=2),
        programmes=[record for one in found for record in one.programmes],
        gains={name: np.stack([one.gains[name] for one in found], axis=2) for name in found[0].gains},
        onset=tree.onset,
        budgets={"none": 0.0, **{package.name: package.yearly_budget for package in scenario.packages}},
        planned={"none": 0.0, **planned(scenario, len(found[0].months))},
        parts=parts_of(scenario.packages),
        aims=aims_of(scenario),
        shock_count=tree.shock_count,
    )


def aims_of(scenario: Scenario) -> tuple[str, ...]:
    """What the levers of the scenario's packages declare to move, in their order."""
    levers = [str(policy.model_dump()["lever"]) for package in scenario.packages for policy in package.policies]
    return tuple(dict.fromkeys(name for lever in levers for name, _ in LEVERS[lever].moves))


def asked_of_others(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Outcomes that are the money which the levers of each package ask of others than the city, as they declare."""
    return {
        package.name: tuple(
            dict.fromkeys(
                name
                for policy in package.policies
                if not getattr(policy, "idle", False)
                for name in LEVERS[str(policy.model_dump()["lever"])].others_pay
            )
        )
        for package in scenario.packages
    }


def planned(scenario: Scenario, months: int) -> dict[str, float]:
    """Rp, in the prices of the run, that each package plans to spend in so many months: start, ramp and end counted."""
    from sim.city import deflator, load_city

    start = scenario.start_month
    prices = deflator(2024, load_city(start[0]).price_year)
    return {package.name: prices * planned_cost(package, start, months) for package in scenario.packages}


def _world(scenario: Scenario, key: tuple[int, int]) -> str:
    package = "none" if key[0] == 0 else scenario.packages[key[0] - 1].name
    return f"{package}, shocks {'on' if key[1] else 'off'}"


def _file_to_write(path: Path | str) -> Path:
    """A file that can be, in a folder that is there. Raises InputError."""
    if not isinstance(path, str | os.PathLike):
        raise InputError(told("path = {value}: must be a file", value=repr(path)))
    if not (folder := Path(path).parent).is_dir():
        raise InputError(told("{path}: there is no folder {folder}", path=path, folder=folder))
    return Path(path)


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table with flags; None where a flag cannot be said."""
    flags = table.select_dtypes("boolean")
    plain = flags.astype(object).where(flags.notna(), None)
    return table.assign(**{name: plain[name] for name in flags}).to_dict("records")


def within(name: str, value: int | None, default: int, most: int) -> int:
    """A whole number of at least 1 that was asked for, else the default. Raises InputError."""
    return default if value is None else whole_number(name, value, 1, most)
