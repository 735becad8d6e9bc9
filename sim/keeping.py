"""How much room there is for cities that were built before (see `population.kept`)."""

from __future__ import annotations

import os

VARIABLE = "BANDUNG_KEEP_CITIES"  # gigabytes; without it none are kept
USUAL = "2"  # what commands keep that one person repeats with other policies
GIGABYTE = 1 << 30


def keep_cities() -> None:
    """From now on cities are kept as usual, in the processes started too, unless the variable says otherwise."""
    os.environ.setdefault(VARIABLE, USUAL)


def room() -> int:
    """Bytes of cities that may be kept; 0 where the variable says nothing that is a number."""
    try:
        return max(int(float(os.environ.get(VARIABLE, "0")) * GIGABYTE), 0)
    except (ValueError, OverflowError):
        return 0
