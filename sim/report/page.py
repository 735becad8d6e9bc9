"""The report of a comparison: what a planner reads first, then the pictures, then everything behind them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from jinja2 import Environment, PackageLoader, select_autoescape

from sim.analysis.effects import monthly_paths
from sim.analysis.incidence import winners_and_losers
from sim.declare import OUTCOMES
from sim.intervention import levers_of
from sim.paper import figures
from sim.report import charts
from sim.report.standing import (
    district_verdicts,
    incidence_rows,
    index_table,
    leverage_rows,
    money_rows,
    warnings_of,
)
from sim.summary import words

if TYPE_CHECKING:
    from sim.comparison import Comparison

CURVES = (
    "poverty_headcount",
    "unemployment_rate",
    "value_added_index",
    "food_insecure_share",
    "trust",
    "service_quality",
)
TABLE = (
    "poverty_headcount",
    "poverty_gap",
    "unemployment_rate",
    "informal_share",
    "median_wage",
    "food_insecure_share",
    "no_buffer_share",
    "out_of_school_share",
    "child_development",
    "service_access",
    "service_quality",
    "participation_rate",
    "trust",
    "gini",
    "value_added_index",
    "business_survival",
    "technology_adoption",
    "wellbeing",
    "resilience_index",
)
QUINTILES = ("poorest fifth", "second", "third", "fourth", "richest fifth")
TRIANGLES = ("value_added_index", "poverty_headcount", "unemployment_rate")


def write_report(made: Comparison, path: Path) -> Path:
    """Write the report of a comparison into one file."""
    path.write_text(render(made), "utf-8")
    return path


def render(made: Comparison) -> str:
    """The report as HTML."""
    environment = Environment(
        loader=PackageLoader("sim.report"),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html").render(**context(made))


def context(made: Comparison) -> dict[str, Any]:
    """Everything the page shows."""
    from sim.analysis.verdict import verdict

    return {
        "made": made,
        "scenario": made.scenario,
        "sentences": verdict(made.ensemble),
        "packages": package_rows(made),
        "shock_rows": shock_rows(made),
        "effect_table": effect_table(made),
        "curves": curve_charts(made),
        "triangles": triangle_charts(made),
        "resilience_rows": resilience_rows(made),
        "maps": maps(made),
        "gainers": gain_charts(made),
        "index": index_table(made.ensemble),
        "money": money_rows(made.ensemble),
        "leverage": leverage_rows(made.ensemble),
        "incidence": incidence_rows(made.ensemble),
        "district_verdicts": district_verdicts(made.ensemble),
        "warnings": warnings_of(made.ensemble),
        "assumed": assumed(made),
        "all_effects": all_effects(made),
        "place_rows": place_rows(made),
    }


def _factor(values: Sequence[float], unit: str) -> tuple[str, float, int]:
    """Unit in words, divisor and digits for the figures of a chart."""
    if unit.startswith(("share", "fraction")):
        return f"%{unit.removeprefix('share').removeprefix('fraction')}", 0.01, 2
    said, _ = figures(values, unit)
    scales = {"trillion": 1e12, "billion": 1e9, "million": 1e6}
    return said, next((size for name, size in scales.items() if name in said), 1.0), 3


def package_rows(made: Comparison) -> list[dict[str, Any]]:
    """What each package is, what it was planned to cost, what was spent and refused, whom it reached."""
    rows = []
    for package in made.as_dict()["packages"]:
        policies = next(p for p in made.scenario.packages if p.name == package["name"]).policies
        rows.append(
            {
                "name": package["name"],
                "levers": [_said(policy) for policy in policies],
                "planned": f"{planned_cost(policies, made) / 1e9:,.1f}",
                "spent": f"{package['cost_rp'] / 1e9:,.1f}",
                "refused": f"{package['refused_rp'] / 1e9:,.1f}",
                "reach": "; ".join(f"{words(name)}: {round(n):,}" for name, n in package["reach"].items() if n),
            }
        )
    return rows


def planned_cost(policies: Any, made: Comparison) -> float:
    """Rp (of the run's prices) that the levers of a package plan to spend in the months of this comparison."""
    from sim.city import deflator, load_city

    price = deflator(2024, load_city(made.scenario.start_month[0]).price_year)
    levers = levers_of(policies, made.scenario.start_month)
    parts = (one.settings.budget_rp_per_year / 12 * sum(map(one.strength, range(made.months))) for one in levers)
    return price * sum(parts)


def _said(settings: Any) -> str:
    """One lever or shock as the scenario has it."""
    given = settings.model_dump(exclude_unset=True)
    kind = given.pop("lever", given.pop("kind", ""))
    parts = [f"{words(name)} {_value(name, value)}" for name, value in given.items()]
    return f"{words(str(kind))}: " + ", ".join(parts) if parts else words(str(kind))


def _value(name: str, value: Any) -> str:
    if name == "budget_rp_per_year":
        return f"Rp {value / 1e9:,.1f} billion"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def shock_rows(made: Comparison) -> list[str]:
    return [_said(shock) for shock in made.scenario.shocks]


def _city(made: Comparison) -> pd.DataFrame:
    table = made.effects
    shocked = "on" if made.ensemble.has_shocks else "off"
    return table[(table["place"] == "city") & (table["group"] == "all") & (table["shocks"] == shocked)]


def effect_table(made: Comparison) -> dict[str, Any]:
    """Headline effects in the last year: one row for each outcome, one column for each package."""
    city = _city(made)
    rows = []
    for name in TABLE:
        mine = city[city["outcome"] == name]
        if mine.empty:
            continue
        line = OUTCOMES[name]
        unit, factor, digits = _factor([float(mine["without"].iloc[0])], line.unit)
        cells = []
        for package in made.ensemble.policies:
            one = mine[mine["package"] == package].iloc[0]
            cells.append(_cell(one, factor, digits, line.good))
        without = f"{mine['without'].iloc[0] / factor:,.{digits}f}"
        rows.append({"name": words(name), "unit": unit, "meaning": line.meaning, "without": without, "cells": cells})
    return {"packages": made.ensemble.policies, "rows": rows}


def _cell(one: Any, factor: float, digits: int, good: int) -> dict[str, str]:
    clear = bool(one["distinguishable"]) if one["distinguishable"] is not None else False
    tone = "none" if not clear or not good else "better" if one["effect"] * good > 0 else "worse"
    spread = ""
    if np.isfinite(one["low"]):
        spread = f"{one['low'] / factor:+,.{digits}f} to {one['high'] / factor:+,.{digits}f}"
    return {"effect": f"{one['effect'] / factor:+,.{digits}f}", "spread": spread, "tone": tone,
            "clear": "yes" if clear else "no"}  # fmt: skip


def curve_charts(made: Comparison) -> list[str]:
    """Paths of the main outcomes with and without each package, in the worlds with the shock if there is one."""
    one = made.ensemble
    names = [name for name in CURVES if name in one.outcomes]
    paths = monthly_paths(one, names)
    shocked = "on" if one.has_shocks else "off"
    drawn = []
    for name in names:
        mine = paths[paths["outcome"] == name]
        unit, factor, _ = _factor(list(mine["mean"].dropna()), OUTCOMES[name].unit)
        lines = [
            _line(mine, package, shocked, package if package != "none" else "no policy") for package in one.packages
        ]
        if one.has_shocks:
            lines.insert(1, _line(mine, "none", "off", "no policy, no shock"))
        drawn.append(charts.curves(words(name).capitalize(), unit, one.months, lines, one.onset, factor))
    return drawn


def _line(paths: pd.DataFrame, package: str, shocks: str, label: str) -> tuple[str, np.ndarray, np.ndarray, np.ndarray]:
    mine = paths[(paths["package"] == package) & (paths["shocks"] == shocks)]
    return (label, *(mine[name].to_numpy(float) for name in ("mean", "low", "high")))


def triangle_charts(made: Comparison) -> list[str]:
    """The resilience triangle of the main outcomes: mean path over seeds."""
    from sim.analysis.resilience import performance_paths

    one = made.ensemble
    if not one.has_shocks or one.onset is None:
        return []
    drawn = []
    for name in TRIANGLES:
        q = performance_paths(one, name)  # (package, seed, month)
        lines = [("no policy" if p == "none" else p, q[k].mean(axis=0)) for k, p in enumerate(one.packages)]
        drawn.append(charts.triangle(words(name).capitalize(), one.months, lines, one.onset))
    return drawn


def resilience_rows(made: Comparison) -> list[dict[str, str]]:
    """Loss and recovery of the main outcomes, without policy and with each package."""
    if not made.ensemble.has_shocks:
        return []
    rows = []
    for _, one in made.resilience.iterrows():
        if one["outcome"] not in TRIANGLES:
            continue
        months = one["recovery_months"]
        back = f"{months:.0f}" if np.isfinite(months) else "beyond the horizon"
        change = ""
        if one["package"] != "none" and np.isfinite(one["effect_on_loss"]):
            said = "" if one["distinguishable"] else " (not distinguishable from zero)"
            change = f"{one['effect_on_loss']:+.2f} ({one['low']:+.2f} to {one['high']:+.2f}){said}"
        rows.append(
            {
                "outcome": words(one["outcome"]),
                "package": "no policy" if one["package"] == "none" else one["package"],
                "loss": f"{one['loss']:.2f}",
                "robustness": f"{one['robustness']:.3f}",
                "recovery": "never below 95 %" if months == 0 else back,
                "recovered": f"{100 * one['recovered_share']:.0f} %",
                "change": change,
            }
        )
    return rows


def maps(made: Comparison) -> list[str]:
    """Change of poverty in the last year by kecamatan, for each package."""
    table = made.effects
    shocked = "on" if made.ensemble.has_shocks else "off"
    drawn = []
    for package in made.ensemble.policies:
        mine = table[(table["package"] == package) & (table["outcome"] == "poverty_headcount")]
        mine = mine[(mine["place"] != "city") & (mine["shocks"] == shocked)].set_index("place")
        values = mine["effect"].reindex(made.ensemble.places).to_numpy(float) / 0.01
        drawn.append(charts.district_map(f"{package}: change of poverty", "percentage points", values,
                                         made.ensemble.place_names, better=-1))  # fmt: skip
    return drawn


def gain_charts(made: Comparison) -> list[str]:
    """Household by household: who spends more and who less than its own twin without the policy."""
    one = made.ensemble
    if not one.policies:
        return []
    table = winners_and_losers(one)
    table = table[table["group"] != "all"]
    lines = [(p, 100 * table[table["package"] == p]["net"].to_numpy(float)) for p in one.policies]
    return [charts.bars("Households better off, less those worse off", "% of households", QUINTILES, lines)]


def assumed(made: Comparison) -> dict[str, Any]:
    """How many parameters rest on what, and which the scenario changed."""
    from sim.parameters import catalogue
    from sim.summary import provenance

    known = catalogue()
    changed = {name: (known[name].default, value) for name, value in made.scenario.parameters.items()}
    return {"provenance": provenance(known.values()), "changed": changed}


def all_effects(made: Comparison) -> list[dict[str, str]]:
    """Every city-wide effect of the last year."""
    rows = []
    for _, one in _city(made).iterrows():
        unit, factor, digits = _factor([float(one["without"])], one["unit"])
        cell = _cell(one, factor, digits, int(one["good"]))
        rows.append({"package": one["package"], "outcome": words(one["outcome"]), "unit": unit,
                     "without": f"{one['without'] / factor:,.{digits}f}", **cell})  # fmt: skip
    return rows


def place_rows(made: Comparison) -> list[dict[str, Any]]:
    """Poverty and access by kecamatan without policy, and the change with each package."""
    table = made.effects
    shocked = "on" if made.ensemble.has_shocks else "off"
    mine = table[(table["place"] != "city") & (table["shocks"] == shocked) & (table["outcome"] == "poverty_headcount")]
    rows = []
    for code, name in zip(made.ensemble.places, made.ensemble.place_names, strict=True):
        here = mine[mine["place"] == code].set_index("package")
        if here.empty:
            continue
        cells = [f"{100 * here.loc[p, 'effect']:+.2f}" for p in made.ensemble.policies]
        rows.append({"name": name, "without": f"{100 * here['without'].iloc[0]:.2f}", "cells": cells})
    return rows
