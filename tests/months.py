"""A city that has lived some months, for many tests."""

from __future__ import annotations

from sim.model import BandungModel


def lived(months: int, **choices) -> BandungModel:
    """A city after some months, by default one agent for 400 on one thread."""
    model = BandungModel(**({"scale": 400, "seed": 1, "months": max(months, 1), "threads": 1} | choices))
    for _ in range(months):
        model.step()
    return model
