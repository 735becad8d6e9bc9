"""How much of the answer is seed noise: levels, effects on shared luck, and effects on separate luck.

python experiments/seed_noise.py --out runs/seed_noise
"""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy.special import stdtrit
from study import answer, design, lived, main, options

from sim.report.charts import COLOURS, STYLE
from sim.sweep.futures import Futures
from sim.sweep.words import amount


def study(arguments: Sequence[str] | None) -> None:
    chosen = options(__doc__ or "", arguments)
    futures = lived(design("seed_noise", chosen), chosen.out / "sweep", chosen.workers)
    table = noise(futures)
    answer(chosen.out, "seed_noise", {"seed_noise": table}, figure(futures, table), sentences(table, futures))


def noise(futures: Futures) -> pd.DataFrame:
    """One row an outcome: its level, its spread over the seeds, the effect of the package on shared luck with its own
    spread, and the seeds that tell the effect from nothing, on shared and on separate luck."""
    rows = []
    for measure in futures.chosen():
        without, with_ = futures.values(measure)[0].T
        paired, apart = (with_ - without).std(ddof=1), np.hypot(with_.std(ddof=1), without.std(ddof=1))
        effect = float((with_ - without).mean())
        rows.append(
            {
                "outcome": measure.name,
                "unit": measure.unit,
                "level": float(without.mean()),
                "spread": float(without.std(ddof=1)),
                "effect": effect,
                "effect_spread": float(paired),
                "effect_spread_apart": float(apart),
                "seeds_needed": needed(effect, float(paired)),
                "seeds_needed_apart": needed(effect, float(apart)),
            }
        )
    return pd.DataFrame(rows)


def needed(effect: float, spread: float) -> float:
    """Seeds with which a 95 % interval as wide as expected just leaves zero out; infinite without an effect."""
    for seeds in range(2, 100_000):
        if stdtrit(seeds - 1, 0.975) * spread / seeds**0.5 < abs(effect):
            return float(seeds)
    return float("inf")


def sentences(table: pd.DataFrame, futures: Futures) -> list[str]:
    package = next(name for name in futures.packages if name != "none")
    said = [f"{len(futures.seeds)} seeds of one future; the package is '{package}'."]
    for row in table.itertuples():
        said.append(
            f"{row.outcome}: another seed moves the level by {amount(row.spread, row.unit)} (one sd) and the "
            f"effect, {amount(row.effect, row.unit)}, by {amount(row.effect_spread, row.unit)} on shared luck, by "
            f"{amount(row.effect_spread_apart, row.unit)} on separate luck. Such an effect is told from nothing by "
            f"{row.seeds_needed:,.0f} seeds on shared luck, by {row.seeds_needed_apart:,.0f} on separate luck."
        )
    return said


def figure(futures: Futures, table: pd.DataFrame) -> Figure:
    """The 95 % interval of the effect as seeds are added, on shared and on separate luck."""
    with mpl.rc_context(STYLE):
        made = Figure(figsize=(4.2 * len(table), 3.4), layout="constrained")
        axes = made.subplots(1, len(table), squeeze=False)[0]
    counts = np.arange(3, len(futures.seeds) + 1)
    for ax, row in zip(axes, table.itertuples(), strict=True):
        without, with_ = futures.values(futures.measure(row.outcome))[0].T
        scale = 100 if row.unit.startswith("share") else 1
        for shared, colour, label in ((False, "#bbbbbb", "separate luck"), (True, COLOURS[1], "shared luck")):
            means, halves = [], []
            for n in counts:
                a, b = without[:n], with_[:n]
                spread = (b - a).std(ddof=1) if shared else np.hypot(a.std(ddof=1), b.std(ddof=1))
                means.append((b - a).mean() * scale)
                halves.append(stdtrit(n - 1, 0.975) * spread / n**0.5 * scale)
            ax.fill_between(
                counts, np.subtract(means, halves), np.add(means, halves), color=colour, alpha=0.5, label=label
            )
        ax.plot(counts, means, color=COLOURS[1], lw=1.2)
        ax.axhline(0, color="#555555", lw=0.8)
        ax.set_xlabel("seeds", fontsize=8)
        ax.set_ylabel("percentage points" if scale == 100 else row.unit, fontsize=8)
        ax.set_title(row.outcome, fontsize=9, loc="left")
    axes[0].legend(fontsize=8)
    return made


if __name__ == "__main__":
    main(study)
