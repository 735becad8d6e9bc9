"""Tables and figures as text: plain and of a fixed width in a file or a pipe, coloured and fitted on a terminal."""

from __future__ import annotations

import math
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

WIDTH = 96  # columns where there is no terminal
_RUPIAH = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def as_text(parts: Iterable[Any], width: int = WIDTH, colour: bool = False) -> str:
    """Lines of text and tables as one text of at most `width` columns."""
    console = Console(
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
        highlight=False,
        emoji=False,
        markup=False,
    )
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def put(parts: Iterable[Any], width: int = WIDTH) -> None:
    """Print on stdout, fitted to the terminal if there is one."""
    terminal = sys.stdout.isatty()
    if terminal:
        width = min(max(shutil.get_terminal_size((width, 24)).columns, 60), 160)
    print(as_text(parts, width, terminal))


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], right: Sequence[str] = ()) -> Table:
    """A plain table; the first column and those in `right` keep their width, the others fold."""
    made = Table(box=None, pad_edge=False)
    for index, column in enumerate(columns):
        is_right = column in right
        made.add_column(column, justify="right" if is_right else "left", overflow="fold", no_wrap=is_right or not index)
    for row in rows:
        made.add_row(*(f"{cell:g}" if isinstance(cell, float) else str(cell) for cell in row))
    return made


def figures(values: Sequence[float], unit: str) -> tuple[str, list[str]]:
    """Figures of one unit as a planner writes them: (unit in words, numbers), e.g. ("%", ["7.40", "7.31"])."""
    finite = [abs(v) for v in values if v is not None and math.isfinite(v)]
    largest = max(finite, default=0.0)
    factor, words, digits = 1.0, unit, _digits(largest)
    if unit.startswith(("share", "fraction")):
        factor, words, digits = 0.01, f"%{unit.removeprefix('share').removeprefix('fraction')}", 2
    elif unit.startswith("Rp"):
        factor, name = next((size for size in _RUPIAH if largest >= size[0]), (1.0, ""))
        words, digits = f"Rp {name}{unit[2:]}" if name else unit, 2 if name else 0
    return words, [_number(v, factor, digits) for v in values]


def _digits(largest: float) -> int:
    return 0 if largest >= 1000 else 1 if largest >= 100 else 2 if largest >= 10 else 3 if largest >= 0.1 else 5


def _number(value: float, factor: float, digits: int) -> str:
    return f"{value / factor:,.{digits}f}" if value is not None and math.isfinite(value) else "-"


def human(value: float, unit: str) -> str:
    """One figure with its unit: `7.40 %`, `Rp million/month 3.20`."""
    words, (number,) = figures([value], unit)
    return f"{words} {number}" if words.startswith("Rp") else f"{number} {words}"
