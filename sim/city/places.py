"""Where things are: the graph of borders, distances, the cost of travel, kelurahan, facilities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.city.algebra import whole_shares
from sim.city.reading import Library, Sheet
from sim.errors import InputError

if TYPE_CHECKING:
    import networkx as nx

N_DISTRICTS = 30
N_KELURAHAN = 151
N_BORDERS = 66
CODES = [f"32.73.{k:02d}" for k in range(1, N_DISTRICTS + 1)]  # of the kecamatan, in the order of every table
KM_PER_DEGREE = 111.19  # of latitude, on a sphere of 6,371 km
ZONE_NAMES = ("Cimahi", "Kabupaten Bandung", "Bandung Barat", "Sumedang")

# Names of City.columns that leave out the year: (column of districts.csv, factor)
SHORT_NAMES: dict[str, tuple[str, float]] = {
    "dtks_share": ("dtks_share_2023_pct", 0.01),
    "pkh_families": ("pkh_families_2023", 1.0),
    "bpnt_families": ("bpnt_families_2023", 1.0),
    "pct_degree": ("pct_degree_2024", 1.0),
    "pct_self_employed": ("pct_self_employed_2024", 1.0),
    "minimarkets": ("minimarkets_2019", 1.0),
    "supermarkets": ("supermarkets_2019", 1.0),
    "malls": ("malls_2019", 1.0),
    "universities": ("universities_2021", 1.0),
    "puskesmas": ("puskesmas_listed", 1.0),
    "parks": ("parks_2020", 1.0),
    "pdam_hh": ("pdam_hh_2020", 1.0),
    "houses_no_sanitation": ("houses_no_sanitation_2020", 1.0),
    "elevation": ("elev_mean_m", 1.0),
    "ndvi": ("ndvi_mean_2022_24", 1.0),
}


@dataclass(frozen=True, eq=False)
class Kelurahan:
    """The 151 kelurahan, in the order of their codes."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    district: np.ndarray  # index of the kecamatan, 0-29
    population: np.ndarray  # adds up to the kecamatan's
    n_rw: np.ndarray
    n_rt: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    area_km2: np.ndarray
    dtks_share: np.ndarray  # residents on the social registry (at most 1: in one kelurahan the lists disagree)


def read_districts(library: Library) -> Sheet:
    """districts.csv: thirty kecamatan in the order of their codes."""
    sheet = library.read("districts")
    sheet.expect_unique("code")
    sheet.expect_unique("name")
    sheet.expect_rows(N_DISTRICTS, "one for each kecamatan")
    for row, (code, wanted) in enumerate(zip(sheet.text("code"), CODES, strict=True)):
        if code != wanted:
            sheet.fail(f"{code} found; expected {wanted}, the codes in order", row, "code")
    return sheet


def district_columns(districts: Sheet) -> Mapping[str, np.ndarray]:
    """Every figure of districts.csv by its name, and by its short name where it has one."""
    columns = {name: districts.numbers(name) for name in districts.numeric}
    columns |= {name: columns[column] * factor for name, (column, factor) in SHORT_NAMES.items()}
    return columns


def expect_districts(sheet: Sheet, codes: list[str]) -> Sheet:
    """A table with one row a kecamatan, in the order of districts.csv."""
    sheet.expect_unique("code")
    sheet.expect_rows(len(codes), "one for each kecamatan")
    for row, (found, wanted) in enumerate(zip(sheet.text("code"), codes, strict=True)):
        if found != wanted:
            sheet.fail(f"{found} found; expected {wanted}, the order of districts.csv", row, "code")
    return sheet


def kelurahan_sheet(library: Library, codes: list[str]) -> Sheet:
    """kelurahan.csv: one row a kelurahan, each in one of the kecamatan."""
    sheet = library.read("kelurahan")
    sheet.expect_unique("code")
    sheet.expect_known("district_code", codes, "a kecamatan of districts.csv")
    sheet.expect_rows(N_KELURAHAN, "one for each kelurahan")
    return sheet


def read_kelurahan(library: Library, codes: list[str], district_population: np.ndarray) -> Kelurahan:
    sheet = kelurahan_sheet(library, codes)
    district = np.array([codes.index(code) for code in sheet.text("district_code")], np.int64)
    registered = sheet.numbers("pop_reg_2024_s1")
    population = np.zeros(len(sheet), np.int64)
    for d, total in enumerate(district_population):
        if registered[district == d].min(initial=1) <= 0 or not (district == d).any():
            sheet.fail(f"a kelurahan of {codes[d]} is missing or empty; expected residents", column="pop_reg_2024_s1")
        population[district == d] = whole_shares(int(total), registered[district == d])
    return Kelurahan(
        codes=tuple(sheet.text("code")),
        names=tuple(sheet.text("name")),
        district=district,
        population=population,
        n_rw=sheet.counts("n_rw"),
        n_rt=sheet.counts("n_rt"),
        lon=sheet.numbers("lon"),
        lat=sheet.numbers("lat"),
        area_km2=sheet.numbers("area_km2"),
        dtks_share=np.minimum(sheet.numbers("dtks_persons_2023") / registered, 1.0),
    )


def border_sheet(library: Library, codes: list[str]) -> Sheet:
    """adjacency.csv: each pair of neighbours once, the lower code first, so that every border holds both ways."""
    sheet = library.read("adjacency")
    sheet.expect_unique("code_a", "code_b")
    for column in ("code_a", "code_b"):
        sheet.expect_known(column, codes, "a kecamatan of districts.csv")
    for row, (a, b) in enumerate(zip(sheet.text("code_a"), sheet.text("code_b"), strict=True)):
        if a >= b:
            sheet.fail(f"{a} and {b} found; expected the lower code first, each pair once", row, "code_a")
    sheet.expect_rows(N_BORDERS, "one for each pair of neighbours")
    return sheet


def border_graph(library: Library, codes: list[str], names: list[str]) -> nx.Graph:
    """The kecamatan (nodes 0-29: code, name) and the borders they share (edges: border_km)."""
    import networkx as nx

    sheet = border_sheet(library, codes)
    graph = nx.Graph()
    graph.add_nodes_from((i, {"code": codes[i], "name": names[i]}) for i in range(len(codes)))
    pairs = zip(sheet.text("code_a"), sheet.text("code_b"), sheet.numbers("shared_border_km"), strict=True)
    for a, b, km in pairs:
        graph.add_edge(codes.index(a), codes.index(b), border_km=float(km))
    if not nx.is_connected(graph):
        sheet.fail("the kecamatan fall apart into groups without a border; expected one connected city")
    return graph


def centroid_distances(library: Library, codes: list[str]) -> np.ndarray:
    """Kilometres between area centroids (30, 30), from the published table: symmetric, zero to itself."""
    sheet = expect_districts(library.read("distance_matrix_km"), codes)
    matrix = np.stack([sheet.numbers(code) for code in codes], axis=1)
    wrong = []
    for row, column in np.argwhere(np.triu(np.abs(matrix - matrix.T) > 1e-6)):
        message = f"{matrix[row, column]:g} found, but {matrix[column, row]:g} the other way; expected the same"
        wrong.append(sheet.said(message, int(row), codes[column]))
    for row in np.flatnonzero(np.diag(matrix) != 0):
        wrong.append(
            sheet.said(f"{matrix[row, row]:g} found; expected 0, the distance to itself", int(row), codes[row])
        )
    for row, column in np.argwhere((matrix <= 0) & ~np.eye(len(codes), dtype=bool)):
        wrong.append(sheet.said(f"{matrix[row, column]:g} found; expected more than 0 km", int(row), codes[column]))
    if wrong:
        raise InputError(*wrong)
    return matrix


def distances(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Straight-line kilometres between points a few kilometres apart (plane approximation)."""
    east = lon * KM_PER_DEGREE * np.cos(np.radians(lat.mean()))
    north = lat * KM_PER_DEGREE
    return np.hypot(east[:, None] - east[None, :], north[:, None] - north[None, :])


ASSUMPTIONS: dict[
    str, tuple[float, float]
] = {  # rows of geography.csv: least and greatest plausible value, in its unit
    "detour": (1.0, 2.0),
    "speed_kmh": (3.0, 80.0),
    "speed_outer_kmh": (3.0, 120.0),
    "terminal_minutes": (0.0, 60.0),
    "within_factor": (0.1, 2.0),
    "total_fertility": (0.5, 8.0),
    "sex_ratio_at_birth": (0.9, 1.2),
}


def read_assumptions(library: Library) -> dict[str, float]:
    """geography.csv: the assumptions of place, by name."""
    sheet = library.read("geography")
    sheet.expect_unique("name")
    found = dict(zip(sheet.text("name"), map(float, sheet.numbers("value")), strict=True))
    for name in ASSUMPTIONS:
        if name not in found:
            sheet.fail(f"no row {name}; expected one with its value", column="name")
    return found


def travel_minutes(
    library: Library, codes: list[str], km: np.ndarray, area_km2: np.ndarray, given: dict[str, float]
) -> np.ndarray:
    """Generalised minutes of a trip between the 30 kecamatan and the 4 outer zones (34, 34).

        c = detour * km / speed * 60 + terminal

    Inside a kecamatan km = 0.52 sqrt(area), the mean distance of random points in a square. An outer zone is reached
    through the gateway kecamatan that makes the trip shortest, then `km_beyond` at the speed outside the city.
    Source: assumption.
    """
    inside = given["detour"] * 60 / given["speed_kmh"]
    outside = given["detour"] * 60 / given["speed_outer_kmh"]
    n = len(codes)
    cost = np.empty((n + len(ZONE_NAMES),) * 2)
    cost[:n, :n] = km * inside
    np.fill_diagonal(cost[:n, :n], given["within_factor"] * np.sqrt(area_km2) * inside)
    zones = library.read("outer_zones")
    zones.expect_unique("name")
    zones.expect_rows(len(ZONE_NAMES), "the outer zones")
    beyond, within = zones.numbers("km_beyond") * outside, zones.numbers("km_within") * outside
    gates = [_gateways(library, zones, z, codes) for z in range(len(ZONE_NAMES))]
    for z, gate in enumerate(gates):
        cost[:n, n + z] = cost[n + z, :n] = km[:, gate].min(axis=1) * inside + beyond[z]
        for other, gate_other in enumerate(gates):
            cost[n + z, n + other] = km[np.ix_(gate, gate_other)].min() * inside + beyond[z] + beyond[other]
        cost[n + z, n + z] = within[z]
    return cost + given["terminal_minutes"]


def _gateways(library: Library, zones: Sheet, zone: int, codes: list[str]) -> list[int]:
    """Kecamatan of the city that border the zone (or the place it is reached through)."""
    if zones.text("name")[zone] != ZONE_NAMES[zone]:
        zones.fail(f"{zones.text('name')[zone]} found; expected {ZONE_NAMES[zone]}", zone, "name")
    sheet = library.read("gateways")
    sheet.expect_unique("code", "ext_code")
    sheet.expect_known("code", codes, "a kecamatan of districts.csv")
    via, only = zones.text("via")[zone], zones.text("via_kecamatan")[zone]
    rows = zip(sheet.text("code"), sheet.text("ext_kab_kota"), sheet.text("ext_kecamatan"), strict=True)
    found = sorted({codes.index(code) for code, place, near in rows if place == via and only in ("", near)})
    if not found:
        zones.fail(f"no border with {only or via} in {sheet.path.name}; expected at least one", zone, "via")
    return found
