"""Where services break first: the year in which the quality of a service in a kecamatan falls below a limit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.analysis.ensemble import Ensemble
from sim.analysis.incidence import AGREE
from sim.outcomes.services import QUALITY

LIMIT = 0.8  # quality of a service: places for four of five users. Source: assumption


def capacity_warnings(
    ensemble: Ensemble, limit: float = LIMIT, outcomes: Sequence[str] = QUALITY, shocks: bool | None = False
) -> pd.DataFrame:
    """One row a package, kecamatan and service that falls below the limit in some year, earliest first.

    Columns: package, place, place_name, outcome, year (its first month: the first year in which at least 80 % of the
    seeds are below), first and last (quality in the first and the last year, mean over seeds), seeds_below (in the last
    year). What already starts below has the first year.
    """
    rows = []
    for outcome in outcomes:
        values = ensemble.yearly[:, ensemble.state(shocks), :, :, ensemble.column(outcome)]
        below = (values[..., 1 : 1 + len(ensemble.places)] < limit).mean(axis=1)  # (package, year, place)
        level = values[..., 1 : 1 + len(ensemble.places)].mean(axis=1)
        for k, package in enumerate(ensemble.packages):
            for j in np.flatnonzero((below[k] >= AGREE).any(axis=0)):
                year = int(np.argmax(below[k, :, j] >= AGREE))
                place = (ensemble.places[j], ensemble.place_names[j])
                figures = (level[k, 0, j], level[k, -1, j], below[k, -1, j])
                rows.append((package, *place, outcome, ensemble.years[year], *figures))
    columns = ["package", "place", "place_name", "outcome", "year", "first", "last", "seeds_below"]
    return pd.DataFrame(rows, columns=columns).sort_values(["year", "last"], kind="stable", ignore_index=True)
