"""Running a program that a document shows."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import sim

STARTS_WORKERS = re.compile(r"\b(compare|sweep|search)\(")


def run_shown(program: Path) -> None:
    """Run it where it lies: one that starts workers as a file of its own, as a user does, the others here (faster)."""
    if not STARTS_WORKERS.search(program.read_text("utf-8")):
        runpy.run_path(str(program), run_name="__main__")
        return
    environment = {**os.environ, "PYTHONPATH": str(Path(sim.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, program.name],
        cwd=program.parent,
        env=environment,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == 0 and done.stdout, done.stderr
