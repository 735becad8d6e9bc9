"""What shared luck is worth: `python benchmarks/luck.py [--seeds 64]`.

The effect of a small programme (worker training, Rp 20 billion a year) on poverty after twelve months: its variance
over seeds when each world with the programme is compared with its own twin, over its variance when it is compared with
the world of another seed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.keep import keep

TEXT = """title: A small programme
months: 12
packages:
  - name: Training
    policies: [{lever: worker_training, budget_rp_per_year: 20e9}]
"""


def ratios(seeds: int, scale: int) -> dict[str, float]:
    """Variance between independent seeds over variance between twins, by outcome."""
    from sim.crew import live_all
    from sim.scenario import load_scenario

    found = list(live_all(load_scenario(TEXT), scale, tuple(range(1, seeds + 1)), 12))
    said = {}
    for name in ("poverty_headcount", "unemployment_rate", "value_added_index"):
        column = found[0].outcomes.index(name)
        without = np.array([one.city[0, 0, -1, column] for one in found])
        with_ = np.array([one.city[1, 0, -1, column] for one in found])
        apart = with_.var(ddof=1) + without.var(ddof=1)
        said[name] = float(apart / (with_ - without).var(ddof=1))
    return said


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--seeds", type=int, default=64)
    ask.add_argument("--scale", type=int, default=100)
    chosen = ask.parse_args()
    said = ratios(chosen.seeds, chosen.scale)
    for name, ratio in said.items():
        print(f"{name}: variance of the effect {ratio:,.0f} times smaller with twins")
    keep("luck", f" --seeds {chosen.seeds} --scale {chosen.scale}", {"ratios": said, **vars(chosen)})


if __name__ == "__main__":
    main()
