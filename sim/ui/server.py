"""What one server shares between all its readers: the engine, the limits, the map's shapes."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

from sim.ui.engine.asking import Engine
from sim.ui.limits import Limits, handed_over

OPENS = "BANDUNG_UI_OPENS"  # name of the scenario that the page opens with
SHAPES = "BANDUNG_UI_BOUNDARIES"  # a file of real boundaries; empty: schematic shapes


@cache
def limits() -> Limits:
    return handed_over()


@cache
def engine() -> Engine:
    """The engine; its workers start with the first use."""
    return Engine(limits())


def opens() -> str:
    """The scenario of an address that names none."""
    from sim.ui.state.place import USUAL

    return os.environ.get(OPENS, USUAL)


@cache
def shapes() -> tuple[list[dict[str, Any]], str, bool]:
    """What the map draws, its viewBox, and whether it is schematic."""
    from sim.ui.kit.shapes import boundaries, drawn, schematic

    file = os.environ.get(SHAPES, "")
    found = boundaries(Path(file)) if file else schematic()
    return *drawn(found), not file
