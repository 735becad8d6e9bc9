"""Mesa's own view: one model, stepped by hand, with the network of districts. For classes that want to watch."""

from __future__ import annotations

from typing import Any

import numpy as np
import solara

from sim.outcomes.figures import PLACES
from sim.ui.words import label, month, say

SCALE = 2000  # real agents per simulated one at first
SCALES = (2000, 1000, 500)
COLOUR = "poverty_headcount"  # what a district's colour shows
CURVES = ("poverty_headcount", "unemployment_rate", "trust")
MONTHS = 240


@solara.component
def Watch() -> None:
    """SolaraViz on a BandungModel of this reader's own."""
    from mesa.visualization import SolaraViz
    from mesa.visualization.components import make_plot_component

    model = solara.use_memo(first, [])
    SolaraViz(
        model,
        components=[network, *(make_plot_component(name) for name in CURVES)],
        model_params=parameters(),
        name=say("Bandung, month by month"),
    )


def first() -> Any:
    """The model that the page begins with."""
    from sim.model import BandungModel

    return BandungModel(scale=SCALE, seed=1, months=MONTHS, threads=1)


def parameters() -> dict[str, Any]:
    """What the reader may set before a new run: within bounds, whatever is asked."""
    return {
        "scale": {
            "type": "Select",
            "value": SCALE,
            "values": list(SCALES),
            "label": say("Real agents per simulated one"),
        },
        "seed": {"type": "SliderInt", "value": 1, "label": say("Course of chance"), "min": 1, "max": 30, "step": 1},
        "months": MONTHS,
        "threads": 1,
    }


@solara.component
def network(model: Any) -> None:
    """The 30 kecamatan where they lie, joined as people travel, coloured by poverty."""
    from matplotlib.figure import Figure
    from mesa.visualization.utils import update_counter

    update_counter.get()
    figure = drawn(model, Figure(figsize=(6, 4.5), layout="constrained"))
    solara.FigureMatplotlib(figure, format="png", bbox_inches="tight")


def drawn(model: Any, figure: Any) -> Any:
    """The network of districts of a model on an empty figure."""
    city, axes = model.world.city, figure.add_subplot()
    east, north = positions(city.kelurahan)
    for a, b in model.space.G.edges():
        if a < len(east) and b < len(east):
            axes.plot(east[[a, b]], north[[a, b]], color="#b0bec5", linewidth=0.5, zorder=1)
    poor = 100 * values(model)
    dots = axes.scatter(east, north, c=poor, cmap="viridis", s=130, zorder=2, edgecolors="white")
    for x, y, name in zip(east, north, city.names, strict=True):
        axes.annotate(name, (x, y), fontsize=6, ha="center", xytext=(0, 8), textcoords="offset points")
    figure.colorbar(dots, ax=axes, label=f"{label(COLOUR)}, %")
    year, month_of_year = model.world.calendar
    axes.set_title(month(f"{year:04d}-{month_of_year:02d}"), fontsize=10)
    axes.set_axis_off()
    return figure


def positions(kelurahan: Any) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude of the 30 kecamatan: means of their kelurahan by population."""
    people = np.bincount(kelurahan.district, kelurahan.population, 30)
    return tuple(np.bincount(kelurahan.district, kelurahan.population * at, 30) / people
                 for at in (kelurahan.lon, kelurahan.lat))  # type: ignore[return-value]  # fmt: skip


def values(model: Any) -> np.ndarray:
    """Last month's poverty of the 30 kecamatan; zeros before the first."""
    if not len(model.recorder):
        return np.zeros(30)
    return np.nan_to_num(model.recorder.values[-1, model.recorder.names.index(COLOUR), PLACES])
