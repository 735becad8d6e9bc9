"""The city as it is: people by place, borders, travel, facilities, and the figures of its start year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.city import people, places
from sim.city.algebra import (
    access_within,
    catchment_access,
    catchments,
    congestion,
    gravity,
    huff_shares,
    ipf,
    places_per_seeker,
    rationing,
    whole_shares,
)
from sim.city.people import AGE_GROUPS, SCHOOLING_LEVELS
from sim.city.places import N_DISTRICTS, N_KELURAHAN, ZONE_NAMES, Kelurahan
from sim.city.plausible import expect_plausible
from sim.city.reading import Library, data_folder, data_hashes, open_library
from sim.city.series import Series, Targets, read_series
from sim.errors import InputError
from sim.language import told

if TYPE_CHECKING:
    import networkx as nx

__all__ = [
    "AGE_GROUPS",
    "N_DISTRICTS",
    "N_KELURAHAN",
    "SCHOOLING_LEVELS",
    "ZONE_NAMES",
    "City",
    "Kelurahan",
    "Targets",
    "access_within",
    "available_starts",
    "catchment_access",
    "catchments",
    "congestion",
    "data_folder",
    "data_hashes",
    "deflator",
    "gravity",
    "huff_shares",
    "ipf",
    "load_city",
    "nearness",
    "places_per_seeker",
    "rationing",
    "whole_shares",
]


@dataclass(frozen=True, eq=False)
class City:
    """Everything the model reads about Bandung for one start year. Arrays are read-only.

    Places: the 30 kecamatan in the order of their codes (0-29), then the outer zones (30-33). Sex: 0 male, 1 female.
    """

    start_year: int
    data_year: int  # the year the figures are from
    price_year: int  # money is Rp of this year
    codes: tuple[str, ...]  # 30
    names: tuple[str, ...]  # 30
    zone_names: tuple[str, ...]  # 4
    district_population: np.ndarray  # (30,) persons, adds up to targets.population
    household_size: np.ndarray  # (30,) mean persons per household
    age_sex: np.ndarray  # (30, 2, 16) shares by sex and five-year group; each kecamatan adds to 1
    age_shares: np.ndarray  # (2, 100) the city's residents by sex and single age; adds to 1
    education: np.ndarray  # (30, 10) shares of residents by highest level, in the order of SCHOOLING_LEVELS
    kelurahan: Kelurahan
    area_km2: np.ndarray  # (30,)
    graph: nx.Graph  # nodes 0-29 (code, name), 66 borders (border_km)
    distance_km: np.ndarray  # (30, 30) between centroids weighted by population
    centroid_km: np.ndarray  # (30, 30) between area centroids
    cost: np.ndarray  # (34, 34) generalised minutes of a trip
    columns: Mapping[
        str, np.ndarray
    ]  # (30,) every figure of districts.csv by its name, and the short names of places.SHORT_NAMES
    participation: np.ndarray  # (2, 100) share in the labour force by sex and single age
    fertility: np.ndarray  # (100,) births per woman and year by age
    mortality: np.ndarray  # (2, 110) deaths per person and year by sex and age
    targets: Targets

    def index(self, place: str) -> int:
        """Index of a kecamatan by code or name; InputError that names the nearest."""
        import difflib

        known = {code.lower(): i for i, code in enumerate(self.codes)}
        known |= {name.lower(): i for i, name in enumerate(self.names)}
        if place.strip().lower() in known:
            return known[place.strip().lower()]
        near = difflib.get_close_matches(place.strip().lower(), known, 1, 0.0)
        nearest = self.names[known[near[0]]]
        raise InputError(
            told("{place} is no kecamatan of Bandung; the nearest is {near}", place=repr(place), near=nearest)
        )


def available_starts(folder: Path | None = None) -> list[int]:
    """Start years for which the tables have the figures."""
    return list(_series(folder).starts)


def deflator(from_year: int, to_year: int, folder: Path | None = None) -> float:
    """Factor that turns Rp of `from_year` into Rp of `to_year`; InputError outside 2010-2024.

    Consumer prices of Kota Bandung from 2018; the price of household consumption in the regional accounts before.
    """
    return _series(folder).deflator(from_year, to_year)


def load_city(start_year: int, folder: Path | None = None, household_size: float = 3.4) -> City:
    """The city for a start in `start_year`. InputError for a year without figures or a malformed table."""
    if folder:
        return _build(start_year, sound_library(folder), household_size)
    return _kept(start_year, data_folder(None), household_size)


def sound_library(folder: Path) -> Library:
    """The tables of a folder; InputError with all that is wrong with them, one message each."""
    library = open_library(folder)
    expect_plausible(library)
    return library


_kept_library = lru_cache(maxsize=2)(sound_library)


def _series(folder: Path | None) -> Series:
    """The yearly figures; those of the city's own folder are read once."""
    return read_series(sound_library(folder)) if folder else _kept_series(data_folder(None))


@lru_cache(maxsize=2)
def _kept_series(folder: Path) -> Series:
    return read_series(_kept_library(folder))


def _build(start_year: int, library: Library, household_size: float) -> City:
    series = read_series(library)
    year = series.data_year(start_year)
    targets = series.targets(year)
    given = places.read_assumptions(library)
    districts = places.read_districts(library)
    codes, names = districts.text("code"), districts.text("name")
    demography = places.expect_districts(library.read("district_demography"), codes)
    population = people.split_population(districts, year, targets.population)
    vital = library.read("fertility_mortality")
    mortality = people.mortality_rates(vital, targets.life_expectancy, given["sex_ratio_at_birth"])
    age_sex = people.age_and_sex(demography, mortality, given["sex_ratio_at_birth"])
    age_shares = people.single_years(np.tensordot(population / population.sum(), age_sex, 1), mortality)
    area = districts.numbers("area_km2")
    km = places.distances(districts.numbers("pop_lon"), districts.numbers("pop_lat"))
    city = City(
        start_year=start_year,
        data_year=year,
        price_year=year,
        codes=tuple(codes),
        names=tuple(names),
        zone_names=ZONE_NAMES,
        district_population=population,
        household_size=people.mean_household_size(districts, year, population, household_size),
        age_sex=age_sex,
        age_shares=age_shares,
        education=people.schooling(demography),
        kelurahan=places.read_kelurahan(library, codes, population),
        area_km2=area,
        graph=places.border_graph(library, codes, names),
        distance_km=km,
        centroid_km=places.centroid_distances(library, codes),
        cost=places.travel_minutes(library, codes, km, area, given),
        columns=places.district_columns(districts),
        participation=people.participation_rates(
            library.read("participation_profile"), age_shares, targets.participation
        ),
        fertility=people.fertility_rates(vital, given["total_fertility"]),
        mortality=mortality,
        targets=targets,
    )
    _protect(city)
    return city


@lru_cache(maxsize=8)
def _kept(start_year: int, folder: Path, household_size: float) -> City:
    return _build(start_year, _kept_library(folder), household_size)


@lru_cache(maxsize=64)
def nearness(city: City, decay: float) -> np.ndarray:
    """How near each place is to those who live in each kecamatan (30, 34): exp(-decay * minutes). Read-only."""
    near = np.exp(-decay * city.cost[:30])
    near.flags.writeable = False
    return near


def _protect(city: City) -> None:
    """The city is shared by every run of a process: its arrays may not be written."""
    held = [getattr(city, f.name) for f in fields(city)]
    held += [getattr(city.kelurahan, f.name) for f in fields(city.kelurahan)]
    for array in [*held, *city.columns.values()]:
        if isinstance(array, np.ndarray):
            array.flags.writeable = False
