"""Fields that shocks and levers share: months, districts, sectors, and numbers with their unit and range."""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from sim.agents.businesses import SECTORS
from sim.catalogue import did_you_mean

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


def number(default: float, low: float, high: float, unit: str, meaning: str) -> Any:
    """A declared number: default, allowed range, unit and meaning; a file may also write 100e9."""
    return Field(default, ge=low, le=high, description=meaning, json_schema_extra={"unit": unit})


def note(default: Any, meaning: str, unit: str = "") -> Any:
    """A declared choice that is no number."""
    return Field(default, description=meaning, json_schema_extra={"unit": unit})


def month_number(text: str) -> int:
    """Months since year 0 of 'YYYY-MM'."""
    year, month = text.split("-")
    return int(year) * 12 + int(month) - 1


def month_name(number: int) -> str:
    """'YYYY-MM' of a month number."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def _month(value: Any) -> str:
    text = value if isinstance(value, str) else str(value)
    if not _MONTH.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is not a month; write YYYY-MM, e.g. 2027-01")
    return text


@cache
def district_codes() -> dict[str, str]:
    """Codes by lower-case name and by code."""
    from sim.city import load_city

    city = load_city(2025)
    return {**{c: c for c in city.codes}, **{n.lower(): c for c, n in zip(city.codes, city.names, strict=True)}}


@cache
def district_names() -> tuple[str, ...]:
    """Names of the 30 kecamatan in the order of their codes."""
    from sim.city import load_city

    return tuple(load_city(2025).names)


@cache
def district_rows() -> dict[str, int]:
    """Row (0-29) of each code."""
    return {code: row for row, code in enumerate(sorted(set(district_codes().values())))}


def _districts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)):
        raise ValueError("must be a list of kecamatan, by name or code, e.g. [Gedebage, 32.73.27]")
    known, found = district_codes(), []
    for given in value:
        text = str(given).strip()
        code = known.get(text.lower())
        if code is None:
            raise ValueError(f"unknown kecamatan '{text[:80]}'{did_you_mean(text.title(), district_names())}")
        if code in found:
            raise ValueError(f"kecamatan '{text}' is named twice")
        found.append(code)
    return tuple(found)


def _sectors(value: Any) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"must be a list of sectors: {', '.join(SECTORS)}")
    for given in value:
        if given not in SECTORS:
            raise ValueError(f"unknown sector '{str(given)[:80]}'{did_you_mean(str(given), SECTORS) or _listed()}")
    if len(set(value)) < len(value):
        raise ValueError("a sector is named twice")
    return tuple(value)


def _listed() -> str:
    return "; known: " + ", ".join(SECTORS)


Month = Annotated[str, BeforeValidator(_month)]
Districts = Annotated[tuple[str, ...], BeforeValidator(_districts)]
Sectors = Annotated[tuple[str, ...], BeforeValidator(_sectors)]
