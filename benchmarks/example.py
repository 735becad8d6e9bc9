"""Run `make run`'s scenario and keep the part of its output that the README shows: `python benchmarks/example.py`."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.keep import keep

HOME = Path(__file__).resolve().parents[1]
COMMAND = "bandung run baseline --scale 20"
CLOCK = "Built in"  # the line that no second run repeats


def run(command: str) -> str:
    """What a `bandung` command prints."""
    words = [sys.executable, "-m", "sim", *shlex.split(command)[1:]]
    return subprocess.run(words, cwd=HOME, check=True, capture_output=True, text=True).stdout


def excerpt(said: str) -> str:
    """The head, the outcomes and the first ranking of districts; without the clock's figures."""
    parts = said.strip().split("\n\n")
    head = [line for line in parts[0].splitlines() if not line.startswith(CLOCK)]
    return "\n".join([*head, "", parts[1], "", parts[2]])


if __name__ == "__main__":
    shown = excerpt(run(COMMAND))
    keep("example", "", {"shown": f"$ {COMMAND}\n{shown}"})
    print(shown)
