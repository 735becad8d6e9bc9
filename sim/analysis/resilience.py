"""Resilience of each package: its shocked worlds over their own no-shock twins, seed by seed.

q(t) = shocked / no shock, both with the same package. Where less is better, and where a figure may be zero or negative,
both are scored between fixed goalposts first. Loss is in months of normal performance; less is better, so a negative
`effect_on_loss` means that the package takes something off the loss. Source: bruneau_2003; cimellaro_2010.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.ensemble import NONE, YEAR, Ensemble, chosen, good, rows_of, unit
from sim.analysis.paired import Paired, flagged, paired, tested
from sim.outcomes import resilience as triangle
from sim.outcomes.figures import CITY
from sim.outcomes.index import DIMENSIONS
from sim.outcomes.resilience import Goalposts

RECOVERED = 0.95  # performance that counts as recovered
TRACE = 0.05  # months lost below which a shock is not worth a sentence. Source: assumption
# Fixed goalposts: those of the index, and those of the other bads. Source: assumption; wfp_cari for the 19 of the rCSI.
GOALPOSTS: dict[str, Goalposts] = {
    **{name: ends for one in DIMENSIONS.values() for name, ends in one.items() if good(name) < 0 or ends.worst < 0},
    "poverty_gap": Goalposts(0.05, 0.0),
    "poverty_severity": Goalposts(0.02, 0.0),
    "poverty_headcount_month": Goalposts(0.3, 0.0),
    "near_poor_share": Goalposts(0.5, 0.0),
    "food_insecure_share": Goalposts(0.3, 0.0),
    "rcsi_mean": Goalposts(19.0, 0.0),
    "rcsi_extreme_share": Goalposts(0.3, 0.0),
    "coping_stress_share": Goalposts(1.0, 0.0),
    "coping_crisis_share": Goalposts(0.5, 0.0),
    "coping_emergency_share": Goalposts(0.2, 0.0),
    "debt_to_income": Goalposts(24.0, 0.0),
    "food_share": Goalposts(0.8, 0.2),
    "youth_unemployment_rate": Goalposts(0.6, 0.0),
    "long_term_unemployment_rate": Goalposts(0.2, 0.0),
    "below_minimum_wage_share": Goalposts(1.0, 0.0),
    "service_access_gini": Goalposts(0.5, 0.0),
    "child_development_gap": Goalposts(3.0, 0.0),
    "theil": Goalposts(1.0, 0.0),
    "theil_within_districts": Goalposts(1.0, 0.0),
    "mean_log_deviation": Goalposts(1.0, 0.0),
    "mean_log_deviation_between_districts": Goalposts(0.15, 0.0),
    "palma": Goalposts(5.0, 1.0),
}
FIGURES = ("loss", "robustness", "rapidity", "months_to_trough", "overshoot", "scarring", "normalised")
COLUMNS = (
    "package", "outcome", "unit", "loss", "robustness", "recovery_months", "recovered_share", "effect_on_loss", "low",
    "high", "p", "distinguishable", "distinguishable_in_table", "tests", "censored_share", "months_to_trough",
    "rapidity", "overshoot", "scarring", "normalised", "horizon", "seeds",
)  # fmt: skip
PLACE_COLUMNS = (
    "package", "outcome", "place", "place_name", "group", "loss", "robustness", "effect_on_loss", "low", "high", "p",
    "distinguishable", "distinguishable_in_table", "tests",
)  # fmt: skip


def measurable(ensemble: Ensemble, outcomes: Sequence[str] | None = None) -> tuple[str, ...]:
    """Outcomes whose resilience can be told: those that are good when high, and bads with fixed goalposts."""
    return tuple(name for name in chosen(ensemble, outcomes) if good(name) > 0 or name in GOALPOSTS)


def performance_paths(ensemble: Ensemble, outcome: str) -> np.ndarray:
    """q(t) of one outcome of the city: (package, seed, month). Ones when the scenario has no shocks."""
    series = ensemble.of(outcome)
    return _performance(series[:, -1], series[:, 0], outcome)


def _performance(shocked: np.ndarray, twin: np.ndarray, outcome: str) -> np.ndarray:
    """q; where both are the same (0 of 0 as well) it is 1, where the twin alone is 0 it is NaN."""
    with np.errstate(invalid="ignore", divide="ignore"):
        q = triangle.performance(shocked, twin, GOALPOSTS.get(outcome))
    return np.where(shocked == twin, 1.0, np.where(np.isfinite(q), q, np.nan))


def resilience(ensemble: Ensemble, outcomes: Sequence[str] | None = None, level: float = RECOVERED) -> pd.DataFrame:
    """Loss, depth and recovery of every package on every measurable outcome of the city, from the first shock on.

    Means over seeds. `recovery_months`: Kaplan-Meier median of months from the onset until q >= level for three months;
    NaN where fewer than half of the seeds had recovered by the end (then: later than `horizon`). `censored_share`: not
    yet recovered. `effect_on_loss`: loss minus that without policy, paired by seed (NaN for 'none'); the table-wide
    flag is Benjamini-Hochberg over all measurable outcomes, whichever were asked for. No shocks: an empty table.
    """
    if not ensemble.has_shocks or ensemble.onset is None:
        return flagged(pd.DataFrame(columns=list(COLUMNS)))
    asked, rows = measurable(ensemble, outcomes), []
    for name in (*asked, *(one for one in measurable(ensemble) if one not in asked)):
        q = performance_paths(ensemble, name)[:, :, ensemble.onset :]
        lost = np.asarray(np.trapezoid(1.0 - q, axis=2))
        against = paired(lost - lost[:1], axis=1)
        found = [{"package": p, "outcome": name} | _effect(against, k) for k, p in enumerate(ensemble.packages)]
        if name in asked:
            found = [row | _path(name, q[k], level) for k, row in enumerate(found)]
        rows += found
    table = _with_flags(rows, COLUMNS)
    return table[table["outcome"].isin(asked)].reset_index(drop=True)


def hit_hardest(table: pd.DataFrame, outcomes: Sequence[str]) -> pd.Series | None:
    """The row of `resilience` without policy, of these outcomes, with the largest loss; None where nothing is lost."""
    mine = table[(table["package"] == NONE) & table["outcome"].isin(outcomes)].dropna(subset=["loss"])
    return None if mine.empty or mine["loss"].max() < TRACE else mine.loc[mine["loss"].idxmax()]


def _path(name: str, q: np.ndarray, level: float) -> dict[str, Any]:
    """Figures of one outcome with one package: means over the seeds (rows of q)."""
    figures = {key: _mean(np.array([_figure(key, one) for one in q])) for key in FIGURES}
    return {"unit": unit(name), "horizon": q.shape[1]} | figures | _recovery(q, level)


def _figure(name: str, q: np.ndarray) -> float:
    """One figure of one path; NaN when part of the path was not measured."""
    if np.isnan(q).any():
        return float("nan")
    if name == "months_to_trough":
        return float(triangle.trough(q))
    return float(getattr(triangle, name)(q))


def _recovery(q: np.ndarray, level: float) -> dict[str, float]:
    """Recovery of the seeds (rows) of one package."""
    runs = [triangle.recovery(one, level) for one in q if not np.isnan(one).any()]
    if not runs:
        return dict.fromkeys(("recovery_months", "recovered_share", "censored_share"), float("nan")) | {"seeds": 0}
    middle = triangle.median_recovery(runs)
    share = float(np.mean([run.seen for run in runs]))
    months = middle.months if middle.seen else float("nan")
    return {"recovery_months": months, "recovered_share": share, "censored_share": 1.0 - share, "seeds": len(runs)}


def _effect(against: Paired, k: int) -> dict[str, Any]:
    """Effect on loss of package k; nothing for the package that does nothing."""
    if k == 0:
        return dict.fromkeys(("effect_on_loss", "low", "high", "p"), float("nan")) | {"agrees": True}
    values = (float(part[k]) for part in against[:4])
    return dict(zip(("effect_on_loss", "low", "high", "p"), values, strict=True)) | {"agrees": bool(against.agrees[k])}


def resilience_by_place(ensemble: Ensemble, outcomes: Sequence[str] | None = None) -> pd.DataFrame:
    """Loss and lowest performance by kecamatan and quintile, from yearly means (months of normal performance).

    From the year of the onset on; the integral of yearly means, so short dips show less deep than they were.
    Columns: `PLACE_COLUMNS`. The family of the table-wide flag is all rows.
    """
    if not ensemble.has_shocks or ensemble.onset is None:
        return flagged(pd.DataFrame(columns=list(PLACE_COLUMNS)))
    labels, since, rows = ensemble.row_names(), ensemble.onset // YEAR, []
    lengths = np.minimum(len(ensemble.months) - YEAR * np.arange(ensemble.yearly.shape[3]), YEAR)[since:, None]
    for name in measurable(ensemble, outcomes):
        where = [row for row in rows_of(name) if row != CITY]
        if not where:
            continue
        values = ensemble.yearly[:, :, :, since:, ensemble.column(name)][..., where]
        q = _performance(values[:, -1], values[:, 0], name)  # (package, seed, year, row)
        lost, lowest = ((1.0 - q) * lengths).sum(2), q.min(2)
        against = paired(lost - lost[:1], axis=1)
        for k, package in enumerate(ensemble.packages):
            effect = [_effect(Paired(*(part[:, j] for part in against)), k) for j in range(len(where))]
            for j, row in enumerate(where):
                place, place_name, group = labels[row]
                rows.append(
                    {"package": package, "outcome": name, "place": place, "place_name": place_name, "group": group}
                    | {"loss": _mean(lost[k, :, j]), "robustness": _mean(lowest[k, :, j])}
                    | effect[j]
                )
    return _with_flags(rows, PLACE_COLUMNS)


def _with_flags(rows: list[dict[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """The table with both flags and the number of tests behind the table-wide one."""
    table = pd.DataFrame(rows)
    if table.empty:
        return flagged(pd.DataFrame(columns=list(columns)))
    table = table.reindex(columns=[*columns, "agrees"])  # where only the family was asked for, its figures are missing
    return tested(table).assign(tests=int(table["p"].notna().sum()))[list(columns)]


def _mean(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
