"""What is wrong with a mapping, told in a planner's words: pydantic's findings with ranges and nearest names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from sim.catalogue import did_you_mean
from sim.errors import InputError
from sim.strict_yaml import Address, Document


@dataclass(frozen=True)
class Problem:
    """One mistake: where (`address`), what, and whether it is the key rather than the value that is wrong."""

    address: Address
    text: str
    of_key: bool = False

    def __str__(self) -> str:
        return f"{spell(self.address)}: {self.text}" if self.address else self.text


class Refused(InputError):
    """All mistakes of one input, each with its address, so that a reader can add line and column."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(*map(str, self.problems))

    def located(self, document: Document) -> InputError:
        """The same mistakes in the order of the file, each with file, line and column."""
        places = {p: document.position(p.address, p.of_key) for p in self.problems}
        ordered = sorted(self.problems, key=lambda p: places[p])
        return InputError(*(document.message(p.address, str(p), p.of_key) for p in ordered))


def spell(address: Address) -> str:
    """`packages[0].policies[1].lever` from a path."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part[:80]}" for part in address).lstrip(".")


def shown(value: Any) -> str:
    """A value as the user wrote it, short."""
    if value is None:
        return "nothing"
    if isinstance(value, (dict, list, tuple)):
        return "a list" if not isinstance(value, dict) else "'name: value' lines"
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value) if isinstance(value, str) else f"{value:.12g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def bounds(info: FieldInfo) -> tuple[float | None, float | None]:
    """The declared range of a field: (least, most)."""
    low = next((m.ge for m in info.metadata if hasattr(m, "ge")), None)
    high = next((m.le for m in info.metadata if hasattr(m, "le")), None)
    return low, high


def allowed(info: FieldInfo) -> str:
    """The declared range and unit in words, or nothing."""
    low, high = bounds(info)
    unit = (info.json_schema_extra or {}).get("unit", "") if isinstance(info.json_schema_extra, dict) else ""
    if low is None and high is None:
        return ""
    if low is None:
        span = f"at most {high:g}"
    else:
        span = f"at least {low:g}" if high is None else f"{low:g} to {high:g}"
    return f"; allowed: {span} {unit}".rstrip()


_WANTED = {
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "dict_type": "must be 'name: value' lines",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "finite_number": "must be a finite number",
}


def problems_of(error: ValidationError, model: type[BaseModel], prefix: Address = ()) -> list[Problem]:
    """Pydantic's findings about a flat model as problems."""
    return [_problem(dict(found), model, prefix) for found in error.errors(include_url=False)]


def _problem(found: dict[str, Any], model: type[BaseModel], prefix: Address) -> Problem:
    location, kind, value = tuple(found["loc"]), found["type"], found.get("input")
    address = prefix + location
    name = str(location[0]) if location else ""
    if kind == "missing":
        return Problem(prefix + location[:-1], f"'{name}' is missing")
    if kind == "extra_forbidden":
        hint = did_you_mean(name, model.model_fields) or "; known: " + ", ".join(model.model_fields)
        return Problem(address, f"unknown name{hint}", of_key=True)
    info = model.model_fields.get(name)
    limits = allowed(info) if info else ""
    if kind in _WANTED:
        return Problem(address, f"{_WANTED[kind]}, not {shown(value)}{limits}")
    if limits and kind in ("greater_than_equal", "less_than_equal", "greater_than", "less_than"):
        return Problem(address, f"{shown(value)} is out of range{limits}")
    text = found["msg"].removeprefix("Value error, ")
    return Problem(address, text[:1].lower() + text[1:])


def mapping_problem(value: Any, address: Address) -> list[Problem]:
    return [] if isinstance(value, Mapping) else [Problem(address, f"must be 'name: value' lines, not {shown(value)}")]
