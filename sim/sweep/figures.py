"""The studies' figures: what drives the outcomes, how packages stand, where one fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from sim.language import ENGLISH, speaker, texts, translated
from sim.paper import scale_of
from sim.report.charts import COLOURS, STYLE
from sim.sweep.discovery import Discovery
from sim.sweep.robust import Robustness
from sim.sweep.sensitivity import SEED, Sensitivity
from sim.sweep.words import is_share

if TYPE_CHECKING:
    from sim.sweep.history import Hindcast
    from sim.sweep.search import Search

MOST = 12  # factors in a chart
CHANCE = COLOURS[2]
AXES = dict(
    zip(
        ("morris", "sobol", "given"),
        texts(
            "mean size of the change for a move across the range",
            "share of the variance, alone (dot) and with others (bar)",
            "share of the variance, alone",
        ),
        strict=True,
    )
)


def sensitivity_figure(found: Sensitivity, language: str = ENGLISH) -> Figure:
    """A panel for each outcome: its factors, largest first, with their intervals. Chance has another colour."""
    groups = list(found.table.groupby("outcome", sort=False))
    rows = max(min(len(part), MOST) for _, part in groups)
    across = min(len(groups), 2)
    down = -(-len(groups) // across)
    figure, axes = _panels(down, across, 4.9, 0.8 + 0.24 * rows)
    for (name, part), ax in zip(groups, axes, strict=False):
        _drivers(ax, found, str(name), part.head(MOST), language)
    _blank(axes[len(groups) :])
    return figure


def _drivers(ax: Any, found: Sensitivity, name: str, rows: Any, language: str) -> None:
    say = speaker(language)
    index, places = found.index, np.arange(len(rows))[::-1]
    value = rows[index].to_numpy(float)
    if found.kind == "morris":  # chance that was measured between seeds has a spread only
        value = np.where(np.isfinite(value), value, rows["sigma"].to_numpy(float))
    low, high = (np.nan_to_num(np.abs(rows[f"{index}_{end}"].to_numpy(float) - value)) for end in ("low", "high"))
    colours = [CHANCE if factor == SEED else COLOURS[1] for factor in rows["factor"]]
    ax.barh(places, np.maximum(value, 0), 0.62, color=colours, alpha=0.85)
    ax.errorbar(value, places, xerr=np.vstack([low, high]), fmt="none", ecolor="#333333", elinewidth=1, capsize=2)
    if found.kind == "sobol":
        ax.plot(rows["S1"].to_numpy(float), places, "o", color="white", mec="#333333", ms=4)
    ax.set_yticks(places, [say("chance (seed)") if factor == SEED else factor for factor in rows["factor"]], fontsize=8)
    ax.set_xlim(left=0)
    if found.kind != "morris":
        ax.set_xlim(0, max(1.0, float(np.nanmax(value + high, initial=0.0))))
    unit = rows["unit"].iloc[0]
    ax.set_xlabel(say(AXES[found.kind]) + (f" ({say(unit)})" if found.kind == "morris" and unit else ""), fontsize=8)
    ax.set_title(name, fontsize=9, loc="left")
    ax.grid(visible=False, axis="y")


def robust_figure(found: Robustness, language: str = ENGLISH) -> Figure:
    """The spread of regret over the futures for each figure, the share that goes well, and cost against result."""
    names = list(found.standing["package"])
    panels = len(found.regrets) + 2
    across = min(panels, 3)
    figure, axes = _panels(-(-panels // across), across, 3.9, 1.2 + 0.34 * len(names))
    for ax, (name, missed) in zip(axes, found.regrets.items(), strict=False):
        _regret(ax, name, missed, found.table[found.table["outcome"] == name]["unit"].iloc[0], names, language)
    _going_well(axes[len(found.regrets)], found, names, language)
    _cost_against(axes[len(found.regrets) + 1], found, language)
    _blank(axes[panels:])
    return figure


def _regret(ax: Any, name: str, missed: np.ndarray, unit: str, names: list[str], language: str) -> None:
    """Half of the futures in the thick line, nine tenths in the thin one, the largest as a cross."""
    scale, words = _scale(missed, unit, language)
    for k, place in enumerate(range(len(names))[::-1]):
        five, quarter, middle, three, most, top = np.quantile(missed[:, k], [0.05, 0.25, 0.5, 0.75, 0.95, 1.0]) * scale
        ax.plot([five, most], [place, place], color=COLOURS[1], lw=1)
        ax.plot([quarter, three], [place, place], color=COLOURS[1], lw=5, solid_capstyle="butt")
        ax.plot(middle, place, "o", color="white", mec=COLOURS[1], ms=5)
        ax.plot(top, place, "x", color=COLOURS[2], ms=5)
    _packages(ax, names)
    ax.set_xlim(left=-0.02 * max(float(missed.max()) * scale, 1e-12))
    ax.set_xlabel(translated("regret, {unit} (cross: largest)", language, unit=words), fontsize=8)
    ax.set_title(name, fontsize=9, loc="left")


def _going_well(ax: Any, found: Robustness, names: list[str], language: str) -> None:
    rows, places = found.standing, np.arange(len(names))[::-1]
    share = rows["going_well"].to_numpy()
    bounds = [share - rows["going_well_low"], rows["going_well_high"] - share]
    ax.errorbar(share, places, xerr=np.vstack(bounds), fmt="o", color=COLOURS[3], capsize=2)
    _packages(ax, names)
    ax.set_xlim(-0.02, 1.02)
    ax.set_xlabel(translated("share of futures", language), fontsize=8)
    ax.set_title(translated("Goes well", language), fontsize=9, loc="left")


def _cost_against(ax: Any, found: Robustness, language: str) -> None:
    rows, lead = found.standing, found.resilience
    assert lead is not None
    scale, words = _scale(rows[lead.name].to_numpy(), lead.unit, language)
    words = words if lead.is_difference or not is_share(lead.unit) else "%"
    cost = rows["cost_rp"].to_numpy() / 1e9
    for n, (row, value) in enumerate(zip(rows.itertuples(), rows[lead.name] * scale, strict=True)):
        ax.plot(cost[n], value, "o", color=COLOURS[3] if row.pareto else "#aaaaaa", ms=6)
        ax.annotate(row.package, (cost[n], value), xytext=(4, 4), textcoords="offset points", fontsize=7)
    chosen = rows[rows["pareto"]].sort_values("cost_rp")
    ax.plot(chosen["cost_rp"] / 1e9, chosen[lead.name] * scale, color=COLOURS[3], lw=1, ls="--", zorder=0)
    ax.margins(0.25, 0.15)
    ax.set_xlabel(translated("cost over the run, Rp billion (dashed: unbeaten)", language), fontsize=8)
    ax.set_ylabel(words, fontsize=8)
    ax.set_title(translated("{outcome} and cost", language, outcome=lead.name), fontsize=9, loc="left")


def discovery_figure(found: Discovery, language: str = ENGLISH) -> Figure:
    """The failures in the plane of the two first conditions with the box, and the trade-off of the peeling."""
    figure, axes = _panels(1, 2, 4.4, 3.4)
    say = speaker(language)
    names = [limit.name for limit in found.box.limits] if found.box else []
    names = (names + [name for name in found.factors if name not in names])[:2]
    columns = [found.sample[:, found.factors.index(name)] for name in names]
    if len(columns) == 1:
        columns.append(np.zeros(len(found.cases)))
    for state, colour, mark, label in ((False, "#999999", "o", say("holds")), (True, COLOURS[2], "x", say("fails"))):
        mine = found.cases == state
        axes[0].plot(columns[0][mine], columns[1][mine], mark, color=colour, ms=4, ls="none", label=label)
    if found.box is not None:
        for limit, line in zip(found.box.limits[:2], ("axvline", "axhline"), strict=False):
            for edge in (limit.low, limit.high):
                if np.isfinite(edge):
                    getattr(axes[0], line)(edge, color=COLOURS[1], lw=1.2, ls="--")
    axes[0].set_xlabel(names[0], fontsize=8)
    axes[0].set_ylabel(names[1] if len(names) > 1 else "", fontsize=8)
    axes[0].set_title(say("Where '{package}' fails", package=found.package), fontsize=9, loc="left")
    axes[0].legend(fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2)
    axes[1].plot(found.path["coverage"], found.path["density"], "o-", color="#999999", ms=3, lw=1)
    if found.box is not None:
        axes[1].plot(found.box.coverage, found.box.density, "s", color=COLOURS[1], ms=7)
    axes[1].set_xlabel(say("coverage: share of all failures that lie in the box"), fontsize=8)
    axes[1].set_ylabel(say("density: share of the box that fails"), fontsize=8)
    axes[1].set_xlim(0, 1.03)
    axes[1].set_ylim(0, 1.03)
    axes[1].set_title(say("Trade-off (square: the box told)"), fontsize=9, loc="left")
    return figure


def search_figure(found: Search, language: str = ENGLISH) -> Figure:
    """The finalists: how each splits the money, and what it gains on fresh seeds (hollow: what the search saw)."""
    from sim.sweep.search import short

    rows, problem, lead = found.finalists, found.problem, found.measures[0]
    say = speaker(language)
    places = np.arange(len(rows))[::-1]
    figure, axes = _panels(1, 2, 4.9, 1.3 + 0.36 * len(rows))
    left = np.zeros(len(rows))
    for k, lever in enumerate(problem.levers):
        share = rows[lever].to_numpy() / problem.budget * 100
        axes[0].barh(places, share, 0.7, left=left, color=COLOURS[(k + 1) % len(COLOURS)], label=short(lever))
        left += share
    axes[0].set_yticks(places, [f"{n + 1}" for n in range(len(rows))])
    axes[0].set_xlim(0, 100)
    axes[0].grid(visible=False)
    axes[0].set_xlabel(say("% of the budget"), fontsize=8)
    axes[0].set_title(say("Finalists"), fontsize=9, loc="left")
    axes[0].legend(fontsize=7, loc="upper center", bbox_to_anchor=(0.5, -0.22), ncols=2)
    scale, words = _scale(rows[lead.name].to_numpy(), lead.unit, language)
    value = rows[lead.name].to_numpy() * scale
    reach = [np.nan_to_num(np.abs(rows[f"{lead.name} {end}"].to_numpy() * scale - value)) for end in ("low", "high")]
    axes[1].errorbar(
        value, places, xerr=np.vstack(reach), fmt="o", color=COLOURS[3], capsize=2, label=say("fresh seeds")
    )
    axes[1].plot(
        rows["searched"] * scale, places, "o", mfc="none", mec="#777777", label=say("in the search"), ls="none"
    )
    axes[1].axvline(0, color="#555555", lw=0.8)
    axes[1].set_yticks(places, [f"{n + 1}" for n in range(len(rows))])
    axes[1].set_xlabel(say("gain on doing nothing, {unit}", unit=words), fontsize=8)
    axes[1].set_title(lead.name, fontsize=9, loc="left")
    axes[1].legend(fontsize=7, loc="upper center", bbox_to_anchor=(0.5, -0.22), ncols=2)
    return figure


def hindcast_figure(found: Hindcast, language: str = ENGLISH) -> Figure:
    """A panel for each target: what was published (filled: fitted; hollow: forecast), the band, the naive forecast."""
    from sim.sweep.history import FIRST, FITTED_TO, LAST, TARGETS, published, simulated

    figure, axes = _panels(1, len(TARGETS), 3.4, 3.0)
    say = speaker(language)
    for ax, target in zip(axes, TARGETS, strict=True):
        model = {
            year: 100 * values[found.fit.kept].ravel() for year, values in simulated(found.fit.futures, target).items()
        }
        years = sorted(model)
        low, middle, high = (np.array([np.nanquantile(model[y], q) for y in years]) for q in (0.05, 0.5, 0.95))
        ax.fill_between(years, low, high, color=COLOURS[1], alpha=0.25, lw=0)
        ax.plot(years, middle, color=COLOURS[1], lw=1.4, label=say("model"))
        figures = {year: 100 * value for year, value in published(target).items()}
        past = [year for year in figures if year <= FITTED_TO]
        later = [year for year in figures if year > FITTED_TO]
        ax.plot(past, [figures[y] for y in past], "o", color="#222222", ms=5, label=say("published, fitted"))
        ax.plot(
            later, [figures[y] for y in later], "o", mfc="white", mec="#222222", ms=6, label=say("published, not seen")
        )
        ax.plot([past[-1], years[-1]], [figures[past[-1]]] * 2, "--", color=CHANCE, lw=1, label=say("carried on"))
        ax.axvline(FITTED_TO + 0.5, color="#aaaaaa", lw=0.8)
        ax.set_title(say("{figure}, x 100", figure=say(target.name)), fontsize=9, loc="left")
        ax.set_xticks(range(FIRST, LAST + 1))
        ax.set_xlim(FIRST - 0.3, LAST + 0.3)
        ax.tick_params(labelsize=8)
    axes[0].legend(fontsize=7)
    return figure


def _panels(down: int, across: int, width: float, height: float) -> tuple[Figure, list[Any]]:
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width * across, height * down), layout="constrained")
        axes = list(figure.subplots(down, across, squeeze=False).ravel())
    return figure, axes


def _blank(axes: list[Any]) -> None:
    for ax in axes:
        ax.set_visible(False)


def _packages(ax: Any, names: list[str]) -> None:
    ax.set_yticks(range(len(names))[::-1], names, fontsize=8)
    ax.set_ylim(-0.6, len(names) - 0.4)
    ax.grid(visible=False, axis="y")


def _scale(values: np.ndarray, unit: str, language: str) -> tuple[float, str]:
    """What to multiply by, and the unit in words, so that an axis has short numbers."""
    if is_share(unit):
        return 100.0, translated("percentage points", language)
    words, size, _ = scale_of([float(np.nanmax(np.abs(values), initial=0.0))], unit, language)
    return 1.0 / size, words
