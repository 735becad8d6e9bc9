"""What drives the outcomes of a sweep: indices of every varied number, with chance as one more cause.

The kind of analysis follows from how the points were chosen: Morris trajectories give the mean effect of a move across
the range; a Sobol' design gives shares of the variance alone and with interactions; any other sample gives the shares
alone. Chance is either a sampled factor of the design (`seeds_as: factor`) or measured between the seeds of a point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.language import figure, told
from sim.strict_yaml import printed
from sim.sweep.futures import Futures, Measure, complete
from sim.sweep.indices import given_data, morris, seed_share, sobol
from sim.sweep.sampling import draw_shares
from sim.sweep.words import band, counted, listed, number

if TYPE_CHECKING:
    import pandas as pd

SEED = "seed"
INTERACTS = 0.1  # ST beyond S1 from which a factor is said to act together with others
MAIN = {"morris": "mu_star", "sobol": "ST", "given": "S1"}  # the index factors are ranked by
CROSSED = ("morris", "sobol")  # samples whose every run is needed


def _no_pairs() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({name: [] for name in ("factor", "other", "S2", "S2_low", "S2_high")})


@dataclass
class Sensitivity:
    """Indices of each figure: columns outcome, unit, factor, then those of the kind of analysis; largest first."""

    kind: str  # morris, sobol or given
    package: str
    against: str  # the package whose values were taken off first; empty: none
    points: int
    left_out: int
    seeds: int
    table: pd.DataFrame
    notes: tuple[str, ...] = ()
    pairs: pd.DataFrame = field(default_factory=_no_pairs)  # outcome, factor, other, S2, S2_low, S2_high; largest first

    @property
    def index(self) -> str:
        """The column factors are ranked by."""
        return MAIN[self.kind]

    def as_dict(self) -> dict[str, Any]:
        from sim.runner import finite

        said = {name: getattr(self, name) for name in ("kind", "package", "against", "points", "left_out", "seeds")}
        pairs = {"pairs": self.pairs.to_dict("records")} if len(self.pairs) else {}
        return finite(said | {"indices": self.table.to_dict("records"), **pairs, "notes": list(self.notes)})


def sensitivity(
    futures: Futures, outcomes: Sequence[str] = (), package: str = "", against: str = "", only: Sequence[str] = ()
) -> Sensitivity:
    """The indices of a sweep.

    `outcomes`: figures (none: all). `package`: whose runs (left out: doing nothing, or the first). `against`: take off
    the values of this package first, so that the effect of the package is explained rather than its level. `only`:
    factors to show (none: all). Raises InputError for what the sweep does not have, and for too few runs.
    """
    import pandas as pd

    if not futures.factors:
        raise InputError(told("this sweep varies nothing but the seed; a design with `uncertainties` says what varies"))
    measures = futures.chosen(outcomes)
    own = futures.package(package) if package else 0
    other = futures.package(against) if against else None
    columns = futures.sampled
    _known(only, columns)
    method = futures.sampling.method
    kind = method if method in CROSSED else "given"
    values = {m.name: _values(futures, m, own, other) for m in measures}
    kept = _kept(futures, values, kind)
    parts = [_indices(futures, kind, columns, kept, m, values[m.name][kept]) for m in measures]
    table = pd.concat([each for each, _ in parts], ignore_index=True)
    pairs = pd.concat([both for _, both in parts], ignore_index=True)
    if only:
        table = table[table["factor"].isin([*only, SEED])].reset_index(drop=True)
        pairs = pairs[pairs["factor"].isin(only) | pairs["other"].isin(only)].reset_index(drop=True)
    still = [m.name for m in measures if np.ptp(values[m.name][kept]) == 0]
    notes = tuple(told("{name} is the same in all runs: nothing here moves it.", name=name) for name in still)
    counts = int(kept.sum()), int((~kept).sum()), len(futures.seed_list)
    return Sensitivity(kind, futures.packages[own], against, *counts, table, notes, pairs)


def _known(only: Sequence[str], columns: Sequence[str]) -> None:
    from sim.catalogue import did_you_mean

    for name in only:
        if name not in columns:
            hint = did_you_mean(name, columns) or told("; varied: {names}", names=", ".join(columns))
            raise InputError(told("this sweep does not vary '{name}'{hint}", name=printed(name), hint=hint))


def _values(futures: Futures, measure: Measure, own: int, other: int | None) -> np.ndarray:
    """(points, seeds) of one package, or of its difference from another on the same luck."""
    values = futures.values(measure)
    return values[:, :, own] - (0.0 if other is None else values[:, :, other])


def _kept(futures: Futures, values: dict[str, np.ndarray], kind: str) -> np.ndarray:
    """Points that are used. Designs of Morris and Sobol' cannot do without any."""
    kept = complete(*values.values())
    if kind in CROSSED and not kept.all():
        gaps = futures.points[~kept].tolist()
        shown = ", ".join(map(str, gaps[:5])) + (", ..." if len(gaps) > 5 else "")
        said = told(
            "{gaps} of {points} points of this {kind} design have no result (points {shown}); "
            "it needs them all: run `bandung sweep` again, and see the column `error`",
            gaps=len(gaps),
            points=len(kept),
            kind=kind,
            shown=shown,
        )
        raise InputError(said)
    return kept


def _indices(
    futures: Futures, kind: str, columns: Sequence[str], kept: np.ndarray, measure: Measure, values: np.ndarray
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of one figure, and those of its pairs of factors. Several seeds a point: of their mean, in shares of the
    variance of single runs."""
    import pandas as pd

    mean = values.mean(axis=1)
    sampling, pairs = futures.sampling, _no_pairs()
    if kind == "morris":
        found = morris(columns, draw_shares(sampling, len(columns)), mean, sampling.levels)
    elif kind == "sobol":
        indices = sobol(columns, mean, second_order=sampling.second_order)
        found, pairs = indices.each, indices.pairs
    else:
        found = given_data(columns, futures.sample[kept], mean)
    if values.shape[1] > 1:
        share, low, high = seed_share(values)
        scale = mean.var() / values.var() if values.var() > 0 else 0.0
        if kind == "morris":
            row = {"factor": SEED, "sigma": float(np.sqrt(values.var(axis=1, ddof=1).mean()))}
        else:
            found.iloc[:, 1:] *= scale
            pairs.iloc[:, 2:] *= scale
            index = MAIN[kind]
            row = {"factor": SEED, index: share, f"{index}_low": low, f"{index}_high": high}
        found = pd.concat([found, pd.DataFrame([row])], ignore_index=True)
    found = found.sort_values(MAIN[kind], ascending=False, kind="stable", na_position="last")
    found.insert(0, "outcome", measure.name)
    found.insert(1, "unit", measure.unit)
    pairs = pairs.sort_values("S2", ascending=False, kind="stable")
    pairs.insert(0, "outcome", measure.name)
    return found, pairs


def sentences(found: Sensitivity) -> list[str]:
    """What drives the figures, in words: a sentence for each."""
    whose = (
        told("the effect of '{package}' (less '{other}')", package=found.package, other=found.against)
        if found.against
        else told("package '{package}'", package=found.package)
    )
    fields = {"points": figure(found.points), "whose": whose}
    said: list[str] = [
        told("{points} points, {seeds} seeds; {whose}.", seeds=found.seeds, **fields)
        if found.seeds > 1
        else told("{points} points; {whose}.", **fields)
    ]
    of_figure = _of_moves if found.kind == "morris" else _of_shares
    said += [of_figure(found, str(name), rows) for name, rows in found.table.groupby("outcome", sort=False)]
    if len(found.pairs):
        said += [_of_pairs(str(name), rows) for name, rows in found.pairs.groupby("outcome", sort=False)]
    if found.left_out == 1:
        said.append(told("One point was left out because a run failed or is missing."))
    elif found.left_out:
        text = "{count} points were left out because a run failed or is missing."
        said.append(told(text, count=figure(found.left_out)))
    return [*said, *found.notes]


def _of_moves(found: Sensitivity, name: str, rows: pd.DataFrame) -> str:
    unit = rows["unit"].iloc[0]
    causes = rows[(rows["factor"] != SEED) & (rows["mu_star"] > 0)].head(3)
    if not len(causes):
        return told("{outcome}: nothing moves it.", outcome=name)
    named = [told("{name} ({value})", name=row.factor, value=number(row.mu_star)) for row in causes.itertuples()]
    said = told(
        "{outcome} moves most with {causes}, for a move across the whole range",
        outcome=told("{name} ({value})", name=name, value=told(unit)) if unit else name,
        causes=listed(named),
    )
    seed = rows[rows["factor"] == SEED]
    if len(seed):
        other, noise = seed.iloc[0], seed.iloc[0]["mu_star"]
        noise = noise if np.isfinite(noise) else other["sigma"]
        weak = rows[(rows["factor"] != SEED) & (rows["mu_star"] <= noise)]["factor"]
        text = (
            "{said}; another seed alone makes {noise}, as much as or more than {weak}"
            if len(weak)
            else "{said}; another seed alone makes {noise}, less than any of them"
        )
        fields = {"weak": counted(list(weak))} if len(weak) else {}
        said = told(text, said=said, noise=number(noise), **fields)
    return told("{said}.", said=said)


def _of_shares(found: Sensitivity, name: str, rows: pd.DataFrame) -> str:
    index = found.index
    ends = [index, f"{index}_low", f"{index}_high"]
    real = rows[(rows["factor"] != SEED) & (rows[f"{index}_low"] > 0)]
    named = [told("{name} {value}", name=row["factor"], value=band(*row[ends])) for _, row in real.head(3).iterrows()]
    if not named:
        said = told("{outcome}: no varied number can be told from nothing", outcome=name)
    elif found.kind == "sobol":
        said = told(
            "{outcome}: its variance is due, alone and with others, to {causes}", outcome=name, causes=listed(named)
        )
    else:
        said = told("{outcome}: its variance is due, alone, to {causes}", outcome=name, causes=listed(named))
    for _, row in rows[rows["factor"] == SEED].iterrows():
        said = told("{said}; to chance {share}", said=said, share=band(*row[ends]))
    quiet = rows[(rows["factor"] != SEED) & ~(rows[f"{index}_low"] > 0)]["factor"]
    if len(quiet) and named:
        said = told("{said}; not told from nothing: {names}", said=said, names=counted(list(quiet)))
    if found.kind == "sobol":
        mixed = real[(real["ST"] - real["S1"] > INTERACTS) & (real["factor"] != SEED)]["factor"]
        if len(mixed):
            said = told("{said}; acting together with others: {names}", said=said, names=listed(list(mixed)))
    return told("{said}.", said=said)


def _of_pairs(name: str, rows: pd.DataFrame) -> str:
    real = rows[rows["S2_low"] > 0].head(3)
    if not len(real):
        return told("{outcome}: no two numbers can be told to act together.", outcome=name)
    named = [
        told(
            "{one} with {other} {value}",
            one=row["factor"],
            other=row["other"],
            value=band(*row[["S2", "S2_low", "S2_high"]]),
        )
        for _, row in real.iterrows()
    ]
    return told("{outcome}: two together make {pairs}.", outcome=name, pairs=listed(named))
