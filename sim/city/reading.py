"""Reading a table: every cell is checked against columns.csv, and one clear message says what is wrong where."""

from __future__ import annotations

import csv
import hashlib
import math
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NoReturn

import numpy as np

from sim.errors import InputError

DEFAULT_FOLDER = Path(__file__).parent.parent / "data" / "bandung"
KINDS = {
    "text": "text, not blank",
    "note": "text or nothing",
    "number": "a number",
    "optional": "a number or nothing",
    "count": "a whole number, 0 or more",
    "positive": "a number above 0",
    "share": "a share from 0 to 1",
    "percent": "a percentage from 0 to 100",
}


def data_folder(folder: Path | None = None) -> Path:
    """The folder of tables: the one given, else $BANDUNG_DATA, else the one that comes with the model."""
    return Path(folder or os.environ.get("BANDUNG_DATA") or DEFAULT_FOLDER)


def data_hashes() -> dict[str, str]:
    """SHA-256 of every data table the model is built from."""
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(data_folder().glob("*.csv"))}


@dataclass(frozen=True)
class Column:
    """What columns.csv says about one column."""

    kind: str
    unit: str
    meaning: str

    @property
    def expected(self) -> str:
        unit = f" ({self.unit})" if self.unit not in ("text", "name", "code", "key") else ""
        return f"{KINDS[self.kind]}{unit}: {self.meaning}"


@dataclass(frozen=True)
class Sheet:
    """One table: its columns as lists of text, and the line of the file each row came from."""

    path: Path
    columns: dict[str, Column]
    cells: dict[str, list[str]]
    lines: list[int]

    def __len__(self) -> int:
        return len(self.lines)

    def fail(self, message: str, row: int | None = None, column: str = "") -> NoReturn:
        """Stop with one message: file, line, column and what is expected."""
        where = [str(self.path)] + ([f"line {self.lines[row]}"] if row is not None else [])
        raise InputError(", ".join(where + ([f"column {column}"] if column else [])) + f": {message}")

    def text(self, column: str) -> list[str]:
        return self.cells[column]

    def numbers(self, column: str) -> np.ndarray:
        """A column as floats; a blank cell (of an optional column) is NaN."""
        return np.array([float(cell) if cell else math.nan for cell in self.cells[column]])

    def counts(self, column: str) -> np.ndarray:
        return self.numbers(column).astype(np.int64)

    @cached_property
    def numeric(self) -> list[str]:
        return [name for name, column in self.columns.items() if column.kind not in ("text", "note")]

    def expect_rows(self, count: int, what: str) -> None:
        if len(self) != count:
            self.fail(f"{len(self)} rows found; expected {count}, {what}")

    def expect_unique(self, *key: str) -> None:
        """Each combination of the key columns stands in one row only."""
        seen: dict[tuple[str, ...], int] = {}
        for row, cells in enumerate(zip(*(self.cells[name] for name in key), strict=True)):
            if cells in seen:
                self.fail(f"{' '.join(cells)} is already in line {self.lines[seen[cells]]}; expected once", row, key[0])
            seen[cells] = row

    def expect_known(self, column: str, known: list[str], what: str) -> None:
        """Every cell of the column is one of the known names."""
        for row, cell in enumerate(self.cells[column]):
            if cell not in known:
                self.fail(f"{cell!r} is not {what}; expected one of {known[0]} ... {known[-1]}", row, column)


def check_cell(kind: str, cell: str) -> bool:
    """True when the cell is what its kind asks for."""
    if kind in ("text", "note"):
        return bool(cell) or kind == "note"
    if not cell:
        return kind == "optional"
    try:
        number = float(cell)
    except ValueError:
        return False
    if not math.isfinite(number):
        return False
    return {
        "number": True,
        "optional": True,
        "count": number >= 0 and number == int(number),
        "positive": number > 0,
        "share": 0 <= number <= 1,
        "percent": 0 <= number <= 100,
    }[kind]


def _lines(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header and the numbered rows of a CSV file."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file, strict=True)
            header = [name.strip() for name in next(reader, [])]
            return header, [(reader.line_num, row) for row in reader if row]
    except FileNotFoundError:
        raise InputError(f"{path}: the table is missing; expected a CSV file with a header line") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: cannot be read as a UTF-8 CSV file ({error})") from None


def _sheet(path: Path, columns: dict[str, Column]) -> Sheet:
    header, rows = _lines(path)
    for name, column in columns.items():
        if name not in header:
            raise InputError(f"{path}, line 1, column {name}: the column is missing; expected {column.expected}")
        if header.count(name) > 1:
            raise InputError(f"{path}, line 1, column {name}: the column is there twice; expected once")
    for line, row_cells in rows:
        if len(row_cells) != len(header):
            raise InputError(f"{path}, line {line}: {len(row_cells)} cells found; expected {len(header)}, one a column")
    lines = [line for line, _ in rows]
    cells = {name: [row_cells[header.index(name)].strip() for _, row_cells in rows] for name in columns}
    sheet = Sheet(path, columns, cells, lines)
    for name, column in columns.items():
        for row, cell in enumerate(cells[name]):
            if not check_cell(column.kind, cell):
                sheet.fail(f"{cell!r} found; expected {column.expected}", row, name)
    return sheet


_DESCRIPTION = {
    name: Column("note" if name == "year" else "text", "text", "description of a column")
    for name in ("table", "column", "kind", "unit", "year", "confidence", "source", "meaning")
}


def read_columns(folder: Path) -> dict[str, dict[str, Column]]:
    """columns.csv: what every column of every table holds."""
    sheet = _sheet(folder / "columns.csv", _DESCRIPTION)
    sheet.expect_unique("table", "column")
    sheet.expect_known("kind", list(KINDS), "a kind of column")
    tables: dict[str, dict[str, Column]] = {}
    for table, name, kind, unit, meaning in zip(
        *(sheet.cells[c] for c in ("table", "column", "kind", "unit", "meaning")), strict=True
    ):
        tables.setdefault(table, {})[name] = Column(kind, unit, meaning)
    return tables


@dataclass(frozen=True)
class Library:
    """The folder of tables with the description of their columns."""

    folder: Path
    columns: dict[str, dict[str, Column]]

    def read(self, table: str) -> Sheet:
        """The table, checked; InputError when it is missing or malformed."""
        if table not in self.columns:
            raise InputError(f"{self.folder / 'columns.csv'}: table {table} is not described; expected its columns")
        return _sheet(self.folder / f"{table}.csv", self.columns[table])


def open_library(folder: Path | None = None) -> Library:
    chosen = data_folder(folder)
    if not chosen.is_dir():
        raise InputError(f"{chosen}: no such folder; expected the folder of the city's tables (see BANDUNG_DATA)")
    return Library(chosen, read_columns(chosen))
