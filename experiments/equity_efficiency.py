"""Equity against efficiency: what each package gives to everybody and to the poorest fifth.

python experiments/equity_efficiency.py --out runs/equity
"""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from study import answer, design, lived, main, options

from sim.analysis.paired import paired
from sim.report.charts import COLOURS, STYLE
from sim.sweep.futures import Futures
from sim.sweep.regret import pareto
from sim.sweep.words import listed

AIMS = ("everybody", "poorest_fifth")


def study(arguments: Sequence[str] | None) -> None:
    chosen = options(__doc__ or "", arguments)
    futures = lived(design("equity_efficiency", chosen), chosen.out / "sweep", chosen.workers)
    table = gains(futures)
    answer(chosen.out, "equity", {"equity": table}, figure(table), sentences(table, futures))


def gains(futures: Futures) -> pd.DataFrame:
    """Gain of each package on doing nothing in % of spending, for everybody and for the poorest fifth, and its cost."""
    none = futures.package("none")
    rows = []
    for k, name in enumerate(futures.packages):
        if k == none:
            continue
        row = {"package": name, "cost_rp": float(futures.costs()[:, k].mean())}
        for aim in AIMS:
            values = futures.values(futures.measure(aim))
            found = paired((100 * (values[:, :, k] / values[:, :, none] - 1)).mean(axis=0))[:3]  # slumps are given
            row |= dict(zip((aim, f"{aim}_low", f"{aim}_high"), map(float, found), strict=True))
        rows.append(row)
    table = pd.DataFrame(rows)
    table["unbeaten"] = pareto(*(-table[aim].to_numpy() for aim in AIMS))
    return table


def sentences(table: pd.DataFrame, futures: Futures) -> list[str]:
    """What the table says, in words."""
    said = [f"{len(futures.points)} slumps, {len(futures.seeds)} seeds each; gains are in % of spending, last year."]
    for aim, who in zip(AIMS, ("everybody", "the poorest fifth"), strict=True):
        best = table.sort_values(aim, ascending=False, kind="stable").iloc[0]
        clear = table[(table[f"{aim}_low"] > 0) | (table[f"{aim}_high"] < 0)]["package"]
        ends = f"{best[f'{aim}_low']:.2f} to {best[f'{aim}_high']:.2f} %"
        said.append(f"Most for {who}: '{best.package}', {best[aim]:+.2f} % ({ends}); told from nothing: "
                    f"{listed([repr(name) for name in clear])}.")  # fmt: skip
    unbeaten = table[table["unbeaten"]]["package"]
    verdict = "so there is a choice to make" if len(unbeaten) > 1 else "so here equity costs no growth"
    return [
        *said,
        f"Unbeaten on both: {listed([repr(name) for name in unbeaten])}; {verdict}, as far as chance allows.",
    ]


def figure(table: pd.DataFrame) -> Figure:
    with mpl.rc_context(STYLE):
        made = Figure(figsize=(6.4, 4.6), layout="constrained")
        ax = made.subplots()
    x, y = (table[aim].to_numpy() for aim in AIMS)
    reach = [
        np.nan_to_num(np.abs(table[[f"{aim}_low", f"{aim}_high"]].to_numpy() - table[[aim]].to_numpy())).T
        for aim in AIMS
    ]
    for k, row in enumerate(table.itertuples()):
        colour = COLOURS[3] if row.unbeaten else "#999999"
        ax.errorbar(x[k], y[k], xerr=reach[0][:, [k]], yerr=reach[1][:, [k]], fmt="o", color=colour, elinewidth=0.8)
        ax.annotate(row.package, (x[k], y[k]), xytext=(5, 5), textcoords="offset points", fontsize=8)
    ax.axhline(0, color="#555555", lw=0.8)
    ax.axvline(0, color="#555555", lw=0.8)
    ax.set_xlabel("gain of everybody, % of spending")
    ax.set_ylabel("gain of the poorest fifth, % of spending")
    return made


if __name__ == "__main__":
    main(study)
