"""Settings of every shock and lever, from their declarations: nothing, low, high, and the ends of all ranges."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

from pydantic import ValidationError

from sim.catalogue import LEVERS, SHOCKS, Kind, discover

discover()
KINDS: dict[str, Kind] = {**SHOCKS, **LEVERS}
START = "2025-01"

# What low and high mean where it is neither the intensity of a shock nor the budget of a lever.
INTENSITY, BUDGET = (0.4, 0.9), (40e9, 300e9)
OWN: dict[str, dict[str, tuple[Any, Any]]] = {
    "flood": {"return_period": (10.0, 100.0)},
    # Most of what these can do is done with little money already.
    "child_friendly_city": {"budget_rp_per_year": (4e9, 300e9)},
    "seismic_retrofit": {"budget_rp_per_year": (4e9, 300e9)},
    "csr_coordination": {"budget_rp_per_year": (0.5e9, 2e9)},  # what a secretariat costs; more is not spent
    "maintenance": {"budget_rp_per_year": (0.0, 0.0), "share": (1.05, 1.2)},
    "minimum_wage": {"extra_growth": (0.02, 0.1)},
    "revenue_effort": {"compliance": (0.7, 0.9)},
}
AGAINST = {"seismic_retrofit": "earthquake"}  # levers that are there for a shock, and do little good without it


def made(kind: Kind, **values: Any) -> Any:
    """The settings as a scenario gives them; a shock begins with the run, whatever the season."""
    name = {"kind": kind.name, "start": START} if kind.name in SHOCKS else {"lever": kind.name}
    free = {"season": "any"} if "season" in kind.settings.model_fields else {}
    return kind.settings(**(name | free | values))


def dose(kind: Kind, level: int) -> dict[str, Any]:
    """What is set at the low (0) or the high (1) setting."""
    usual = {"intensity": INTENSITY} if kind.name in SHOCKS else {"budget_rp_per_year": BUDGET}
    pairs = {name: pair for name, pair in (usual | OWN.get(kind.name, {})).items() if name not in untaken(kind)}
    return {name: pair[level] for name, pair in pairs.items()}


def untaken(kind: Kind) -> set[str]:
    """Money, of the levers that take none."""
    return {"budget_rp_per_year"} if getattr(kind.settings, "free", "") else set()


def numbers(kind: Kind) -> dict[str, tuple[float, float]]:
    """Lowest and highest value of every number that a scenario can set."""
    found = {}
    for name, field in kind.settings.model_fields.items():
        limits = {type(one).__name__: one for one in field.metadata}
        if "Ge" in limits and "Le" in limits and name not in untaken(kind):
            found[name] = (limits["Ge"].ge, limits["Le"].le)
    return found


def choices(kind: Kind) -> dict[str, tuple[Any, Any]]:
    """First and last of the words allowed where a setting is one of a few."""
    fields = kind.settings.model_fields.items()
    words = {name: get_args(field.annotation) for name, field in fields if get_origin(field.annotation) is Literal}
    return {name: (each[0], each[-1]) for name, each in words.items() if len(each) > 1 and name != "season"}


def does_nothing(settings: Any) -> bool:
    """A lever that is idle; a shock that never presses."""
    if hasattr(settings, "idle"):
        return bool(settings.idle)
    return max(settings.strength(since) for since in range(24)) <= 0


def end(kind: Kind, top: bool) -> Any:
    """Every setting at the top or the bottom of its range, as far as it is allowed and still does something."""
    values = dose(kind, 1)
    for name, pair in (numbers(kind) | choices(kind)).items():
        tried = values | {name: pair[top]}
        try:
            if not does_nothing(made(kind, **tried)):
                values = tried
        except ValidationError:
            continue  # not together with the others
    return made(kind, **values)


def idle_ways(kind: Kind) -> list[Any]:
    """The high setting with one number at zero, or left as it is declared, so that nothing happens; all as declared."""
    ways, fields = [], kind.settings.model_fields
    if kind.name in SHOCKS:
        return [made(kind, **(dose(kind, 1) | {"intensity": 0.0}))]
    for name, (low, _) in numbers(kind).items():
        for value in {0.0 if low <= 0.0 else fields[name].default, fields[name].default}:
            try:
                one = made(kind, **(dose(kind, 1) | {name: type(fields[name].default)(value)}))
            except ValidationError:
                continue
            if one.idle:
                ways.append(one)
    return [*ways, made(kind)]


def cover(factors: int) -> list[tuple[int, ...]]:
    """Runs of two-valued factors in which each two factors meet in all four combinations.

    One run of zeros, then the columns are different words of equal weight: with 8 runs, words of 7 letters with 4
    ones, up to 35 factors. Source: assumption (the classic construction of covering arrays of strength two).
    """
    runs = 2
    while len(_words(runs - 1)) < factors:
        runs += 1
    columns = _words(runs - 1)[:factors]
    return [(0,) * factors, *zip(*columns, strict=True)]


def _words(length: int) -> list[tuple[int, ...]]:
    weight = (length + 2) // 2
    every = (tuple(number >> k & 1 for k in range(length)) for number in range(2**length))
    return [word for word in every if sum(word) == weight]
