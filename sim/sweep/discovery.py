"""Scenario discovery: under which conditions a package fails, as a box in the space of futures and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.language import figure, told
from sim.sweep.boxes import Box, Limit, find, peel
from sim.sweep.futures import Futures, complete
from sim.sweep.robust import Condition, condition, left_out, no_worse, too_few
from sim.sweep.words import joined, listed, number, percent

if TYPE_CHECKING:
    import pandas as pd

DENSITY = 0.8  # of a box worth telling
LEAST_CASES, LEAST_FUTURES = 10, 40
SURE = 0.5  # of the half samples that must restrict a factor again


@dataclass
class Discovery:
    """Where one package fails. `path`: the trade-off of density and coverage, one row per step of the peeling."""

    package: str
    rule: str  # when it fails, in words
    futures: int
    left_out: int
    fails: int
    box: Box | None  # None: too few or too many failures to tell
    path: pd.DataFrame
    ranges: dict[str, tuple[float, float]]
    units: dict[str, str]
    sample: np.ndarray  # (futures, factors)
    cases: np.ndarray  # (futures,) fails or not
    factors: tuple[str, ...]

    @property
    def share(self) -> float:
        return self.fails / self.futures

    def as_dict(self) -> dict[str, Any]:
        from sim.runner import finite

        box = None
        if self.box is not None:
            limits = [{key: getattr(x, key) for key in Limit.__dataclass_fields__} for x in self.box.limits]
            box = {key: getattr(self.box, key) for key in ("density", "coverage", "mass", "count")} | {"limits": limits}
        said = {name: getattr(self, name) for name in ("package", "rule", "futures", "left_out", "fails", "share")}
        return finite(said | {"box": box, "trade_off": self.path.to_dict("records")})


def discover(
    futures: Futures, package: str, fails: Sequence[str] = (), outcomes: Sequence[str] = (), density: float = DENSITY
) -> Discovery:
    """Where a package fails.

    `fails`: conditions, each of which is a failure; none: any of `outcomes` (left out: the first with a better side) is
    worse than with doing nothing. Raises InputError for what the sweep does not have, and for too few futures.
    """
    own = futures.package(package)
    rules = [condition(text, futures) for text in fails]
    if not futures.factors:
        raise InputError(told("this sweep varies nothing but the seed: there are no conditions to find"))
    cases, kept, said = _by_rule(futures, own, rules) if rules else _by_doing_nothing(futures, own, outcomes)
    if len(cases) < LEAST_FUTURES:
        raise too_few(len(cases), LEAST_FUTURES)
    names = futures.factors
    sample = futures.sample[kept][:, : len(names)]
    enough = LEAST_CASES <= cases.sum() <= len(cases) - LEAST_CASES
    return Discovery(
        package,
        said,
        len(cases),
        int((~kept).sum()),
        int(cases.sum()),
        find(names, sample, cases, density) if enough else None,
        _trade_off(peel(names, sample, cases) if enough else []),
        {name: (float(c.min()), float(c.max())) for name, c in zip(names, sample.T, strict=True)},
        futures.units,
        sample,
        cases,
        names,
    )


def _by_rule(futures: Futures, own: int, rules: Sequence[Condition]) -> tuple[np.ndarray, np.ndarray, str]:
    means = [futures.means(rule.measure)[:, own] for rule in rules]
    kept = complete(*means)
    cases = np.any([rule.holds(values[kept]) for rule, values in zip(rules, means, strict=True)], axis=0)
    return cases, kept, joined([rule.said for rule in rules], "{one} or {other}")


def _by_doing_nothing(futures: Futures, own: int, outcomes: Sequence[str]) -> tuple[np.ndarray, np.ndarray, str]:
    if "none" not in futures.packages or futures.packages[own] == "none":
        said = told("say what a failure is: --fails 'NAME > 1' (or name a package, with `none` in the sweep)")
        raise InputError(said)
    measures = futures.chosen(outcomes, judged=True)[: len(outcomes) or 1]
    none = futures.packages.index("none")
    means = [futures.means(m) for m in measures]
    kept = complete(*(table[:, [own, none]] for table in means))
    pairs = [(table[kept, own], table[kept, none], m.good) for table, m in zip(means, measures, strict=True)]
    cases = ~np.all([no_worse(*pair) for pair in pairs], axis=0)
    names = joined([m.name for m in measures], "{one} or {other}")
    return cases, kept, told("worse than doing nothing in {names}", names=names)


def _trade_off(path: Sequence[Box]) -> pd.DataFrame:
    import pandas as pd

    columns = ("density", "coverage", "mass", "count")
    rows = [{name: getattr(box, name) for name in columns} | {"limits": len(box.limits)} for box in path]
    return pd.DataFrame(rows, columns=[*columns, "limits"])


def limits_table(found: Discovery) -> pd.DataFrame:
    """The conditions of the box, one a row, with the range that was sampled."""
    import pandas as pd

    rows = [
        {
            "condition": x.name,
            "low": x.low if np.isfinite(x.low) else found.ranges[x.name][0],
            "high": x.high if np.isfinite(x.high) else found.ranges[x.name][1],
            "sampled_from": found.ranges[x.name][0],
            "sampled_to": found.ranges[x.name][1],
            "quasi_p": x.quasi_p,
            "found_again": x.found_again,
        }
        for x in (found.box.limits if found.box else ())
    ]
    columns = ("condition", "low", "high", "sampled_from", "sampled_to", "quasi_p", "found_again")
    return pd.DataFrame(rows, columns=list(columns))


def limit_in_words(limit: Limit, unit: str) -> str:
    """`shock.flood.intensity at or above 0.6`."""
    measured = bool(unit) and not unit.startswith("share")

    def end(value: float) -> str:
        return told("{value} {unit}", value=number(value), unit=told(unit)) if measured else number(value)

    if np.isfinite(limit.low) and np.isfinite(limit.high):
        ends = {"low": number(limit.low), "high": end(limit.high)}
        return told("{name} between {low} and {high}", name=limit.name, **ends)
    if np.isfinite(limit.low):
        return told("{name} at or above {value}", name=limit.name, value=end(limit.low))
    return told("{name} at or below {value}", name=limit.name, value=end(limit.high))


def sentences(found: Discovery) -> list[str]:
    """The answer in words."""
    said: list[str] = [
        told(
            "'{package}' fails ({rule}) in {fails} of {futures} futures ({share}).",
            package=found.package,
            rule=found.rule,
            fails=figure(found.fails),
            futures=figure(found.futures),
            share=percent(found.share),
        ),
        *left_out(found.left_out),
    ]
    box = found.box
    if box is None:
        few = told("That is too few to say where.")
        return [*said, few if found.fails < LEAST_CASES else told("It holds in too few to say where.")]
    if not box.limits:
        return [*said, told("No condition tells failures apart: they lie all over the futures.")]
    said.append(
        told(
            "It does so in {density} of the {count} futures with {where}; {coverage} of all its failures lie there.",
            density=percent(box.density),
            count=figure(box.count),
            where=listed([limit_in_words(x, found.units.get(x.name, "")) for x in box.limits]),
            coverage=percent(box.coverage),
        )
    )
    if weak := [x.name for x in box.limits if not x.found_again >= SURE]:
        text = "Not sure: half of the futures alone do not always point to {names}."
        said.append(told(text, names=listed(weak)))
    else:
        again = percent(min(x.found_again for x in box.limits))
        said.append(told("Of random halves of the futures {share} or more find each condition again.", share=again))
    if box.density < DENSITY:
        said.append(told("The box is weak: fewer than {share} of its futures fail.", share=percent(DENSITY)))
    return said
