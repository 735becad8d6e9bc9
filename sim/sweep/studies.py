"""What `bandung sensitivity`, `robust`, `discover`, `calibrate` and `hindcast` do: read a sweep, and answer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from sim.language import told
from sim.runner import finite
from sim.sweep.answers import Answer, Shown
from sim.sweep.futures import Futures
from sim.sweep.words import amount, band, is_share, level, percent

COLUMNS = {
    "morris": ("outcome", "factor", "mu_star", "mu_star_low", "mu_star_high", "mu", "sigma"),
    "sobol": ("outcome", "factor", "ST", "ST_low", "ST_high", "S1", "S1_low", "S1_high"),
    "given": ("outcome", "factor", "S1", "S1_low", "S1_high"),
}
HEADINGS = {
    "morris": told(
        "Mean size of the change for a move across the range (mu*), its mean with sign (mu), its spread (sigma)"
    ),
    "sobol": told(
        "Share of the variance due to each factor with all its interactions (ST) and alone (S1), with 95 % bands"
    ),
    "given": told("Share of the variance due to each factor alone (S1), with 95 % bands"),
}
MOST = 12  # rows of an outcome that are printed


def sensitivity_answer(folder: Path, **choices: Any) -> Answer:
    """What drives the outcomes of a sweep."""
    from sim.sweep.figures import sensitivity_figure
    from sim.sweep.sensitivity import sensitivity, sentences

    found = sensitivity(Futures.read(folder), **choices)
    first = found.table.groupby("outcome", sort=False).head(MOST)
    shown = [Shown.of(HEADINGS[found.kind], first, COLUMNS[found.kind])]
    kept = {"sensitivity": found.table}
    if len(found.pairs):
        kept["pairs"] = found.pairs
        pairs = found.pairs.groupby("outcome", sort=False).head(MOST)
        shown.append(
            Shown.of(told("Share of the variance that two factors make together (S2), with 95 % bands"), pairs)
        )
    return Answer("sensitivity", sentences(found), kept, shown, found.as_dict(), partial(sensitivity_figure, found))


def robust_answer(folder: Path, outcomes: Sequence[str], succeed: Sequence[str]) -> Answer:
    """Which package holds up over all futures."""
    from sim.sweep.figures import robust_figure
    from sim.sweep.robust import robustness, sentences

    found = robustness(Futures.read(folder), outcomes, succeed)
    kept = {"robust": found.standing, "regret": found.table}
    shown = [standing_table(found), regret_table(found)]
    return Answer("robust", sentences(found), kept, shown, found.as_dict(), partial(robust_figure, found))


def discovery_answer(folder: Path, package: str, **choices: Any) -> Answer:
    """Under which conditions a package fails."""
    from sim.sweep.discovery import discover, limits_table, sentences
    from sim.sweep.figures import discovery_figure

    found = discover(Futures.read(folder), package, **choices)
    limits = limits_table(found)
    shown = [Shown.of(told("The conditions"), limits)] if len(limits) else []
    if len(found.path):
        thin = found.path.iloc[:: max(len(found.path) // MOST, 1)]
        heading = told("The trade-off: how many of the box fail, and how many of the failures it holds")
        shown.append(Shown.of(heading, thin))
    kept = {"discovery": limits, "trade_off": found.path}
    return Answer("discovery", sentences(found), kept, shown, found.as_dict(), partial(discovery_figure, found))


def standing_table(found: Any) -> Shown:
    """The packages as a planner reads them."""
    rows, lead = found.standing, found.resilience
    cells = [
        [
            row["package"],
            band(row["going_well"], row["going_well_low"], row["going_well_high"]),
            amount(row["cost_rp"], "Rp"),
            (amount if lead.is_difference else level)(row[lead.name], lead.unit),
            told("yes, {share}" if row["pareto"] else "no, {share}", share=percent(row["pareto_share"])),
        ]
        for row in rows.to_dict("records")
    ]
    return Shown(told("How each package stands"), ("package", "goes_well", "cost", lead.name, "unbeaten"), cells)


def regret_table(found: Any) -> Shown:
    """Gains and regrets in the unit in which differences are read."""
    numbers = ("gain", "gain_low", "gain_high", "mean_regret", "largest_regret")
    cells = []
    for row in found.table.to_dict("records"):
        share = is_share(row["unit"])
        scaled = [row[name] * (100 if share else 1) for name in numbers]
        of = told("% points") if share else told(row["unit"])
        cells.append([row["outcome"], row["package"], of, *scaled, row["best_share"]])
    heading = told("Against doing nothing and against the best package of each future")
    return Shown(heading, ("outcome", "package", "unit", *numbers, "best_share"), cells)


def calibration_answer(
    out: Path, samples: int, seeds: int, scale: int, workers: int | None, yes: bool, language: str
) -> Answer:
    """Live the years from 2019 many times and say which combinations the figures up to 2021 leave."""
    from sim.sweep.command import lived
    from sim.sweep.history import fit, fit_sentences, history_design

    lived(history_design(samples, seeds, scale), out, workers=workers, yes=yes, language=language)
    found = fit(Futures.read(out))
    kept = [int(point) for point in found.kept.nonzero()[0]]
    data = finite({"ranges": found.table.to_dict("records"), "points_left": kept})
    heading = told("What the figures leave of each range (5 % to 95 % of the points)")
    return Answer("calibration", fit_sentences(found), {}, [Shown.of(heading, found.table)], data)


def hindcast_answer(folder: Path) -> Answer:
    """Forecast the years after 2021 with what the calibration in FOLDER leaves, and score it."""
    from sim.sweep.figures import hindcast_figure
    from sim.sweep.history import hindcast, hindcast_sentences

    found = hindcast(Futures.read(folder))
    kept = {"hindcast": found.table, "scores": found.scores}
    data = finite({"figures": found.table.to_dict("records"), "scores": found.scores.to_dict("records")})
    heading = told(
        "Scores: mean absolute error, CRPS, skill against carrying the last figure on, share inside the 90 % band"
    )
    rows = [[told(name), *rest] for name, *rest in found.scores.to_numpy(object).tolist()]
    columns = ["mean_error" if name == "error" else name for name in found.scores]
    shown = [Shown(heading, columns, rows)]
    return Answer("hindcast", hindcast_sentences(found), kept, shown, data, partial(hindcast_figure, found))
