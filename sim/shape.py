"""What is wrong with a mapping, told in a planner's words: pydantic's findings with ranges and nearest names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from numbers import Integral
from typing import Annotated, Any, get_args

from pydantic import AfterValidator, BaseModel, Field, StrictStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from sim.catalogue import did_you_mean
from sim.errors import InputError
from sim.language import figure as written
from sim.language import told
from sim.strict_yaml import Address, Document, plain, printed

MOST_SCALE, MOST_MONTHS, MOST_SEED, MOST_THREADS = 2000, 600, 2**63 - 1, 256


@dataclass(frozen=True)
class Problem:
    """One mistake: where (`address`), what, and whether it is the key rather than the value that is wrong."""

    address: Address
    text: str
    of_key: bool = False

    @property
    def said(self) -> str:
        return told("{where}: {what}", where=spell(self.address), what=self.text) if self.address else self.text

    def __str__(self) -> str:
        return str(self.said)


class Refused(InputError):
    """All mistakes of one input, each with its address, so that a reader can add line and column."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(*(p.said for p in self.problems))

    def located(self, document: Document) -> InputError:
        """The same mistakes in the order of the file, each with file, line and column."""
        places = {p: document.position(p.address, p.of_key) for p in self.problems}
        ordered = sorted(self.problems, key=lambda p: places[p])
        return InputError(*(document.message(p.address, p.said, p.of_key) for p in ordered))


def spell(address: Address) -> str:
    """`packages[0].policies[1].lever` from a path."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{printed(part)}" for part in address).removeprefix(".")


def shown(value: Any) -> str:
    """A value as the user wrote it, short."""
    if value is None:
        return told("nothing")
    if isinstance(value, (dict, list, tuple)):
        return told("a list") if not isinstance(value, dict) else told("'name: value' lines")
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value) if isinstance(value, str) else figure(value)
    return text if len(text) <= 60 else text[:57] + "..."


def figure(value: float) -> str:
    """A number as a scenario file writes it: 0.25, 12, 5e12."""
    return (f"{value:.12g}" if abs(value) < 1e12 else f"{value:g}").replace("e+0", "e").replace("e+", "e")


def bounds(info: FieldInfo) -> tuple[float | None, float | None]:
    """The declared range of a field: (least, most)."""
    low = next((m.ge for m in info.metadata if hasattr(m, "ge")), None)
    high = next((m.le for m in info.metadata if hasattr(m, "le")), None)
    return low, high


def unit_of(info: FieldInfo) -> str:
    """The declared unit of a field, or nothing."""
    return str(info.json_schema_extra.get("unit", "")) if isinstance(info.json_schema_extra, dict) else ""


def allowed(info: FieldInfo) -> str:
    """The declared range and unit in words, or nothing."""
    (low, high), unit = bounds(info), unit_of(info)
    if low is None and high is None:
        return ""
    if low is not None and high is not None:
        span = told("{low} to {high}", low=figure(low), high=figure(high))
    elif low is not None:
        span = told("at least {low}", low=figure(low))
    else:
        span = told("at most {high}", high=figure(high or 0))
    return (
        told("; allowed: {span} {unit}", span=span, unit=told(unit)) if unit else told("; allowed: {span}", span=span)
    )


def choices(annotation: Any) -> list[str]:
    """The words that a field of fixed choices takes."""
    found = (choices(one) if get_args(one) else [one] for one in get_args(annotation))
    return [word for part in found for word in part if isinstance(word, str)]


def visible(name: str) -> str:
    """Only what can be the name of a column: one line that can be read. For a validator."""
    if not name.isprintable() or name != name.strip():
        raise ValueError(told("must be one line of visible text, without blanks around it"))
    return name


def one_line(text: str) -> str:
    """Only what leaves a table or a message on its line. For a validator."""
    if not text.strip() or not text.isprintable():
        raise ValueError(told("must be one line of visible text"))
    return text


Title = Annotated[StrictStr, Field(min_length=1, max_length=200), AfterValidator(one_line)]
ColumnName = Annotated[StrictStr, Field(min_length=1, max_length=80), AfterValidator(visible)]


def wrong_item(text: str, index: int) -> PydanticCustomError:
    """A finding about one item of a list, for a validator of the whole list to raise."""
    return PydanticCustomError("wrong_item", "{said}", {"said": text, "index": index})


_WANTED = {
    "string_type": told("must be text in quotes"),
    "int_type": told("must be a whole number"),
    "int_from_float": told("must be a whole number"),
    "float_type": told("must be a number"),
    "bool_type": told("must be true or false"),
    "dict_type": told("must be 'name: value' lines"),
    "tuple_type": told("must be a list"),
    "list_type": told("must be a list"),
    "finite_number": told("must be a finite number"),
}
_OUTSIDE = ("greater_than_equal", "less_than_equal", "greater_than", "less_than")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:([._, ])[0-9]{3})(?:\1[0-9]{3})*")
Fields = Mapping[str, Any]


def problems_of(
    error: ValidationError, model: type[BaseModel], prefix: Address = (), kin: Mapping[str, Fields] | None = None
) -> list[Problem]:
    """Pydantic's findings about a flat model as problems. kin: fields of its like, by name, for hints."""
    found: list[dict[str, Any]] = [dict(one) for one in error.errors(include_url=False)]
    places = [tuple(one["loc"]) for one in found]
    return [_problem(one, model, prefix, kin or {}) for one in found if not _follows(one, places)]


def _follows(found: dict[str, Any], places: list[Address]) -> bool:
    """Whether a list is found too short only because of its entries, about which something is said already."""
    own = tuple(found["loc"])
    return found["type"] == "too_short" and any(len(place) > len(own) and place[: len(own)] == own for place in places)


def problems_besides(told_of: list[Problem], error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Those of `problems_of` under keys about which `told_of` says nothing yet."""
    spoken_for = {p.address[0] for p in told_of if p.address}
    return [p for p in problems_of(error, model) if not p.address or p.address[0] not in spoken_for]


def _problem(found: dict[str, Any], model: type[BaseModel], prefix: Address, kin: Mapping[str, Fields]) -> Problem:
    location, kind, value = tuple(found["loc"]), found["type"], found.get("input")
    address = prefix + location
    name = str(location[0]) if location else ""
    if kind == "missing":
        return Problem(prefix + location[:-1], told("'{name}' is missing", name=name))
    if kind in ("extra_forbidden", "invalid_key"):
        hint = comma(name, value) or _known(name, model, kin)
        return Problem(address, told("unknown name{hint}", hint=hint), of_key=True)
    if kind == "wrong_item":
        return Problem((*address, found["ctx"]["index"]), found["ctx"]["said"])
    return Problem(address, _said(kind, value, found, model.model_fields.get(name)))


def _known(name: str, model: type[BaseModel], kin: Mapping[str, Fields]) -> str:
    """What stands in place of an unknown name: the nearest of its own, whose it is, or all its own."""
    known = told("; known: {names}", names=", ".join(model.model_fields))
    if owners := [one for one, fields in kin.items() if name in fields]:
        named = reduce(lambda one, other: told("{one} and {other}", one=one, other=other), owners[:3])
        return told("; it belongs to {owners}{known}", owners=named, known=known)
    return did_you_mean(name, model.model_fields) or known


def _said(kind: str, value: Any, found: dict[str, Any], info: FieldInfo | None) -> str:
    """One finding about a value, in words."""
    limits = allowed(info) if info else ""
    if kind in _WANTED:
        said = f"{value:.1f}" if kind == "int_type" and isinstance(value, float) and value % 1 == 0 else shown(value)
        hint = spelling(value) if "number" in _WANTED[kind] else ""
        return told("{wanted}, not {said}{limits}{hint}", wanted=_WANTED[kind], said=said, limits=limits, hint=hint)
    if limits and kind in _OUTSIDE:
        return told("{value} is out of range{limits}", value=shown(value), limits=limits)
    if kind == "literal_error" and info:
        words = choices(info.annotation)
        hint = did_you_mean(value, words) if isinstance(value, str) else ""
        return told("{value} is not one of: {words}{hint}", value=shown(value), words=", ".join(words), hint=hint)
    if kind == "string_too_short":
        return told("must not be empty")
    if kind == "too_short":
        counts = {"least": written(found["ctx"]["min_length"]), "count": written(len(value))}
        return told("must have {least} or more entries, not {count}", **counts)
    if kind == "too_long":
        counts = {"count": written(len(value)), "most": written(found["ctx"]["max_length"])}
        return told("{count} entries; the limit is {most}", **counts)
    if kind == "string_too_long":
        sizes = {"count": written(len(value or "")), "most": written(found["ctx"]["max_length"])}
        return told("{count} characters; the limit is {most}", **sizes)
    if kind == "value_error" and found["ctx"]["error"].args:
        return found["ctx"]["error"].args[0]
    text = found["msg"].removeprefix("Value error, ")
    return text[:1].lower() + text[1:]


def comma(name: str, value: Any) -> str:
    """What to say of a 'name' that is what a decimal comma left over: `{share: 0,05}` is a share of 0 and a '05'."""
    return told("; a decimal number has a point, as 0.5, and no comma") if name.isdigit() and value is None else ""


def spelling(value: Any) -> str:
    """How to write a number that was given as text."""
    text = value.strip() if isinstance(value, str) else ""
    if isinstance(plain(text), float) or (text.isdigit() and isinstance(plain(text), int)):
        return told("; write it without quotes")
    if found := _THOUSANDS.fullmatch(text):
        return told("; write {number}", number=figure(float(text.replace(found[1] or " ", ""))))
    return told("; a number is written like 100e9 or 0.5") if re.match(r"[0-9].*[^0-9]", text) else ""


def whole_number(name: str, value: Any, low: int, high: int) -> int:
    """A whole number of Python or of NumPy within its range. Raises InputError."""
    if isinstance(value, bool) or not isinstance(value, Integral) or not low <= int(value) <= high:
        said = told(
            "{name} = {value}: must be a whole number from {low} to {high}",
            name=name,
            value=repr(value),
            low=low,
            high=high,
        )
        raise InputError(said)
    return int(value)


def on_or_off(name: str, value: Any) -> bool:
    """A switch as Python or as the command line writes it. Raises InputError for anything else."""
    is_of_numpy = getattr(getattr(value, "dtype", None), "kind", "") == "b" and getattr(value, "ndim", 1) == 0
    if isinstance(value, bool) or is_of_numpy:
        return bool(value)
    if isinstance(value, str) and value in ("on", "off"):
        return value == "on"
    raise InputError(told("{name} = {value}: must be True or False, or 'on' or 'off'", name=name, value=repr(value)))


def mapping_problem(value: Any, address: Address) -> list[Problem]:
    if isinstance(value, Mapping):
        return []
    return [Problem(address, told("must be 'name: value' lines, not {value}", value=shown(value)))]
