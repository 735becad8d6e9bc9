"""Scenario discovery: under which conditions a package fails, as a box in the space of futures and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.sweep.boxes import Box, Limit, find, peel
from sim.sweep.futures import Futures, complete
from sim.sweep.robust import Condition, condition, no_worse
from sim.sweep.words import listed, number, percent

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
        raise InputError("this sweep varies nothing but the seed: there are no conditions to find")
    cases, kept, said = _by_rule(futures, own, rules) if rules else _by_doing_nothing(futures, own, outcomes)
    if len(cases) < LEAST_FUTURES:
        raise InputError(f"{len(cases)} complete futures are too few for an answer; at least {LEAST_FUTURES}")
    names = futures.factors
    sample = futures.sample[kept][:, : len(names)]
    told = LEAST_CASES <= cases.sum() <= len(cases) - LEAST_CASES
    return Discovery(
        package,
        said,
        len(cases),
        int((~kept).sum()),
        int(cases.sum()),
        find(names, sample, cases, density) if told else None,
        _trade_off(peel(names, sample, cases) if told else []),
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
    return cases, kept, " or ".join(map(str, rules))


def _by_doing_nothing(futures: Futures, own: int, outcomes: Sequence[str]) -> tuple[np.ndarray, np.ndarray, str]:
    if "none" not in futures.packages or futures.packages[own] == "none":
        raise InputError("say what a failure is: --fails 'NAME > 1' (or name a package, with `none` in the sweep)")
    measures = futures.chosen(outcomes, judged=True)[: len(outcomes) or 1]
    none = futures.packages.index("none")
    means = [futures.means(m) for m in measures]
    kept = complete(*(table[:, [own, none]] for table in means))
    pairs = [(table[kept, own], table[kept, none], m.good) for table, m in zip(means, measures, strict=True)]
    cases = ~np.all([no_worse(*pair) for pair in pairs], axis=0)
    return cases, kept, f"worse than doing nothing in {' or '.join(m.name for m in measures)}"


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
    """`shock.flood.intensity above 0.6`."""
    unit = f" {unit}" if unit and not unit.startswith("share") else ""
    if np.isfinite(limit.low) and np.isfinite(limit.high):
        return f"{limit.name} between {number(limit.low)} and {number(limit.high)}{unit}"
    if np.isfinite(limit.low):
        return f"{limit.name} at or above {number(limit.low)}{unit}"
    return f"{limit.name} at or below {number(limit.high)}{unit}"


def sentences(found: Discovery) -> list[str]:
    """The answer in words."""
    often = f"{found.fails} of {found.futures} futures ({percent(found.share)})"
    said = [f"'{found.package}' fails ({found.rule}) in {often}."]
    if found.left_out:
        said.append(f"{found.left_out} futures were left out because a run failed or is missing.")
    box = found.box
    if box is None:
        few = "That is too few" if found.fails < LEAST_CASES else "It holds in too few"
        return [*said, f"{few} to say where."]
    if not box.limits:
        return [*said, "No condition tells failures apart: they lie all over the futures."]
    where = listed([limit_in_words(x, found.units.get(x.name, "")) for x in box.limits])
    said.append(
        f"It does so in {percent(box.density)} of the {box.count} futures with {where}; "
        f"{percent(box.coverage)} of all its failures lie there."
    )
    if weak := [x.name for x in box.limits if not x.found_again >= SURE]:
        said.append(f"Not sure: half of the futures alone do not always point to {listed(weak)}.")
    else:
        again = percent(min(x.found_again for x in box.limits))
        said.append(f"Of random halves of the futures {again} or more find each condition again.")
    if box.density < DENSITY:
        said.append(f"The box is weak: fewer than {percent(DENSITY)} of its futures fail.")
    return said
