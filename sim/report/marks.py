"""What is beyond chance, marked alike in every table: stars, and changes with as many digits as they need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sim.analysis.effects import told
from sim.analysis.paired import sure
from sim.language import ENGLISH, number, texts, translated

ALONE, TOGETHER = "*", "**"
MORE = 3  # further decimals for a clear change that would round to nothing
# What the stars say; one text for the terminal and the report.
LEGEND = texts(
    "*: the 95 % interval of this row alone leaves out zero; by chance one row in twenty does.",
    "**: still clear of zero with all outcomes and packages tested together; of these about one in twenty is "
    "chance. The sentences at the top rest on ** alone.",
)

ONE_SEED = texts("With one seed nothing can be told from chance, so no change has a star.")


def legend(seeds: int, language: str = ENGLISH) -> list[str]:
    """What the stars say, or why there are none."""
    return [translated(one, language) for one in (LEGEND if seeds > 1 else ONE_SEED)]


def star(row: Mapping[str, Any]) -> str:
    """`**` where a row is clear of zero with the whole table tested together, `*` where it is alone, else nothing."""
    if told(row):
        return TOGETHER
    return ALONE if sure(row["distinguishable"]) else ""


def digits_of(rows: Iterable[Mapping[str, Any]], name: str, factor: float, digits: int) -> int:
    """Decimals with which no change of these rows that has a star is shown as nothing, at most `MORE` further ones; the
    usual ones where even those show nothing of any."""
    small = [abs(row[name] / factor) for row in rows if star(row) and row[name]]
    tried = range(digits, digits + MORE + 1)
    seen = [sum(bool(round(one, n)) for one in small) for n in tried]  # how many changes each number of decimals shows
    return tried[seen.index(max(seen))] if small else digits


def signed(value: float, language: str = ENGLISH, digits: int = 0) -> str:
    """A change with its sign; what rounds to nothing has none."""
    return number(value, language, digits, signed=round(float(value), digits) != 0)


def starred(row: Mapping[str, Any], name: str, factor: float, digits: int) -> str:
    """The star of a change as it is shown: none where it rounds to nothing."""
    return star(row) if round(float(row[name] / factor), digits) else ""
