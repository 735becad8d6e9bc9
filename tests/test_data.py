"""The tables: their totals, their sources, and what a reader says about a broken one."""

import ast
import csv
import re
import shutil
import tomllib
from pathlib import Path

import numpy as np
import pytest

from sim.city import available_starts, load_city
from sim.city.plausible import CITED, RELATIONS, SHAPES, faults
from sim.city.reading import DEFAULT_FOLDER, KINDS, check_cell, open_library
from sim.cli import answer
from sim.errors import InputError
from sim.sources import CHECKED, FILE, HONEST, sources, unknown_keys

TABLES = sorted(path.stem for path in DEFAULT_FOLDER.glob("*.csv"))
ROOT = DEFAULT_FOLDER.parents[2]
SOCIAL = (
    "open_unemployment_rate_TPT",
    "labour_force_participation_TPAK",
    "poverty_headcount_P0",
    "poverty_gap_P1",
    "poverty_severity_P2",
    "poor_population",
    "gini_ratio",
)


def rows(table: str) -> list[dict[str, str]]:
    with (DEFAULT_FOLDER / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def total(table: str, column: str) -> float:
    return open_library().read(table).numbers(column).sum()


# Totals


def test_bandung_has_30_kecamatan_151_kelurahan_and_66_borders():
    assert [len(rows(table)) for table in ("districts", "kelurahan", "adjacency")] == [30, 151, 66]
    assert total("districts", "n_kelurahan") == 151


def test_the_2010_census_counted_2_394_873_people_in_both_tables():
    assert total("districts", "pop_2010_census") == total("kelurahan", "pop_2010_census") == 2_394_873


def test_the_register_adds_up_across_tables():
    assert total("districts", "pop_reg_2024_s1") == total("kelurahan", "pop_reg_2024_s1") == 2_579_837
    demography = open_library().read("district_demography")
    ages = sum(demography.numbers(c).sum() for c in demography.columns if c.startswith("age2023_"))
    assert ages == total("districts", "pop_reg_2023") == 2_569_107
    schooling = sum(demography.numbers(c) for c in demography.columns if c.startswith("edu2024_"))
    assert np.array_equal(schooling, open_library().read("districts").numbers("pop_reg_2024_s1"))
    assert np.array_equal(demography.numbers("male_2024") + demography.numbers("female_2024"), schooling)


@pytest.mark.parametrize(
    ("inner", "outer"),
    [
        ("pop_reg_2024_s1", "pop_reg_2024_s1"),
        ("kk_2024_s1", "kk_2024"),
        ("n_rw", "n_rw"),
        ("n_rt", "n_rt"),
        ("dtks_families_2023", "dtks_families_2023"),
        ("dtks_persons_2023", "dtks_persons_2023"),
    ],
)
def test_kelurahan_add_up_to_their_kecamatan(inner, outer):
    library = open_library()
    kelurahan, districts = library.read("kelurahan"), library.read("districts")
    index = [districts.text("code").index(code) for code in kelurahan.text("district_code")]
    assert np.array_equal(np.bincount(index, kelurahan.numbers(inner)), districts.numbers(outer))


def test_the_polygons_cover_168_square_kilometres():
    assert total("districts", "area_km2") == pytest.approx(168.27, abs=0.01)


def test_shares_of_spending_add_to_one():
    assert total("expenditure_deciles_2024", "expenditure_share") == pytest.approx(1, abs=0.001)


def test_neighbours_in_the_table_agree_with_the_counts_and_the_coordinates():
    library, city = open_library(), load_city(2025)
    pairs = library.read("adjacency")
    assert [len(city.graph[i]) for i in range(30)] == library.read("districts").counts("n_neighbours").tolist()
    for a, b, km in zip(pairs.text("code_a"), pairs.text("code_b"), pairs.numbers("pop_centroid_km"), strict=True):
        assert city.distance_km[city.codes.index(a), city.codes.index(b)] == pytest.approx(km, rel=0.01)


def test_what_the_hindcast_must_predict_is_not_in_the_data():
    kept_out = [r for r in rows("city_series") if r["indicator"] in SOCIAL and r["region"] == "Kota Bandung"]
    assert kept_out and not [r for r in kept_out if r["year"] in ("2022", "2023")]


# Sources


def test_every_column_of_every_table_is_described():
    described = {(r["table"], r["column"]) for r in rows("columns")}
    present = {(table, column) for table in TABLES for column in open_library_header(table)}
    assert present == described


def open_library_header(table: str) -> list[str]:
    with (DEFAULT_FOLDER / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        return next(csv.reader(file))


def test_every_table_passes_its_own_description():
    for table in TABLES:
        assert len(open_library().read(table)) > 0


def test_every_column_names_a_source_and_a_meaning():
    for r in rows("columns"):
        assert r["source"] in ("row", *HONEST) or not unknown_keys(r["source"]), r
        assert r["confidence"] in ("A", "B", "C", "D", "E", "row", "-")
        assert r["meaning"] and r["unit"] and r["kind"] in KINDS


def test_columns_whose_source_differs_by_row_have_a_row_that_names_it():
    by_row = {r["table"] for r in rows("columns") if r["source"] == "row"}
    for table in by_row:
        assert {"source_id", "source"} & set(open_library_header(table)), table


def test_every_row_names_a_known_source():
    for table in TABLES:
        if table in ("columns", "partial_facts"):  # partial facts name theirs in words
            continue
        for r in rows(table):
            for column in {"source_id", "source"} & set(r):
                assert not unknown_keys(r[column].lower()), (table, r)


def test_sources_file_mentions_every_table():
    text = (DEFAULT_FOLDER / "SOURCES.md").read_text(encoding="utf-8")
    for table in TABLES:
        assert table in text, table


def test_sources_are_complete_and_say_how_they_were_checked():
    entries = tomllib.loads(FILE.read_text(encoding="utf-8"))
    for key, entry in entries.items():
        assert re.fullmatch(r"[a-z0-9_]+", key), key
        assert entry.get("same_as") in entries if "same_as" in entry else entry["checked"] in CHECKED, key
    titles = [(s.title, s.authors) for key, s in sources().items() if "same_as" not in entries[key]]
    assert len(titles) == len(set(titles))


def literal(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def declared_sources(path: Path) -> list[str]:
    """The source of every parameter(...) and outcome(...) of a file."""
    calls = [n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)]
    found = []
    for call in calls:
        place = {"parameter": 5, "outcome": 3}.get(getattr(call.func, "id", ""))
        named = [literal(k.value) for k in call.keywords if k.arg == "source"]
        placed = [literal(call.args[place])] if place is not None and len(call.args) > place else []
        found += [cited for cited in (named + placed if place is not None else []) if cited]
    return found


@pytest.mark.parametrize("path", sorted((ROOT / "sim").rglob("*.py")), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_source_cited_in_the_code_exists(path):
    for cited in declared_sources(path):
        assert not unknown_keys(cited), cited
    for line in re.findall(r"Source:([^\"\n]*)", path.read_text(encoding="utf-8")):
        for key in re.findall(r"\b[a-z][a-z0-9]*_[a-z0-9_]+\b", line):
            assert key in sources(), key


def test_the_search_for_cited_sources_finds_them():
    cited = [key for path in (ROOT / "sim" / "parameters").glob("*.py") for key in declared_sources(path)]
    assert len(cited) > 100
    assert unknown_keys("carroll_1997; assumption; nobody_1900") == ["nobody_1900"]


def test_no_machine_paths_or_registry_addresses():
    for path in [*DEFAULT_FOLDER.iterdir(), FILE]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"/(home|root|work|Users|tmp)/|registry\.|files\.python|pypi\.org", text), path.name


# A broken table gives one clear message


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(DEFAULT_FOLDER, tmp_path / "bandung"))


def edit(folder: Path, table: str, change) -> None:
    path = folder / f"{table}.csv"
    with path.open(newline="", encoding="utf-8") as file:
        cells = list(csv.reader(file))
    change(cells)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(cells)


def put(row: int, column: str, value: str):
    def change(cells):
        cells[row][cells[0].index(column)] = value

    return change


def drop_column(column: str):
    def change(cells):
        at = cells[0].index(column)
        for line in cells:
            del line[at]

    return change


def swap(a: int, b: int):
    def change(cells):
        cells[a], cells[b] = cells[b], cells[a]

    return change


def series_without(indicator: str):
    def change(cells):
        cells[:] = [line for line in cells if line[1] != indicator]

    return change


BROKEN = [
    ("districts", put(3, "pop_reg_2024_s1", "many"), ["districts.csv", "line 4", "pop_reg_2024_s1", "'many'", "whole"]),
    ("districts", put(5, "area_km2", "nan"), ["districts.csv", "line 6", "area_km2", "above 0", "km2"]),
    ("districts", put(5, "area_km2", ""), ["line 6", "area_km2", "''"]),
    ("districts", put(7, "kk_2024", "-12"), ["line 8", "kk_2024", "0 or more"]),
    ("districts", put(7, "pop_reg_2024_s1", "12.5"), ["line 8", "pop_reg_2024_s1", "whole number"]),
    ("districts", put(2, "pct_degree_2024", "120"), ["line 3", "pct_degree_2024", "0 to 100"]),
    ("districts", put(2, "code", "32.73.01"), ["line 3", "code", "already in line 2"]),
    ("districts", lambda cells: cells.pop(), ["29 rows", "expected 30"]),
    ("districts", swap(1, 2), ["line 2", "32.73.02", "expected 32.73.01"]),
    ("districts", drop_column("kk_2024"), ["line 1", "kk_2024", "missing", "family cards"]),
    ("districts", lambda cells: cells[4].append("1"), ["line 5", "cells found"]),
    ("districts", lambda cells: cells.clear(), ["line 1", "code", "missing"]),
    ("distance_matrix_km", put(1, "32.73.02", "9.9"), ["line 2", "32.73.02", "9.9", "3.743", "the same"]),
    ("distance_matrix_km", put(1, "32.73.01", "1"), ["line 2", "32.73.01", "expected 0"]),
    ("adjacency", lambda cells: cells.pop(), ["65 rows", "expected 66"]),
    ("adjacency", put(1, "code_b", "32.73.77"), ["line 2", "code_b", "'32.73.77'", "kecamatan"]),
    ("adjacency", put(1, "code_b", "32.73.01"), ["line 2", "code_a", "lower code first"]),
    ("kelurahan", lambda cells: cells.pop(), ["150 rows", "expected 151"]),
    ("kelurahan", put(1, "district_code", "32.77.01"), ["line 2", "district_code", "'32.77.01'"]),
    ("kelurahan", put(9, "pop_reg_2024_s1", "0"), ["line 10", "pop_reg_2024_s1", "0 found", "100 to 150000"]),
    ("district_demography", put(2, "edu2024_none", "x"), ["line 3", "edu2024_none", "'x'"]),
    ("participation_profile", put(1, "rate", "1.4"), ["line 2", "rate", "0 to 1"]),
    ("participation_profile", put(1, "rate", "inf"), ["line 2", "rate", "'inf'"]),
    ("fertility_mortality", put(9, "rate", "0"), ["line 10", "rate", "above 0"]),
    ("geography", put(1, "name", "detours"), ["geography.csv", "name", "no row detour"]),
    ("outer_zones", put(1, "via", "Kota Bogor"), ["line 2", "via", "Kota Bogor"]),
    ("cpi_bandung_monthly", put(1, "cpi_index", "0"), ["line 2", "cpi_index", "above 0"]),
    ("city_series", series_without("gini_ratio"), ["city_series.csv", "gini_ratio"]),
    ("city_series", lambda cells: cells.append(cells[1]), ["city_series.csv", "already in line 2"]),
    ("columns", put(1, "kind", "whole"), ["columns.csv", "line 2", "kind", "'whole'"]),
]


@pytest.mark.parametrize(("table", "change", "words"), BROKEN, ids=[f"{b[0]}-{i}" for i, b in enumerate(BROKEN)])
def test_a_broken_table_gives_one_message_with_file_line_column_and_what_is_expected(folder, table, change, words):
    edit(folder, table, change)
    with pytest.raises(InputError) as caught:
        load_city(2025, folder)
    assert len(caught.value.messages) == 1
    for word in (f"{table}.csv", *words):
        assert word in caught.value.messages[0], caught.value.messages[0]


def test_a_missing_table_is_named(folder):
    (folder / "gateways.csv").unlink()
    with pytest.raises(InputError, match=r"gateways\.csv: the table is missing"):
        load_city(2025, folder)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        load_city(2025, tmp_path / "nowhere")


def test_a_table_that_is_not_text_is_named(folder):
    (folder / "kelurahan.csv").write_bytes(b"\xff\xfe\x00kode")
    with pytest.raises(InputError, match=r"kelurahan\.csv: cannot be read"):
        load_city(2025, folder)


def test_a_table_that_is_a_folder_is_named(folder):
    (folder / "kelurahan.csv").unlink()
    (folder / "kelurahan.csv").mkdir()
    with pytest.raises(InputError, match=r"kelurahan\.csv: cannot be read"):
        load_city(2025, folder)


def test_borders_that_leave_the_city_in_two_parts_are_refused(folder):
    def cut_off(cells):  # every border of Cibiru becomes another border of Sukasari
        spare = [c for c in (f"32.73.{n:02d}" for n in range(9, 25)) if c != "32.73.25"]
        for line in cells[1:]:
            if "32.73.25" in (line[0], line[2]):
                line[0], line[2] = "32.73.01", spare.pop()

    edit(folder, "adjacency", cut_off)
    with pytest.raises(InputError, match="connected city"):
        load_city(2025, folder)


def test_the_environment_can_name_the_folder(folder, monkeypatch):
    edit(folder, "districts", put(1, "name", "Sukasari Baru"))
    monkeypatch.setenv("BANDUNG_DATA", str(folder))
    assert load_city(2025).names[0] == "Sukasari Baru"
    monkeypatch.delenv("BANDUNG_DATA")
    assert load_city(2025).names[0] == "Sukasari"


def test_a_spreadsheet_that_adds_a_mark_and_blank_lines_still_reads(folder):
    path = folder / "gateways.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n") + b"\r\n")
    assert available_starts(folder) == available_starts()
    load_city(2025, folder)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("text", "a", ""),
        ("number", "-1.5", "1,5"),
        ("optional", "", "x"),
        ("count", "3", "3.2"),
        ("positive", "0.1", "0"),
        ("share", "1", "1.01"),
        ("percent", "100", "-1"),
        ("number", "1e3", "inf"),
    ],
)
def test_cells_are_what_their_column_says(kind, good, bad):
    assert check_cell(kind, good) and not check_cell(kind, bad)


# A table that is well formed and cannot be true


def series_at(indicator: str, year: str, value: str):
    def change(cells):
        for line in cells:
            if line[:2] == [year, indicator] and line[4] == "Kota Bandung":
                line[2] = value

    return change


def without(**key: str):
    """A table without the rows that have these cells."""

    def change(cells):
        at = {cells[0].index(column): value for column, value in key.items()}
        cells[:] = [line for line in cells if any(line[k] != value for k, value in at.items())]

    return change


def twice(row: int):
    return lambda cells: cells.append(list(cells[row]))


IMPLAUSIBLE = [
    (
        "kelurahan",
        put(1, "lat", "6.87422"),
        "kelurahan.csv, line 2, column lat: 6.87422 found; expected -7 to -6.8 (degrees north): "
        "latitude of the area centroid",
    ),
    (
        "district_demography",
        put(2, "male_2024", "99999999"),
        "district_demography.csv, line 3, column male_2024: 99999999 found; expected 500 to 300000 (persons): "
        "registered men, 30 June 2024",
    ),
    ("sectors", put(1, "input_share", "1.7"), "line 2, column input_share: '1.7' found; expected a share from 0 to 1"),
    (
        "districts",
        put(1, "malls_2019", "-1"),
        "line 2, column malls_2019: '-1' found; expected a whole number, 0 or more",
    ),
    ("adjacency", lambda cells: cells.append(["32.73.07", "", "32.73.01", "", *cells[1][4:]]), "column name_a: ''"),
    (
        "adjacency",
        lambda cells: cells.append([*cells[1][2:4], *cells[1][:2], *cells[1][4:]]),
        "line 68, column code_a: 32.73.07 and 32.73.01 found; expected the lower code first, each pair once",
    ),
    ("district_demography", lambda cells: cells.pop(), "district_demography.csv: 29 rows found; expected 30"),
    (
        "district_social_programmes",
        without(district_code="3273010", year="2021", indicator="DTKS_families"),
        "district_social_programmes.csv: no row of 3273010 for DTKS_families 2021; expected one for each kecamatan",
    ),
    (
        "expenditure_deciles_2024",
        put(4, "mean_pc_expenditure_rp_month", "1006000"),
        "line 5, column mean_pc_expenditure_rp_month: 1006000 found; expected more than the 1007000 of the row before",
    ),
    ("city_series", twice(1), "city_series.csv, line 1593, column year: 2020 GRDP_growth"),
    ("cpi_bandung_monthly", put(1, "cpi_index", "0"), "line 2, column cpi_index: '0' found; expected a number above 0"),
    ("cpi_bandung_monthly", put(1, "cpi_index", "1042.6"), "1042.6 found; expected 20 to 500 (index)"),
    (
        "cpi_bandung_monthly",
        without(year="2021", month="5", group="all_items"),
        "column month: no row for month 5 of 2021, all_items; expected one",
    ),
    ("distance_matrix_km", put(1, "32.73.01", "1"), "line 2, column 32.73.01: 1 found; expected 0"),
    (
        "distance_matrix_km",
        lambda cells: (put(1, "32.73.02", "5")(cells), put(2, "32.73.01", "5")(cells)),
        "line 2, column 32.73.02: 5 found, but straight line between lon, lat of districts.csv: 3.74",
    ),
    (
        "districts",
        put(1, "kk_2024", "46284"),
        "districts.csv, line 2, column kk_2024: 46284 found, but sum of kk_2024_s1 in kelurahan.csv: 26284; "
        "expected the same within 2 %",
    ),
    ("districts", put(1, "n_neighbours", "3"), "column n_neighbours: 3 found, but pairs in adjacency.csv: 2"),
    (
        "districts",
        put(1, "density_2024", "125"),
        "density_2024: 125 found, but pop_reg_2024_s1 over area_km2: 12510.991",
    ),
    (
        "city_series",
        series_at("population", "2023", "1900000"),
        "column value: 1900000 found, but sum of pop_reg_2023 in districts.csv: 2569107; expected the same within 6 %",
    ),
    (
        "city_series",
        series_at("gini_ratio", "2021", "42.7"),
        "column value: 42.7 found; expected 0.2 to 0.7 (index 0-1 (expenditure, Susenas March)): gini_ratio",
    ),
    ("geography", put(2, "value", "180"), "line 3, column value: 180 found; expected 3 to 80 (km/h): speed_kmh"),
    ("sectors", put(1, "formal_jobs_share", "0.5"), "column formal_jobs_share: the rows add to 1.3; expected 1"),
    (
        "participation_profile",
        put(2, "age_from", "21"),
        "line 3, column age_from: 21 found; expected 20, the year after the group before",
    ),
    (
        "fertility_mortality",
        lambda cells: next(put(k, "rate", "0.001") for k, x in enumerate(cells) if x[:3] == ["deaths", "male", "60"])(
            cells
        ),
        "column rate: 0.001 found; expected more than the 0.0146 of the row before",
    ),
]


@pytest.mark.parametrize(
    ("table", "change", "said"), IMPLAUSIBLE, ids=[f"{b[0]}-{i}" for i, b in enumerate(IMPLAUSIBLE)]
)
def test_a_figure_that_cannot_be_true_is_refused_with_its_place_and_what_is_allowed(folder, table, change, said):
    edit(folder, table, change)
    with pytest.raises(InputError) as caught:
        load_city(2025, folder)
    assert any(said in message for message in caught.value.messages), caught.value.messages
    assert all(str(folder) in message for message in caught.value.messages)


def test_all_that_is_wrong_with_the_tables_is_told_at_once(folder):
    edit(folder, "kelurahan", put(1, "lat", "6.9"))
    edit(folder, "kelurahan", put(2, "n_rw", "900"))
    edit(folder, "sectors", put(1, "input_share", "1.7"))
    edit(folder, "adjacency", put(1, "code_b", "32.73.77"))
    edit(folder, "districts", put(1, "density_2024", "125"))
    with pytest.raises(InputError) as caught:
        available_starts(folder)
    told = caught.value.messages
    assert [
        sum(part in m for m in told)
        for part in ("column lat", "column n_rw", "input_share", "'32.73.77'", "density_2024")
    ] == [1, 1, 1, 1, 1]
    assert len(told) == 5


def test_a_table_as_a_user_may_have_changed_it_still_passes(folder):
    edit(folder, "kelurahan", put(1, "pop_reg_2024_s1", "13700"))  # 20 persons more: lists differ by so much
    (folder / "expenditure_deciles_2024.csv").unlink()  # no rule of the model reads it
    assert faults(open_library(folder)) == []


def test_the_real_tables_hold_all_that_is_asked_of_them():
    assert faults(open_library()) == []


def test_every_number_of_every_table_has_a_range():
    by_row = {"city_series", "city_facts", "geography", "partial_facts"}  # whose unit differs by row
    for table, columns in open_library().columns.items():
        for name, column in columns.items():
            if column.numeric and table != "columns" and (table, name) not in {(one, "value") for one in by_row}:
                assert column.least < column.most < float("inf"), (table, name)
                assert column.least > -float("inf"), (table, name)


def test_what_is_wrong_with_the_tables_stops_a_command_with_2_and_can_be_said_in_indonesian(
    folder, monkeypatch, capsys
):
    edit(folder, "kelurahan", put(1, "lat", "6.9"))
    monkeypatch.setenv("BANDUNG_DATA", str(folder))
    for command in (["check", "baseline"], ["run", "baseline", "--scale", "500", "--months", "1"]):
        assert answer([*command, "--language", "id"]) == 2
        said = capsys.readouterr().err
        assert "kelurahan.csv, baris 2, kolom lat: ditemukan 6.9; seharusnya -7 sampai -6.8" in said
        assert "Traceback" not in said


def test_each_rule_between_tables_says_what_it_asks():
    for _, rule in (*RELATIONS, *CITED):
        assert rule.__name__ == "<lambda>" or rule.__doc__
    assert set(SHAPES) <= set(TABLES)
