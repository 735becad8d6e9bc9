"""The report of one run: what was asked, the outcomes, their paths, where poverty is, what was assumed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.language import ENGLISH, capital, months, speaker, when
from sim.paper import scale_of
from sim.repeating import to_save
from sim.report import charts
from sim.report.page import CURVES, filled, shock_starts
from sim.summary import (
    BY_DISTRICT,
    LAST,
    assumptions,
    district_means,
    facts,
    happen,
    outcome_rows,
    ranked_districts,
    words,
)

if TYPE_CHECKING:
    from sim.runner import RunResult


def write_run_report(result: RunResult, path: Path, language: str = ENGLISH) -> Path:
    """Write the report of a run into one file that works offline."""
    path.write_text(filled("run.html", context(result, language)), "utf-8")
    return path


def context(result: RunResult, language: str = ENGLISH) -> dict[str, Any]:
    """Everything the page shows."""
    ranked = [ranked_districts(result, name, language) for name in BY_DISTRICT]
    return {
        "language": language,
        "say": speaker(language),
        "start": when(result.start, language),
        "span": months(result.months, language),
        "last": months(min(LAST, result.months), language),
        "result": result,
        "shocked": happen(result.scenario, result.months, result.shocks),
        "command": result.command,
        "to_save": to_save(result.scenario, result.dataset, language),
        "scenario": result.scenario.spoken(language),
        "facts": list(facts(result, language)),
        "rows": outcome_rows(result, language),
        "curves": curve_charts(result, language),
        "map": poverty_map(result, language),
        "ranked": [one for one in ranked if one],
        "assumed": list(assumptions(result, language)),
    }


def _city(result: RunResult, name: str) -> pd.Series:
    """An outcome of the city by month."""
    frame = result.frame
    mine = frame[(frame["outcome"] == name) & (frame["place"] == "city") & (frame["group"] == "all")]
    return mine.set_index(mine["month"].astype(str))["value"].sort_index()


def curve_charts(result: RunResult, language: str = ENGLISH) -> list[str]:
    """Paths of the main outcomes, with the shocks that the run has seen."""
    drawn, shocks = [], shock_starts(result, language) if result.shocks else []
    for name in (name for name in CURVES if name in result.outcomes):
        path, label = _city(result, name), words(name, language)
        values = path.to_numpy(float)
        unit, factor, _ = scale_of(list(path.dropna()), result.outcomes[name]["unit"], language)
        line = (label, values, values, values)
        drawn.append(charts.curves(capital(label), unit, list(path.index), [line], shocks, factor, language))
    return drawn


def poverty_map(result: RunResult, language: str = ENGLISH) -> str:
    """Poverty of each kecamatan in the last year against the mean of all, or nothing where it was not measured."""
    say, found = speaker(language), district_means(result, "poverty_headcount")
    if found.empty:
        return ""
    shares = found.reindex(list(result.places)).to_numpy(float)
    title, apart = say("Poverty headcount against the mean of the kecamatan"), 100.0 * (shares - np.nanmean(shares))
    names = list(result.places.values())
    return charts.district_map(title, say("percentage points"), apart, names, better=-1, language=language)
