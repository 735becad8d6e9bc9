"""Fields that shocks and levers share: months, districts, sectors, and numbers with their unit and range."""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from sim.agents.businesses import SECTORS
from sim.catalogue import did_you_mean
from sim.shape import shown, wrong_item
from sim.strict_yaml import printed

MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_NEARLY = re.compile(r"([0-9]{4})[-/.]?([0-9]{1,2})(?:[-/.][0-9]{1,2})?")  # 2027-1, 2027/01, 2027-01-01


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
    if isinstance(value, str) and MONTH.fullmatch(value):
        return value
    near = _NEARLY.fullmatch(str(value))
    example = f"{near[1]}-{int(near[2]):02d}" if near and 1 <= int(near[2]) <= 12 else "YYYY-MM, e.g. 2027-01"
    raise ValueError(f"{shown(value)} is not a month; write {example}")


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


def _district(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"must be the name or code of a kecamatan, not {shown(value)}")
    text = value.strip()
    code = district_codes().get(text.lower())
    if code is None:
        raise ValueError(f"unknown kecamatan '{printed(text)}'{did_you_mean(text, district_names())}")
    return code


def _sector(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"must be the name of a sector, not {shown(value)}")
    if value not in SECTORS:
        near = did_you_mean(value, SECTORS) or f"; known: {', '.join(SECTORS)}"
        raise ValueError(f"unknown sector '{printed(value)}'{near}")
    return value


def _spoken(name: str) -> str:
    """A kecamatan by its name rather than its code; a sector as it is."""
    rows = {} if name in SECTORS else district_rows()
    return district_names()[rows[name]] if name in rows else name


def _list(what: str) -> Any:
    """Only a list, as a tuple; `what` says of what, with an example."""

    def check(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, (list, tuple)):
            raise ValueError(f"must be a list of {what}, not {shown(value)}")
        return tuple(value)

    return BeforeValidator(check)


def _once(word: str) -> Any:
    """No name twice; the second is pointed at."""

    def check(value: tuple[str, ...]) -> tuple[str, ...]:
        for index, one in enumerate(value):
            if one in value[:index]:
                raise wrong_item(f"{word} '{_spoken(one)}' is named twice", index)
        return value

    return AfterValidator(check)


_PLACES, _BRANCHES = "kecamatan, by name or code, e.g. [Gedebage, 32.73.27]", "sectors, e.g. [trade, transport]"
Month = Annotated[str, BeforeValidator(_month)]
Districts = Annotated[tuple[Annotated[str, BeforeValidator(_district)], ...], _list(_PLACES), _once("kecamatan")]
Sectors = Annotated[tuple[Annotated[str, BeforeValidator(_sector)], ...], _list(_BRANCHES), _once("sector")]
