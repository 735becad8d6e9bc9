"""The report of a comparison: what a planner reads first, then the pictures, then everything behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from jinja2 import Environment, PackageLoader, select_autoescape

from sim.analysis.effects import monthly_paths
from sim.analysis.ensemble import YEAR
from sim.analysis.incidence import winners_and_losers
from sim.analysis.words import listing
from sim.choices import by_name
from sim.declare import OUTCOMES
from sim.entries import Package, planned_cost, remarks
from sim.language import ENGLISH, capital, months, number, percent, rupiah, speaker, texts, translated, when
from sim.paper import scale_of
from sim.report import charts
from sim.report.standing import (
    district_verdicts,
    incidence_rows,
    index_table,
    leverage_rows,
    money_rows,
    spoken,
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
QUINTILES = texts("poorest fifth", "second", "third", "fourth", "richest fifth")
TRIANGLES = ("value_added_index", "poverty_headcount", "unemployment_rate")


def write_report(made: Comparison, path: Path, language: str = ENGLISH) -> Path:
    """Write the report of a comparison into one file. Raises ValueError for a language there is not."""
    path.write_text(render(made, language), "utf-8")
    return path


def render(made: Comparison, language: str = ENGLISH) -> str:
    """The report as HTML."""
    environment = Environment(
        loader=PackageLoader("sim.report"),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html").render(**context(made.spoken(language), language))


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
        "scenario": made.scenario,
        "sentences": verdict(made.ensemble, language),
        "packages": package_rows(made, language),
        "remarks": [translated(remark, language) for remark in remarks(made.scenario.packages)],
        "shock_rows": shock_rows(made, language),
        "effect_table": effect_table(made, language),
        "curves": curve_charts(made, language),
        "triangles": triangle_charts(made, language),
        "resilience_rows": resilience_rows(made, language),
        "maps": maps(made, language),
        "gainers": gain_charts(made, language),
        "index": index_table(made.ensemble, language),
        "money": money_rows(made.ensemble, language),
        "leverage": leverage_rows(made.ensemble, language),
        "incidence": incidence_rows(made.ensemble, language),
        "district_verdicts": district_verdicts(made.ensemble, language),
        "warnings": warnings_of(made.ensemble, language),
        "assumed": assumed(made, language),
        "all_effects": all_effects(made, language),
        "place_rows": place_rows(made, language),
    }


def window(made: Comparison, language: str = ENGLISH) -> str:
    """The months over which effects are averaged: the last year, or the whole of a shorter run."""
    if made.months >= YEAR:
        return translated("the last year", language)
    return translated("the {span} of the run", language, span=months(made.months, language))


def _priced(made: Comparison, unit: str) -> str:
    """A declared unit, with the year of its prices for `start prices`."""
    from sim.city import load_city
    from sim.outcomes.record import PRICES

    year = load_city(made.scenario.start_month[0]).price_year
    return unit.replace(PRICES, f"{year} prices")


def _factor(values: Sequence[float], unit: str, language: str) -> tuple[str, float, int]:
    """Unit in words, divisor and digits for the figures of a chart or a table of changes."""
    said, factor, _ = scale_of(values, unit, language)
    return said, factor, 2 if unit.startswith("share") else 3


def package_rows(made: Comparison, language: str = ENGLISH) -> list[dict[str, Any]]:
    """What each package is, what it was planned to cost, what was spent and refused, whom it reached."""
    rows = []
    for package in made.as_dict()["packages"]:
        meant = next(p for p in made.scenario.packages if p.name == package["name"])
        rows.append(
            {
                "name": package["name"],
                "levers": [_said(policy, language) for policy in meant.policies],
                "planned": number(_planned(meant, made) / 1e9, language, 1),
                "spent": number(package["cost_rp"] / 1e9, language, 1),
                "refused": number(package["refused_rp"] / 1e9, language, 1),
                "reach": "; ".join(_reached(name, n, language) for name, n in package["reach"].items() if n),
            }
        )
    return rows


def _reached(programme: str, times: float, language: str) -> str:
    """`cash transfer 2: 1,234`: the second lever of a kind has a number behind its name."""
    kind, _, second = programme.partition(" ")
    return f"{words(kind, language)} {second}".strip() + f": {number(times, language)}"


def _planned(package: Package, made: Comparison) -> float:
    """Rp (of the run's prices) that a package plans to spend in the months of this comparison."""
    from sim.city import deflator, load_city

    start = made.scenario.start_month
    return deflator(2024, load_city(start[0]).price_year) * planned_cost(package, start, made.months)


def _said(settings: Any, language: str) -> str:
    """One lever or shock as the scenario has it."""
    given = settings.model_dump(exclude_unset=True)
    kind = given.pop("lever", given.pop("kind", ""))
    parts = [_setting(name, value, language) for name, value in given.items()]
    return f"{words(str(kind), language)}: " + ", ".join(parts) if parts else words(str(kind), language)


def _setting(name: str, value: Any, language: str) -> str:
    """`Rp 85.0 billion a year`, `start January 2026`, `districts Gedebage and Rancasari`."""
    if name == "budget_rp_per_year":
        return translated("Rp {amount} billion a year", language, amount=number(value / 1e9, language, 1))
    return f"{words(name, language)} {_value(name, value, language)}"


def _value(name: str, value: Any, language: str) -> str:
    if pairs := _pairs(value):
        return ", ".join(f"{words(str(key), language)} {_value(str(key), one, language)}" for key, one in pairs)
    if isinstance(value, (list, tuple)):
        return listing([words(by_name(str(one)), language) for one in value], language)
    if isinstance(value, bool):
        return translated("yes" if value else "no", language)
    if name.endswith("_rp"):
        return rupiah(value, language, 3)
    if isinstance(value, float):
        return f"{value:g}" if language == ENGLISH else f"{value:g}".replace(".", ",")
    if name in ("start", "end") and value:
        return when(value, language)
    return words(value, language) if isinstance(value, str) else str(value)


def _pairs(value: Any) -> list[tuple[Any, Any]]:
    """Keys and values of a setting that is a mapping, which a lever may keep as a tuple of pairs; else nothing."""
    if isinstance(value, Mapping):
        return list(value.items())
    is_pairs = isinstance(value, (list, tuple)) and all(isinstance(one, tuple) and len(one) == 2 for one in value)
    return list(value) if is_pairs else []


def shock_rows(made: Comparison, language: str = ENGLISH) -> list[str]:
    return [_said(shock, language) for shock in made.scenario.shocks]


def _city(made: Comparison) -> pd.DataFrame:
    table = made.effects
    shocked = "on" if made.ensemble.has_shocks else "off"
    return table[(table["place"] == "city") & (table["group"] == "all") & (table["shocks"] == shocked)]


def effect_table(made: Comparison, language: str = ENGLISH) -> dict[str, Any]:
    """Headline effects in the last year: one row for each outcome, one column for each package."""
    city = _city(made)
    rows = []
    for name in TABLE:
        mine = city[city["outcome"] == name]
        if mine.empty:
            continue
        line = OUTCOMES[name]
        unit, factor, digits = _factor([float(mine["without"].iloc[0])], _priced(made, line.unit), language)
        cells = []
        for package in made.ensemble.policies:
            one = mine[mine["package"] == package].iloc[0]
            cells.append(_cell(one, factor, digits, line.good, language))
        without = number(mine["without"].iloc[0] / factor, language, digits)
        said = {"name": words(name, language), "unit": unit, "meaning": translated(line.meaning, language)}
        rows.append({**said, "without": without, "cells": cells})
    return {"packages": made.ensemble.policies, "rows": rows}


def _cell(one: Any, factor: float, digits: int, good: int, language: str) -> dict[str, Any]:
    told_apart = is_told_apart(one)
    tone = "none" if not told_apart or not good else "better" if one["effect"] * good > 0 else "worse"
    spread = ""
    effect, low, high = (number(one[k] / factor, language, digits, signed=True) for k in ("effect", "low", "high"))
    if np.isfinite(one["low"]):
        spread = translated("{low} to {high}", language, low=low, high=high)
    return {"effect": effect, "spread": spread, "tone": tone, "told_apart": told_apart}


def is_told_apart(one: Any) -> bool:
    """Whether an effect can be told apart from zero; one seed cannot tell."""
    return one["distinguishable"] is not None and bool(one["distinguishable"])


def curve_charts(made: Comparison, language: str = ENGLISH) -> list[str]:
    """Paths of the main outcomes with and without each package, in the worlds with the shock if there is one."""
    one = made.ensemble
    names = [name for name in CURVES if name in one.outcomes]
    paths = monthly_paths(one, names)
    shocked = "on" if one.has_shocks else "off"
    drawn = []
    for name in names:
        mine = paths[paths["outcome"] == name]
        unit, factor, _ = _factor(list(mine["mean"].dropna()), _priced(made, OUTCOMES[name].unit), language)
        lines = [_line(mine, package, shocked, spoken(package, language)) for package in one.packages]
        if one.has_shocks:
            lines.insert(1, _line(mine, "none", "off", translated("no policy, no shock", language)))
        title = capital(words(name, language))
        drawn.append(charts.curves(title, unit, one.months, lines, one.onset, factor, language))
    return drawn


def _line(paths: pd.DataFrame, package: str, shocks: str, label: str) -> tuple[str, np.ndarray, np.ndarray, np.ndarray]:
    mine = paths[(paths["package"] == package) & (paths["shocks"] == shocks)]
    return (label, *(mine[name].to_numpy(float) for name in ("mean", "low", "high")))


def triangle_charts(made: Comparison, language: str = ENGLISH) -> list[str]:
    """The resilience triangle of the main outcomes: mean path over seeds."""
    from sim.analysis.resilience import performance_paths

    one = made.ensemble
    if not one.has_shocks or one.onset is None:
        return []
    drawn = []
    for name in TRIANGLES:
        q = performance_paths(one, name)  # (package, seed, month)
        lines = [(spoken(p, language), q[k].mean(axis=0)) for k, p in enumerate(one.packages)]
        drawn.append(charts.triangle(capital(words(name, language)), one.months, lines, one.onset, language))
    return drawn


def resilience_rows(made: Comparison, language: str = ENGLISH) -> list[dict[str, Any]]:
    """Loss and recovery of the main outcomes, without policy and with each package."""
    if not made.ensemble.has_shocks:
        return []
    say, rows = speaker(language), []
    for _, one in made.resilience.iterrows():
        if one["outcome"] not in TRIANGLES:
            continue
        after = one["recovery_months"]
        back = number(after, language) if np.isfinite(after) else say("not yet")
        change, is_change = "", one["package"] != "none" and np.isfinite(one["effect_on_loss"])
        if is_change:
            effect, low, high = (number(one[k], language, 2, signed=True) for k in ("effect_on_loss", "low", "high"))
            is_known = np.isfinite(one["low"])
            change = say("{effect} ({low} to {high})", effect=effect, low=low, high=high) if is_known else effect
        rows.append(
            {
                "outcome": words(one["outcome"], language),
                "package": spoken(one["package"], language),
                "loss": number(one["loss"], language, 2),
                "robustness": number(one["robustness"], language, 3),
                "recovery": say("never below 95 %") if after == 0 else back,
                "recovered": percent(one["recovered_share"], language, 0),
                "change": change,
                "told_apart": is_change and is_told_apart(one),
            }
        )
    return rows


def maps(made: Comparison, language: str = ENGLISH) -> list[str]:
    """Change of poverty in the last year by kecamatan, for each package."""
    table, say = made.effects, speaker(language)
    shocked = "on" if made.ensemble.has_shocks else "off"
    drawn = []
    for package in made.ensemble.policies:
        mine = table[(table["package"] == package) & (table["outcome"] == "poverty_headcount")]
        mine = mine[(mine["place"] != "city") & (mine["shocks"] == shocked)].set_index("place")
        values = mine["effect"].reindex(made.ensemble.places).to_numpy(float) / 0.01
        drawn.append(charts.district_map(say("{package}: change of poverty", package=package), say("percentage points"),
                                         values, made.ensemble.place_names, better=-1, language=language))  # fmt: skip
    return drawn


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


def all_effects(made: Comparison, language: str = ENGLISH) -> list[dict[str, Any]]:
    """Every city-wide effect of the last year."""
    rows = []
    for _, one in _city(made).iterrows():
        unit, factor, digits = _factor([float(one["without"])], _priced(made, one["unit"]), language)
        cell = _cell(one, factor, digits, int(one["good"]), language)
        rows.append({"package": one["package"], "outcome": words(one["outcome"], language), "unit": unit,
                     "without": number(one["without"] / factor, language, digits), **cell})  # fmt: skip
    return rows


def place_rows(made: Comparison, language: str = ENGLISH) -> list[dict[str, Any]]:
    """Poverty and access by kecamatan without policy, and the change with each package."""
    table = made.effects
    shocked = "on" if made.ensemble.has_shocks else "off"
    mine = table[(table["place"] != "city") & (table["shocks"] == shocked) & (table["outcome"] == "poverty_headcount")]
    rows = []
    for code, name in zip(made.ensemble.places, made.ensemble.place_names, strict=True):
        here = mine[mine["place"] == code].set_index("package")
        if here.empty:
            continue
        cells = [number(100 * here.loc[p, "effect"], language, 2, signed=True) for p in made.ensemble.policies]
        rows.append({"name": name, "without": number(100 * here["without"].iloc[0], language, 2), "cells": cells})
    return rows
