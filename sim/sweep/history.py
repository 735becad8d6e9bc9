"""The model against the past: a fit to the years up to 2021, and what it then says of the years that followed.

The fit is a history matching: many combinations of uncertain numbers live the years from 2019 with their real shocks;
those that stand too far from a published figure of 2020 or 2021 are ruled out. Implausibility is the distance over
what could explain it: error of the figure, luck of the seeds, and what the model leaves out. The rest forecasts the
years after 2021, which the fit has not seen, and is scored against carrying the last figure on. The shocks of those
years are given: it is a forecast of what they did, not of the shocks. Source: vernon_2010; gneiting_raftery_2007.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.language import figure, texts, told
from sim.sweep.futures import Futures

if TYPE_CHECKING:
    import pandas as pd

SCENARIO, FIRST, LAST, FITTED_TO = "historical_2019_2024", 2019, 2024, 2021
RULED_OUT = 3.0  # implausibility beyond which a point is dropped
LEAST_KEPT = 0.1  # share of the points that forecasts when more are ruled out


@dataclass(frozen=True)
class Target:
    """A published figure of each year, and what the model says of the same. `error` and `left_out` are standard
    deviations: of the published figure, and of what the model cannot know (both assumptions)."""

    name: str
    indicator: str  # in the city's series
    factor: float  # to the outcome's unit
    outcome: str
    month: str  # MM of the survey; empty: the year's mean, as growth on the year before
    error: float
    left_out: float


# Errors: surveys of some thousand persons; left out: a tenth of the level (a percentage point of growth).
TARGETS = (
    Target("unemployment", "open_unemployment_rate_TPT", 0.01, "unemployment_rate", "08", 0.005, 0.008),
    Target("poverty", "poverty_headcount_P0", 0.01, "poverty_headcount", "03", 0.003, 0.004),
    Target("inequality", "gini_ratio", 1.0, "gini", "03", 0.012, 0.02),
    Target("growth", "GRDP_growth", 0.01, "value_added_index", "", 0.003, 0.01),
)
(TITLE,) = texts("Bandung 2019 to 2024")
VARIED: tuple[dict[str, Any], ...] = (
    {"shock": "pandemic", "setting": "intensity", "low": 0.25, "high": 0.65},
    {"shock": "pandemic", "setting": "layoffs", "low": 0.03, "high": 0.1},
    {"shock": "pandemic", "setting": "recovery", "low": 15, "high": 60},
    {"parameter": "labour.matching_efficiency", "low": 0.22, "high": 0.42},
    {"parameter": "goods.hoarding", "low": 0.0, "high": 0.1},
    {"parameter": "drivers.external_growth", "low": -0.01, "high": 0.02},
)


def column(target: Target, year: int) -> str:
    return f"{target.name} {year}"


def history_design(samples: int, seeds: int, scale: int) -> Any:
    """The design of the fit: a Latin hypercube over `VARIED`, every figure of every year."""
    from sim.sweep.design import Design

    outcomes = []
    for target in TARGETS:
        for year in range(FIRST, LAST + 1):
            first, last = (target.month, target.month) if target.month else ("01", "12")
            window = {"start": f"{year}-{first}", "end": f"{year}-{last}", "name": column(target, year)}
            outcomes.append({"outcome": target.outcome, "summary": "mean"} | window)
    return Design(
        title=TITLE, scenario=SCENARIO, scale=scale, seeds=seeds, past="shared", shocks="on",
        packages=("none",), uncertainties=list(VARIED), outcomes=outcomes,
        sampling={"method": "lhs", "samples": samples},
    )  # fmt: skip


@cache
def published(target: Target) -> dict[int, float]:
    """The published figures by year, in the outcome's unit; 2019, the start, is no test."""
    from sim.city.reading import data_folder, open_library
    from sim.city.series import read_series

    found = read_series(open_library(data_folder(None))).at(target.indicator)
    return {year: value * target.factor for year, value in sorted(found.items()) if FIRST < year <= LAST}


def simulated(futures: Futures, target: Target) -> dict[int, np.ndarray]:
    """What the model says of the same figures: (points, seeds) by year."""
    levels = {y: futures.values(futures.measure(column(target, y)))[:, :, 0] for y in range(FIRST, LAST + 1)}
    if target.month:
        return levels
    return {year: levels[year] / levels[year - 1] - 1 for year in range(FIRST + 1, LAST + 1)}


@dataclass
class Fit:
    """Which points the years up to 2021 leave. `table`: one row per varied number: range sampled, range left."""

    futures: Futures
    implausibility: np.ndarray  # (points,) the largest over targets and years
    kept: np.ndarray  # (points,) booleans
    enough: bool  # False: all were ruled out but the least bad
    table: pd.DataFrame
    worst: str  # the figure that rules out most points


def fit(futures: Futures) -> Fit:
    """History matching on the years up to 2021. Raises InputError for a sweep of something else."""
    if column(TARGETS[0], FIRST) not in futures.measures:
        raise InputError(told("this folder is no calibration; run `bandung calibrate --out DIR` first"))
    distances, names = [], []
    for target in TARGETS:
        model = simulated(futures, target)
        for year, value in published(target).items():
            if year <= FITTED_TO:
                distances.append(_distance(model[year], value, target))
                names.append(column(target, year))
    each = np.array(distances)
    largest = np.nan_to_num(each.max(axis=0), nan=np.inf)
    kept = largest <= RULED_OUT
    enough = bool(kept.sum() >= max(LEAST_KEPT * len(kept), 1))
    if not enough:
        kept = np.argsort(np.argsort(largest, kind="stable")) < max(round(LEAST_KEPT * len(largest)), 1)
    return Fit(
        futures, largest, kept, enough, _ranges(futures, kept), names[int((each > RULED_OUT).sum(axis=1).argmax())]
    )


def _distance(model: np.ndarray, value: float, target: Target) -> np.ndarray:
    """How far each point's mean stands from the figure, over what could explain it."""
    luck = model.var(axis=1, ddof=1).mean() / model.shape[1] if model.shape[1] > 1 else 0.0
    return np.abs(model.mean(axis=1) - value) / np.sqrt(luck + target.error**2 + target.left_out**2)


def _ranges(futures: Futures, kept: np.ndarray) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for k, name in enumerate(futures.factors):
        values = futures.sample[:, k]
        low, middle, high = np.quantile(values[kept], [0.05, 0.5, 0.95])
        row = {"number": name, "sampled_low": values.min(), "sampled_high": values.max()}
        rows.append(row | {"left_low": low, "middle": middle, "left_high": high})
    return pd.DataFrame(rows)


def fit_sentences(found: Fit) -> list[str]:
    """The fit in words."""
    from sim.sweep.words import counted, number

    seeds = len(found.futures.seeds)
    said: list[str] = [
        told(
            "{points} combinations, {seeds}, lived {first} to {last}; the figures of {from_} to {to} leave "
            "{left} of them (at most {most} deviations from every figure). The figure that rules out most is {worst}.",
            points=figure(len(found.kept)),
            seeds=told("one seed each") if seeds == 1 else told("{seeds} seeds each", seeds=seeds),
            first=FIRST,
            last=LAST,
            from_=FIRST + 1,
            to=FITTED_TO,
            left=figure(int((found.implausibility <= RULED_OUT).sum())),
            most=f"{RULED_OUT:g}",
            worst=_in_words(found.worst),
        )
    ]
    if not found.enough:
        text = (
            "That is too few: the {count} least implausible stand for them. The model as sampled does not reach all "
            "the figures at once."
        )
        said.append(told(text, count=figure(int(found.kept.sum()))))
    best = number(found.implausibility[int(np.argmin(found.implausibility))])
    said.append(told("The nearest combination is {count} standard deviations off at worst.", count=best))
    width = (found.table["left_high"] - found.table["left_low"]) / (
        found.table["sampled_high"] - found.table["sampled_low"]
    )
    narrow = list(found.table["number"][width < 0.75])
    said.append(
        told("The figures narrow {names}.", names=counted(narrow))
        if narrow
        else told("They narrow no single number: what is left is a ridge of combinations.")
    )
    return said


def _in_words(column: str) -> str:
    """`poverty 2021`, with the name of the figure as each language has it."""
    name, year = column.split(" ")
    return told("{figure} {year}", figure=told(name), year=year)


@dataclass
class Hindcast:
    """Forecasts of the years after 2021. `table`: one row per figure; `scores`: one per target and over all."""

    fit: Fit
    table: pd.DataFrame
    scores: pd.DataFrame


def hindcast(futures: Futures) -> Hindcast:
    """Forecast what the fit has not seen, and score it against carrying the last figure of 2021 on."""
    import pandas as pd

    found = fit(futures)
    rows = []
    for target in TARGETS:
        figures, model = published(target), simulated(futures, target)
        last = max((year for year in figures if year <= FITTED_TO), default=None)
        for year, value in figures.items():
            if year <= FITTED_TO or last is None:
                continue
            members = _members(model[year][found.kept], target)
            everyone = _members(model[year], target)
            low, middle, high = np.quantile(members, [0.05, 0.5, 0.95])
            rows.append(
                {
                    "figure": target.name,
                    "year": year,
                    "published": value,
                    "forecast": middle,
                    "low": low,
                    "high": high,
                    "inside": bool(low <= value <= high),
                    "naive": figures[last],
                    "error": abs(middle - value),
                    "naive_error": abs(figures[last] - value),
                    "crps": crps(members, value),
                    "crps_unfitted": crps(everyone, value),
                }
            )
    table = pd.DataFrame(rows)
    return Hindcast(found, table, _scores(table))


def _members(model: np.ndarray, target: Target) -> np.ndarray:
    """The ensemble of what a survey would find: every member moved by what the model leaves out and the survey errs,
    at evenly spaced quantiles, so that no luck is added."""
    from scipy.special import ndtri

    moves = ndtri((np.arange(9) + 0.5) / 9) * np.hypot(target.error, target.left_out)
    flat = model[np.isfinite(model)].ravel()
    return (flat[:, None] + moves).ravel()


def crps(members: np.ndarray, value: float) -> float:
    """Continuous ranked probability score of an ensemble, in the unit of the value; of one member the absolute error.
    Less is better. Source: gneiting_raftery_2007."""
    ordered = np.sort(np.asarray(members, float))
    n = len(ordered)
    spread = 2 * float((ordered * (2 * np.arange(1, n + 1) - n - 1)).sum()) / n**2
    return float(np.abs(ordered - value).mean()) - spread / 2


def _scores(table: pd.DataFrame) -> pd.DataFrame:
    """Sums by figure; skill: the share of the naive error that the forecast spares (negative: it is worse)."""
    import pandas as pd

    rows = []
    for name, part in table.groupby("figure", sort=False):
        naive = part["naive_error"].mean()
        rows.append(
            {
                "figure": name,
                "years": len(part),
                "error": part["error"].mean(),
                "naive_error": naive,
                "crps": part["crps"].mean(),
                "crps_unfitted": part["crps_unfitted"].mean(),
                "skill": 1 - part["crps"].mean() / naive if naive > 0 else float("nan"),
                "inside": part["inside"].mean(),
            }
        )
    return pd.DataFrame(rows)


def hindcast_sentences(found: Hindcast) -> list[str]:
    """The forecast and its scores in words."""
    from sim.sweep.words import listed, percent

    scores, table = found.scores, found.table
    said = fit_sentences(found.fit)
    for row in table.itertuples():
        hundredfold = {
            name: figure(100 * getattr(row, name), 2) for name in ("forecast", "low", "high", "published", "naive")
        }
        text = "{figure}, x 100: forecast {forecast} ({low} to {high}), published {published}, carried on {naive}."
        said.append(told(text, figure=_in_words(f"{row.figure} {row.year}"), **hundredfold))
    better = [told(name) for name in scores[scores["skill"] > 0]["figure"]]
    worse = [told(name) for name in scores[~(scores["skill"] > 0)]["figure"]]
    in_band = {"share": percent(table["inside"].mean()), "count": len(table)}
    if better and worse:
        text = (
            "Against carrying the last figure on, the forecast is better for {better} and not better for {worse}; "
            "{share} of {count} figures lie in the 90 % band."
        )
        said.append(told(text, better=listed(better), worse=listed(worse), **in_band))
    elif better:
        text = (
            "Against carrying the last figure on, the forecast is better for {better}; {share} of {count} figures lie "
            "in the 90 % band."
        )
        said.append(told(text, better=listed(better), **in_band))
    else:
        text = (
            "Against carrying the last figure on, the forecast is not better for {worse}; {share} of {count} figures "
            "lie in the 90 % band."
        )
        said.append(told(text, worse=listed(worse), **in_band))
    spared = 1 - scores["crps"].sum() / scores["crps_unfitted"].sum()
    text = (
        "The fit improves the score of the whole sample by {share}. Few figures: take it as such."
        if spared > 0
        else "The fit worsens the score of the whole sample by {share}. Few figures: take it as such."
    )
    return [*said, told(text, share=percent(abs(spared)))]


NAMES = texts("unemployment", "poverty", "inequality", "growth")  # of `TARGETS`
__all__: Sequence[str] = ("crps", "fit", "fit_sentences", "hindcast", "hindcast_sentences", "history_design")
