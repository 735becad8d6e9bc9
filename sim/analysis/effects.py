"""Effects of a package: its worlds minus the worlds without it, on the same seed and under the same shocks.

Two flags go with each effect. `distinguishable` looks at the row alone: the 95 % t interval leaves out zero (and, for
skewed differences, the sign test agrees). `distinguishable_in_table` holds for the table as a whole: p values adjusted
by Benjamini-Hochberg over the family of tests, which are all recorded outcomes and packages of one level (city,
kecamatan or quintiles), one shock state and one period, whichever rows were asked for: the same effect has the same
flag in the files, the tables and the words. `tests` says how many. Of the effects flagged there, about one in twenty
is chance. With one seed both are NA.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.ensemble import YEAR, Ensemble, chosen, good, rows_of, unit
from sim.analysis.paired import ALPHA, LEVEL, benjamini_hochberg, flagged, flags, paired, sure, tested
from sim.outcomes.figures import CITY

END, RUN = "end", "run"  # periods: mean of the last twelve months; of the whole run
COLUMNS = (
    "package", "shocks", "period", "outcome", "unit", "good", "place", "place_name", "group", "without", "with",
    "effect", "low", "high", "p", "seeds", "distinguishable", "distinguishable_in_table", "tests",
)  # fmt: skip
SHOCKS = ("off", "on")


def effects(
    ensemble: Ensemble,
    period: str = END,
    outcomes: Sequence[str] | None = None,
    places: bool = True,
    groups: bool = True,
) -> pd.DataFrame:
    """Every package's effect on every outcome for city, kecamatan and quintiles, without and with shocks.

    period: 'end' (mean of the last twelve months), 'run' (mean of all months), or the number of a year from 0.
    Columns: `COLUMNS`; `without` and `with` are means over seeds of the worlds without and with the package.
    """
    asked = chosen(ensemble, outcomes)
    names = (*asked, *(name for name in ensemble.outcomes if name not in asked))  # the others are tests of the family
    values = values_of(ensemble, names, period)
    if not asked or not ensemble.policies:
        return flagged(pd.DataFrame(columns=list(COLUMNS)))
    pairs = [(k, row) for k, name in enumerate(names) for row in rows_of(name, places, groups)]
    shown = sum(k < len(asked) for k, _ in pairs)
    which, rows = (np.array(part, np.int64) for part in zip(*pairs, strict=True))
    cells = values[:, :, :, which, rows]  # (package, shock, seed, cell)
    labels = [ensemble.row_names()[row] for row in rows]
    level = np.where(rows == CITY, 0, np.where(rows <= len(ensemble.places), 1, 2))
    tables = []
    for state in range(cells.shape[1]):
        found = paired(cells[1:, state] - cells[:1, state], axis=1)  # (policy, cell)
        adjusted = np.full(found.p.shape, np.nan)
        tests = np.zeros(found.p.shape, np.int64)
        for kind in np.unique(level):
            adjusted[:, level == kind] = benjamini_hochberg(found.p[:, level == kind].ravel()).reshape(len(found.p), -1)
            tests[:, level == kind] = (~np.isnan(found.p[:, level == kind])).sum()
        for k, package in enumerate(ensemble.policies):
            columns = {
                "outcome": [names[j] for j in which],
                "unit": [unit(names[j]) for j in which],
                "good": [good(names[j]) for j in which],
                "place": [label[0] for label in labels],
                "place_name": [label[1] for label in labels],
                "group": [label[2] for label in labels],
                "without": _mean(cells[0, state]),
                "with": _mean(cells[k + 1, state]),
                "effect": found.mean[k],
                "low": found.low[k],
                "high": found.high[k],
                "p": found.p[k],
                "seeds": found.pairs[k],
                "distinguishable": flags(found.p[k], found.agrees[k]),
                "distinguishable_in_table": flags(adjusted[k], found.agrees[k]),
                "tests": tests[k],
            }
            columns = {name: column[:shown] for name, column in columns.items()}
            columns |= {"package": package, "shocks": SHOCKS[state], "period": str(period)}
            tables.append(pd.DataFrame(columns, columns=list(COLUMNS)))
    return flagged(pd.concat(tables, ignore_index=True))


def told(row: Mapping[str, Any] | pd.Series) -> bool:
    """Whether a row stays clear of zero with all rows of its table tested together: the rule of every sentence."""
    return sure(row["distinguishable_in_table"])


def yearly_effects(
    ensemble: Ensemble, outcomes: Sequence[str] | None = None, places: bool = False, groups: bool = False
) -> pd.DataFrame:
    """The path of the effects, year by year: columns of `effects`, `period` being the first month of each year."""
    tables = []
    for k, first in enumerate(ensemble.years):
        table = effects(ensemble, str(k), outcomes, places, groups)
        tables.append(table.assign(period=first))
    return pd.concat(tables, ignore_index=True)


def monthly_paths(ensemble: Ensemble, outcomes: Sequence[str] | None = None) -> pd.DataFrame:
    """City paths for charts: package, shocks, outcome, month, mean, low, high (middle 90 % of seeds), effect,
    effect_low, effect_high (95 % t interval of the difference to no policy, empty for 'none')."""
    names = chosen(ensemble, outcomes)
    series = ensemble.city[..., [ensemble.column(name) for name in names]]
    found = paired(series - series[:1], axis=2)  # (package, shock, month, outcome)
    low, high = _quantiles(series, (0.05, 0.95), axis=2)
    mean = _mean(series, axis=2)
    blank = np.where(np.arange(len(series)) > 0, 0.0, np.nan)[:, None, None, None]
    shape = mean.shape
    grid = np.indices(shape).reshape(4, -1)
    return pd.DataFrame(
        {
            "package": np.array(ensemble.packages, object)[grid[0]],
            "shocks": np.array(SHOCKS, object)[grid[1]],
            "month": np.array(ensemble.months, object)[grid[2]],
            "outcome": np.array(names, object)[grid[3]] if names else [],
            "mean": mean.ravel(),
            "low": low.ravel(),
            "high": high.ravel(),
            "effect": (found.mean + blank).ravel(),
            "effect_low": (found.low + blank).ravel(),
            "effect_high": (found.high + blank).ravel(),
        }
    )


def contrasts(
    ensemble: Ensemble, outcomes: Sequence[str] | None = None, shocks: bool | None = None, period: str = END
) -> pd.DataFrame:
    """Every package against every other on city outcomes, pair by pair of seeds.

    Columns: first, second, outcome, unit, difference (first minus second), low, high, p, distinguishable,
    distinguishable_in_table (Benjamini-Hochberg over all rows).
    """
    names = chosen(ensemble, outcomes)
    values = values_of(ensemble, names, period)[:, ensemble.state(shocks), :, :, CITY]  # (package, seed, outcome)
    rows = []
    for a in range(1, len(ensemble.packages)):
        for b in range(a + 1, len(ensemble.packages)):
            found = paired(values[a] - values[b], axis=0)
            for k, name in enumerate(names):
                row = (ensemble.packages[a], ensemble.packages[b], name, unit(name))
                rows.append((*row, found.mean[k], found.low[k], found.high[k], found.p[k], found.agrees[k]))
    columns = ["first", "second", "outcome", "unit", "difference", "low", "high", "p", "agrees"]
    return tested(pd.DataFrame(rows, columns=columns))


def values_of(ensemble: Ensemble, names: Sequence[str], period: str) -> np.ndarray:
    """(package, shock, seed, outcome, 36): means over the period, the city's from its months."""
    columns = [ensemble.column(name) for name in names]
    yearly = ensemble.yearly[..., columns, :]
    lengths = year_lengths(ensemble)
    if period == END:
        months = ensemble.city[:, :, :, -YEAR:][..., columns]
        values = _weighted(yearly, last_year(lengths))
    elif period == RUN:
        months = ensemble.city[..., columns]
        values = _weighted(yearly, lengths)
    elif str(period).isdigit() and int(period) < len(lengths):
        return yearly[:, :, :, int(period)]
    else:
        raise ValueError(f"period {period!r}: 'end', 'run' or a year from 0 to {len(lengths) - 1}")
    values[..., CITY] = _mean(months, axis=3)
    return values


def year_lengths(ensemble: Ensemble) -> np.ndarray:
    """Months in each recorded year; the last may be shorter."""
    starts = np.arange(ensemble.yearly.shape[3]) * YEAR
    return np.minimum(len(ensemble.months) - starts, YEAR).astype(float)


def last_year(lengths: np.ndarray) -> np.ndarray:
    """Months that each recorded year gives to the last twelve months."""
    after = np.cumsum(lengths[::-1])[::-1] - lengths
    return np.clip(YEAR - after, 0.0, lengths)


def _weighted(yearly: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Mean over the years (axis 3) with weights; years without a figure are left out."""
    shape = (-1, *[1] * (yearly.ndim - 4))
    known = ~np.isnan(yearly)
    total = np.where(known, weights.reshape(shape), 0.0).sum(3)
    value = np.where(known, yearly, 0.0) * weights.reshape(shape)
    return np.where(total > 0, value.sum(3) / np.maximum(total, 1e-300), np.nan)


def _mean(values: np.ndarray, axis: int = 0) -> np.ndarray:
    """Mean of what is known, NaN where nothing is."""
    known = ~np.isnan(values)
    count = known.sum(axis)
    return np.where(count > 0, np.where(known, values, 0.0).sum(axis) / np.maximum(count, 1), np.nan)


def _quantiles(values: np.ndarray, shares: Sequence[float], axis: int) -> np.ndarray:
    """Quantiles over seeds; NaN where a seed was not measured."""
    return np.quantile(values, shares, axis=axis)


__all__ = ["ALPHA", "COLUMNS", "END", "LEVEL", "RUN", "contrasts", "effects", "monthly_paths", "told", "yearly_effects"]
