"""What `bandung sensitivity`, `bandung robust` and `bandung discover` do: read a sweep, answer, keep the answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.runner import finite
from sim.sweep.answers import Tables, check_out, save, show
from sim.sweep.futures import Futures
from sim.sweep.words import amount, band, is_share, percent

COLUMNS = {
    "morris": ("outcome", "factor", "mu_star", "mu_star_low", "mu_star_high", "mu", "sigma"),
    "sobol": ("outcome", "factor", "ST", "ST_low", "ST_high", "S1", "S1_low", "S1_high"),
    "given": ("outcome", "factor", "S1", "S1_low", "S1_high"),
}
HEADINGS = {
    "morris": "Mean size of the change for a move across the range (mu*), its mean with sign (mu), its spread (sigma)",
    "sobol": "Share of the variance due to each factor with all its interactions (ST) and alone (S1), with 95 % bands",
    "given": "Share of the variance due to each factor alone (S1), with 95 % bands",
}


def study_sensitivity(folder: Path, out: Path | None, as_json: bool, **choices: Any) -> dict[str, Any] | None:
    """What drives the outcomes of a sweep; the answer as JSON, or printed."""
    from sim.sweep.figures import sensitivity_figure
    from sim.sweep.sensitivity import sensitivity, sentences

    check_out(out)
    found = sensitivity(Futures.read(folder), **choices)
    told = sentences(found)
    if out is not None:
        save(out, "sensitivity", {"sensitivity": found.table}, sensitivity_figure(found), told)
    if as_json:
        return found.as_dict() | {"text": " ".join(told)}
    shown = found.table.groupby("outcome", sort=False).head(12)
    show(told, {HEADINGS[found.kind]: (shown, COLUMNS[found.kind])}, out)
    return None


def study_robust(
    folder: Path, out: Path | None, as_json: bool, outcomes: Sequence[str], succeed: Sequence[str]
) -> dict[str, Any] | None:
    """Which package holds up over all futures; the answer as JSON, or printed."""
    from sim.sweep.figures import robust_figure
    from sim.sweep.robust import robustness, sentences

    check_out(out)
    found = robustness(Futures.read(folder), outcomes, succeed)
    told = sentences(found)
    if out is not None:
        save(out, "robust", {"robust": found.standing, "regret": found.table}, robust_figure(found), told)
    if as_json:
        return found.as_dict() | {"text": " ".join(told)}
    tables: Tables = {
        "How each package stands": standing_table(found),
        "Against doing nothing and against the best package of each future": regret_table(found),
    }
    show(told, tables, out)
    return None


def study_discovery(
    folder: Path, out: Path | None, as_json: bool, package: str, **choices: Any
) -> dict[str, Any] | None:
    """Under which conditions a package fails; the answer as JSON, or printed."""
    from sim.sweep.discovery import discover, limits_table, sentences
    from sim.sweep.figures import discovery_figure

    check_out(out)
    found = discover(Futures.read(folder), package, **choices)
    told = sentences(found)
    limits = limits_table(found)
    if out is not None:
        save(out, "discovery", {"discovery": limits, "trade_off": found.path}, discovery_figure(found), told)
    if as_json:
        return found.as_dict() | {"text": " ".join(told)}
    tables: Tables = {"The conditions": (limits, list(limits.columns))} if len(limits) else {}
    if len(found.path):
        thin = found.path.iloc[:: max(len(found.path) // 12, 1)]
        tables["The trade-off: how many of the box fail, and how many of the failures it holds"] = (
            thin,
            list(thin.columns),
        )
    show(told, tables, out)
    return None


def standing_table(found: Any) -> tuple[Any, Sequence[str]]:
    """The packages as a planner reads them."""
    import pandas as pd

    rows, lead = found.standing, found.resilience
    shown = pd.DataFrame(
        {
            "package": rows["package"],
            "goes_well": [band(*one) for one in rows[["going_well", "going_well_low", "going_well_high"]].to_numpy()],
            "cost": [amount(one, "Rp") for one in rows["cost_rp"]],
            lead.name: [amount(one, lead.unit) for one in rows[lead.name]],
            "unbeaten": [
                f"{'yes' if p else 'no'}, {percent(q)}"
                for p, q in zip(rows["pareto"], rows["pareto_share"], strict=True)
            ],
        }
    )
    return shown, list(shown.columns)


def regret_table(found: Any) -> tuple[Any, Sequence[str]]:
    """Gains and regrets in the unit in which differences are read."""
    rows = found.table.copy()
    numbers = ("gain", "gain_low", "gain_high", "mean_regret", "largest_regret")
    for name in numbers:
        rows[name] = [
            value * (100 if is_share(unit) else 1) for value, unit in zip(rows[name], rows["unit"], strict=True)
        ]
    rows["of"] = ["% points" if is_share(unit) else unit for unit in rows["unit"]]
    return rows, ("outcome", "package", "of", *numbers, "best_share")


def study_calibrate(
    out: Path, as_json: bool, samples: int, seeds: int, scale: int, workers: int | None
) -> dict[str, Any] | None:
    """Live the years from 2019 many times and say which combinations the figures up to 2021 leave."""
    import sys

    from sim.sweep.history import fit, fit_sentences, history_design
    from sim.sweep.progress import Progress
    from sim.sweep.run import sweep

    design = history_design(samples, seeds, scale)
    print(f"{design.title}: {design.count:,} runs", file=sys.stderr, flush=True)
    progress = Progress()
    try:
        sweep(design, out, workers=workers, tell=progress)
    finally:
        progress.close()
    found = fit(Futures.read(out))
    told = fit_sentences(found)
    if as_json:
        kept = [int(point) for point in found.kept.nonzero()[0]]
        return finite({"ranges": found.table.to_dict("records"), "points_left": kept, "text": " ".join(told)})
    show(
        told,
        {"What the figures leave of each range (5 % to 95 % of the points)": (found.table, tuple(found.table))},
        None,
    )
    return None


def study_hindcast(folder: Path, out: Path | None, as_json: bool) -> dict[str, Any] | None:
    """Forecast the years after 2021 with what the calibration in FOLDER leaves, and score it."""
    from sim.sweep.figures import hindcast_figure
    from sim.sweep.history import hindcast, hindcast_sentences

    check_out(out)
    found = hindcast(Futures.read(folder))
    told = hindcast_sentences(found)
    if out is not None:
        save(out, "hindcast", {"hindcast": found.table, "scores": found.scores}, hindcast_figure(found), told)
    if as_json:
        tables = {"figures": found.table.to_dict("records"), "scores": found.scores.to_dict("records")}
        return finite(tables | {"text": " ".join(told)})
    heading = "Scores: mean absolute error, CRPS, skill against carrying the last figure on, share inside the 90 % band"
    show(told, {heading: (found.scores, tuple(found.scores))}, out)
    return None
