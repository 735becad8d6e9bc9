"""Freed memory goes back to the system."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.memory import give_back


def resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_what_is_free_between_what_is_kept_goes_back():
    pieces = [np.ones(8_000) for _ in range(2_000)]  # 128 MB in pieces too small to be returned one by one
    kept = pieces[::50]
    del pieces
    before = resident_mb()
    give_back()
    after = resident_mb()
    assert sum(one.sum() for one in kept) == 40 * 8_000
    assert before - after > 60 or before < 200, (before, after)
