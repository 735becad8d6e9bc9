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
from sim.city.reading import DEFAULT_FOLDER, KINDS, check_cell, open_library
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
    ("kelurahan", put(9, "pop_reg_2024_s1", "0"), ["pop_reg_2024_s1", "missing or empty"]),
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
