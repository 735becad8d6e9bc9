"""The table of a sweep as arrays: what each package did in each future, over the seeds, with and without the shocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.catalogue import did_you_mean
from sim.errors import InputError
from sim.language import told
from sim.strict_yaml import printed
from sim.sweep.sampling import Sampling
from sim.sweep.summaries import known_outcomes

if TYPE_CHECKING:
    import pandas as pd

LOSS = " loss"  # added to an outcome's column: how much worse the shocks make it, on the same luck


@dataclass(frozen=True)
class Measure:
    """One figure of a run: a column of the table, or the loss that the shocks make of one."""

    name: str
    column: str
    good: int  # +1: more is better, -1: less is better, 0: neither
    unit: str
    meaning: str

    @property
    def is_loss(self) -> bool:
        return self.name.endswith(LOSS)

    @property
    def is_difference(self) -> bool:
        """Whether it is the distance of two figures: a share of this kind is told in percentage points."""
        return self.is_loss or ".change" in self.column


class Futures:
    """A sweep's table. Points are futures; runs that failed, or were not lived yet, are NaN.

    `manifest`: what the folder says of the design (see sim/sweep/run.py).
    """

    def __init__(self, frame: pd.DataFrame, manifest: dict[str, Any]) -> None:
        if not len(frame):
            raise InputError(told("the sweep has no finished runs yet; run `bandung sweep` again"))
        self.frame, self.manifest = frame, manifest
        columns = [factor["column"] for factor in manifest["factors"]]
        self.seed_is_factor = "seed" in columns
        self.factors = tuple(name for name in columns if name != "seed")
        self.sampled = (*self.factors, *(("seed",) if self.seed_is_factor else ()))  # the seed comes last
        self.units = {factor["column"]: factor["unit"] for factor in manifest["factors"]}
        self.packages = tuple(manifest["packages"])
        self.shocks = tuple(manifest["shocks"])
        self.seed_list = tuple(manifest["seeds"])
        self.seeds: tuple[int, ...] = (0,) if self.seed_is_factor else self.seed_list
        self.points = np.arange(manifest["points"])

    @classmethod
    def read(cls, folder: Path | str) -> Futures:
        """A sweep's folder. Raises InputError for a folder that is none, or where nothing is finished."""
        from sim.sweep.table import read_table

        table = read_table(folder, complete=False)
        return cls(table.frame, table.manifest)

    @property
    def sampling(self) -> Sampling:
        return Sampling(**self.manifest["sampling"])

    @property
    def unfinished(self) -> int:
        """How many runs have no result."""
        return int(self.manifest["runs"] - (self.frame["status"] == "ok").sum())

    @cached_property
    def sample(self) -> np.ndarray:
        """The futures as values, (points, sampled); NaN for points of which nothing is finished."""
        first = self.frame.drop_duplicates("point").set_index("point")
        return first.reindex(self.points)[list(self.sampled)].to_numpy(float)

    def cube(self, column: str) -> np.ndarray:
        """A column as (points, seeds, packages, shocks); NaN where a run failed."""
        import pandas as pd

        axes: list[Any] = [self.points, self.seeds, self.packages, self.shocks]
        keys = ["point", "seed", "package", "shocks"]
        if self.seed_is_factor:
            axes, keys = [axes[0], *axes[2:]], ["point", "package", "shocks"]
        index = pd.MultiIndex.from_product(axes)
        found = self.frame.set_index(keys)[column].astype(float).where((self.frame["status"] == "ok").to_numpy())
        shape = (len(self.points), len(self.seeds), len(self.packages), len(self.shocks))
        return found.reindex(index).to_numpy().reshape(shape)

    @cached_property
    def measures(self) -> dict[str, Measure]:
        """Every figure by name: the design's outcomes, and their losses where runs without the shocks are there too."""
        return measures_of(self.manifest["outcomes"], self.manifest.get("measured", {}), self.shocks)

    def measure(self, name: str) -> Measure:
        """A figure by name. Raises InputError that names the nearest."""
        return named_measure(name, self.measures)

    def chosen(self, names: Sequence[str] = (), judged: bool = False) -> list[Measure]:
        """The figures of these names, see `chosen_of`."""
        return chosen_of(self.measures, names, judged)

    def package(self, name: str) -> int:
        """The position of a package. Raises InputError for one the sweep does not have."""
        if name not in self.packages:
            hint = did_you_mean(name, self.packages) or it_has(self.packages)
            raise InputError(told("this sweep has no package '{name}'{hint}", name=printed(name), hint=hint))
        return self.packages.index(name)

    def values(self, measure: Measure) -> np.ndarray:
        """A figure as (points, seeds, packages), with the shocks on where there are both."""
        cube = self.cube(measure.column)
        if measure.is_loss:
            off, on = self.shocks.index("off"), self.shocks.index("on")
            return (cube[..., off] - cube[..., on]) * self.measures[measure.column].good
        return cube[..., self.shocks.index("on") if "on" in self.shocks else 0]

    def means(self, measure: Measure) -> np.ndarray:
        """A figure as (points, packages): the mean over the seeds, NaN where a run of the future failed."""
        return self.values(measure).mean(axis=1)

    def costs(self) -> np.ndarray:
        """What each package cost in each future, Rp over the whole run: (points, packages)."""
        cube = self.cube("cost_rp")
        return cube[..., self.shocks.index("on") if "on" in self.shocks else 0].mean(axis=1)


def measures_of(columns: Sequence[str], named: Mapping[str, str], shocks: Sequence[str]) -> dict[str, Measure]:
    """The figures of a table's outcome columns; `named`: the declared outcome of each."""
    found = {}
    known = known_outcomes()
    for column in columns:
        line = known.get(named.get(column, column.split(".")[0]))
        good, unit, text = (line.good, line.unit, line.meaning) if line else (0, "", "")
        found[column] = Measure(column, column, good, unit, text)
        if good and set(shocks) == {"on", "off"}:
            name = column + LOSS
            meaning = told("how much worse the shocks make it: {meaning}", meaning=told(text))
            found[name] = Measure(name, column, -1, unit, meaning)
    return found


def named_measure(name: str, measures: Mapping[str, Measure]) -> Measure:
    """A figure by name. Raises InputError that names the nearest."""
    if name not in measures:
        hint = did_you_mean(name, measures) or it_has(measures)
        raise InputError(told("this sweep has no outcome '{name}'{hint}", name=printed(name), hint=hint))
    return measures[name]


def chosen_of(measures: Mapping[str, Measure], names: Sequence[str] = (), judged: bool = False) -> list[Measure]:
    """The figures of these names. `judged`: only those of which more, or less, is better.

    None given: all outcomes, or those with a better side and the loss of the first of them.
    """
    if names:
        found = [named_measure(name, measures) for name in names]
        for one in found:
            if judged and not one.good:
                usable = ", ".join(x.name for x in measures.values() if x.good) or told("none of them")
                raise InputError(
                    told("'{name}' has no better and worse side; usable: {usable}", name=one.name, usable=usable)
                )
        return found
    if not judged:
        return list(measures.values())
    levels = [one for one in measures.values() if one.good and not one.is_loss]
    if not levels:
        raise InputError(told("no outcome of this sweep has a better and a worse side; choose others in the design"))
    loss = measures.get(levels[0].name + LOSS)
    return [*levels, *([loss] if loss else [])]


def it_has(names: Iterable[str]) -> str:
    """What there is, in place of a name that is not there."""
    return told("; it has: {names}", names=", ".join(names))


def complete(*tables: np.ndarray) -> np.ndarray:
    """The futures in which every table has all its values: those compared."""
    kept = np.all([np.isfinite(t.reshape(len(t), -1)).all(axis=1) for t in tables], axis=0)
    if not kept.any():
        said = told(
            "no future is complete: each has a run that failed or is missing; see the column `error` of the table"
        )
        raise InputError(said)
    return kept
