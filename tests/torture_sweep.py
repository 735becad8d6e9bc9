"""Kill a sweep at random moments, start it again, and compare its table with that of an undisturbed one, bit for bit.

`python tests/torture_sweep.py --count 50` kills the parent, a worker, a Dask worker, presses Ctrl-C and fills the disk,
50 times in all, in random order; some runs raise. `--city` lives small cities instead of a toy (slower). Exit 0: the
tables are equal, no run is missing or there twice, no half file and no process is left.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

HERE = Path(__file__).resolve().parent
LOCAL = ("parent", "worker", "interrupt", "disk")
CLUSTER = ("dask worker", "dask parent")
MARK = "TORTURE_MARK"  # in the environment of every process this script starts

# Small: what is tried is the sweep. A parameter varies in a past that is built anew: kills fall into builds, too.
CITY = """\
title: A city to be killed
months: 4
scale: 2000
shocks:
  - {kind: demand_slump, start: 2025-03, intensity: 0.5}
packages:
  - name: Cash
    policies:
      - {lever: cash_transfer, budget_rp_per_year: 400e9, start: 2025-02}
"""
CITY_DESIGN = """\
title: A city to be killed
scenario: city.yaml
seeds: 2
uncertainties:
  - parameter: labour.matching_efficiency
  - shock: demand_slump
outcomes: [poverty_headcount, gini]
sampling: {method: lhs, samples: 8}
"""


class Torture:
    """One folder, the command that fills it, and the processes that belong to it."""

    def __init__(self, home: Path, city: bool, samples: int, luck: np.random.Generator) -> None:
        self.home, self.city, self.samples, self.luck = home, city, samples, luck
        self.mark = uuid.uuid4().hex
        self.dask: list[subprocess.Popen] = []
        self.address = ""
        self.length = 5.0  # seconds of an undisturbed sweep with two workers
        if city:
            (home / "city.yaml").write_text(CITY)
            (home / "design.yaml").write_text(CITY_DESIGN)

    def command(self, out: Path, *options: str) -> list[str]:
        if self.city:
            return [sys.executable, "-m", "sim", "sweep", str(self.home / "design.yaml"), "--out", str(out), *options]
        return [sys.executable, str(HERE / "toy_sweep.py"), str(out), "--samples", str(self.samples), *options]

    def start(self, out: Path, *options: str) -> subprocess.Popen:
        environment = {**os.environ, MARK: self.mark, "TOY_SECONDS": "0.02", "PYTHONPATH": f"{HERE}:{HERE.parent}"}
        log = open(self.home / "log.txt", "ab")
        return subprocess.Popen(
            self.command(out, *options), env=environment, stdout=log, stderr=log, start_new_session=True
        )

    def finish(self, out: Path, *options: str) -> int:
        return self.start(out, *options).wait(600)

    def ours(self) -> list[int]:
        """Every living process with our mark."""
        found = []
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and f"{MARK}={self.mark}".encode() in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
        return found

    def start_dask(self) -> None:
        """A scheduler and two workers under a nanny, which starts a killed one anew."""
        environment = {**os.environ, MARK: self.mark, "TOY_SECONDS": "0.02", "PYTHONPATH": f"{HERE}:{HERE.parent}"}
        file = self.home / "scheduler.json"
        log = open(self.home / "dask.txt", "ab")
        base = [sys.executable, "-m", "distributed.cli"]
        quiet = {"stdout": log, "stderr": log, "env": environment, "start_new_session": True}
        start = "import sys; from distributed.cli.{0} import main; sys.argv[0] = 'dask-{0}'; main()"
        options = ["--scheduler-file", str(file), "--no-dashboard"]
        for what, more in (
            ("dask_scheduler", ["--host", "127.0.0.1", "--port", "0"]),
            ("dask_worker", ["--nthreads", "1", "--nworkers", "2", "--death-timeout", "60"]),
        ):
            base = [sys.executable, "-c", start.format(what), *options, *more]
            self.dask.append(subprocess.Popen(base, **quiet))  # type: ignore[call-overload]
            deadline = time.monotonic() + 60
            while not file.exists() and time.monotonic() < deadline:
                time.sleep(0.1)
        import json

        self.address = json.loads(file.read_text())["address"]

    def stop(self) -> None:
        for process in self.dask:
            process.terminate()
        for process in self.dask:
            process.wait(30)

    def disturb(self, what: str, out: Path) -> tuple[bool, int]:
        """Start the sweep, do one thing to it at a random moment, wait for its end: (whether it was hit, exit code)."""
        options = ["--dask", self.address] if what.startswith("dask") else ["--workers", "2"]
        if what == "disk":
            options += ["--full-after", str(self.luck.integers(0, 6))]
        process, hit = self.start(out, *options), False
        try:
            process.wait(self.luck.uniform(0.2, self.length))
        except subprocess.TimeoutExpired:
            hit = self.strike(what, process)
        code = process.wait(600)
        allowed = {"interrupt": (0, 130, -signal.SIGINT), "disk": (0, 1), "parent": (0, -9), "dask parent": (0, -9)}
        if code not in allowed.get(what, (0,)):
            raise SystemExit(f"{what} ended with {code}:\n{(self.home / 'log.txt').read_text()[-3000:]}")
        return (code != 0 if what != "worker" and what != "dask worker" else hit), code

    def strike(self, what: str, process: subprocess.Popen) -> bool:
        """Kill or interrupt; whether there was something to kill."""
        if what in ("parent", "dask parent"):
            process.kill()
        elif what == "interrupt":
            process.send_signal(signal.SIGINT)
        elif what in ("worker", "dask worker"):
            above = {one.pid for one in self.dask} if what == "dask worker" else {process.pid}
            hands = [pid for pid in self.ours() if b"spawn_main" in _line(pid) and _parent(pid) in above]
            if not hands:
                return False
            os.kill(int(self.luck.choice(sorted(hands))), signal.SIGKILL)
        return True


def _line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def check(out: Path, reference: Path) -> None:
    """Raises SystemExit where the folder is not as an undisturbed sweep leaves it."""
    if (out / "runs.parquet").read_bytes() != (reference / "runs.parquet").read_bytes():
        raise SystemExit(f"{out} has another table than {reference}")
    keys = pq.read_table(out / "runs.parquet", columns=["run"])["run"].to_pylist()
    if len(keys) != len(set(keys)):
        raise SystemExit(f"{out} has runs twice")
    if halves := [str(p) for p in out.rglob(".*.tmp")]:
        raise SystemExit(f"{out} has half-written files: {halves}")


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--count", type=int, default=50, help="disturbances")
    ask.add_argument("--seed", type=int, default=1, help="of the moments and their order")
    ask.add_argument("--samples", type=int, default=40, help="points of the toy; four runs each")
    ask.add_argument("--city", action="store_true", help="small cities instead of a toy")
    ask.add_argument("--no-dask", action="store_true", help="local workers only")
    said = ask.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would hand down deafness
    luck = np.random.default_rng(said.seed)
    kinds = LOCAL if said.no_dask else LOCAL + CLUSTER
    kinds = tuple(kind for kind in kinds if not (said.city and kind == "disk"))
    whats = [kinds[n % len(kinds)] for n in range(said.count)]
    luck.shuffle(whats)
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        home = Path(folder)
        torture = Torture(home, said.city, said.samples, luck)
        try:
            run(torture, whats, home, said.no_dask)
        finally:
            torture.stop()
        deadline = time.monotonic() + 10
        while (left := torture.ours()) and time.monotonic() < deadline:
            time.sleep(0.2)
        if left:
            raise SystemExit(f"processes left: {left}")
    print(f"{said.count} disturbances: every table equals the undisturbed one, bit for bit")


def run(torture: Torture, whats: list[str], home: Path, no_dask: bool) -> None:
    reference = home / "undisturbed"
    started = time.monotonic()
    torture.finish(reference, "--workers", "1")
    rows = len(pq.read_table(reference / "runs.parquet"))
    print(f"undisturbed: {rows} runs in {time.monotonic() - started:.1f} s with one worker", flush=True)
    warm = time.monotonic()  # the first sweep may have compiled, and says nothing of how long the others take
    torture.finish(home / "again", "--workers", "2")
    check(home / "again", reference)
    torture.length = 0.9 * (time.monotonic() - warm)
    print(f"undisturbed: {time.monotonic() - warm:.1f} s with two", flush=True)
    if not no_dask:
        torture.start_dask()
    sweeps, n, out = 0, 0, home / "sweep-0"
    while n < len(whats):
        hit, code = torture.disturb(whats[n], out)
        whole = (out / "runs.parquet").exists() and len(pq.read_table(out / "runs.parquet")) == rows
        n += hit
        if hit:
            print(f"{n}. {whats[n - 1]}: exit {code}{', whole' if whole else ''}", flush=True)
        if whole or n == len(whats):
            torture.finish(out, "--workers", "2")
            check(out, reference)
            sweeps += 1
            out = home / f"sweep-{sweeps}"
    print(f"{sweeps} sweeps, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
