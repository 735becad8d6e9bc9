"""What must hold between the cells of the tables and from table to table, all that does not told at once.

Three layers: every cell alone (its kind and range, from columns.csv), the shape of a table (the same thirty kecamatan,
nothing twice), and what must agree: sums, borders, distances, order. A later layer is asked only where the tables it
needs are sound, so that one mistake is told once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

import numpy as np

from sim.city import places
from sim.city.places import CODES
from sim.city.reading import Library, Sheet, plain
from sim.city.series import CITY, PLAUSIBLE, expect_series
from sim.errors import InputError
from sim.language import figure, told

REGISTER = 0.02  # lists of the same residents agree within 2 %: they are drawn up months apart
ESTIMATE = 0.06  # register and official estimate of the city's residents: 4 % apart at most since 2017
STRAIGHT = 0.05  # distances against coordinates: rounding, and the flat-earth formula
WHOLE = 0.01  # shares of a whole add to 1: published with three or four digits
ADULT = 30  # from this age on more people die the older they are
PARTS = (  # column of kelurahan.csv, column of districts.csv it adds up to
    ("pop_2010_census", "pop_2010_census"),
    ("pop_reg_2024_s1", "pop_reg_2024_s1"),
    ("kk_2024_s1", "kk_2024"),
    ("area_km2", "area_km2"),
    ("n_rw", "n_rw"),
    ("n_rt", "n_rt"),
    ("dtks_families_2023", "dtks_families_2023"),
    ("dtks_persons_2023", "dtks_persons_2023"),
)
GROUPS = (  # columns of district_demography.csv that begin so add up to a column of districts.csv
    (("male_2024", "female_2024"), "pop_reg_2024_s1"),
    (("age2023_",), "pop_reg_2023"),
    (("edu2024_",), "pop_reg_2024_s1"),
    (("occ2024_",), "pop_reg_2024_s1"),
)
RATIOS = (  # column of districts.csv that is a column over another, times a factor
    ("hh_size_2024", "pop_reg_2024_s1", "kk_2024", 1.0),
    ("density_2024", "pop_reg_2024_s1", "area_km2", 1.0),
    ("dtks_share_2023_pct", "dtks_persons_2023", "pop_reg_2023", 100.0),
)
WHOLES = ("formal_jobs_share", "own_account_share", "food_split", "nonfood_split", "government_split")


def expect_plausible(library: Library) -> None:
    """InputError with everything that is wrong with the tables of the folder; nothing where all is well."""
    wrong = faults(library)
    if wrong:
        raise InputError(*wrong)


def faults(library: Library) -> list[str]:
    """Everything that is wrong with the tables, in the order of columns.csv, then of the relations."""
    wrong: list[str] = []
    unsound: set[str] = set()

    def hold(check: Callable[[], object], *blamed: str) -> None:
        try:
            check()
        except InputError as error:
            wrong.extend(error.messages)
            unsound.update(blamed)

    for table in library.columns:
        if table in SHAPES or any(table in needed for needed, _ in RELATIONS) or library.has(table):
            hold(lambda table=table: library.read(table), table)  # type: ignore[misc]
    for table, shape in SHAPES.items():
        if table not in unsound:
            hold(lambda shape=shape: shape(library), table)  # type: ignore[misc]
    for needed, broken in (*RELATIONS, *CITED):
        if not unsound & set(needed) and all(map(library.has, needed)):
            wrong.extend(broken(*map(library.read, needed)))
    return wrong


def _once(table: str, *key: str) -> Callable[[Library], object]:
    return lambda library: library.read(table).expect_unique(*key)


# Shape: which rows a table has. Each raises InputError.
SHAPES: dict[str, Callable[[Library], object]] = {
    "districts": places.read_districts,
    "district_demography": lambda library: places.expect_districts(library.read("district_demography"), CODES),
    "kelurahan": lambda library: places.kelurahan_sheet(library, CODES),
    "adjacency": lambda library: places.border_sheet(library, CODES),
    "distance_matrix_km": lambda library: places.centroid_distances(library, CODES),
    "geography": places.read_assumptions,
    "outer_zones": _once("outer_zones", "name"),
    "gateways": _once("gateways", "code", "ext_code"),
    "city_series": lambda library: expect_series(library.read("city_series")),
    "city_facts": _once("city_facts", "indicator", "year"),
    "cpi_bandung_monthly": _once("cpi_bandung_monthly", "year", "month", "group"),
    "fertility_mortality": _once("fertility_mortality", "measure", "sex", "age_from"),
    "participation_profile": _once("participation_profile", "sex", "age_from"),
}


def _differing(
    sheet: Sheet, column: str, wanted: np.ndarray, what: str, tolerance: float, rows: Iterable[int] | None = None
) -> Iterator[str]:
    """One message for each cell of a column that is farther from what it should be than the tolerance (a share)."""
    for row in range(len(sheet)) if rows is None else rows:
        found, due = float(sheet.text(column)[row]), float(wanted[row])
        if abs(found - due) > tolerance * max(abs(due), abs(found)):
            yield sheet.said(
                told(
                    "{value} found, but {what}: {wanted}; expected the same within {share} %",
                    value=sheet.text(column)[row],
                    what=what,
                    wanted=plain(round(due, 3)),
                    share=figure(100 * tolerance),
                ),
                row,
                column,
            )


def kelurahan_add_up(kelurahan: Sheet, districts: Sheet) -> Iterator[str]:
    """Each kecamatan is the sum of its kelurahan, and counts as many as it has."""
    index = [CODES.index(code) for code in kelurahan.text("district_code")]
    counted = np.bincount(index, minlength=len(CODES)).astype(float)
    yield from _differing(districts, "n_kelurahan", counted, told("rows of {file}", file=kelurahan.path.name), 0.0)
    for inner, outer in PARTS:
        total = np.bincount(index, kelurahan.numbers(inner), len(CODES))
        what = told("sum of {column} in {file}", column=inner, file=kelurahan.path.name)
        yield from _differing(districts, outer, total, what, REGISTER)


def residents_add_up(demography: Sheet, districts: Sheet) -> Iterator[str]:
    """Men and women, ages, schooling and occupations of a kecamatan add up to its registered residents."""
    for begin, outer in GROUPS:
        total = sum(demography.numbers(name) for name in demography.columns if name.startswith(begin))
        what = told("sum of {column} in {file}", column=" + ".join(begin), file=demography.path.name)
        yield from _differing(districts, outer, np.asarray(total), what, REGISTER)


def ratios_agree(districts: Sheet) -> Iterator[str]:
    """What is published as one figure over another is that."""
    for column, above, below, factor in RATIOS:
        wanted = factor * districts.numbers(above) / districts.numbers(below)
        what = told("{above} over {below}", above=above, below=below)
        yield from _differing(districts, column, wanted, what, REGISTER)


def city_adds_up(districts: Sheet, series: Sheet) -> Iterator[str]:
    """The register of all kecamatan is near the official residents of the city in the same year."""
    wanted, found = np.zeros(len(series)), {}
    rows = zip(series.text("indicator"), series.text("region"), series.text("year"), strict=True)
    for row, (indicator, region, year) in enumerate(rows):
        column = "pop_reg_2024_s1" if year == "2024" else f"pop_reg_{year}"
        if indicator == "population" and region == CITY and column in districts.columns:
            wanted[row], found[row] = districts.numbers(column).sum(), column
    for row, column in found.items():
        what = told("sum of {column} in {file}", column=column, file=districts.path.name)
        yield from _differing(series, "value", wanted, what, ESTIMATE, [row])


def neighbours_agree(adjacency: Sheet, districts: Sheet) -> Iterator[str]:
    """Every kecamatan has as many borders as it says, and the city does not fall apart."""
    pairs = list(zip(adjacency.text("code_a"), adjacency.text("code_b"), strict=True))
    reached, before = {CODES[0]}, 0
    while len(reached) > before:
        before = len(reached)
        reached |= {code for pair in pairs if reached & set(pair) for code in pair}
    if len(reached) < len(CODES):
        yield adjacency.said(told("the kecamatan fall apart into groups without a border; expected one connected city"))
        return
    counted = np.array([sum(code in pair for pair in pairs) for code in CODES], float)
    what = told("pairs in {file}", file=adjacency.path.name)
    yield from _differing(districts, "n_neighbours", counted, what, 0.0)


def distances_agree(table: Sheet, districts: Sheet) -> Iterator[str]:
    """Distances are those between the coordinates of the kecamatan. One that lies elsewhere is told once."""
    wanted = places.distances(districts.numbers("lon"), districts.numbers("lat"))
    found = np.stack([table.numbers(code) for code in CODES], axis=1)
    wrong = np.abs(found - wanted) > np.maximum(STRAIGHT * wanted, 0.1)
    while wrong.any():
        row = int(wrong.sum(axis=1).argmax())
        column = int(np.flatnonzero(wrong[row])[0])
        what = told("straight line between lon, lat of {file}", file=districts.path.name)
        yield from _differing(table, CODES[column], wanted[:, column], what, 0.0, [row])
        wrong[row] = wrong[:, row] = False


def borders_agree(adjacency: Sheet, table: Sheet) -> Iterator[str]:
    """Neighbours are as far apart as the table of distances says."""
    pairs = zip(adjacency.text("code_a"), adjacency.text("code_b"), strict=True)
    wanted = np.array([table.numbers(b)[CODES.index(a)] for a, b in pairs])
    what = told("distance in {file}", file=table.path.name)
    yield from _differing(adjacency, "centroid_km", wanted, what, STRAIGHT)


def rows_in_range(sheet: Sheet, key: str, ranges: dict[str, tuple[float, float]], within: str = "") -> Iterator[str]:
    """Numbers whose range hangs on the row, by what the row is called (and, where it has one, its region)."""
    values = sheet.numbers("value")
    for row, name in enumerate(sheet.text(key)):
        least, most = ranges.get(name, (-np.inf, np.inf))
        if not least <= values[row] <= most and (not within or sheet.text(within)[row] == CITY):
            yield sheet.outside("value", row, least, most, sheet.text("unit")[row], name)


def months_whole(cpi: Sheet) -> Iterator[str]:
    """The months of a year follow one another from January on, in each group of prices."""
    seen: dict[tuple[str, str], list[int]] = {}
    for row, (year, group) in enumerate(zip(cpi.text("year"), cpi.text("group"), strict=True)):
        seen.setdefault((year, group), []).append(row)
    month = cpi.counts("month")
    for (year, group), rows in seen.items():
        missing = sorted(set(range(1, int(month[rows].max()) + 1)) - set(month[rows].tolist()))
        for one in missing:
            message = told(
                "no row for month {month} of {year}, {group}; expected one", month=one, year=year, group=group
            )
            yield cpi.said(message, rows[0], "month")


def deciles_rise(deciles: Sheet) -> Iterator[str]:
    """Tenths by spending: in order, each richer than the one before, its mean under its own upper bound."""
    mean, bound = deciles.numbers("mean_pc_expenditure_rp_month"), deciles.numbers("upper_bound_rp_month")
    yield from _rising(deciles, "decile", range(len(deciles)))
    yield from _rising(deciles, "mean_pc_expenditure_rp_month", range(len(deciles)))
    yield from _rising(deciles, "expenditure_share", range(len(deciles)))
    for row in np.flatnonzero(mean > bound):
        message = told(
            "{value} found; expected at most {most}, the upper bound of the row",
            value=plain(mean[row]),
            most=plain(bound[row]),
        )
        yield deciles.said(message, int(row), "mean_pc_expenditure_rp_month")
    yield from _whole(deciles, "expenditure_share")


def sectors_whole(sectors: Sheet) -> Iterator[str]:
    """Jobs, spending and purchases are shared out among the sectors without rest."""
    for column in WHOLES:
        yield from _whole(sectors, column)


def ages_follow(sheet: Sheet) -> Iterator[str]:
    """Age groups of each sex (and measure) follow one another without gap or overlap; deaths rise from age 30."""
    names = ["measure", "sex"] if "measure" in sheet.columns else ["sex"]
    groups: dict[tuple[str, ...], list[int]] = {}
    for row, key in enumerate(zip(*(sheet.text(name) for name in names), strict=True)):
        groups.setdefault(key, []).append(row)
    low, high = sheet.counts("age_from"), sheet.counts("age_to")
    for key, rows in groups.items():
        for before, row in pairwise(rows):
            if low[row] != high[before] + 1:
                message = told(
                    "{value} found; expected {wanted}, the year after the group before",
                    value=int(low[row]),
                    wanted=int(high[before]) + 1,
                )
                yield sheet.said(message, row, "age_from")
        for row in rows:
            if high[row] < low[row]:
                message = told("{value} found; expected {least} or more", value=int(high[row]), least=int(low[row]))
                yield sheet.said(message, row, "age_to")
        if key[0] == "deaths":
            yield from _rising(sheet, "rate", [row for row in rows if low[row] >= ADULT])


def _rising(sheet: Sheet, column: str, rows: Iterable[int]) -> Iterator[str]:
    """One message for each row that is not above the row before it."""
    values = sheet.numbers(column)
    for before, row in pairwise(rows):
        if not values[row] > values[before]:
            message = told(
                "{value} found; expected more than the {before} of the row before",
                value=plain(values[row]),
                before=plain(values[before]),
            )
            yield sheet.said(message, row, column)


def _whole(sheet: Sheet, column: str) -> Iterator[str]:
    """Shares of a whole add to 1."""
    total = float(sheet.numbers(column).sum())
    if abs(total - 1) > WHOLE:
        yield sheet.said(told("the rows add to {total}; expected 1", total=plain(round(total, 4))), column=column)


def programmes_cover(programmes: Sheet, districts: Sheet) -> Iterator[str]:
    """Each programme has one figure a year for every kecamatan, and no other place."""
    known = districts.text("bps_code")
    seen: dict[tuple[str, str], dict[str, int]] = {}
    rows = zip(programmes.text("district_code"), programmes.text("year"), programmes.text("indicator"), strict=True)
    for row, (code, year, indicator) in enumerate(rows):
        at = seen.setdefault((indicator, year), {})
        if code not in known:
            message = told(
                "{code} found; expected the bps_code of a kecamatan of {file}", code=code, file=districts.path.name
            )
            yield programmes.said(message, row, "district_code")
        if code in at:
            message = told(
                "{name} is already in line {line}; expected once",
                name=f"{code} {year} {indicator}",
                line=programmes.lines[at[code]],
            )
            yield programmes.said(message, row, "district_code")
        at[code] = row
    for (indicator, year), found in seen.items():
        for code in [code for code in known if code not in found]:
            message = told(
                "no row of {code} for {name}; expected one for each kecamatan", code=code, name=f"{indicator} {year}"
            )
            yield programmes.said(message)


Broken = Callable[..., Iterator[str]]
# What must agree: the tables it needs, and the rule that gives one message for each place where it does not.
RELATIONS: tuple[tuple[tuple[str, ...], Broken], ...] = (
    (("kelurahan", "districts"), kelurahan_add_up),
    (("district_demography", "districts"), residents_add_up),
    (("districts",), ratios_agree),
    (("districts", "city_series"), city_adds_up),
    (("adjacency", "districts"), neighbours_agree),
    (("distance_matrix_km", "districts"), distances_agree),
    (("adjacency", "distance_matrix_km"), borders_agree),
    (("geography",), lambda sheet: rows_in_range(sheet, "name", places.ASSUMPTIONS)),
    (("city_series",), lambda sheet: rows_in_range(sheet, "indicator", PLAUSIBLE, "region")),
    (("city_facts",), lambda sheet: rows_in_range(sheet, "indicator", PLAUSIBLE)),
    (("cpi_bandung_monthly",), months_whole),
    (("participation_profile",), ages_follow),
    (("fertility_mortality",), ages_follow),
    (("sectors",), sectors_whole),
)
# The same for tables that only parameters and tests cite: a folder may do without them.
CITED: tuple[tuple[tuple[str, ...], Broken], ...] = (
    (("expenditure_deciles_2024",), deciles_rise),
    (("district_social_programmes", "districts"), programmes_cover),
)
