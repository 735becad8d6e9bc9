"""How much room there is for cities that were built before (see `population.kept`)."""

from __future__ import annotations

import os

from sim.errors import InputError
from sim.language import told

VARIABLE = "BANDUNG_KEEP_CITIES"  # gigabytes; without it none are kept
USUAL = "2"  # what commands keep that one person repeats with other policies
GIGABYTE = 1 << 30


def keep_cities() -> None:
    """From now on cities are kept as usual, in the processes started too, unless the variable says otherwise."""
    os.environ.setdefault(VARIABLE, USUAL)
    room()  # refused here, before any work


def room() -> int:
    """Bytes of cities that may be kept; 0 where the variable is not set. Raises InputError where it is no number."""
    said = os.environ.get(VARIABLE, "").strip() or "0"
    try:
        return max(int(float(said) * GIGABYTE), 0)
    except (ValueError, OverflowError):
        text = "{variable}={value}: must be a number of gigabytes, e.g. 2; 0 keeps no cities"
        raise InputError(told(text, variable=VARIABLE, value=said)) from None
