"""Reading a table: every cell is checked against columns.csv, and one clear message says what is wrong where.

columns.csv gives each column a kind (what may stand in a cell at all) and, where there are numbers, the least and the
greatest value that is plausible. All cells of a table that are wrong are told at once.
"""

from __future__ import annotations

import csv
import hashlib
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NoReturn

import numpy as np

from sim.errors import InputError
from sim.language import Told, told

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
    least: float = -math.inf  # the least plausible value, in the unit
    most: float = math.inf  # the greatest

    @property
    def numeric(self) -> bool:
        return self.kind not in ("text", "note")

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

    def said(self, message: str, row: int | None = None, column: str = "") -> Told:
        """A message with its place before it: file, line and column."""
        line = self.lines[row] if row is not None else 0
        if row is not None and column:
            return told(
                "{file}, line {line}, column {column}: {message}",
                file=str(self.path),
                line=line,
                column=column,
                message=message,
            )
        if row is not None:
            return told("{file}, line {line}: {message}", file=str(self.path), line=line, message=message)
        if column:
            return told("{file}, column {column}: {message}", file=str(self.path), column=column, message=message)
        return told("{file}: {message}", file=str(self.path), message=message)

    def fail(self, message: str, row: int | None = None, column: str = "") -> NoReturn:
        """Stop with one message: file, line, column and what is expected."""
        raise InputError(self.said(message, row, column))

    def outside(self, column: str, row: int, least: float, most: float, unit: str, meaning: str) -> Told:
        """The message about a number that is well formed but cannot be."""
        found = told(
            "{value} found; expected {least} to {most} ({unit}): {meaning}",
            value=self.cells[column][row],
            least=plain(least),
            most=plain(most),
            unit=told(unit),
            meaning=meaning,
        )
        return self.said(found, row, column)

    def text(self, column: str) -> list[str]:
        return self.cells[column]

    def numbers(self, column: str) -> np.ndarray:
        """A column as floats; a blank cell (of an optional column) is NaN."""
        return np.array([float(cell) if cell else math.nan for cell in self.cells[column]])

    def counts(self, column: str) -> np.ndarray:
        return self.numbers(column).astype(np.int64)

    @cached_property
    def numeric(self) -> list[str]:
        return [name for name, column in self.columns.items() if column.numeric]

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


def plain(value: float) -> str:
    """A number as a table would hold it: 0.01, 500000, -6.8."""
    return f"{value:.10g}"


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
    by_column = list(zip(*(row_cells for _, row_cells in rows), strict=True)) or [()] * len(header)
    cells = {name: [cell.strip() for cell in by_column[header.index(name)]] for name in columns}
    sheet = Sheet(path, columns, cells, lines)
    wrong = [message for name, column in columns.items() for message in _wrong_cells(sheet, name, column)]
    if wrong:
        raise InputError(*wrong)
    return sheet


def _wrong_cells(sheet: Sheet, name: str, column: Column) -> Iterator[str]:
    """One message for each cell that is not what its column asks for."""
    if _all_right(column, sheet.cells[name]):
        return
    for row, cell in enumerate(sheet.cells[name]):
        if not check_cell(column.kind, cell):
            yield sheet.said(f"{cell!r} found; expected {column.expected}", row, name)
        elif column.numeric and cell and not column.least <= float(cell) <= column.most:
            yield sheet.outside(name, row, column.least, column.most, column.unit, column.meaning)


def _all_right(column: Column, cells: list[str]) -> bool:
    """True when no cell of the column is wrong: the usual case, found without looking at each by itself."""
    if not column.numeric:
        return column.kind == "note" or all(cells)
    try:
        numbers = [float(cell) for cell in cells if cell]
    except ValueError:
        return False
    if not numbers:
        return column.kind == "optional" or not cells
    return (
        (len(numbers) == len(cells) or column.kind == "optional")
        and math.isfinite(sum(numbers))
        and all(
            check_cell(column.kind, repr(n)) and column.least <= n <= column.most for n in (min(numbers), max(numbers))
        )
        and (column.kind != "count" or all(map(float.is_integer, numbers)))
    )


_DESCRIPTION = {
    name: Column(kind, "text", "description of a column")
    for name, kind in {
        **dict.fromkeys(("table", "column", "kind", "unit"), "text"),
        **dict.fromkeys(("least", "most"), "optional"),
        "year": "note",
        **dict.fromkeys(("confidence", "source", "meaning"), "text"),
    }.items()
}


def read_columns(folder: Path) -> dict[str, dict[str, Column]]:
    """columns.csv: what every column of every table holds."""
    sheet = _sheet(folder / "columns.csv", _DESCRIPTION)
    sheet.expect_unique("table", "column")
    sheet.expect_known("kind", list(KINDS), "a kind of column")
    tables: dict[str, dict[str, Column]] = {}
    for table, name, kind, unit, meaning, least, most in zip(
        *(sheet.cells[c] for c in ("table", "column", "kind", "unit", "meaning", "least", "most")), strict=True
    ):
        tables.setdefault(table, {})[name] = Column(
            kind, unit, meaning, float(least or -math.inf), float(most or math.inf)
        )
    return tables


@dataclass(frozen=True)
class Library:
    """The folder of tables with the description of their columns. A table is read once."""

    folder: Path
    columns: dict[str, dict[str, Column]]
    _read: dict[str, Sheet] = field(default_factory=dict)

    def has(self, table: str) -> bool:
        """Whether the folder has the table at all."""
        return (self.folder / f"{table}.csv").exists()

    def read(self, table: str) -> Sheet:
        """The table, checked; InputError when it is missing or malformed."""
        if table not in self.columns:
            raise InputError(f"{self.folder / 'columns.csv'}: table {table} is not described; expected its columns")
        if table not in self._read:
            self._read[table] = _sheet(self.folder / f"{table}.csv", self.columns[table])
        return self._read[table]


def open_library(folder: Path | None = None) -> Library:
    chosen = data_folder(folder)
    if not chosen.is_dir():
        raise InputError(f"{chosen}: no such folder; expected the folder of the city's tables (see BANDUNG_DATA)")
    return Library(chosen, read_columns(chosen))
