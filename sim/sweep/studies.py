"""What `bandung sensitivity`, `bandung robust` and `bandung discover` do: read a sweep, answer, keep the answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.sweep.answers import Tables, check_out, save, show
from sim.sweep.futures import Futures

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
    from sim.sweep.sensitivity import paragraph, sensitivity

    check_out(out)
    found = sensitivity(Futures.read(folder), **choices)
    text = paragraph(found)
    if out is not None:
        save(out, "sensitivity", {"sensitivity": found.table}, sensitivity_figure(found), text)
    if as_json:
        return found.as_dict() | {"text": text}
    shown = found.table.groupby("outcome", sort=False).head(12)
    show(text, {HEADINGS[found.kind]: (shown, COLUMNS[found.kind])}, out)
    return None


def study_robust(
    folder: Path, out: Path | None, as_json: bool, outcomes: Sequence[str], succeed: Sequence[str]
) -> dict[str, Any] | None:
    """Which package holds up over all futures; the answer as JSON, or printed."""
    from sim.sweep.figures import robust_figure
    from sim.sweep.robust import paragraph, robustness

    check_out(out)
    found = robustness(Futures.read(folder), outcomes, succeed)
    text = paragraph(found)
    if out is not None:
        save(out, "robust", {"robust": found.standing, "regret": found.table}, robust_figure(found), text)
    if as_json:
        return found.as_dict() | {"text": text}
    regret = ("outcome", "package", "mean", "worst", "mean_regret", "high_regret", "largest_regret", "best_share")
    tables = {
        "How each package stands": (found.standing, list(found.standing.columns)),
        "Regret: what is left undone against the best package of each future": (found.table, regret),
    }
    show(text, tables, out)
    return None


def study_discovery(
    folder: Path, out: Path | None, as_json: bool, package: str, **choices: Any
) -> dict[str, Any] | None:
    """Under which conditions a package fails; the answer as JSON, or printed."""
    from sim.sweep.discovery import discover, limits_table, paragraph
    from sim.sweep.figures import discovery_figure

    check_out(out)
    found = discover(Futures.read(folder), package, **choices)
    text = paragraph(found)
    limits = limits_table(found)
    if out is not None:
        save(out, "discovery", {"discovery": limits, "trade_off": found.path}, discovery_figure(found), text)
    if as_json:
        return found.as_dict() | {"text": text}
    tables: Tables = {"The conditions": (limits, list(limits.columns))} if len(limits) else {}
    if len(found.path):
        thin = found.path.iloc[:: max(len(found.path) // 12, 1)]
        tables["The trade-off: how many of the box fail, and how many of the failures it holds"] = (
            thin,
            list(thin.columns),
        )
    show(text, tables, out)
    return None
