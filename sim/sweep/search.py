"""Policy search: the best split of a budget over levers against a battery of futures, and how sure that is.

Every candidate is lived in the same futures on the same seeds, beside doing nothing; what counts is the gain on doing
nothing. The best of a search flatter themselves, because the search picks what luck favoured: the finalists are lived
again on seeds the search has not seen, and only those runs are told. Everything goes through sweeps in folders below
one folder, so a search that was stopped goes on when it is run again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.paired import paired
from sim.errors import InputError, RunError
from sim.language import ENGLISH, figure, told
from sim.strict_yaml import printed
from sim.sweep.futures import Futures, Measure, chosen_of, it_has, measures_of
from sim.sweep.regret import pareto, resampled
from sim.sweep.splits import Proposer, Split, plain

if TYPE_CHECKING:
    import pandas as pd

Tell = Callable[[str], object]
STEPS = 20  # parts of the budget
FINALISTS = 5
WORST = 0.1  # quantile of futures that stands for a bad one


@dataclass(frozen=True)
class Problem:
    """What is searched: which columns are the levers, how much money, what counts."""

    package: str
    levers: tuple[str, ...]  # columns of the design
    budget: float  # in the unit of the levers, all together
    aims: tuple[str, ...]  # figures whose gain counts, the first most
    steps: int = STEPS

    def amounts(self, split: Split) -> np.ndarray:
        """Money of each lever."""
        return np.array(split, float) / self.steps * self.budget


@dataclass
class Search:
    """What a search found. `tried`: one row per split; `finalists`: re-lived on fresh seeds, the best first.

    The futures are given, so intervals are over the seeds; `best_share` draws futures again as well.
    """

    problem: Problem
    futures: int
    seeds: tuple[int, ...]
    fresh: tuple[int, ...]
    tried: pd.DataFrame
    finalists: pd.DataFrame
    measures: tuple[Measure, ...]
    gains: np.ndarray = field(repr=False, default_factory=lambda: np.empty(0))  # (finalists, futures, fresh seeds)

    def as_dict(self) -> dict[str, Any]:
        from sim.runner import finite

        problem = {name: getattr(self.problem, name) for name in ("package", "levers", "budget", "aims")}
        said = {"problem": problem, "futures": self.futures, "seeds": list(self.seeds), "fresh_seeds": list(self.fresh)}
        tables = {"finalists": self.finalists.to_dict("records"), "tried": self.tried.to_dict("records")}
        return finite(said | tables)


def problem_of(design: Any, package: str = "", budget: float | None = None, aims: Sequence[str] = ()) -> Problem:
    """What a design asks for. Raises InputError for a design that leaves nothing to split."""
    packages = [name for name in design.package_list if name != "none"]
    if not packages or "none" not in design.package_list:
        said = told("a search compares with doing nothing: the design's packages need `none` and the one to change")
        raise InputError(said)
    if package and package not in packages:
        raise InputError(told("the design has no package '{name}'{hint}", name=printed(package), hint=it_has(packages)))
    if not package and len(packages) > 1:
        raise InputError(told("say which package is searched with --package{has}", has=it_has(packages)))
    levers = tuple(factor.column for factor in design.factors if factor.role == "lever")
    if len(levers) < 2:
        said = told(
            "a search splits a budget over two or more `levers` of the design; it has {count}", count=len(levers)
        )
        raise InputError(said)
    if design.seeds_as != "crossed":
        said = told("a search lives every split on the same seeds: take `seeds_as: factor` out of the design")
        raise InputError(said)
    tops = [factor.high for factor in design.factors if factor.role == "lever"]
    money = float(min(tops)) if budget is None else float(budget)
    if money <= 0 or money > min(tops) + 1e-9 * abs(money):
        text = "--budget {budget}: every lever of the design must reach it; the lowest `high` is {most}"
        raise InputError(told(text, budget=f"{money:g}", most=f"{min(tops):g}"))
    if any(factor.low > 0 for factor in design.factors if factor.role == "lever"):
        raise InputError(told("every lever of a search starts at `low: 0`: a split may leave it out"))
    aims_of(design, aims)
    return Problem(package or packages[0], levers, money, tuple(aims))


def aims_of(design: Any, names: Sequence[str]) -> list[Measure]:
    """The figures whose gain counts. Raises InputError for names the design does not have, or without a better side."""
    columns = {getattr(one, "column", one): getattr(one, "outcome", one) for one in design.outcomes}
    named = {column: str(name).split(".")[0] for column, name in columns.items()}
    return chosen_of(measures_of(list(columns), named, design.shock_list), names, judged=True)


def search(
    design: Any,
    problem: Problem,
    out: Path,
    *,
    generations: int = 6,
    batch: int = 10,
    fresh: int = 10,
    seed: int = 1,
    model: Any = None,
    tell: Tell = lambda text: None,
    progress: Any = None,
    workers: int | None = None,
    dask: str | None = None,
    language: str = ENGLISH,
) -> Search:
    """Search, then live the finalists on fresh seeds. `workers`, `dask`, `progress`, `language`: as `sweep` takes them.

    Raises InputError for choices that cannot be, RunError when runs of the search fail.
    """
    from sim.sweep.engine import open_engine

    crew = open_engine(workers, dask, language)  # its workers, and the cities they built, stay for all generations
    try:
        trial = _Trials(_only(design, problem), problem, Path(out), model, {"engine": crew, "tell": progress})
        return _search(trial, problem, generations, batch, fresh, seed, tell)
    finally:
        crew.close()


def _search(
    trial: _Trials, problem: Problem, generations: int, batch: int, fresh: int, seed: int, tell: Tell
) -> Search:
    proposer: Proposer | None = None
    tried: dict[Split, np.ndarray] = {}
    for generation in range(generations):
        splits = proposer.ask(batch) if proposer else _first(problem, batch)
        if not splits:
            break
        counts = {"number": generation + 1, "all": generations, "splits": len(splits)}
        tell(told("generation {number} of {all}: {splits} splits", **counts))
        gains = trial.gains(splits, f"generation_{generation:03d}", trial.design)
        if proposer is None:
            proposer = Proposer(len(problem.levers), len(trial.measures), problem.steps, seed)
            proposer.take(splits)
        proposer.tell(splits, gains.mean(axis=(1, 2)))
        tried |= dict(zip(splits, gains, strict=True))
    names = list(tried)
    means = np.array([tried[split].mean(axis=(0, 1)) for split in names])
    finalists = _finalists(names, means, problem)
    last = max(trial.design.seed_list)
    seeds = tuple(range(last + 1, last + 1 + fresh))
    tell(told("{finalists} finalists on {fresh} fresh seeds", finalists=len(finalists), fresh=fresh))
    # After other rounds, or on other seeds, it is another sweep: each has a folder of its own.
    folder = f"finalists_of_{len(names)}_on_{fresh}_seeds"
    again = trial.gains(finalists, folder, with_seeds(trial.design, seeds))
    return _verdict(problem, trial, names, means, finalists, again, seeds)


def _first(problem: Problem, batch: int) -> list[Split]:
    """All alike and everything on one lever: the whole first batch, however small the others are."""
    return plain(len(problem.levers), problem.steps)


def _only(design: Any, problem: Problem) -> Any:
    """The design with doing nothing and the searched package alone."""
    wanted = ("none", problem.package)
    if hasattr(design, "model_copy"):
        return design.model_copy(update={"packages": wanted})
    from dataclasses import replace

    return replace(design, package_list=wanted)


def with_seeds(design: Any, seeds: Sequence[int]) -> Any:
    """The design on other seeds."""
    if hasattr(design, "model_copy"):
        return design.model_copy(update={"seeds": tuple(seeds)})
    from dataclasses import replace

    return replace(design, seed_list=tuple(seeds))


def battery_of(design: Any, problem: Problem) -> np.ndarray:
    """The futures of a design: its points without the levers that are searched, none twice."""
    rest = [k for k, factor in enumerate(design.factors) if factor.column not in problem.levers]
    return np.unique(design.points[:, rest], axis=0) if rest else np.empty((1, 0))


def most_splits(design: Any, problem: Problem, generations: int, batch: int) -> tuple[list[int], int]:
    """How many splits are lived in each round, and how many go to the last, at most."""
    rounds = [len(plain(len(problem.levers), problem.steps)), *[batch] * (generations - 1)]
    several = len(aims_of(design, problem.aims)) > 1
    return rounds, min(sum(rounds), FINALISTS * (2 if several else 1) + 2)


class _Trials:
    """Lives splits in all futures of the design, each beside doing nothing, and gives what they gain."""

    def __init__(self, design: Any, problem: Problem, out: Path, model: Any, running: dict[str, Any]) -> None:
        self.design, self.problem, self.out, self.model, self.running = design, problem, out, model, running
        columns = [factor.column for factor in design.factors]
        self.places = [columns.index(lever) for lever in problem.levers]
        self.rest = [k for k in range(len(columns)) if k not in self.places]
        self.battery = battery_of(design, problem)
        self.measures: tuple[Measure, ...] = ()

    def gains(self, splits: Sequence[Split], name: str, design: Any) -> np.ndarray:
        """Gain on doing nothing, (splits, futures, seeds, aims): more is better. Raises RunError for failed runs."""
        from sim.sweep.run import sweep

        given = design.with_points(self._points(splits))
        made = sweep(given, self.out / name, model=self.model, **self.running)
        if made.counts["error"] + made.counts["crashed"]:
            said = told(
                "{folder}: runs of the search failed; see the column `error` of its table", folder=self.out / name
            )
            raise RunError(said)
        futures = Futures.read(self.out / name)
        if not self.measures:
            self.measures = tuple(futures.chosen(self.problem.aims, judged=True))
        none, own = futures.package("none"), futures.package(self.problem.package)
        parts = []
        for measure in self.measures:
            values = futures.values(measure)
            parts.append(measure.good * (values[:, :, own] - values[:, :, none]))
        self.cost = futures.costs()[:, own].reshape(len(splits), -1).mean(axis=1)
        gains = np.stack(parts, axis=-1)
        return gains.reshape(len(splits), len(self.battery), *gains.shape[1:])

    def _points(self, splits: Sequence[Split]) -> np.ndarray:
        """Every split in every future: (splits * futures, columns)."""
        points = np.zeros((len(splits), len(self.battery), len(self.places) + len(self.rest)))
        points[:, :, self.rest] = self.battery
        for n, split in enumerate(splits):
            points[n][:, self.places] = self.problem.amounts(split)
        return points.reshape(-1, points.shape[-1])


def _finalists(names: Sequence[Split], means: np.ndarray, problem: Problem) -> list[Split]:
    """The best by the first aim, the unbeaten over all aims, all alike, and the best single lever."""
    order = np.argsort(-means[:, 0], kind="stable")
    chosen = [names[k] for k in order[:FINALISTS]]
    if means.shape[1] > 1:
        unbeaten = np.flatnonzero(pareto(*(-means).T))
        chosen += [names[k] for k in unbeaten[np.argsort(-means[unbeaten, 0], kind="stable")][:FINALISTS]]
    single = [k for k in order if max(names[k]) == problem.steps]
    chosen += [plain(len(problem.levers), problem.steps)[0], *(names[k] for k in single[:1])]
    return list(dict.fromkeys(chosen))


def _verdict(
    problem: Problem,
    trial: _Trials,
    names: list[Split],
    means: np.ndarray,
    finalists: list[Split],
    again: np.ndarray,
    seeds: tuple[int, ...],
) -> Search:
    import pandas as pd

    first = again[..., 0]
    order = np.argsort(-first.mean(axis=(1, 2)), kind="stable")
    often = how_often_first(first)
    alike = finalists.index(plain(len(problem.levers), problem.steps)[0])
    unbeaten = pareto(*(-again.mean(axis=(1, 2))).T)
    rows = []
    for k in order:
        row: dict[str, Any] = _money(problem, finalists[k])
        for n, measure in enumerate(trial.measures):
            gain, low, high = map(float, paired(again[k, :, :, n].mean(axis=0))[:3])
            row |= {measure.name: gain, f"{measure.name} low": low, f"{measure.name} high": high}
        better, low, high = map(float, paired((first[k] - first[alike]).mean(axis=0))[:3])
        row |= {
            "searched": float(means[names.index(finalists[k]), 0]),
            "bad_future": float(np.quantile(first[k].mean(axis=1), WORST)),
            "than_alike": better,
            "than_alike_low": low,
            "than_alike_high": high,
            "best_share": float(often[k]),
            "unbeaten": bool(unbeaten[k]),
            "cost_rp": float(trial.cost[k]),
        }
        rows.append(row)
    columns = [m.name for m in trial.measures]
    tried = [
        _money(problem, split) | dict(zip(columns, row, strict=True))
        for split, row in zip(names, means.tolist(), strict=True)
    ]
    return Search(
        problem, len(trial.battery), tuple(trial.design.seed_list), seeds, pd.DataFrame(tried), pd.DataFrame(rows),
        trial.measures, first[order],
    )  # fmt: skip


def _money(problem: Problem, split: Split) -> dict[str, Any]:
    return dict(zip(problem.levers, problem.amounts(split).tolist(), strict=True))


def how_often_first(gains: np.ndarray, seed: int = 1) -> np.ndarray:
    """Share of resampled futures and seeds in which each finalist gains most. `gains`: (finalists, futures, seeds)."""
    _, futures, seeds = gains.shape
    rows, columns = resampled(futures, seed), resampled(seeds, seed + 1)
    means = np.array([gains[:, r][:, :, c].mean(axis=(1, 2)) for r, c in zip(rows, columns, strict=True)])
    first = means >= means.max(axis=1, keepdims=True)
    return (first / first.sum(axis=1, keepdims=True)).mean(axis=0)


def sentences(found: Search) -> list[str]:
    """The proposal in words, and how sure it is."""
    from sim.sweep.words import amount, listed, number, percent, signed_span

    problem, best, lead = found.problem, found.finalists.iloc[0], found.measures[0]
    parts = [
        told("{share} on {lever}", share=percent(best[x] / problem.budget), lever=short(x))
        for x in problem.levers
        if best[x] > 0
    ]
    ends = best[f"{lead.name} low"], best[f"{lead.name} high"]
    said: list[str] = [
        told("Of {budget} a year, put {parts}.", budget=number(problem.budget), parts=listed(parts)),
        told(
            "On one seed the search has not seen, in {futures} futures, it improves {outcome} on doing nothing by "
            "{gain} ({span}); in the search itself it seemed to be {searched}."
            if len(found.fresh) == 1
            else "On {seeds} seeds the search has not seen, in {futures} futures, it improves {outcome} on doing "
            "nothing by {gain} ({span}); in the search itself it seemed to be {searched}.",
            seeds=len(found.fresh),
            futures=figure(found.futures),
            outcome=lead.name,
            gain=amount(best[lead.name], lead.unit),
            span=signed_span(*ends, lead.unit),
            searched=amount(best["searched"], lead.unit),
        ),
        told(
            "It comes first among {count} finalists in {share} of resampled futures and seeds.",
            count=len(found.finalists),
            share=percent(best["best_share"]),
        ),
    ]
    low, high = best["than_alike_low"], best["than_alike_high"]
    than = {"gain": amount(best["than_alike"], lead.unit), "span": signed_span(low, high, lead.unit)}
    if low > 0:
        said.append(told("It beats sharing the money out alike by {gain} ({span}).", **than))
    elif best["than_alike"] != 0:
        said.append(told("It cannot be told from sharing the money out alike (difference {gain}, {span}).", **than))
    else:
        said.append(told("That is sharing the money out alike."))
    if not ends[0] > 0:
        text = "Its gain cannot be told from nothing: more seeds, more futures or a finer scale would help."
        said.append(told(text))
    others = found.measures[1:]
    for measure in others:
        span = signed_span(best[f"{measure.name} low"], best[f"{measure.name} high"], measure.unit)
        gain = amount(best[measure.name], measure.unit)
        said.append(told("Its gain in {outcome} is {gain} ({span}).", outcome=measure.name, gain=gain, span=span))
    if len(others) and (n := int(found.finalists["unbeaten"].sum())) > 1:
        said.append(told("{count} finalists are unbeaten when all aims count; the table has them.", count=n))
    return said


def short(column: str) -> str:
    """`lever.Portfolio.business_training.budget_rp_per_year` as `business_training`."""
    parts = column.removeprefix("lever.").removesuffix(".budget_rp_per_year").split(".")
    return parts[-1]
