"""The report of a comparison: what a planner reads first, then the pictures, then everything behind them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from jinja2 import Environment, PackageLoader, select_autoescape

from sim.analysis.effects import monthly_paths, told
from sim.analysis.ensemble import NONE
from sim.analysis.findings import focus_of
from sim.analysis.incidence import winners_and_losers
from sim.analysis.resilience import RECOVERED, hit_hardest, performance_paths
from sim.analysis.words import listing
from sim.declare import OUTCOMES
from sim.language import ENGLISH, capital, months, number, percent, speaker, texts, translated, when
from sim.repeating import to_save
from sim.report import charts
from sim.report.changes import (
    all_effects,
    effect_table,
    factor_of,
    price_year,
    priced,
    synergy_tables,
    window,
)
from sim.report.marks import digits_of, legend, signed, star, starred
from sim.report.plan import burden_notes, burden_rows, cost_notes, package_rows, shock_rows
from sim.report.ranking import index_table, pair_table
from sim.report.standing import (
    agreeing,
    district_verdicts,
    incidence_rows,
    leverage_rows,
    loss_table,
    money_rows,
    spoken,
    warnings_of,
)
from sim.summary import words

if TYPE_CHECKING:
    from sim.comparison import Comparison
    from sim.runner import RunResult

CURVES = (
    "poverty_headcount",
    "unemployment_rate",
    "value_added_index",
    "food_insecure_share",
    "trust",
    "service_quality",
)
QUINTILES = texts("poorest fifth", "second", "third", "fourth", "richest fifth")
TRIANGLES = ("value_added_index", "poverty_headcount", "unemployment_rate")


def write_report(made: Comparison, path: Path, language: str = ENGLISH) -> Path:
    """Write the report of a comparison into one file. Raises ValueError for a language there is not."""
    path.write_text(render(made, language), "utf-8")
    return path


def render(made: Comparison, language: str = ENGLISH) -> str:
    """The report as HTML."""
    return filled("page.html", context(made.spoken(language), language))


def filled(template: str, shown: Mapping[str, Any]) -> str:
    """A template of this package with what it shows; all text is escaped."""
    environment = Environment(
        loader=PackageLoader("sim.report"),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(**shown)


def context(made: Comparison, language: str = ENGLISH) -> dict[str, Any]:
    """Everything the page shows."""
    from sim.analysis.verdict import verdict

    return {
        "language": language,
        "say": speaker(language),
        "number": partial(number, language=language),
        "start": when(made.scenario.start, language),
        "span": months(made.months, language),
        "window": window(made, language),
        "made": made,
        "command": made.command,
        "to_save": to_save(made.scenario, made.dataset, language),
        "scenario": made.scenario,
        "sentences": verdict(made.ensemble, language),
        "packages": package_rows(made, language),
        "notes": [*cost_notes(made, language), *(translated(one, language) for one in made.remarks)],
        "burdens": burden_rows(made, language),
        "burden_notes": burden_notes(made, language),
        "prices": price_year(made),
        "legend": legend(len(made.seeds), language),
        "agreeing": agreeing(len(made.seeds)),
        "shock_rows": shock_rows(made, language),
        "effect_table": effect_table(made, language),
        "synergies": synergy_tables(made, language),
        "curves": curve_charts(made, language),
        "triangles": triangle_charts(made, language),
        "resilience_rows": resilience_rows(made, language),
        "losses": loss_table(made, language),
        "maps": maps(made, language),
        "unmapped": unmapped(made, language),
        "gainers": gain_charts(made, language),
        "index": index_table(made.ensemble, language, made.weights),
        "pairs": pair_table(made.ensemble, language),
        "money": money_rows(made.ensemble, language),
        "leverage": leverage_rows(made.ensemble, language),
        "incidence": incidence_rows(made.ensemble, language),
        "district_verdicts": (verdicts := district_verdicts(made.ensemble, language)),
        "open": listing([p for p in made.ensemble.policies if p not in [one["package"] for one in verdicts]], language),
        "warnings": warnings_of(made.ensemble, language),
        "assumed": assumed(made, language),
        "all_effects": all_effects(made, language),
        "place_rows": place_rows(made, language),
    }


def shock_starts(made: Comparison | RunResult, language: str = ENGLISH) -> list[tuple[int, str]]:
    """Month of the run in which each shock begins, and its name: those that begin within the run."""
    from sim.disturbance import shocks_of

    felt = [one for one in shocks_of(made.scenario.shocks, made.scenario.start_month) if one.settings.intensity > 0]
    named = [(max(one.first, 0), words(one.settings.model_dump()["kind"], language)) for one in felt]
    return sorted(one for one in named if one[0] < made.months)


def curve_charts(made: Comparison, language: str = ENGLISH) -> list[str]:
    """Paths of the main outcomes with and without each package, in the worlds with the shock if there is one."""
    one = made.ensemble
    names = [name for name in CURVES if name in one.outcomes]
    paths = monthly_paths(one, names)
    shocked = "on" if one.has_shocks else "off"
    drawn = []
    for name in names:
        mine = paths[paths["outcome"] == name]
        unit, factor, _ = factor_of(list(mine["mean"].dropna()), priced(made, OUTCOMES[name].unit), language)
        lines = [_line(mine, package, shocked, spoken(package, language)) for package in one.packages]
        quiet = _line(mine, "none", "off", translated("no policy, no shock", language)) if one.has_shocks else None
        title, shocks = capital(words(name, language)), shock_starts(made, language)
        drawn.append(charts.curves(title, unit, one.months, lines, shocks, factor, language, quiet))
    return drawn


def _line(paths: pd.DataFrame, package: str, shocks: str, label: str) -> tuple[str, np.ndarray, np.ndarray, np.ndarray]:
    mine = paths[(paths["package"] == package) & (paths["shocks"] == shocks)]
    return (label, *(mine[name].to_numpy(float) for name in ("mean", "low", "high")))


def resilient(made: Comparison) -> tuple[str, ...]:
    """Outcomes whose resilience is shown: the one that the words name as hit hardest, then the main ones."""
    worst = hit_hardest(made.resilience, focus_of(made.ensemble, None, aims=False))
    first = () if worst is None else (worst["outcome"],)
    return tuple(name for name in dict.fromkeys((*first, *TRIANGLES)) if name in made.ensemble.outcomes)


def triangle_charts(made: Comparison, language: str = ENGLISH) -> list[str]:
    """The resilience triangle of the main outcomes: mean path over seeds."""
    one = made.ensemble
    if not one.has_shocks or one.onset is None:
        return []
    drawn, shocks = [], shock_starts(made, language)
    for name in resilient(made):
        q = performance_paths(one, name)  # (package, seed, month)
        lines = [(spoken(p, language), q[k].mean(axis=0)) for k, p in enumerate(one.packages)]
        drawn.append(charts.triangle(capital(words(name, language)), one.months, lines, shocks, language))
    return drawn


def resilience_rows(made: Comparison, language: str = ENGLISH) -> list[dict[str, Any]]:
    """Loss and recovery of the main outcomes, without policy and with each package."""
    if not made.ensemble.has_shocks:
        return []
    say, rows, table = speaker(language), [], made.resilience
    changed = [one for _, one in table.iterrows() if one["package"] != NONE]
    for one in (row for name in resilient(made) for _, row in table[table["outcome"] == name].iterrows()):
        digits = digits_of([row for row in changed if row["outcome"] == one["outcome"]], "effect_on_loss", 1.0, 2)
        after = one["recovery_months"]
        back = number(after, language) if np.isfinite(after) else say("not yet")
        change, is_change = "", one["package"] != NONE and np.isfinite(one["effect_on_loss"])
        if is_change:
            effect, low, high = (signed(one[k], language, digits) for k in ("effect_on_loss", "low", "high"))
            is_known = np.isfinite(one["low"])
            change = say("{effect} ({low} to {high})", effect=effect, low=low, high=high) if is_known else effect
        rows.append(
            {
                "outcome": words(one["outcome"], language),
                "package": spoken(one["package"], language),
                "loss": number(one["loss"], language, 2),
                "robustness": number(one["robustness"], language, 3),
                "recovery": _never(made, one["outcome"], one["package"], language) if after == 0 else back,
                "recovered": percent(one["recovered_share"], language, 0),
                "change": change,
                "star": starred(one, "effect_on_loss", 1.0, digits) if is_change else "",
            }
        )
    return rows


def _never(made: Comparison, outcome: str, package: str, language: str) -> str:
    """How many runs stayed above the level of recovery all along, where half of them or more did."""
    one, say = made.ensemble, speaker(language)
    lowest = performance_paths(one, outcome)[one.packages.index(package), :, one.onset :].min(axis=1)
    share = float((lowest[~np.isnan(lowest)] >= RECOVERED).mean())
    if share == 1.0:
        return say("never below 95 %")
    return say("most runs never") if share > 0.5 else say("half the runs never")


def maps(made: Comparison, language: str = ENGLISH) -> list[str]:
    """Change of poverty in the last year by kecamatan, for each package with one that is clear; one scale for all."""
    say, shown = speaker(language), {package: _poverty(made, package) for package in made.ensemble.policies}
    clear = {package: np.array([told(one) for _, one in table.iterrows()]) for package, table in shown.items()}
    values = {package: table["effect"].to_numpy(float) / 0.01 for package, table in shown.items()}
    limit = max((np.abs(values[package][sure]).max() for package, sure in clear.items() if sure.any()), default=None)
    return [
        charts.district_map(say("{package}: change of poverty", package=package), say("percentage points"),
                            values[package], made.ensemble.place_names, better=-1, language=language, clear=sure,
                            limit=limit)
        for package, sure in clear.items() if sure.any()
    ]  # fmt: skip


def unmapped(made: Comparison, language: str = ENGLISH) -> str:
    """Packages with which poverty changes clearly in no kecamatan, in words: they have no map."""
    without = [p for p in made.ensemble.policies if not any(told(one) for _, one in _poverty(made, p).iterrows())]
    return listing(without, language)


def _poverty(made: Comparison, package: str) -> pd.DataFrame:
    """Rows of the effects of a package on poverty in the last year, in the order of the kecamatan."""
    table, shocked = made.effects, "on" if made.ensemble.has_shocks else "off"
    mine = table[(table["package"] == package) & (table["outcome"] == "poverty_headcount")]
    return (
        mine[(mine["place"] != "city") & (mine["shocks"] == shocked)].set_index("place").reindex(made.ensemble.places)
    )


def gain_charts(made: Comparison, language: str = ENGLISH) -> list[str]:
    """Household by household: who spends more and who less than its own twin without the policy."""
    one = made.ensemble
    if not one.policies:
        return []
    table = winners_and_losers(one)
    table = table[table["group"] != "all"]
    lines = [(p, 100 * table[table["package"] == p]["net"].to_numpy(float)) for p in one.policies]
    say = speaker(language)
    title, unit = say("Households better off, less those worse off"), say("% of households")
    return [charts.bars(title, unit, [say(one) for one in QUINTILES], lines, language)]


def assumed(made: Comparison, language: str = ENGLISH) -> dict[str, Any]:
    """How many parameters rest on what, and which the scenario changed."""
    from sim.parameters import catalogue
    from sim.summary import provenance

    known = catalogue()
    changed = {name: (known[name].default, value) for name, value in made.scenario.parameters.items()}
    return {"provenance": provenance(known.values(), language), "changed": changed}


def place_rows(made: Comparison, language: str = ENGLISH) -> list[dict[str, Any]]:
    """Poverty and access by kecamatan without policy, and the change with each package."""
    tables = [_poverty(made, package) for package in made.ensemble.policies]
    rows = []
    for code, name in zip(made.ensemble.places, made.ensemble.place_names, strict=True):
        here = [table.loc[code] for table in tables]
        if not here or not np.isfinite(here[0]["without"]):
            continue
        cells = [f"{signed(100 * one['effect'], language, 2)} {star(one)}".strip() for one in here]
        rows.append({"name": name, "without": number(100 * here[0]["without"], language, 2), "cells": cells})
    return rows
