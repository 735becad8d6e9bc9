"""A tiny comparison through the command line, lived once for the tests that look at it."""

from __future__ import annotations

import atexit
import contextlib
import io
import json
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NamedTuple

from sim.cli import answer

TINY = """\
title: Training & cash in a "slump"
question: Does <training> help more than cash?
months: 13
scale: 1000
seeds: 2
unequal_cost: true
shocks:
  - kind: demand_slump
    start: 2025-05
    intensity: 0.8
packages:
  - name: Training
    policies: [{lever: worker_training, budget_rp_per_year: 500e9, start: 2025-03}]
  - name: Cash <b> & care
    policies: [{lever: cash_transfer, budget_rp_per_year: 2000e9}]
  - name: Nothing
    policies: []
"""
PACKAGES = ("Training", "Cash <b> & care", "Nothing")


class Said(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What was printed, if it is JSON without NaN or Infinity."""
        return json.loads(self.out, parse_constant=_refuse)


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


def bandung(*arguments: object) -> Said:
    """The command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = answer([str(one) for one in arguments])
    return Said(code, out.getvalue(), err.getvalue())


def scenario(folder: Path, text: str = TINY, name: str = "tiny") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text)
    return path


@cache
def tiny() -> tuple[Path, Said]:
    """The dataset of the tiny comparison, and what was printed. Only to be looked at."""
    folder = Path(mkdtemp(prefix="bandung-compared-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    said = bandung("compare", scenario(folder), "--workers", 1, "--out", folder / "set", "--json")
    assert said.code == 0, said.err
    return folder / "set", said
