"""Time of comparisons, and what one of them says: `python benchmarks/compare.py [SCENARIO...] [--seeds 30] [--whole]`.

Every ready scenario with shocks (or those named) at one agent for fifty, 120 months, on all cores; with `--whole` also
the whole city (one seed, one package, four worlds). Kept for the README.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.keep import keep

SHOWN = "umkm_naik_kelas"


def timed(name: str, seeds: int, scale: int, packages: int | None = None) -> tuple[dict[str, Any], Any]:
    """Compare a scenario and say how long it took."""
    from sim.comparison import compare
    from sim.scenario import load_scenario

    scenario = load_scenario(name)
    if packages is not None:
        scenario = scenario.changed(packages=scenario.packages[:packages])
    started = time.perf_counter()
    made = compare(scenario, seeds=seeds, scale=scale)
    worlds = len(made.ensemble.packages) * made.ensemble.city.shape[1]
    found = {"scenario": name, "scale": scale, "seeds": seeds, "worlds": worlds * seeds, "months": made.months}
    found["seconds"] = round(time.perf_counter() - started, 1)
    print(f"{name}, one agent for {scale}, {seeds} seeds, {found['worlds']} worlds: {found['seconds']} s", flush=True)
    return found, made


def main() -> None:
    from sim.analysis.verdict import verdict
    from sim.scenario import load_scenario, ready_scenarios

    ask = argparse.ArgumentParser()
    ask.add_argument("--seeds", type=int, default=30)
    ask.add_argument("--scale", type=int, default=50)
    ask.add_argument("--whole", action="store_true")
    ask.add_argument("scenarios", nargs="*")
    said = ask.parse_args()
    names = said.scenarios or [name for name in ready_scenarios() if load_scenario(name).shocks]
    rows, shown = [], []
    for name in names:
        found, made = timed(name, said.seeds, said.scale)
        rows.append(found)
        if name == SHOWN:
            shown = [made.scenario.title, made.scenario.question, "", *(f"- {one}" for one in verdict(made.ensemble))]
    if said.whole:
        rows.append(timed(SHOWN, 1, 1, 1)[0])
    options = "".join(f" {name}" for name in said.scenarios) + f" --seeds {said.seeds} --scale {said.scale}"
    keep("compare", options + (" --whole" if said.whole else ""), {"runs": rows, "shown": shown})


if __name__ == "__main__":
    main()
