"""The map of the 30 kecamatan with a level or a change: classes, legend, selection."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from sim.ui.kit.part import part


@part("map.vue")
def DistrictMap(
    *,
    title: str = "",
    shapes: Sequence[Mapping[str, Any]] = (),  # from shapes.drawn(): {"id", "name", "d", "x", "y"}
    view: str = "0 0 1000 1000",  # from shapes.drawn()
    values: Mapping[str, float | None] = {},  # by code; None where there is no value
    classes: Mapping[str, int] = {},  # by code, from classes(); -1 without a value
    scale: str = "level",  # "level" (light to dark) or "change" (two colours around zero)
    legend: Sequence[str] = (),  # the label of each class
    good: int = 0,  # of a change: +1 higher is better, -1 lower is better, 0 neither
    form: Mapping[str, Any] = {},  # chart.form()
    measured: str = "",  # head of the figures in the CSV, with the unit of `values` as they are
    warnings: Mapping[str, str] = {},  # by code: a text for a warning sign on the map (capacity)
    notice: str = "",  # "Schematic: ..."
    selected: str | None = None,
    on_selected: Callable[[str | None], Any] | None = None,
    stale: bool = False,
    file: str = "districts",
    locale: str = "id",
    words: Mapping[str, str] = {},
) -> None:
    """The map, its legend, the same figures as a table, and the CSV."""


def classes(
    values: Mapping[str, float | None], scale: str = "level"
) -> tuple[dict[str, int], list[tuple[float, float]]]:
    """The class of each district, and the (from, to) of each class, lowest first.

    level: five classes of equal width. change: seven around zero, the middle one for next to nothing.
    """
    found = np.array([np.nan if v is None else float(v) for v in values.values()])
    known = found[np.isfinite(found)]
    edges = _level_edges(known) if scale == "level" else _change_edges(known)
    of = np.clip(np.searchsorted(edges, found, side="right") - 1, 0, len(edges) - 2)
    of = np.where(np.isfinite(found), of, -1)
    return dict(zip(values, map(int, of), strict=True)), list(pairwise(edges))


def _level_edges(known: np.ndarray) -> list[float]:
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    if high - low < 1e-12 * max(abs(high), 1e-300):
        low, high = low - 0.5 * (abs(low) or 1.0), high + 0.5 * (abs(high) or 1.0)
    return [float(x) for x in np.linspace(low, high, 6)]


def _change_edges(known: np.ndarray) -> list[float]:
    most = float(np.abs(known).max()) if len(known) and np.abs(known).max() > 0 else 1.0
    return [most * part for part in (-1.0, -2 / 3, -1 / 3, -1 / 20, 1 / 20, 1 / 3, 2 / 3, 1.0)]
