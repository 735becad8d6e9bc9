"""Tables and figures as text: plain and of a fixed width in a file or a pipe, coloured and fitted on a terminal."""

from __future__ import annotations

import math
import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console

from sim.language import ENGLISH, number, texts, translated
from sim.sheet import Sheet, fold

WIDTH = 96  # columns where there is no terminal
NARROWEST, WIDEST = 40, 160  # columns that are used of a terminal
_PRICES = re.compile(r"(\d{4}) prices$")
_RUPIAH = tuple(zip((1e12, 1e9, 1e6), texts("trillion", "billion", "million"), strict=True))


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
            console.print(_paragraph(part, width) if isinstance(part, str) else part)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def _paragraph(text: str, width: int) -> str:
    """A paragraph that fits; the lines of a list item begin under its first word."""
    if text.startswith("- "):
        return fold(text[2:], width, hang=2, begin="- ")
    return fold(text, width)


def fitting(usual: int = WIDTH) -> int:
    """Columns to print in: those of the terminal, neither too few nor too many to read; `usual` where there is none."""
    if not sys.stdout.isatty():
        return usual
    return min(max(shutil.get_terminal_size((usual, 24)).columns, NARROWEST), WIDEST)


def put(parts: Iterable[Any], width: int = WIDTH) -> None:
    """Print on stdout, fitted to the terminal if there is one."""
    print(as_text(parts, fitting(width), sys.stdout.isatty()))


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], right: Sequence[str] = (), keys: int = 1) -> Sheet:
    """A plain table. Columns in `right` are of numbers; the first `keys` columns say what a row is about."""
    cells = [[f"{cell:g}" if isinstance(cell, float) else str(cell) for cell in row] for row in rows]
    return Sheet(columns, cells, [column in right for column in columns], keys)


def figures(values: Sequence[float], unit: str, language: str = ENGLISH) -> tuple[str, list[str]]:
    """Figures of one unit as a planner writes them: (unit in words, numbers), e.g. ("%", ["7.40", "7.31"])."""
    words, factor, digits = scale_of(values, unit, language)
    return words, [_number(v, factor, digits, language) for v in values]


def scale_of(values: Sequence[float], unit: str, language: str = ENGLISH) -> tuple[str, float, int]:
    """How figures of a declared unit are written: unit in words, what they are divided by, and their digits."""
    finite = [abs(v) for v in values if v is not None and math.isfinite(v)]
    largest = max(finite, default=0.0)
    said = unit_in_words(unit, language)
    if unit.startswith("share"):
        return percent_of(unit, language), 0.01, 2
    if unit.startswith("Rp"):
        size, name = next((size for size in _RUPIAH if largest >= size[0]), (1.0, ""))
        return (f"Rp {translated(name, language)}{said[2:]}", size, 2) if name else (said, 1.0, 0)
    return said, 1.0, _digits(largest)


def percent_of(unit: str, language: str = ENGLISH) -> str:
    """A share in percent: `% of labour force` for `share of labour force`."""
    return "%" + translated(unit, language).removeprefix(translated("share", language))


def unit_in_words(unit: str, language: str = ENGLISH) -> str:
    """A declared unit; a run knows the year of its prices, and says `2024 prices` for `start prices`."""
    if not (found := _PRICES.search(unit)):
        return translated(unit, language)
    plain = translated(unit[: found.start()] + "start prices", language)
    year = translated("{year} prices", language, year=found[1])
    return plain.removesuffix(translated("start prices", language)) + year


def _digits(largest: float) -> int:
    return 0 if largest >= 1000 else 1 if largest >= 100 else 2 if largest >= 10 else 3 if largest >= 0.1 else 5


def _number(value: float, factor: float, digits: int, language: str) -> str:
    return number(value / factor, language, digits) if value is not None and math.isfinite(value) else "-"


def human(value: float, unit: str, language: str = ENGLISH) -> str:
    """One figure with its unit: `7.40 %`, `Rp million/month 3.20`."""
    words, (shown,) = figures([value], unit, language)
    return f"{words} {shown}" if words.startswith("Rp") else f"{shown} {words}"
