"""The city's published figures by year: start years, targets, prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from sim.city.reading import Library, Sheet
from sim.errors import InputError
from sim.language import told

CITY = "Kota Bandung"
FIRST_REGISTER_YEAR = 2017  # the district register begins here: no earlier year has district figures
COMPLETE = {  # the figures a start year must have
    "open_unemployment_rate_TPT": "unemployment",
    "poverty_headcount_P0": "poverty headcount",
    "poverty_gap_P1": "poverty gap",
    "poverty_severity_P2": "poverty severity",
    "poverty_line": "poverty line",
    "gini_ratio": "Gini ratio",
}
PANDEMIC = (2020, 2021)  # figures of these years that the pandemic moved stand for no other year
SERIES_WITHOUT_PANDEMIC = ("hospitality_tax_rp",)


@dataclass(frozen=True)
class Targets:
    """What the city looked like in its data year. Shares are fractions, money is Rp of the price year.

    `years` says which year each figure is from: where the data year has none, the nearest year with one.
    """

    population: int  # persons
    unemployment: float  # open unemployment, share of the labour force (August)
    participation: float  # labour force, share of persons of 15 and over (August)
    informal_share: float  # share of the employed
    poverty_headcount: float  # P0, share of persons (March)
    poverty_gap: float  # P1, share of the line
    poverty_severity: float  # P2
    gini: float  # of expenditure per head
    poverty_line: float  # Rp per person and month
    minimum_wage: float  # UMK, Rp per month
    food_share: float  # food in household expenditure
    life_expectancy: float  # years, both sexes
    schooling: float  # mean years of schooling of persons of 25 and over
    employed: float  # persons
    small_businesses: float  # micro, small and medium businesses, the city's count
    csr_rp: float  # recorded company giving, Rp per year
    budget_rp: float  # city budget (APBD), Rp per year
    own_revenue_rp: float  # own-source revenue (PAD), Rp per year
    local_tax_rp: float  # local taxes, Rp per year
    hospitality_tax_rp: float  # hotel, restaurant, entertainment and parking tax, Rp per year
    central_transfers_rp: float  # transfers from the national government, Rp per year
    unspent_rp: float  # balance carried over (SiLPA), Rp
    years: Mapping[str, int]


# field: (indicators in order of preference, factor that brings the figure to the field's unit)
FROM_SERIES: dict[str, tuple[tuple[str, ...], float]] = {
    "population": (("population",), 1.0),
    "unemployment": (("open_unemployment_rate_TPT",), 0.01),
    "participation": (("labour_force_participation_TPAK",), 0.01),
    "informal_share": (("informal_share",), 0.01),
    "poverty_headcount": (("poverty_headcount_P0",), 0.01),
    "poverty_gap": (("poverty_gap_P1",), 0.01),
    "poverty_severity": (("poverty_severity_P2",), 0.01),
    "gini": (("gini_ratio",), 1.0),
    "poverty_line": (("poverty_line",), 1.0),
    "minimum_wage": (("minimum_wage_UMK",), 1.0),
    "food_share": (("food_share_household_consumption",), 0.01),
    "life_expectancy": (("life_expectancy",), 1.0),
    "schooling": (("mean_years_schooling",), 1.0),
    "employed": (("employed_population",), 1.0),
    "small_businesses": (("UMKM_total_city_count",), 1.0),
    "csr_rp": (("CSR_funds_total_2014_2016",), 1e9 / 3),
    "budget_rp": (
        (
            "APBD_total_budget",
            "APBD_expenditure_budget",
            "APBD_expenditure_budget_revised",
            "APBD_expenditure_budget_original",
        ),
        1e12,
    ),
    "own_revenue_rp": (("APBD_PAD_implied", "APBD_PAD_budget_revised", "PAD"), 1e12),
    "local_tax_rp": (("APBD_local_tax_realised",), 1e12),
    "central_transfers_rp": (("APBD_central_transfers_budget_revised",), 1e12),
    "unspent_rp": (("APBD_SiLPA",), 1e9),
}
# Rows of the city that the model reads: least and greatest plausible value, in the unit of the table
PLAUSIBLE: dict[str, tuple[float, float]] = {
    "population": (1.5e6, 4e6),
    "open_unemployment_rate_TPT": (1, 30),
    "labour_force_participation_TPAK": (40, 90),
    "informal_share": (10, 90),
    "poverty_headcount_P0": (0.5, 30),
    "poverty_gap_P1": (0.05, 10),
    "poverty_severity_P2": (0.01, 5),
    "gini_ratio": (0.2, 0.7),
    "poverty_line": (50e3, 5e6),
    "minimum_wage_UMK": (200e3, 30e6),
    "food_share_household_consumption": (15, 80),
    "life_expectancy": (60, 90),
    "mean_years_schooling": (5, 16),
    "employed_population": (0.5e6, 2.5e6),
    "UMKM_total_city_count": (10e3, 2e6),
    "CSR_funds_total_2014_2016": (1, 10e3),
    **dict.fromkeys(FROM_SERIES["budget_rp"][0], (1.0, 50.0)),
    **dict.fromkeys(FROM_SERIES["own_revenue_rp"][0], (0.2, 30.0)),
    "APBD_local_tax_realised": (0.1, 20),
    "APBD_central_transfers_budget_revised": (0.1, 20),
    "APBD_SiLPA": (0, 10e3),
    "APBD_share_of_PAD_from_hotel_restaurant_entertainment_parking": (1, 90),
    "APBD_tax_hotel_restaurant_entertainment_parking": (10, 10e3),
    "GRDP_exp_household_consumption_current": (10e3, 5e6),
    "GRDP_exp_household_consumption_constant2010": (10e3, 2e6),
}
MONEY = tuple(field.name for field in fields(Targets) if field.name.endswith("_rp"))
CSR_YEAR = 2015  # the middle of the three years over which company giving is recorded


@dataclass(frozen=True)
class Series:
    """Figures of the city by indicator and year, and the price level."""

    values: dict[str, dict[int, float]]
    sheet: Sheet
    cpi: Sheet

    def at(self, indicator: str) -> dict[int, float]:
        """All years of an indicator; InputError when there is none."""
        if indicator not in self.values:
            self.sheet.fail(f"no row of {CITY} for {indicator}; expected at least one year")
        return self.values[indicator]

    @cached_property
    def data_years(self) -> list[int]:
        """Years with every figure a start needs."""
        each = [set(self.at(indicator)) for indicator in (*COMPLETE, "population", "minimum_wage_UMK")]
        return sorted(year for year in set.intersection(*each) if year >= FIRST_REGISTER_YEAR and year in self.prices)

    @property
    def starts(self) -> list[int]:
        """Start years that work: a complete year, or the year after one."""
        return sorted({year + step for year in self.data_years for step in (0, 1)})

    def data_year(self, start_year: int) -> int:
        """The year whose figures stand for a start: the same if complete, else the one before."""
        for year in (start_year, start_year - 1):
            if year in self.data_years:
                return year
        missing = [name for key, name in COMPLETE.items() if start_year not in self.at(key)]
        lacking = ", ".join(missing) if missing else "the district register"
        works = ", ".join(map(str, self.starts))
        raise InputError(
            told(
                "start year {year}: {lacking} of {year} (and of {before} together) not in {file}; start years that "
                "work: {works}",
                year=start_year,
                before=start_year - 1,
                lacking=lacking,
                file=self.sheet.path.name,
                works=works,
            )
        )

    @cached_property
    def prices(self) -> dict[int, float]:
        """Price level by year, 2018 = 1: consumer prices from 2018, household consumption in the GRDP before.

        From 2018 the yearly mean of the monthly index, linked over the change of base by the yearly rates; before,
        current over constant household consumption of the regional accounts.
        """
        level = _yearly_index(self.cpi)
        current = self.at("GRDP_exp_household_consumption_current")
        constant = self.at("GRDP_exp_household_consumption_constant2010")
        implicit = {year: current[year] / constant[year] for year in current if year in constant}
        before = {year: value / implicit[2018] for year, value in implicit.items() if year < 2018}
        return {**before, **level}

    def deflator(self, from_year: int, to_year: int) -> float:
        """Factor that turns Rp of `from_year` into Rp of `to_year`."""
        for year in (from_year, to_year):
            if year not in self.prices:
                raise InputError(
                    f"prices of {year} are not known; {self.cpi.path.name} and {self.sheet.path.name} "
                    f"cover {min(self.prices)} to {max(self.prices)}"
                )
        return self.prices[to_year] / self.prices[from_year]

    def nearest(self, field: str, year: int) -> tuple[int, float]:
        """The figure of the year nearest to `year` (the earlier at ties), and that year."""
        found = self._candidates(field)
        if field in SERIES_WITHOUT_PANDEMIC and year not in PANDEMIC:
            found = {y: v for y, v in found.items() if y not in PANDEMIC} or found
        best = min(found, key=lambda y: (abs(y - year), y))
        return best, found[best]

    def _candidates(self, field: str) -> dict[int, float]:
        if field == "hospitality_tax_rp":
            return self._hospitality_tax()
        indicators, factor = FROM_SERIES[field]
        found: dict[int, float] = {}
        for indicator in reversed(indicators):
            found.update({year: round(value * factor, 12) for year, value in self.at(indicator).items()})
        if field == "csr_rp":
            found = dict.fromkeys([CSR_YEAR], next(iter(found.values())))
        return {y: v for y, v in found.items() if self._drawn_up(y) in self.prices} if field in MONEY else found

    def _drawn_up(self, year: int) -> int:
        """The year in whose prices a budget is written: for the year after the last with known prices, that last."""
        return year - 1 if year == max(self.prices) + 1 else year

    def _hospitality_tax(self) -> dict[int, float]:
        """Recorded, or where only its share of own revenue is published, that share of own revenue."""
        share = self.at("APBD_share_of_PAD_from_hotel_restaurant_entertainment_parking")
        revenue = self.at("APBD_PAD_implied")
        tax = {year: share[year] / 100 * revenue[year] * 1e12 for year in share if year in revenue}
        recorded = self.at("APBD_tax_hotel_restaurant_entertainment_parking")
        return tax | {year: value * 1e9 for year, value in recorded.items()}

    def targets(self, data_year: int) -> Targets:
        """The targets of a data year, in Rp of that year."""
        found = {f.name: self.nearest(f.name, data_year) for f in fields(Targets) if f.name != "years"}
        years = {name: year for name, (year, _) in found.items()}
        values = {
            name: value * self.deflator(self._drawn_up(year), data_year) if name in MONEY else value
            for name, (year, value) in found.items()
        }
        return Targets(population=int(values.pop("population")), years=years, **values)


def _yearly_index(cpi: Sheet) -> dict[int, float]:
    """Yearly mean consumer prices, 2018 = 1, from the monthly index and its change on the year before."""
    monthly: dict[tuple[int, int], float] = {}
    rows = zip(cpi.text("group"), cpi.counts("year"), cpi.counts("month"), cpi.numbers("cpi_index"), strict=True)
    change = cpi.numbers("yoy_pct")
    items = [(int(y), int(m), index, change[row]) for row, (g, y, m, index) in enumerate(rows) if g == "all_items"]
    if not items:
        cpi.fail("no row of the group all_items; expected one a month")
    base = min(y for y, *_ in items)
    rebased = next((y for y in sorted({y for y, *_ in items}) if _base(cpi, y) != _base(cpi, base)), 9999)
    for year, month, index, yearly in sorted(items):
        if year == base:
            monthly[year - 1, month] = index / (1 + yearly / 100)
        monthly[year, month] = monthly[year - 1, month] * (1 + yearly / 100) if year >= rebased else index
    level = {2018: 1.0}
    for year in sorted({y for y, _ in monthly}):
        months = [m for m in range(1, 13) if (year, m) in monthly]
        mean = float(np.mean([monthly[year, m] for m in months]))
        if len(months) == 12:
            level[year] = mean / 100
        else:  # part of a year: its change on the same months of the year before
            level[year] = level[year - 1] * mean / float(np.mean([monthly[year - 1, m] for m in months]))
    return level


def _base(cpi: Sheet, year: int) -> str:
    return cpi.text("base")[int(np.flatnonzero(cpi.counts("year") == year)[0])]


def read_series(library: Library) -> Series:
    """city_series.csv and city_facts.csv (rows of the city), and the consumer prices."""
    sheet, facts, cpi = (library.read(name) for name in ("city_series", "city_facts", "cpi_bandung_monthly"))
    cpi.expect_unique("year", "month", "group")
    facts.expect_unique("indicator", "year")
    expect_series(sheet)
    values: dict[str, dict[int, float]] = {}
    for table, regions in ((sheet, sheet.text("region")), (facts, [CITY] * len(facts))):
        rows = zip(table.text("indicator"), table.counts("year"), table.numbers("value"), regions, strict=True)
        for indicator, year, value, region in rows:
            if region == CITY:
                values.setdefault(indicator, {})[int(year)] = float(value)
    return Series(values, sheet, cpi)


def expect_series(sheet: Sheet) -> None:
    """An indicator has one figure a year and region, except in units that say otherwise."""
    sheet.expect_unique("year", "indicator", "region", "unit")
