"""What drives the outcomes of a sweep: indices of every varied number, with chance as one more cause.

The kind of analysis follows from how the points were chosen: Morris trajectories give the mean effect of a move across
the range; a Sobol' design gives shares of the variance alone and with interactions; any other sample gives the shares
alone. Chance is either a sampled factor of the design (`seeds_as: factor`) or measured between the seeds of a point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
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

    @property
    def index(self) -> str:
        """The column factors are ranked by."""
        return MAIN[self.kind]

    def as_dict(self) -> dict[str, Any]:
        from sim.runner import finite

        said = {name: getattr(self, name) for name in ("kind", "package", "against", "points", "left_out", "seeds")}
        return finite(said | {"indices": self.table.to_dict("records"), "notes": list(self.notes)})


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
        raise InputError("this sweep varies nothing but the seed; a design with `uncertainties` says what varies")
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
    table = pd.concat(parts, ignore_index=True)
    if only:
        table = table[table["factor"].isin([*only, SEED])].reset_index(drop=True)
    still = [m.name for m in measures if np.ptp(values[m.name][kept]) == 0]
    notes = tuple(f"{name} is the same in all runs: nothing here moves it." for name in still)
    seeds = len(futures.seed_list)
    return Sensitivity(kind, futures.packages[own], against, int(kept.sum()), int((~kept).sum()), seeds, table, notes)


def _known(only: Sequence[str], columns: Sequence[str]) -> None:
    from sim.catalogue import did_you_mean

    for name in only:
        if name not in columns:
            hint = did_you_mean(name, columns) or f"; varied: {', '.join(columns)}"
            raise InputError(f"this sweep does not vary '{name[:80]}'{hint}")


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
        raise InputError(
            f"{len(gaps)} of {len(kept)} points of this {kind} design have no result (points {shown}); "
            "it needs them all: run `bandung sweep` again, and see the column `error`"
        )
    return kept


def _indices(
    futures: Futures, kind: str, columns: Sequence[str], kept: np.ndarray, measure: Measure, values: np.ndarray
) -> pd.DataFrame:
    """The rows of one figure. Several seeds a point: of their mean, in shares of the variance of single runs."""
    import pandas as pd

    mean = values.mean(axis=1)
    sampling = futures.sampling
    if kind == "morris":
        found = morris(columns, draw_shares(sampling, len(columns)), mean, sampling.levels)
    elif kind == "sobol":
        if sampling.second_order:
            raise InputError("a design with `second_order: true` is not analysed; leave that line out")
        found = sobol(columns, mean)
    else:
        found = given_data(columns, futures.sample[kept], mean)
    if values.shape[1] > 1:
        share, low, high = seed_share(values)
        scale = mean.var() / values.var() if values.var() > 0 else 0.0
        if kind == "morris":
            row = {"factor": SEED, "sigma": float(np.sqrt(values.var(axis=1, ddof=1).mean()))}
        else:
            found.iloc[:, 1:] *= scale
            index = MAIN[kind]
            row = {"factor": SEED, index: share, f"{index}_low": low, f"{index}_high": high}
        found = pd.concat([found, pd.DataFrame([row])], ignore_index=True)
    found = found.sort_values(MAIN[kind], ascending=False, kind="stable", na_position="last")
    found.insert(0, "outcome", measure.name)
    found.insert(1, "unit", measure.unit)
    return found


def sentences(found: Sensitivity) -> list[str]:
    """What drives the figures, in words: a sentence for each."""
    runs = f"{found.points} points" + (f", {found.seeds} seeds" if found.seeds > 1 else "")
    whose = (
        f"the effect of '{found.package}' (less '{found.against}')" if found.against else f"package '{found.package}'"
    )
    told = _of_moves if found.kind == "morris" else _of_shares
    said = [f"{runs}; {whose}."]
    said += [told(found, str(name), rows) for name, rows in found.table.groupby("outcome", sort=False)]
    if found.left_out:
        said.append(f"{found.left_out} points were left out because a run failed or is missing.")
    return [*said, *found.notes]


def _of_moves(found: Sensitivity, name: str, rows: pd.DataFrame) -> str:
    unit = rows["unit"].iloc[0]
    causes = rows[(rows["factor"] != SEED) & (rows["mu_star"] > 0)].head(3)
    if not len(causes):
        return f"{name}: nothing moves it."
    named = [f"{row.factor} ({number(row.mu_star)})" for row in causes.itertuples()]
    said = f"{name}{f' ({unit})' if unit else ''} moves most with {listed(named)}, for a move across the whole range"
    seed = rows[rows["factor"] == SEED]
    if len(seed):
        other, noise = seed.iloc[0], seed.iloc[0]["mu_star"]
        noise = noise if np.isfinite(noise) else other["sigma"]
        weak = rows[(rows["factor"] != SEED) & (rows["mu_star"] <= noise)]["factor"]
        said += f"; another seed alone makes {number(noise)}"
        said += f", as much as or more than {counted(list(weak))}" if len(weak) else ", less than any of them"
    return said + "."


def _of_shares(found: Sensitivity, name: str, rows: pd.DataFrame) -> str:
    index = found.index
    real = rows[(rows["factor"] != SEED) & (rows[f"{index}_low"] > 0)]
    how = "alone and with others" if found.kind == "sobol" else "alone"
    named = [
        f"{row['factor']} {band(*row[[index, f'{index}_low', f'{index}_high']])}" for _, row in real.head(3).iterrows()
    ]
    said = f"{name}: its variance is due, {how}, to {listed(named)}"
    if not named:
        said = f"{name}: no varied number can be told from nothing"
    for _, row in rows[rows["factor"] == SEED].iterrows():
        said += f"; to chance {band(*row[[index, f'{index}_low', f'{index}_high']])}"
    quiet = rows[(rows["factor"] != SEED) & ~(rows[f"{index}_low"] > 0)]["factor"]
    if len(quiet) and named:
        said += f"; not told from nothing: {counted(list(quiet))}"
    if found.kind == "sobol":
        mixed = real[(real["ST"] - real["S1"] > INTERACTS) & (real["factor"] != SEED)]["factor"]
        said += f"; acting together with others: {listed(list(mixed))}" if len(mixed) else ""
    return said + "."
