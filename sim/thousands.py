"""Money written as 200.000, two hundred thousand to an Indonesian and two hundred to YAML: asked back, not guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import getitem
from typing import Any

from sim.catalogue import LEVERS, SHOCKS, Registry, discover
from sim.language import told
from sim.shape import Problem, bounds, figure, unit_of
from sim.strict_yaml import Address, Document

Declared = tuple[str, float, float]  # unit, least and most
NOTHING: Declared = ("", 0.0, 0.0)
# By the key that says what varies in a design: what there is of that kind, and which setting where none is named.
VARIED = {"shock": (SHOCKS, "intensity"), "lever": (LEVERS, "budget_rp_per_year")}


def with_doubts(problems: Iterable[Problem], document: Document) -> list[Problem]:
    """The problems of a document and its doubts, which stand in place of what else is said about the same number."""
    doubted = {one.address: one for one in doubts(document)}
    return [*doubted.values(), *(one for one in problems if one.address not in doubted)]


def doubts(document: Document) -> list[Problem]:
    """Amounts of rupiah that can be read in two ways: as thousands they would be allowed as well."""
    found = []
    for address, text in document.dotted.items():
        unit, least, most = _declared(document.data, address)
        thousands = float(text.replace(".", ""))
        if unit.startswith("Rp") and least <= thousands <= most:
            read = {"thousands": figure(thousands), "decimal": _clear(text)}
            found.append(Problem(address, told("{text}: {thousands} or {decimal}?", text=text, **read)))
    return found


def _clear(text: str) -> str:
    """The number as YAML reads it, so written that nobody takes it for thousands: 200.0, 1.2340."""
    return str(float(text)) if text.endswith("0") else f"{text}0"


def _declared(data: Any, address: Address) -> Declared:
    """What is declared of the number at an address of a scenario or of a design."""
    discover()
    if address[0] == "parameters":
        return _of_parameter(address[-1])
    if address[0] in ("uncertainties", "levers") and len(address) > 2:
        return _varied(data[address[0]][address[1]])
    entry = reduce(getitem, address[:-1], data)
    if not isinstance(entry, Mapping):
        return NOTHING
    registry = SHOCKS if SHOCKS.key in entry else LEVERS
    return _of_setting(entry.get(registry.key), registry, address[-1])


def _varied(entry: Any) -> Declared:
    """Of what a design varies in an entry."""
    if not isinstance(entry, Mapping):
        return NOTHING
    for key, (registry, usual) in VARIED.items():
        if key in entry:
            return _of_setting(entry[key], registry, entry.get("setting", usual))
    return _of_parameter(entry.get("parameter"))


def _of_parameter(name: Any) -> Declared:
    from sim.parameters import catalogue

    line = catalogue().get(name) if isinstance(name, str) else None
    return (line.unit, line.low, line.high) if line else NOTHING


def _of_setting(kind: Any, registry: Registry, name: Any) -> Declared:
    if not isinstance(kind, str) or not isinstance(name, str) or kind not in registry:
        return NOTHING
    info = registry[kind].settings.model_fields.get(name)
    if info is None:
        return NOTHING
    low, high = bounds(info)
    return NOTHING if low is None or high is None else (unit_of(info), low, high)
