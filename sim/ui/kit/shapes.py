"""The shapes of the 30 kecamatan for the map: schematic ones of our own, or a planner's file of real boundaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import shapely


def schematic() -> dict[str, shapely.Geometry]:
    """The schematic shapes (km) by code."""
    raise NotImplementedError


def boundaries(path: Path) -> dict[str, shapely.Geometry]:
    """Shapes (km) by code from a GeoJSON file of 30 features, matched by code or name; else an InputError."""
    raise NotImplementedError


def drawn(shapes: Mapping[str, shapely.Geometry], names: Sequence[str]) -> tuple[list[dict[str, Any]], str]:
    """What DistrictMap takes: [{"id", "name", "d", "x", "y"}] and the viewBox."""
    raise NotImplementedError
