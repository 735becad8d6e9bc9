"""Does the city stay where nothing pushes it, and does it start where the official figures say?

A year of the run is left out of the trends, for what is left of the start. What lies outside its band is printed as
failing, never left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.patterns import Pattern
from sim.runner import build, forget

YEAR = 12
SETTLING = 12  # months left out of the trends
DRIFT = 0.1  # percentage points a year
INFORMAL = (40.0, 44.0)  # %, between surveys
POINTS = {  # outcome: (figure of the data year, half-width of the band, both in percentage points)
    "unemployment_rate": ("unemployment", 0.3),
    "poverty_headcount": ("poverty_headcount", 0.2),
    "poverty_gap": ("poverty_gap", 0.06),
}
STATIONARY = ("unemployment_rate", "informal_share", "poverty_headcount")
LEVEL = 0.5  # percentage points that a year's mean may lie off the official figure
CSR_BILLION = (25.0, 40.0)  # recorded giving a year, in prices of the data year
KEPT = (*STATIONARY, "poverty_gap", "poverty_severity", "near_poor_share", "gini", "theil_between_districts",
        "value_added_index", "consumption_mean", "treasury_rp", "csr_rp",
        "businesses", "own_account_businesses", "population", "households", "household_size")  # fmt: skip


@dataclass
class Path:
    """City outcomes by month, stocks of money by sector (real rupiah), and what the city should look like."""

    start: tuple[int, int]
    price_year: int
    targets: Any
    household_size: float  # of the data year
    districts: np.ndarray  # (30,) simulated over official residents of the first month, - 1
    outcomes: dict[str, np.ndarray]
    deposits: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def months(self) -> int:
        return len(self.outcomes["unemployment_rate"])


def trend(series: np.ndarray, settling: int = SETTLING) -> float:
    """Change a year of the least-squares line through the months after `settling`."""
    kept = np.asarray(series, float)[settling:]
    if len(kept) < 2:
        return float("nan")
    return float(np.polyfit(np.arange(len(kept)) / YEAR, kept, 1)[0])


def yearly(series: np.ndarray, months: int = YEAR) -> np.ndarray:
    """Means of whole years."""
    whole = len(series) // months
    return np.asarray(series, float)[: whole * months].reshape(whole, months).mean(axis=1)


def walk(scale: int, seed: int, start: str, months: int, tell: Callable[[int], None] = lambda month: None) -> Path:
    """Live the baseline from `start` and keep what is judged."""
    model = build(scenario="baseline", scale=scale, seed=seed, months=months, start=start)
    world, stocks = model.world, []
    try:
        for month in range(months):
            tell(month)
            model.step()
            stocks.append(dict(world.ledger.stocks))
        city, record = world.city, model.recorder
        homes = (city.district_population / city.household_size).sum()
        return Path(
            start=world.start,
            price_year=world.price_year,
            targets=city.targets,
            household_size=float(city.district_population.sum() / homes),
            districts=record.places("population")[0] / city.district_population - 1.0,
            outcomes={name: record.city(name) for name in KEPT},
            deposits={name: np.array([s[name] for s in stocks]) * float(scale) for name in stocks[0]},
        )
    finally:
        forget(model)


def of_the_start(path: Path) -> list[Pattern]:
    """The first month against the official figures of the data year."""
    found = []
    for name, (target, width) in POINTS.items():
        official = 100 * getattr(path.targets, target)
        value = 100 * float(path.outcomes[name][0])
        found.append(
            Pattern(name, value, official - width, official + width, f"%, first month; official {official:.2f}")
        )
    gini, share = path.targets.gini, 100 * path.targets.informal_share
    size, apart = path.household_size, float(np.abs(path.districts).max())
    first = {name: float(series[0]) for name, series in path.outcomes.items()}
    return [
        *found,
        Pattern("gini", first["gini"], gini - 0.015, gini + 0.015, f"first month; official {gini:.3f}"),
        Pattern("informal_share", 100 * first["informal_share"], *INFORMAL, f"%, first month; official {share:.2f}"),
        Pattern("household_size", first["household_size"], 0.99 * size, 1.01 * size, f"first month; target {size:.3f}"),
        Pattern("district population", 100 * apart, 0.0, 1.0, "%, largest distance of a kecamatan from the register"),
    ]


def of_the_run(path: Path) -> list[Pattern]:
    """Trends of a city without shocks, the treasury and recorded giving."""
    drifts = [
        Pattern(f"{name} drift", 100 * trend(path.outcomes[name]), -DRIFT, DRIFT, "percentage points a year")
        for name in STATIONARY
    ]
    levels = [
        Pattern(f"{name} {end} year", value, low, high, "%, mean of the year")
        for name, low, high in _levels(path.targets)
        for end, value in zip(("least", "most"), _ends(100 * yearly(path.outcomes[name])), strict=True)
    ]
    treasury, giving = path.outcomes["treasury_rp"], yearly(path.outcomes["csr_rp"]) * YEAR / 1e9
    years = "Rp billion a year"
    return [
        *drifts,
        *levels,
        Pattern("treasury least", float(treasury.min() / treasury[0]), 0.5, np.inf, "lowest month over the first"),
        Pattern("treasury most", float(treasury.max() / treasury[0]), 0.0, 2.0, "highest month over the first"),
        Pattern("CSR least", float(giving.min(initial=np.inf)), *CSR_BILLION, f"{years}, the lowest year"),
        Pattern("CSR most", float(giving.max(initial=-np.inf)), *CSR_BILLION, f"{years}, the highest year"),
        *(
            Pattern(f"{name} deposits", 100 * trend(money) / float(money.mean()), None, None, "% of their mean a year")
            for name, money in path.deposits.items()
            if np.any(money)
        ),
        Pattern("value added", trend(path.outcomes["value_added_index"]), None, None, "index points a year"),
        Pattern("gini drift", trend(path.outcomes["gini"]), None, None, "index points a year"),
        *(
            Pattern(f"{name} drift", 100 * trend(path.outcomes[name]) / float(path.outcomes[name].mean()), None, None,
                    "% of its mean a year")
            for name in ("poverty_gap", "poverty_severity", "near_poor_share", "theil_between_districts")
        ),
    ]  # fmt: skip


def _levels(targets: Any) -> list[tuple[str, float, float]]:
    """Outcomes whose yearly means should stay near the start's figure, with the band in percent."""
    around = [(name, 100 * getattr(targets, POINTS[name][0])) for name in ("unemployment_rate", "poverty_headcount")]
    return [*((name, figure - LEVEL, figure + LEVEL) for name, figure in around), ("informal_share", *INFORMAL)]


def _ends(values: np.ndarray) -> tuple[float, float]:
    return float(values.min(initial=np.inf)), float(values.max(initial=-np.inf))


def mean_of(each: list[list[Pattern]]) -> list[Pattern]:
    """The same figures averaged over seeds: one line a figure, its band that of the first."""
    return [
        Pattern(row[0].name, float(np.mean([p.value for p in row])), row[0].low, row[0].high, row[0].what)
        for row in zip(*each, strict=True)
    ]
