"""Fields that shocks and levers share: months, districts, sectors, and numbers with their unit and range."""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from sim.agents.businesses import SECTORS
from sim.catalogue import did_you_mean
from sim.language import told
from sim.shape import shown, wrong_item
from sim.strict_yaml import printed

MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_NEARLY = re.compile(r"([0-9]{4})[-/.]?([0-9]{1,2})(?:[-/.][0-9]{1,2})?")  # 2027-1, 2027/01, 2027-01-01

_YEAR = re.compile(r"[0-9]{4}")


def number(default: float, low: float, high: float, unit: str, meaning: str) -> Any:
    """A declared number: default, allowed range, unit and meaning; a file may also write 100e9."""
    return Field(default, ge=low, le=high, description=meaning, json_schema_extra={"unit": unit})


def note(default: Any, meaning: str, unit: str = "", parts: tuple[str, ...] = ()) -> Any:
    """A declared choice that is no number. parts: what it gives shares of, if it is a list of shares."""
    return Field(default, description=meaning, json_schema_extra={"unit": unit, "parts": list(parts)})


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
    raise ValueError(no_month(value, "2027-01"))


def no_month(value: Any, usual: str) -> str:
    """What to say of a value that is no month, with the one that it may stand for, or one in its year, or the usual."""
    near = _NEARLY.fullmatch(str(value))
    if near and 1 <= int(near[2]) <= 12:
        example = f"{near[1]}-{int(near[2]):02d}"
    else:
        year = _YEAR.fullmatch(str(value))
        example = told("YYYY-MM, e.g. {month}", month=f"{year[0]}-01" if year else usual)
    return told("{value} is not a month; write {example}", value=shown(value), example=example)


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
        raise ValueError(told("must be the name or code of a kecamatan, not {value}", value=shown(value)))
    text = value.strip()
    code = district_codes().get(text.lower())
    if code is None:
        coded = re.fullmatch(r"[0-9. ]+", text)
        ends = {"first": min(district_rows()), "last": max(district_rows())}
        hint = told("; codes run from {first} to {last}", **ends) if coded else did_you_mean(text, district_names())
        raise ValueError(told("unknown kecamatan '{name}'{hint}", name=printed(text), hint=hint))
    return code


def _sector(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(told("must be the name of a sector, not {value}", value=shown(value)))
    if value not in SECTORS:
        near = did_you_mean(value, SECTORS) or told("; known: {names}", names=", ".join(SECTORS))
        raise ValueError(told("unknown sector '{name}'{hint}", name=printed(value), hint=near))
    return value


def by_name(name: str) -> str:
    """A kecamatan by its name rather than its code; a sector as it is."""
    rows = {} if name in SECTORS else district_rows()
    return district_names()[rows[name]] if name in rows else name


def _list(what: str) -> Any:
    """Only a list, as a tuple; `what` says of what, with an example."""

    def check(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, (list, tuple)):
            raise ValueError(told("must be a list of {what}, not {value}", what=what, value=shown(value)))
        return tuple(value)

    return BeforeValidator(check)


def _once(word: str) -> Any:
    """No name twice; the second is pointed at."""

    def check(value: tuple[str, ...]) -> tuple[str, ...]:
        for index, one in enumerate(value):
            if one in value[:index]:
                said = told("{word} '{name}' is named twice", word=word, name=by_name(one))
                raise wrong_item(said, index)
        return value

    return AfterValidator(check)


_PLACES = told("kecamatan, by name or code, e.g. [Gedebage, 32.73.27]")
_BRANCHES = told("sectors, e.g. [trade, transport]")
Month = Annotated[str, BeforeValidator(_month)]
Districts = Annotated[tuple[Annotated[str, BeforeValidator(_district)], ...], _list(_PLACES), _once("kecamatan")]
Sectors = Annotated[tuple[Annotated[str, BeforeValidator(_sector)], ...], _list(_BRANCHES), _once(told("sector"))]
