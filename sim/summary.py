"""What a planner reads after a run: outcomes with units, best and worst districts, what was assumed, how to repeat."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from sim.declare import OUTCOMES, Parameter
from sim.paper import WIDTH, as_text, figures, put, table

if TYPE_CHECKING:
    import pandas as pd

    from sim.runner import RunResult

BALANCED = 1e-9  # largest relative error of balanced books
EXTREMES = 5  # districts shown at each end
LAST = 12  # months averaged for the districts
# The order in which a planner reads them: people, work, poverty, inequality, hardship, services, community, money.
ORDER = (
    "population",
    "unemployment_rate",
    "informal_share",
    "median_wage",
    "poverty_headcount",
    "poverty_gap",
    "gini",
    "food_insecure_share",
    "no_buffer_share",
    "out_of_school_share",
    "child_development",
    "service_access",
    "service_quality",
    "participation_rate",
    "trust",
    "value_added_index",
    "business_survival",
    "technology_adoption",
    "csr_rp",
    "treasury_rp",
)
BY_DISTRICT = ("poverty_headcount", "service_access")


def text(result: RunResult, *, dataset: Path | None = None, width: int = WIDTH) -> str:
    """The whole summary as plain text of at most `width` columns."""
    return as_text(_parts(result, dataset), width)


def show(result: RunResult, *, dataset: Path | None = None) -> None:
    """Print the summary."""
    put(_parts(result, dataset))


def _parts(result: RunResult, dataset: Path | None) -> Iterable[Any]:
    yield from _head(result)
    yield ""
    yield "Outcomes, whole city"
    yield outcome_table(result)
    for name in BY_DISTRICT:
        yield from district_table(result, name)
    yield ""
    yield from _assumed(result)
    yield ""
    yield f"Dataset: {dataset}" if dataset else "Dataset: not kept; add --out DIR to keep every outcome of every month"
    yield f"Repeat:  {result.command}"


def _head(result: RunResult) -> Iterable[str]:
    counts, seconds = result.counts, result.seconds
    yield result.scenario.title
    if result.scenario.question:
        yield result.scenario.question
    whole = "every one of the city" if result.scale == 1 else f"each stands for {result.scale}"
    yield (
        f"{result.months} months from {result.start}: {counts['persons']:,} persons in {counts['households']:,} "
        f"households, {counts['businesses']:,} businesses with employees, {counts['own_account']:,} own-account "
        f"({whole}), seed {result.seed}"
    )
    balance = "Books balance" if max(result.identities.values()) <= BALANCED else "Books do not balance"
    books = ", ".join(f"{name} {error:.0e}" if error else f"{name} 0" for name, error in result.identities.items())
    yield f"Built in {seconds['build']:.1f} s, run in {seconds['run']:.1f} s. {balance}; largest error: {books}"


def outcome_table(result: RunResult) -> Table:
    """The headline outcomes: start, end, and the range between."""
    city = result.frame[(result.frame["place"] == "city") & (result.frame["group"] == "all")]
    spread = city.groupby("outcome", observed=True)["value"].agg(["min", "max"])
    rows = []
    for name in headlines(result.outcomes):
        line = result.outcomes[name]
        least, most = (spread.at[name, s] if name in spread.index else math.nan for s in ("min", "max"))
        unit, numbers = figures([line["first"], line["last"], least, most], line["unit"])
        rows.append((words(name), *numbers, unit))
    spans = ("start", "end", "least", "most")
    return table(("outcome", *spans, "unit"), rows, right=spans)


def headlines(measured: Iterable[str]) -> list[str]:
    """The headline outcomes, in the order a planner reads them; all, where none is declared a headline."""
    measured = list(measured)
    chosen = [name for name in measured if name in OUTCOMES and OUTCOMES[name].headline] or measured
    return sorted(chosen, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))


def words(name: str) -> str:
    return name.removesuffix("_rp").replace("_", " ")


def district_table(result: RunResult, name: str) -> list[Any]:
    """The five best and the five worst districts by the mean of the last year; nothing where it is not measured."""
    mean = district_means(result, name)
    if mean.empty:
        return []
    good = OUTCOMES[name].good if name in OUTCOMES else 1
    ranked = mean.sort_values(ascending=good < 0, kind="stable")
    unit, numbers = figures(list(ranked), result.outcomes[name]["unit"])
    named = list(zip((result.places.get(str(code), str(code)) for code in ranked.index), numbers, strict=True))
    best, worst = named[:EXTREMES], named[: -EXTREMES - 1 : -1]
    rows = [(a, x, b, y) for (a, x), (b, y) in zip(best, worst, strict=True)]
    title = f"Districts by {words(name)} ({unit}), mean of the last {min(LAST, result.months)} months"
    columns = (f"best {EXTREMES}", " ", f"worst {EXTREMES}", "  ")
    return ["", title, table(columns, rows, right=(" ", "  "))]


def district_means(result: RunResult, name: str) -> pd.Series:
    """The outcome of each district, averaged over the last year of the run."""
    frame = result.frame
    last = sorted(frame["month"].unique())[-LAST:]
    of_districts = (frame["outcome"] == name) & (frame["group"] == "all") & (frame["place"] != "city")
    chosen = frame[of_districts & frame["month"].isin(last)]
    return chosen.groupby("place", observed=True)["value"].mean()


def _assumed(result: RunResult) -> Iterable[str]:
    from sim.parameters import catalogue

    yield "What was assumed"
    yield f"- {provenance(catalogue().values())}; `bandung parameters` lists them with their sources."
    if changed := result.scenario.parameters:
        yield "- The scenario sets " + ", ".join(f"{name} = {value:g}" for name, value in changed.items()) + "."
    if not result.scenario.shocks or not result.shocks:
        yield "- No flood, earthquake, slump or other shock happens: this is a path, not a forecast."
    yield "- Money is rupiah of constant prices; one seed is one possible course of chance."
    yield f"- {chance_note(result)}"


def provenance(lines: Iterable[Parameter]) -> str:
    """How many parameters rest on a source, on calibration, on memory and on an assumption."""
    sources = [line.source for line in lines]
    assumed, fitted, recalled = (sources.count(word) for word in ("assumption", "calibrated", "memory"))
    return (
        f"{len(sources)} parameters: {len(sources) - assumed - fitted - recalled} from a source, "
        f"{recalled} recalled without one, {fitted} calibrated, {assumed} assumed"
    )


def chance_note(result: RunResult) -> str:
    """How far a district's poverty figure can be off by chance alone, from the number of its households."""
    per_district = max(result.counts["households"] / max(len(result.places), 1), 1)
    poor = district_means(result, "poverty_headcount").mean()
    poor = poor if math.isfinite(poor) else 0.04
    error = 1.96 * math.sqrt(max(poor * (1 - poor), 0.0) / per_district)
    return (
        f"A district has about {per_district:,.0f} simulated households: chance alone moves its poverty rate in one "
        f"month by up to {100 * error:.1f} percentage points."
    )


def show_timings(result: RunResult) -> None:
    """Print the seconds each act of the month took, where they were asked for."""
    if not result.timings:
        return
    total = sum(result.timings.values()) or 1.0
    print("\nSeconds by act of the month")
    for act, seconds in result.timings.items():
        print(f"  {act:<32} {seconds:8.3f} s {100 * seconds / total:5.1f} %")
