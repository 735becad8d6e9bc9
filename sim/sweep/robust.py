"""Which package holds up over all futures: regret, the share of futures that go well, cost against resilience."""

from __future__ import annotations

import operator
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.paired import paired
from sim.errors import InputError
from sim.language import figure, told
from sim.strict_yaml import printed
from sim.sweep.futures import Futures, Measure, complete
from sim.sweep.regret import (
    HIGH_REGRET,
    ROUNDING,
    crossed,
    how_often_best,
    how_often_pareto,
    pareto,
    regret,
    share_interval,
)
from sim.sweep.words import Short, amount, band, is_share, joined, listed, percent, span

if TYPE_CHECKING:
    import pandas as pd

LEAST = 5  # futures
SIGNS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_CONDITION = re.compile(r"(.+?)\s*(<=|>=|<|>)\s*([-+0-9.eE_]+)\s*$")


@dataclass(frozen=True)
class Condition:
    """A figure with a bound, as `poverty_headcount.last < 0.05`."""

    measure: Measure
    sign: str
    bound: float

    def holds(self, values: np.ndarray) -> np.ndarray:
        return SIGNS[self.sign](values, self.bound)

    def __str__(self) -> str:
        return str(self.said)

    @property
    def said(self) -> str:
        """The condition, with its number as each language writes it."""
        return told("{name} {sign} {bound}", name=self.measure.name, sign=self.sign, bound=Short(f"{self.bound:g}"))


def condition(text: str, futures: Futures) -> Condition:
    """Read a condition. Raises InputError that says how one is written."""
    found = _CONDITION.fullmatch(text.strip())
    try:
        bound = float(found[3]) if found else float("nan")
    except ValueError:
        bound = float("nan")
    if found is None or not np.isfinite(bound):
        example = next(iter(futures.measures), "poverty_headcount.mean")
        said = told(
            "'{given}' is no condition; write an outcome, < or >, and a number: '{example} < 0.05'",
            given=printed(text),
            example=example,
        )
        raise InputError(said)
    measure = futures.measure(found[1])
    if is_share(measure.unit) and not measure.is_difference and not 0.0 <= bound <= 1.0:
        text = "'{given}': {name} is a share from 0 to 1; 4 % is written 0.04"
        raise InputError(told(text, given=printed(found[0]), name=measure.name))
    return Condition(measure, found[2], bound)


@dataclass
class Robustness:
    """The verdict over all futures. `table`: one row per package and figure; `standing`: one row per package."""

    futures: int
    left_out: int  # futures with a run that failed
    seeds: int
    rules: str  # what counts as going well
    table: pd.DataFrame
    standing: pd.DataFrame
    regrets: dict[str, np.ndarray] = field(default_factory=dict)  # by figure: (futures, packages)
    by_nothing: bool = False  # going well was measured against doing nothing
    resilience: Measure | None = None  # the figure that cost is set against

    def as_dict(self) -> dict[str, Any]:
        from sim.runner import finite

        tables = {"packages": self.standing.to_dict("records"), "outcomes": self.table.to_dict("records")}
        said = {"futures": self.futures, "left_out": self.left_out, "seeds": self.seeds, "going_well": self.rules}
        return finite(said | tables)


def too_few(count: int, least: int) -> InputError:
    """Complete futures are too few."""
    return InputError(
        told("{count} complete futures are too few for an answer; at least {least}", count=count, least=least)
    )


def robustness(futures: Futures, outcomes: Sequence[str] = (), succeed: Sequence[str] = ()) -> Robustness:
    """Weigh the packages of a sweep.

    `outcomes`: figures to judge by (none: all with a better side). `succeed`: conditions under which a future goes
    well; none: no judged figure is worse than with doing nothing. Raises InputError for what the sweep does not have.
    """
    import pandas as pd

    measures = futures.chosen(outcomes, judged=True)
    rules = [condition(text, futures) for text in succeed]
    if len(futures.packages) < 2:
        only = futures.packages[0]
        raise InputError(told("this sweep has only the package '{name}'; a choice needs two or more", name=only))
    means = {m.name: futures.means(m) for m in {x.name: x for x in [*measures, *(r.measure for r in rules)]}.values()}
    costs = futures.costs()
    kept = complete(costs, *means.values())
    if kept.sum() < LEAST:
        raise too_few(int(kept.sum()), LEAST)
    means, costs = {name: values[kept] for name, values in means.items()}, costs[kept]
    well, said = _going_well(futures, measures[0], rules, means)
    regrets = {m.name: regret(m.good * means[m.name]) for m in measures}
    count = int(kept.sum())
    rows = [row for m in measures for row in _outcome_rows(futures, m, kept, regrets[m.name])]
    lead = next((m for m in measures if m.is_loss), measures[0])
    standing = _standing(futures, well, costs, -lead.good * means[lead.name], lead)
    left = int((~kept).sum())
    return Robustness(count, left, len(futures.seeds), said, pd.DataFrame(rows), standing, regrets, not rules, lead)


def _going_well(
    futures: Futures, first: Measure, rules: Sequence[Condition], means: dict[str, np.ndarray]
) -> tuple[np.ndarray, str]:
    """In which futures each package does well enough, and the rule in words."""
    if rules:
        held = [rule.holds(means[rule.measure.name]) for rule in rules]
        return np.all(held, axis=0), joined([rule.said for rule in rules], "{one} and {other}")
    if "none" not in futures.packages:
        said = told("without a run of doing nothing (`none`) say what counts as going well: --succeed 'NAME < 1'")
        raise InputError(said)
    values = means[first.name]
    than = values[:, [futures.packages.index("none")]]
    return no_worse(values, than, first.good), told("{name} is no worse than with doing nothing", name=first.name)


def no_worse(values: np.ndarray, than: np.ndarray, good: int) -> np.ndarray:
    """Where `values` are at least as good as `than`; differences that only rounding makes do not count."""
    return good * (values - than) >= -ROUNDING * np.abs(than).max()


def _outcome_rows(futures: Futures, measure: Measure, kept: np.ndarray, missed: np.ndarray) -> list[dict[str, Any]]:
    """One row per package. `gain`: mean improvement on doing nothing, with its 95 % interval over futures and seeds."""
    values = futures.values(measure)[kept]
    means = values.mean(axis=1)
    best = missed <= ROUNDING * np.abs(means).max()
    often = how_often_best(measure.good * means)
    none = futures.packages.index("none") if "none" in futures.packages else None
    rows = []
    for k, name in enumerate(futures.packages):
        apart = measure.good * (values[:, :, k] - (values[:, :, none] if none is not None else values.mean(axis=2)))
        gain, low, high = paired(apart[:, 0])[:3] if futures.seed_is_factor else crossed(apart)
        own = none is not None and k != none
        rows.append(
            {
                "outcome": measure.name,
                "package": name,
                "unit": measure.unit,
                "mean": float(means[:, k].mean()),
                "worst": float((measure.good * means[:, k]).min() * measure.good),
                "gain": float(gain) if own else float("nan"),
                "gain_low": float(low) if own else float("nan"),
                "gain_high": float(high) if own else float("nan"),
                "mean_regret": float(missed[:, k].mean()),
                "high_regret": float(np.quantile(missed[:, k], HIGH_REGRET)),
                "largest_regret": float(missed[:, k].max()),
                "best_share": float((best[:, k] / best.sum(axis=1)).mean()),
                "least_regret_share": float(often[k]),
                "chance": _chance(apart),
                "typical": float(np.sqrt((apart.mean(axis=1) ** 2).mean())),
            }
        )
    return rows


def _chance(apart: np.ndarray) -> float:
    """Standard error, from the seeds, of a package's difference in one future; NaN with one seed."""
    seeds = apart.shape[1]
    return float(np.sqrt(apart.var(axis=1, ddof=1).mean() / seeds)) if seeds > 1 else float("nan")


def _standing(
    futures: Futures, well: np.ndarray, costs: np.ndarray, against: np.ndarray, lead: Measure
) -> pd.DataFrame:
    import pandas as pd

    share, low, high = share_interval(well.sum(axis=0), len(well))
    chosen = pareto(costs.mean(axis=0), against.mean(axis=0))
    often = how_often_pareto(costs, against)
    return pd.DataFrame(
        {
            "package": list(futures.packages),
            "going_well": share,
            "going_well_low": low,
            "going_well_high": high,
            "cost_rp": costs.mean(axis=0),
            lead.name: -lead.good * against.mean(axis=0),
            "pareto": chosen,
            "pareto_share": often,
        }
    )


def sentences(found: Robustness) -> list[str]:
    """The verdict in words."""
    counts = {"futures": figure(found.futures), "seeds": found.seeds}
    said: list[str] = [
        told("{futures} futures, {seeds} seeds each.", **counts)
        if found.seeds > 1
        else told("{futures} futures, one seed each.", futures=counts["futures"])
    ]
    real = found.standing[found.standing["package"] != "none"] if found.by_nothing else found.standing
    said.append(_most_often(real, found.rules))
    said += [_of_outcome(str(name), rows) for name, rows in found.table.groupby("outcome", sort=False)]
    kept = [f"'{row.package}' ({percent(row.pareto_share)})" for row in found.standing.itertuples() if row.pareto]
    if found.resilience is not None:
        text = (
            "On cost against {outcome} nothing beats {packages}; in brackets how often each stays unbeaten when "
            "futures are drawn again."
        )
        said.append(told(text, outcome=found.resilience.name, packages=listed(kept)))
    return said + left_out(found.left_out)


def _most_often(standing: pd.DataFrame, rules: str) -> str:
    """Who goes well most often; all whose share reads the same as the highest."""
    bands = [
        band(*row) for row in standing[["going_well", "going_well_low", "going_well_high"]].itertuples(index=False)
    ]
    most = bands[int(standing["going_well"].to_numpy().argmax())]
    names = [f"'{name}'" for name, one in zip(standing["package"], bands, strict=True) if one == most]
    text = (
        "{packages} alike go well most often, in {share} of futures; going well means: {rules}."
        if len(names) > 1
        else "{packages} goes well most often, in {share} of futures; going well means: {rules}."
    )
    return told(text, packages=listed(names), share=most, rules=rules)


def left_out(futures: int) -> list[str]:
    """A sentence on futures that are not complete, if there are any."""
    if futures == 1:
        return [told("One future was left out because a run failed or is missing.")]
    text = told("{count} futures were left out because a run failed or is missing.", count=figure(futures))
    return [text] if futures else []


def _of_outcome(name: str, rows: pd.DataFrame) -> str:
    """Who regrets least, who gains on average, and whether chance alone could make the differences of a future."""
    unit = rows["unit"].iloc[0]
    text = _least_regret(name, rows, unit)
    clear = rows[(rows["gain_low"] > 0) | (rows["gain_high"] < 0)]
    gains = [
        told(
            "'{package}' better by {amount} ({span})" if row.gain > 0 else "'{package}' worse by {amount} ({span})",
            package=row.package,
            amount=amount(abs(row.gain), unit),
            span=span(row.gain_low, row.gain_high, unit),
        )
        for row in clear.itertuples()
    ]
    if rows["gain"].notna().any():
        unsure = told("one seed cannot tell") if rows["gain_low"].isna().all() else told("no package differs clearly")
        verdict = listed(gains) if gains else unsure
        text = told("{said}; over all futures and seeds, against doing nothing: {verdict}", said=text, verdict=verdict)
    real = rows["chance"] > ROUNDING * rows["mean"].abs().max()
    if (real & (rows["typical"] < 2 * rows["chance"])).any():
        chance = amount(float(rows["chance"].max()), unit)
        more = (
            "{said}. Chance alone moves a single future's difference by {amount}: more seeds or a finer scale would "
            "help"
        )
        text = told(more, said=text, amount=chance)
    return told("{said}.", said=text)


def _least_regret(outcome: str, rows: pd.DataFrame, unit: str) -> str:
    """Who regrets least; all whose largest regret reads the same as the smallest, or differs by rounding alone."""
    size = ROUNDING * float(rows["mean"].abs().max())
    worst = rows["largest_regret"].to_numpy()
    amounts = [amount(one if one > size else 0.0, unit) for one in worst]
    smallest = amounts[int(worst.argmin())]
    least = [row for row, one in zip(rows.itertuples(), amounts, strict=True) if one == smallest]
    if len(least) == 1:
        return told(
            "{outcome}: '{package}' has the smallest largest regret ({amount}; smallest in {share} of resampled sets "
            "of futures)",
            outcome=outcome,
            package=least[0].package,
            amount=smallest,
            share=percent(least[0].least_regret_share),
        )
    return told(
        "{outcome}: {packages} alike have the smallest largest regret ({amount}; in brackets in how many resampled "
        "sets of futures each is the smallest)",
        outcome=outcome,
        packages=listed([f"'{row.package}' ({percent(row.least_regret_share)})" for row in least]),
        amount=smallest,
    )
