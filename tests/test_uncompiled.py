"""Compiled and uncompiled, the rules say the same: the city lives a month in plain Python."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

MONTHS = 2


def lived(disable: str) -> dict[str, list[float]]:
    script = Path(__file__).with_name("uncompiled.py")
    path = os.pathsep.join([str(script.parents[1]), os.environ.get("PYTHONPATH", "")])
    told = subprocess.run(
        [sys.executable, str(script), str(MONTHS)],
        env=os.environ | {"NUMBA_DISABLE_JIT": disable, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return json.loads(told.stdout)


def test_machine_code_and_plain_python_live_the_same_months():
    """Counts of people and money of the city to the last digit; the rest to the precision of single-precision columns.

    Machine code multiplies two single-precision columns in single precision, plain Python in double.
    """
    compiled, plain = lived("0"), lived("1")
    assert set(compiled) == set(plain)
    assert len(compiled["population"]) == MONTHS
    for name in ("population", "households", "employed", "hires", "separations", "unemployment_rate", "informal_share"):
        assert plain[name] == compiled[name], name
    apart = {
        name: (values, plain[name])
        for name, values in compiled.items()
        if plain[name] != pytest.approx(values, rel=1e-6, abs=1e-6, nan_ok=True)
    }
    assert not apart, apart
