"""Speed of sweeps: `python benchmarks/sweep.py [--runs 2000] [--quick]`. Kept for the README and docs.

- overhead: 200 runs of about 0.2 s of pure waiting with two workers, beyond the 20 s they take
- speedup: the same sweep of the city with one worker and with two
- memory: of the parent and of a worker, after 500, 5,000 and 50,000 runs of a tiny function
- 2,000 runs of the city at one agent for 200 over 60 months, on two workers

Figures of a machine that others use at the same time say what was lived, not what it can do: the load is kept too.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

DESIGN = """\
title: Two thousand worlds
scenario: umkm_naik_kelas
months: 60
scale: 200
packages: [none, Mentoring, Revolving loans, Mentoring and digital]
seeds: 5
uncertainties:
  - parameter: labour.matching_efficiency
  - parameter: labour.separation_to_unemployment
  - parameter: goods.markup
  - parameter: household.buffer_median
  - shock: demand_slump
  - shock: technology_disruption
outcomes: [poverty_headcount, unemployment_rate, business_survival, gini]
sampling: {method: lhs, samples: 100}
"""
WAIT = 0.2


def waiting(values: dict, *, seed: int, package: str, shocks: str) -> dict[str, float]:
    """A run of about 0.2 s that takes no processor."""
    time.sleep(WAIT)
    return {"y": values["x"]}


def instant(values: dict, *, seed: int, package: str, shocks: str) -> dict[str, float]:
    return {"y": values["x"] + seed}


def peak_mb(pid: int | str = "self") -> float:
    """Most memory a process has held."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return float("nan")


def swept(function: Any, samples: int, workers: int) -> dict[str, float]:
    """Sweep a function of one number: seconds, and most memory of the parent and its workers."""
    from sim.sweep import sweep
    from sim.sweep.functions import FreeDesign, Function, free_factor
    from sim.sweep.sampling import Sampling

    design = FreeDesign((free_factor("x", 0, 1),), ("y",), Sampling(method="lhs", samples=samples))
    worker = 0.0

    def look(done: int, total: int, record: Any) -> None:
        nonlocal worker
        if done % max(total // 10, 1) == 0:
            worker = max([worker, *(peak_mb(pid) for pid in children())])

    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        sweep(design, Path(folder) / "out", model=Function(function, version="1"), workers=workers, tell=look)
        return {"seconds": time.perf_counter() - started, "parent_mb": peak_mb(), "worker_mb": worker}


def children() -> list[int]:
    """Processes that this one started."""
    here = os.getpid()
    tasks = Path(f"/proc/{here}/task").iterdir()
    return [int(pid) for task in tasks for pid in (task / "children").read_text().split()]


def overhead() -> dict[str, float]:
    """What a run costs beyond itself: with 200 runs of 0.2 s, and with empty ones."""
    runs, workers = 200, 2
    ideal = runs * WAIT / workers
    found = swept(waiting, runs, workers)
    empty = swept(instant, 2000, workers)
    beyond = (found["seconds"] - ideal) / runs
    return {
        "runs": runs,
        "seconds": round(found["seconds"], 2),
        "ideal_seconds": ideal,
        "overhead_ms_per_run": round(1000 * beyond, 2),
        "empty_runs_ms": round(1000 * empty["seconds"] / 2000, 2),
    }


def memory() -> list[dict[str, float]]:
    """Most memory for few and for many runs (each in a process of its own: the peak only rises)."""
    import json
    import subprocess

    rows = []
    for runs in (500, 5_000, 50_000):
        code = f"import json; from benchmarks.sweep import instant, swept; print(json.dumps(swept(instant, {runs}, 2)))"
        root = Path(__file__).resolve().parents[1]
        said = subprocess.run(
            [sys.executable, "-c", code], cwd=root, check=True, capture_output=True, text=True, env=os.environ
        )
        found = json.loads(said.stdout.splitlines()[-1])
        rows.append({"runs": runs, **{k: round(v, 1) for k, v in found.items() if k.endswith("mb")}})
    return rows


def city(points: int, workers: int) -> dict[str, Any]:
    """A sweep of the city: points x 20 runs."""
    import resource

    from sim.sweep import load_design, sweep

    design = load_design(DESIGN.replace("samples: 100", f"samples: {points}"))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as folder:
        worker = 0.0

        def look(done: int, total: int, record: Any) -> None:
            nonlocal worker
            if done % 20 == 0:
                worker = max([worker, *(peak_mb(pid) for pid in children())])

        made = sweep(design, Path(folder) / "out", workers=workers, tell=look)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "runs": made.runs,
        "lived": made.lived,
        "workers": workers,
        "seconds": round(made.seconds, 1),
        "processor_seconds": round(used, 1),
        "failed": made.counts["error"] + made.counts["crashed"],
        "worker_mb": round(worker, 1),
    }


def main() -> None:
    from benchmarks.keep import keep
    from sim.benchmark import machine

    ask = argparse.ArgumentParser()
    ask.add_argument("--runs", type=int, default=2000, help="of the large sweep, in twenties")
    ask.add_argument("--quick", action="store_true", help="without the large sweep")
    said = ask.parse_args()
    figures: dict[str, Any] = {
        "machine": machine(),
        "design": {"scale": 200, "months": 60},
        "load_before": os.getloadavg()[0],
        "overhead": overhead(),
    }
    print(figures["overhead"], flush=True)
    figures["memory"] = memory()
    print(figures["memory"], flush=True)
    city(1, 1)  # compiles what has to be compiled
    alone, both = city(4, 1), city(4, 2)
    figures["speedup"] = {
        "one": alone,
        "two": both,
        "times": round(alone["seconds"] / both["seconds"], 2),
    }
    print(figures["speedup"], flush=True)
    if not said.quick:
        figures["large"] = city(said.runs // 20, 2)
        print(figures["large"], flush=True)
    if failed := sum(one["failed"] for one in (alone, both, figures.get("large", alone))):
        sys.exit(f"{failed} runs failed: nothing is kept")
    figures["load_after"] = os.getloadavg()[0]
    options = f" --runs {said.runs}" * (said.runs != 2000) + " --quick" * said.quick
    keep("sweep", options, figures)


if __name__ == "__main__":
    main()
