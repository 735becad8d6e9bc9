"""Tables of what changes: the effects on the city, in units people read, and what a portfolio does beyond its parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.analysis.ensemble import YEAR
from sim.analysis.words import listing
from sim.declare import OUTCOMES
from sim.language import ENGLISH, months, number, translated
from sim.paper import scale_of
from sim.report.marks import TOGETHER, digits_of, signed, star, starred
from sim.summary import words

if TYPE_CHECKING:
    from sim.comparison import Comparison

TABLE = (
    "poverty_headcount",
    "poverty_gap",
    "unemployment_rate",
    "informal_share",
    "median_wage",
    "mean_wage",
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


def price_year(made: Comparison) -> int:
    """The year of whose prices every Rp of the comparison is."""
    from sim.city import load_city

    return load_city(made.scenario.start_month[0]).price_year


def priced(made: Comparison, unit: str) -> str:
    """A declared unit, with the year of its prices for `start prices`."""
    from sim.outcomes.record import PRICES

    return unit.replace(PRICES, f"{price_year(made)} prices")


def factor_of(values: Sequence[float], unit: str, language: str) -> tuple[str, float, int]:
    """Unit in words, divisor and digits for the figures of a chart or a table of changes."""
    said, factor, _ = scale_of(values, unit, language)
    return said, factor, 2 if unit.startswith("share") else 3


def window(made: Comparison, language: str = ENGLISH) -> str:
    """The months over which effects are averaged: the last year, or the whole of a shorter run."""
    if made.months >= YEAR:
        return translated("the last year", language)
    return translated("the {span} of the run", language, span=months(made.months, language))


def city_effects(made: Comparison) -> pd.DataFrame:
    table = made.effects
    shocked = "on" if made.ensemble.has_shocks else "off"
    return table[(table["place"] == "city") & (table["group"] == "all") & (table["shocks"] == shocked)]


def effect_table(made: Comparison, language: str = ENGLISH) -> dict[str, Any]:
    """Headline effects in the last year: one row for each outcome, one column for each package."""
    city = city_effects(made)
    rows = []
    for name in TABLE:
        mine = city[city["outcome"] == name]
        if mine.empty:
            continue
        line = OUTCOMES[name]
        unit, factor, digits = factor_of([float(mine["without"].iloc[0])], priced(made, line.unit), language)
        changes = [mine[mine["package"] == package].iloc[0] for package in made.ensemble.policies]
        digits = digits_of(changes, "effect", factor, digits)
        cells = [_cell(one, factor, digits, line.good, language) for one in changes]
        without = number(mine["without"].iloc[0] / factor, language, digits)
        said = {"name": words(name, language), "unit": unit, "meaning": translated(line.meaning, language)}
        rows.append({**said, "without": without, "cells": cells})
    return {"packages": made.ensemble.policies, "rows": rows}


def _cell(one: Any, factor: float, digits: int, good: int, language: str, what: str = "effect") -> dict[str, Any]:
    """A change with its interval, star, and whether it is for the better."""
    mark, spread = starred(one, what, factor, digits), ""
    tone = "none" if mark != TOGETHER or not good else "better" if one[what] * good > 0 else "worse"
    effect, low, high = (signed(one[k] / factor, language, digits) for k in (what, "low", "high"))
    if np.isfinite(one["low"]):
        spread = translated("{low} to {high}", language, low=low, high=high)
    return {"effect": effect, "spread": spread, "tone": tone, "star": mark}


def all_effects(made: Comparison, language: str = ENGLISH) -> list[dict[str, Any]]:
    """Every city-wide effect of the last year."""
    rows = []
    for _, one in city_effects(made).iterrows():
        unit, factor, digits = factor_of([float(one["without"])], priced(made, one["unit"]), language)
        digits = digits_of([one], "effect", factor, digits)
        cell = _cell(one, factor, digits, int(one["good"]), language)
        rows.append({"package": one["package"], "outcome": words(one["outcome"], language), "unit": unit,
                     "without": number(one["without"] / factor, language, digits), **cell})  # fmt: skip
    return rows


def synergy_tables(made: Comparison, language: str = ENGLISH) -> list[dict[str, Any]]:
    """What each package that is the whole of others does, what its parts' effects add up to, and the difference.

    The headline outcomes that the whole changes, or changes other than its parts together, beyond chance: with one seed
    there is nothing to tell.
    """
    if not made.ensemble.parts or len(made.seeds) < 2:
        return []
    table, city = made.synergy.set_index("outcome"), city_effects(made)
    found = []
    for whole, parts in made.ensemble.parts.items():
        mine, effect = table[table["whole"] == whole], city[city["package"] == whole].set_index("outcome")
        names = [name for name in TABLE if name in mine.index and (star(effect.loc[name]) or star(mine.loc[name]))]
        rows = [_compared(made, name, mine.loc[name], language) for name in names]
        found.append({"whole": whole, "parts": listing(parts, language), "rows": rows})
    return found


def _compared(made: Comparison, name: str, one: Any, language: str) -> dict[str, Any]:
    """One outcome: together, added up, and the difference with its interval."""
    line = OUTCOMES[name]
    unit, factor, digits = factor_of([float(one["without"])], priced(made, line.unit), language)
    digits = digits_of([one], "difference", factor, digits)
    both = {key: signed(one[key] / factor, language, digits) for key in ("together", "added_up")}
    cell = _cell(one, factor, digits, line.good, language, "difference")
    return {"name": words(name, language), "unit": unit, **both, **cell}
