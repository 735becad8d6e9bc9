"""How fast the model is on this machine: the figures of the README, and the commands behind them."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from sim.errors import InputError, RunError
from sim.keeping import keep_cities
from sim.language import told

SCENARIO = "baseline"
Tell = Callable[[str], None]


def read_scales(text: str) -> list[int]:
    """`200,50,1` as whole numbers from 1 to 2000."""
    try:
        scales = [int(part) for part in text.split(",")]
    except ValueError:
        scales = []
    if not scales or not all(1 <= scale <= 2000 for scale in scales):
        raise InputError(
            told("--scales {value}: whole numbers from 1 to 2000 with commas between, e.g. 200,50,1", value=repr(text))
        )
    return scales


def measure(scales: Sequence[int], months: int, threads: int | None, tell: Tell = lambda line: None) -> dict[str, Any]:
    """Every figure: runs at each scale, seconds by act, and the same task in plain Mesa."""
    tell("warming up: compiling what is not yet kept")
    first = in_own_process(500, 13, threads)  # thirteen months: the yearly rules too
    runs = []
    for scale in scales:
        tell(f"scale {scale}, {months} months")
        fresh = in_own_process(scale, months, threads, anew=True)
        again = in_own_process(scale, 1, threads)
        runs.append({**fresh, "build_again_seconds": again["build_seconds"]})
    tell("the household budget in plain Mesa")
    from sim.mesa_twin import compare_with_mesa

    return {
        "machine": machine(),
        "first_run_seconds": first["process_seconds"],
        "runs": runs,
        "mesa": compare_with_mesa(),
    }


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.system(),
    }


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.split(":")[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def in_own_process(scale: int, months: int, threads: int | None, anew: bool = False) -> dict[str, Any]:
    """One run in a fresh process, so that its peak memory is its own. anew: of a city that nobody has built before."""
    choices = json.dumps({"scale": scale, "months": months, "threads": threads, "anew": anew})
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from sim.benchmark import child; child(sys.argv[1])", choices],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise RunError(f"benchmark at scale {scale}: {last}")
    return {**json.loads(done.stdout), "process_seconds": round(time.perf_counter() - started, 3)}


def child(choices: str) -> None:
    """In the fresh process: one run, its times and its memory, as JSON on stdout."""
    print(json.dumps(one_run(**json.loads(choices))))


def one_run(scale: int, months: int, threads: int | None, anew: bool) -> dict[str, Any]:
    """One run with its processor time and peak memory."""
    from sim.runner import run

    keep_cities()
    if anew:
        _forget(scale)
    marks: dict[tuple[str, int], float] = {}
    result = run(
        SCENARIO,
        scale=scale,
        months=months,
        threads=threads,
        timing=True,
        progress=lambda stage, done, total: marks.setdefault((stage, done), time.process_time()),
    )
    cpu = marks["run", months] - marks["run", 0]
    return {
        "scale": scale,
        "months": months,
        **result.counts,
        "build_seconds": result.seconds["build"],
        "run_seconds": result.seconds["run"],
        "run_cpu_seconds": round(cpu, 3),
        "cpu_us_per_household_month": cpu * 1e6 / (result.counts["households"] * months),
        "peak_memory_mb": peak_memory_mb(),
        "digest": result.digest,
        "seconds_by_act": result.timings,
    }


def _forget(scale: int) -> None:
    """The city of this scale is built by the next run."""
    from sim.parameters import default_parameters, with_values
    from sim.population import kept
    from sim.scenario import load_scenario

    scenario = load_scenario(SCENARIO)
    p = with_values(default_parameters(), scenario.parameters)
    place = kept.place_of(scenario.start_month, p, scale, seed=1)
    if place is not None:
        place.unlink(missing_ok=True)


def peak_memory_mb() -> float:
    """The largest memory this process has held, MB."""
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1e6 if sys.platform == "darwin" else 1e3), 1)


def show_benchmark(figures: dict[str, Any]) -> None:
    """The figures as tables."""
    from sim.paper import put, table

    runs, mesa = figures["runs"], figures["mesa"]
    where = figures["machine"]
    columns = ("scale", "persons", "households", "build s", "again", "run s", "CPU us/household-month", "peak MB")
    rows = [
        (
            str(r["scale"]),
            f"{r['persons']:,}",
            f"{r['households']:,}",
            f"{r['build_seconds']:.2f}",
            f"{r['build_again_seconds']:.2f}",
            f"{r['run_seconds']:.2f}",
            f"{r['cpu_us_per_household_month']:.3f}",
            f"{r['peak_memory_mb']:,.0f}",
        )
        for r in runs
    ]
    finest = min(runs, key=lambda r: r["scale"])
    acts, months = finest["seconds_by_act"], finest["months"]
    total = sum(acts.values()) or 1.0
    by_act = [(act, f"{1e3 * s / months:.2f}", f"{100 * s / total:.1f} %") for act, s in acts.items()]
    put(
        [
            f"{where['processor']}, {where['cores']} cores, Python {where['python']}; {months} months of {SCENARIO}",
            table(columns, rows, right=columns),
            "",
            f"Milliseconds by act and month at scale {finest['scale']}",
            table(("act", "ms", "share"), by_act, right=("ms", "share")),
            "",
            f"The same task in plain Mesa {mesa['mesa_version']} ({mesa['task']}; {mesa['households']:,} households):",
            f"{mesa['mesa_us_per_household_month']:.2f} us a household-month as Python objects, "
            f"{mesa['compiled_us_per_household_month']:.4f} us as compiled rows: {mesa['ratio']:,.0f} times as fast",
        ]
    )
