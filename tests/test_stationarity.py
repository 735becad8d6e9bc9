"""The measuring rods of drift, held against paths whose drift is known, and one short run of the real city."""

from types import SimpleNamespace

import numpy as np
import pytest

from sim.stationarity import KEPT, Path, mean_of, of_the_run, of_the_start, trend, walk, yearly

MONTHS = np.arange(120)


def path(**changed: np.ndarray) -> Path:
    """A city that stays where it is, except for what is changed."""
    still = {name: np.full(120, 1.0) for name in KEPT}
    still |= {
        "unemployment_rate": np.full(120, 0.074),
        "informal_share": np.full(120, 0.42),
        "poverty_headcount": np.full(120, 0.0387),
        "poverty_gap": np.full(120, 0.006),
        "gini": np.full(120, 0.44),
        "household_size": np.full(120, 3.4),
        "csr_rp": np.tile([90e8, 0, 0], 40),  # Rp 36 billion a year, paid each quarter
    }
    targets = SimpleNamespace(
        unemployment=0.074, poverty_headcount=0.0387, poverty_gap=0.006, gini=0.44, informal_share=0.4222
    )
    return Path((2025, 1), 2024, targets, 3.4, np.zeros(30), still | changed, {"households": 1e12 + 0.0 * MONTHS})


def failing(found) -> list[str]:
    return [p.name for p in found if p.verdict == "FAILS"]


def test_a_line_has_the_slope_that_was_put_in_and_the_first_year_does_not_count():
    assert trend(0.05 + 0.001 * MONTHS / 12) == pytest.approx(0.001)
    assert trend(np.where(MONTHS < 12, 9.0, 0.2)) == pytest.approx(0.0)
    assert np.isnan(trend(np.ones(5)))


def test_years_are_whole():
    assert yearly(np.arange(30.0)) == pytest.approx([5.5, 17.5])


def test_a_city_that_stays_passes():
    assert failing([*of_the_start(path()), *of_the_run(path())]) == []


@pytest.mark.parametrize(
    "name, series, fails",
    [
        ("unemployment_rate", 0.074 + 0.0011 * MONTHS / 12, "unemployment_rate drift"),
        ("poverty_headcount", 0.0387 - 0.0011 * MONTHS / 12, "poverty_headcount drift"),
        ("treasury_rp", 1.0 - MONTHS / 130, "treasury least"),
        ("unemployment_rate", np.where(MONTHS < 12, 0.074, 0.080), "unemployment_rate most year"),
        ("poverty_headcount", np.full(120, 0.0330), "poverty_headcount least year"),
        ("treasury_rp", 1.0 + MONTHS / 100, "treasury most"),
        ("csr_rp", np.full(120, 2e9), "CSR least"),
    ],
)
def test_a_city_that_moves_is_said_to_fail(name, series, fails):
    assert fails in failing(of_the_run(path(**{name: series})))


def test_a_start_off_the_official_figure_is_said_to_fail():
    assert failing(of_the_start(path(unemployment_rate=np.full(120, 0.078)))) == ["unemployment_rate"]
    assert failing(of_the_start(path(gini=np.full(120, 0.42)))) == ["gini"]


def test_seeds_are_averaged_figure_by_figure():
    low, high = (of_the_start(path(gini=np.full(120, g))) for g in (0.43, 0.45))
    assert {p.name: p.value for p in mean_of([low, high])}["gini"] == pytest.approx(0.44)


def test_the_real_city_is_walked_and_its_money_counted():
    lived = walk(500, 1, "2025-01", 2)
    assert lived.months == 2 and lived.price_year == 2024
    assert 2e12 < lived.deposits["households"][0] < 1e14
    assert lived.household_size == pytest.approx(3.4, abs=0.01)
