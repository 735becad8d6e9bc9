"""What a planner reads after a run: outcomes with units, best and worst districts, what was assumed, how to repeat."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.catalogue import LEVERS, SHOCKS
from sim.city import load_city
from sim.declare import OUTCOMES, Parameter
from sim.language import ENGLISH, INDONESIAN, months, number, percent, speaker, texts, translated, when
from sim.paper import WIDTH, as_text, figures, put, table
from sim.repeating import to_save
from sim.sheet import Sheet
from sim.span import outside

if TYPE_CHECKING:
    import pandas as pd

    from sim.runner import RunResult
    from sim.scenario import Scenario

BOOKS = texts("money", "people", "jobs")  # whose largest error is told
BALANCED = 1e-9  # largest relative error of balanced books
EXTREMES = 5  # districts shown at each end
PANDEMIC = (2020, 2021)  # years whose figures are no usual ones (SOURCES.md)
LAST = 12  # months averaged for the districts
# The order in which a planner reads them: people, work, poverty, inequality, hardship, services, community, money.
ORDER = (
    "population",
    "unemployment_rate",
    "informal_share",
    "median_wage",
    "mean_wage",
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


def text(result: RunResult, *, dataset: Path | None = None, width: int = WIDTH, language: str = ENGLISH) -> str:
    """The whole summary as plain text of at most `width` columns."""
    return as_text(_parts(result, dataset, language), width)


def show(result: RunResult, *, dataset: Path | None = None, language: str = ENGLISH) -> None:
    """Print the summary."""
    put(_parts(result, dataset, language))


def _parts(result: RunResult, dataset: Path | None, language: str) -> Iterable[Any]:
    say = speaker(language)
    yield from _head(result, language)
    yield ""
    yield say("Outcomes, whole city")
    yield outcome_table(result, language)
    for name in BY_DISTRICT:
        yield from district_table(result, name, language)
    yield ""
    yield say("What was assumed")
    yield from (f"- {one}" for one in assumptions(result, language))
    yield ""
    if dataset:
        yield say("Dataset: {folder}", folder=dataset)
    else:
        yield say("Dataset: not kept; add --out DIR to keep every outcome of every month")
    yield say("Repeat:  {command}", command=result.command)
    yield from to_save(result.scenario, result.dataset, language)


def _head(result: RunResult, language: str) -> Iterable[str]:
    scenario = result.scenario.spoken(language)
    yield scenario.title
    if scenario.question:
        yield scenario.question
    yield from facts(result, language)


def facts(result: RunResult, language: str = ENGLISH) -> Iterable[str]:
    """What was run: when, how many, at which scale; how long it took, and whether the books balance."""
    say, seconds = speaker(language), result.seconds
    whole = (
        say("every one of the city")
        if result.scale == 1
        else say("each stands for {scale}", scale=number(result.scale, language))
    )
    yield say(
        "{span} from {start}: {persons} persons in {households} households, {businesses} businesses with "
        "employees, {own_account} own-account ({whole}), seed {seed}",
        span=months(result.months, language),
        start=when(result.start, language),
        whole=whole,
        seed=result.seed,
        **{name: number(count, language) for name, count in result.counts.items()},
    )
    balanced = max(result.identities.values()) <= BALANCED
    books = (f"{say(name)} {error:.0e}" if error else f"{say(name)} 0" for name, error in result.identities.items())
    yield say(
        "Built in {build} s, run in {run} s. {balance}; largest error: {books}",
        balance=say("Books balance") if balanced else say("Books do not balance"),
        books=", ".join(books),
        **{name: number(seconds[name], language, 1) for name in ("build", "run")},
    )


def outcome_table(result: RunResult, language: str = ENGLISH) -> Sheet:
    """The headline outcomes: start, end, and the range between."""
    say = speaker(language)
    spans = (say("start"), say("end"), say("least"), say("most"))
    return table((say("outcome"), *spans, say("unit")), outcome_rows(result, language), right=spans)


def outcome_rows(result: RunResult, language: str = ENGLISH) -> list[tuple[str, ...]]:
    """Name, start, end, least, most and unit of each headline outcome, as a reader reads them."""
    city = result.frame[(result.frame["place"] == "city") & (result.frame["group"] == "all")]
    spread = city.groupby("outcome", observed=True)["value"].agg(["min", "max"])
    rows = []
    for name in headlines(result.outcomes):
        line = result.outcomes[name]
        least, most = (spread.at[name, s] if name in spread.index else math.nan for s in ("min", "max"))
        unit, numbers = figures([line["first"], line["last"], least, most], line["unit"], language)
        rows.append((words(name, language), *numbers, unit))
    return rows


def headlines(measured: Iterable[str]) -> list[str]:
    """The headline outcomes, in the order a planner reads them; all, where none is declared a headline."""
    measured = list(measured)
    chosen = [name for name in measured if name in OUTCOMES and OUTCOMES[name].headline] or measured
    return sorted(chosen, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))


def words(name: str, language: str = ENGLISH) -> str:
    """A declared name (of an outcome, a lever, a setting, a choice) as a reader says it."""
    text = name.removesuffix("_rp").replace("_", " ")
    said, kind = translated(text, language), LEVERS.get(name) or SHOCKS.get(name)
    if said == text and kind and language == INDONESIAN:  # a lever or shock says its own Indonesian name
        return kind.indonesian if kind.indonesian[1:2].isupper() else kind.indonesian[:1].lower() + kind.indonesian[1:]
    return said


def district_table(result: RunResult, name: str, language: str = ENGLISH) -> list[Any]:
    """The five best and the five worst districts by the mean of the last year; nothing where it is not measured."""
    found = ranked_districts(result, name, language)
    return ["", found.title, table(found.columns, found.rows, right=(" ", "  "))] if found else []


class Ranked(NamedTuple):
    """Districts at both ends of an outcome, as a reader reads them."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def ranked_districts(result: RunResult, name: str, language: str = ENGLISH) -> Ranked | None:
    """The best and the worst districts by the mean of the last year; None where it is not measured."""
    mean = district_means(result, name)
    if mean.empty:
        return None
    good = OUTCOMES[name].good if name in OUTCOMES else 1
    ranked = mean.sort_values(ascending=good < 0, kind="stable")
    unit, numbers = figures(list(ranked), result.outcomes[name]["unit"], language)
    named = list(zip((result.places.get(str(code), str(code)) for code in ranked.index), numbers, strict=True))
    best, worst = named[:EXTREMES], named[: -EXTREMES - 1 : -1]
    rows = [(a, x, b, y) for (a, x), (b, y) in zip(best, worst, strict=True)]
    say = speaker(language)
    title = say(
        "Districts by {outcome} ({unit}), mean of the last {span}",
        outcome=words(name, language),
        unit=unit,
        span=months(min(LAST, result.months), language),
    )
    columns = (say("best {count}", count=EXTREMES), " ", say("worst {count}", count=EXTREMES), "  ")
    return Ranked(title, columns, rows)


def district_means(result: RunResult, name: str) -> pd.Series:
    """The outcome of each district, averaged over the last year of the run."""
    frame = result.frame
    last = sorted(frame["month"].unique())[-LAST:]
    of_districts = (frame["outcome"] == name) & (frame["group"] == "all") & (frame["place"] != "city")
    chosen = frame[of_districts & frame["month"].isin(last)]
    return chosen.groupby("place", observed=True)["value"].mean()


def assumptions(result: RunResult, language: str = ENGLISH) -> Iterable[str]:
    """What the figures rest on, a sentence each."""
    from sim.parameters import catalogue

    say = speaker(language)
    told = provenance(catalogue().values(), language)
    yield say("{provenance}; `bandung parameters` lists them with their sources.", provenance=told)
    if changed := result.scenario.parameters:
        values = ", ".join(f"{name} = {value:g}" for name, value in changed.items())
        yield say("The scenario sets {values}.", values=values)
    yield begins_with(result.scenario, language)
    yield from (translated(one, language) for one in result.remarks)
    if not happen(result.scenario, result.months, result.shocks):
        yield say("No flood, earthquake, slump or other shock happens: this is a path, not a forecast.")
    yield say("Money is rupiah of constant prices; one seed is one possible course of chance.")
    yield chance_note(result, language)


def happen(scenario: Scenario, months: int, shocks: bool) -> bool:
    """Whether any shock of the scenario begins within the run."""
    return shocks and len(scenario.shocks) > len(outside(scenario, months, ()))


def begins_with(scenario: Scenario, language: str = ENGLISH) -> str:
    """Of which year the figures are that the city begins with."""
    year = load_city(scenario.start_month[0]).data_year
    if year in PANDEMIC:
        text = "The city begins with the figures of {year}, a year of the pandemic: work and poverty are those of then."
        return translated(text, language, year=year)
    return translated("The city begins with the figures of {year}.", language, year=year)


def provenance(lines: Iterable[Parameter], language: str = ENGLISH) -> str:
    """How many parameters rest on a source, on calibration, on memory and on an assumption."""
    sources = [line.source for line in lines]
    assumed, fitted, recalled = (sources.count(word) for word in ("assumption", "calibrated", "memory"))
    return translated(
        "{all} parameters: {sourced} from a source, {recalled} recalled without one, {fitted} calibrated, "
        "{assumed} assumed",
        language,
        all=len(sources),
        sourced=len(sources) - assumed - fitted - recalled,
        recalled=recalled,
        fitted=fitted,
        assumed=assumed,
    )


def chance_note(result: RunResult, language: str = ENGLISH) -> str:
    """How far a district's poverty figure can be off by chance alone, from the number of its households."""
    per_district = max(result.counts["households"] / max(len(result.places), 1), 1)
    poor = district_means(result, "poverty_headcount").mean()
    poor = poor if math.isfinite(poor) else 0.04
    error = 1.96 * math.sqrt(max(poor * (1 - poor), 0.0) / per_district)
    return translated(
        "A district has about {households} simulated households: chance alone moves its poverty rate in one month by "
        "up to {points} percentage points.",
        language,
        households=number(per_district, language),
        points=number(100 * error, language, 1),
    )


def show_timings(result: RunResult, language: str = ENGLISH) -> None:
    """Print the seconds each act of the month took, where they were asked for."""
    if not result.timings:
        return
    say, total = speaker(language), sum(result.timings.values()) or 1.0
    rows = [
        (words(act, language), number(seconds, language, 3), percent(seconds / total, language))
        for act, seconds in result.timings.items()
    ]
    numbers = (say("seconds"), say("share"))
    put(["", say("Seconds by act of the month"), table((say("act"), *numbers), rows, right=numbers)])
