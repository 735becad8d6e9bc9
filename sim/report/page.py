"""The report of a comparison: what a planner reads first, then the pictures, then everything behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from jinja2 import Environment, PackageLoader, select_autoescape

from sim.analysis.effects import monthly_paths, told
from sim.analysis.ensemble import NONE, YEAR
from sim.analysis.findings import focus_of
from sim.analysis.incidence import winners_and_losers
from sim.analysis.resilience import RECOVERED, hit_hardest, performance_paths
from sim.analysis.words import listing
from sim.choices import by_name, month_number
from sim.declare import OUTCOMES
from sim.language import ENGLISH, capital, months, number, percent, rupiah, speaker, texts, translated, when
from sim.paper import scale_of
from sim.repeating import to_save
from sim.report import charts
from sim.report.marks import LEGEND, TOGETHER, digits_of, signed, star, starred
from sim.report.standing import (
    agreeing,
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
    from sim.runner import RunResult

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
BUDGETS = 2024  # the year of whose prices the money in scenario files is
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
        "prices": price_year(made),
        "legend": [translated(one, language) for one in LEGEND],
        "agreeing": agreeing(len(made.seeds)),
        "shock_rows": shock_rows(made, language),
        "effect_table": effect_table(made, language),
        "curves": curve_charts(made, language),
        "triangles": triangle_charts(made, language),
        "resilience_rows": resilience_rows(made, language),
        "maps": maps(made, language),
        "unmapped": unmapped(made, language),
        "gainers": gain_charts(made, language),
        "index": index_table(made.ensemble, language),
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


def window(made: Comparison, language: str = ENGLISH) -> str:
    """The months over which effects are averaged: the last year, or the whole of a shorter run."""
    if made.months >= YEAR:
        return translated("the last year", language)
    return translated("the {span} of the run", language, span=months(made.months, language))


def price_year(made: Comparison) -> int:
    """The year of whose prices every Rp of the comparison is."""
    from sim.city import load_city

    return load_city(made.scenario.start_month[0]).price_year


def _priced(made: Comparison, unit: str) -> str:
    """A declared unit, with the year of its prices for `start prices`."""
    from sim.outcomes.record import PRICES

    return unit.replace(PRICES, f"{price_year(made)} prices")


def cost_notes(made: Comparison, language: str = ENGLISH) -> list[str]:
    """What planned, spent and not payable are, and why they do not add up."""
    from sim.city import deflator

    say, year = speaker(language), price_year(made)
    notes = [say("Planned: each package's money in the months it works, with every lever's start, ramp and end.")]
    if year != BUDGETS:
        rate = number(deflator(BUDGETS, year), language, 2)
        text = "Budgets in the scenario file are in Rp of {file}; Rp 1 of them is Rp {rate} of {year}."
        notes.append(say(text, file=BUDGETS, rate=rate, year=year))
    if any(package["cost_rp"] < 0 for package in made.as_dict()["packages"]):
        notes.append(say("Spent below zero: the package saves money."))
    return [
        *notes,
        say(
            "Spent is less than planned where a programme waits for its case or fewer ask than the money would serve; "
            "of the rest the city usually spends about 94 %."
        ),
        say(
            "Not payable: due or asked for, beyond the package's budget or its payer's money. It was never planned, so "
            "planned is not the sum of the two."
        ),
    ]


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
                "planned": number(made.planned[package["name"]] / 1e9, language, 1),
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
    """The shocks that begin within the run, with their settings."""
    last = month_number(made.scenario.start) + made.months
    felt = [one for one in made.scenario.shocks if month_number(one.model_dump()["start"]) < last]
    return [_said(shock, language) for shock in felt]


def shock_starts(made: Comparison | RunResult, language: str = ENGLISH) -> list[tuple[int, str]]:
    """Month of the run in which each shock begins, and its name: those that begin within the run."""
    from sim.disturbance import shocks_of

    felt = [one for one in shocks_of(made.scenario.shocks, made.scenario.start_month) if one.settings.intensity > 0]
    named = [(max(one.first, 0), words(one.settings.model_dump()["kind"], language)) for one in felt]
    return sorted(one for one in named if one[0] < made.months)


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
        changes = [mine[mine["package"] == package].iloc[0] for package in made.ensemble.policies]
        digits = digits_of(changes, "effect", factor, digits)
        cells = [_cell(one, factor, digits, line.good, language) for one in changes]
        without = number(mine["without"].iloc[0] / factor, language, digits)
        said = {"name": words(name, language), "unit": unit, "meaning": translated(line.meaning, language)}
        rows.append({**said, "without": without, "cells": cells})
    return {"packages": made.ensemble.policies, "rows": rows}


def _cell(one: Any, factor: float, digits: int, good: int, language: str) -> dict[str, Any]:
    mark, spread = starred(one, "effect", factor, digits), ""
    tone = "none" if mark != TOGETHER or not good else "better" if one["effect"] * good > 0 else "worse"
    effect, low, high = (signed(one[k] / factor, language, digits) for k in ("effect", "low", "high"))
    if np.isfinite(one["low"]):
        spread = translated("{low} to {high}", language, low=low, high=high)
    return {"effect": effect, "spread": spread, "tone": tone, "star": mark}


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
        quiet = _line(mine, "none", "off", translated("no policy, no shock", language)) if one.has_shocks else None
        title, shocks = capital(words(name, language)), shock_starts(made, language)
        drawn.append(charts.curves(title, unit, one.months, lines, shocks, factor, language, quiet))
    return drawn


def _line(paths: pd.DataFrame, package: str, shocks: str, label: str) -> tuple[str, np.ndarray, np.ndarray, np.ndarray]:
    mine = paths[(paths["package"] == package) & (paths["shocks"] == shocks)]
    return (label, *(mine[name].to_numpy(float) for name in ("mean", "low", "high")))


def resilient(made: Comparison) -> tuple[str, ...]:
    """Outcomes whose resilience is shown: the one that the words name as hit hardest, then the main ones."""
    worst = hit_hardest(made.resilience, focus_of(made.ensemble, None))
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


def all_effects(made: Comparison, language: str = ENGLISH) -> list[dict[str, Any]]:
    """Every city-wide effect of the last year."""
    rows = []
    for _, one in _city(made).iterrows():
        unit, factor, digits = _factor([float(one["without"])], _priced(made, one["unit"]), language)
        digits = digits_of([one], "effect", factor, digits)
        cell = _cell(one, factor, digits, int(one["good"]), language)
        rows.append({"package": one["package"], "outcome": words(one["outcome"], language), "unit": unit,
                     "without": number(one["without"] / factor, language, digits), **cell})  # fmt: skip
    return rows


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
