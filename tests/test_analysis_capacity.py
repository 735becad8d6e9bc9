"""Services that break: the first year in which most seeds are below the limit."""

import numpy as np
from ensembles import START, make

from sim.analysis.capacity import capacity_warnings

ROADS = ("service_quality_roads",)


def falling(by_year, seeds=10):
    """Quality of roads in every kecamatan, by seed and year."""
    made = make(("none", "A"), seeds=seeds, start=START | {"service_quality_roads": 0.9})
    made.yearly[0, 0, :, :, made.column("service_quality_roads")] = np.asarray(by_year)[:, :, None]
    return made


def test_the_first_year_in_which_four_of_five_seeds_are_below():
    by_year = np.tile([0.9, 0.85, 0.75, 0.7], (10, 1))
    by_year[:3, 2] = 0.82  # only seven of ten in the third year
    table = capacity_warnings(falling(by_year), outcomes=ROADS)
    assert len(table) == 30 and set(table.package) == {"none"}
    assert set(table.year) == {"2028-01"} and np.isclose(table["last"][0], 0.7) and table.seeds_below[0] == 1.0
    by_year[0, 2] = 0.79
    assert set(capacity_warnings(falling(by_year), outcomes=ROADS).year) == {"2027-01"}


def test_what_holds_gives_no_warning_and_what_is_low_already_the_first_year():
    assert capacity_warnings(falling(np.full((10, 4), 0.8)), outcomes=ROADS).empty
    assert set(capacity_warnings(falling(np.full((10, 4), 0.79)), outcomes=ROADS).year) == {"2025-01"}
    assert len(capacity_warnings(falling(np.full((10, 4), 0.9)), limit=0.95, outcomes=ROADS)) == 60
