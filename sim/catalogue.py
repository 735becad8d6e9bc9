"""The shocks and levers a scenario can use, by name.

A module in sim/shocks/ or sim/policies/ adds its kinds with `SHOCKS.add(Kind(...))` or `LEVERS.add(Kind(...))`;
`discover()` imports them all, so that a new file is the whole work of plugging one in. The core never names one.
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict

from sim.language import told
from sim.strict_yaml import printed

# The names of the public contract. Those without a module are known, but not available in this version.
SHOCK_NAMES = (
    "demand_slump",
    "plant_closure",
    "price_rise",
    "import_cost",
    "credit_crunch",
    "fiscal_cut",
    "technology_disruption",
    "flood",
    "earthquake",
    "drought",
    "waste_crisis",
    "pandemic",
    "conflict",
    "governance_failure",
    "urbanisation_surge",
)
LEVER_NAMES = (
    "worker_training",
    "business_training",
    "digital_support",
    "business_finance",
    "cash_transfer",
    "child_transfer",
    "service_infrastructure",
    "maintenance",
    "flood_protection",
    "seismic_retrofit",
    "participatory_budget",
    "community_facilitation",
    "child_friendly_city",
    "csr_coordination",
    "csr_match",
    "public_works",
    "minimum_wage",
    "revenue_effort",
    "transport_and_housing",
)


class Settings(BaseModel):
    """What a scenario says about one use of a shock or lever. Fields carry `unit` in json_schema_extra."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)


NEEDED = ("code", "group", "indonesian", "moves")  # of every kind, besides name, meaning and source


@dataclass(frozen=True)
class Kind:
    """One kind of shock or lever: its declaration, and the settings a scenario may give."""

    name: str
    meaning: str
    source: str
    settings: type[Settings]
    cost: str = ""
    reach: str = ""  # what a lever counts as reached, over the run: "household-months"; nothing where it counts nobody
    code: str = ""  # E1 ... U1 for shocks, L1 ... L19 for levers
    group: str = ""  # what it is listed under
    indonesian: str = ""  # its name in Bahasa Indonesia
    moves: tuple[tuple[str, int], ...] = ()  # (outcome, +1 or -1): what it is meant to move, and which way
    others_pay: tuple[str, ...] = ()  # outcomes: the money that it asks of others than the city


class Registry(Mapping[str, Kind]):
    """The available kinds by name. `word` is what a user calls one; `key` names it in a scenario file."""

    def __init__(self, word: str, key: str, known: Iterable[str]) -> None:
        self.word, self.key, self.known = word, key, tuple(known)
        self._kinds: dict[str, Kind] = {}

    def add(self, kind: Kind) -> Kind:
        """Make a kind available. Raises ValueError for a name or code that is taken, or where it says too little."""
        needed = ("name", "meaning", "source", *NEEDED, *(("cost",) if self.key == "lever" else ()))
        if empty := [name for name in needed if not getattr(kind, name)]:
            raise ValueError(f"{self.word} {kind.name}: its Kind(...) must also say {', '.join(empty)}")
        if kind.name in self._kinds:
            raise ValueError(f"{self.word} {kind.name} is declared twice")
        if taken := next((one.name for one in self.values() if one.code.upper() == kind.code.upper()), ""):
            raise ValueError(f"{self.word} {kind.name}: its code {kind.code} is that of {taken}")
        self._kinds[kind.name] = kind
        return kind

    def __getitem__(self, name: str) -> Kind:
        return self._kinds[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

    def order(self, name: str) -> tuple[int, list[int | str], str]:
        """What kinds are sorted by: the known ones as they are known, then the others by code and name."""
        if name in self.known:
            return self.known.index(name), [], name
        parts = re.findall(r"[0-9]+|[^0-9]+", self[name].code)
        return len(self.known), [int(one) if one.isdigit() else one for one in parts], name

    @property
    def available(self) -> str:
        """What this version has, in words."""
        return told("available: {names}", names=", ".join(self))

    def refusal(self, name: str) -> str:
        """Why `name` cannot be used, with the nearest name that is known."""
        if coded := next((one for one, kind in self.items() if kind.code == name.strip().upper()), ""):
            return told("{code} is {name}; write that", code=printed(name), name=coded)
        if name in self.known:
            words = {"word": told(self.word), "available": self.available}
            return told("{word} '{name}' is not available in this version; {available}", name=name, **words)
        other = LEVERS if self is SHOCKS else SHOCKS
        if name in other:
            words = {"other": told(other.word), "word": told(self.word)}
            return told(
                "'{name}' is a {other}, not a {word}; {available}", name=name, available=self.available, **words
            )
        near = did_you_mean(name, {*self.known, *self}) or told("; {available}", available=self.available)
        return told("unknown {word} '{name}'{hint}", word=told(self.word), name=printed(name), hint=near)


SHOCKS = Registry(told("shock"), "kind", SHOCK_NAMES)
LEVERS = Registry(told("lever"), "lever", LEVER_NAMES)


def reach_units(programmes: Iterable[str]) -> dict[str, str]:
    """What each programme that counts whom it reaches counts: `cash_transfer 2`, the second of its kind, counts
    household-months."""
    kinds = {name: LEVERS.get(name.partition(" ")[0]) for name in programmes}
    return {name: kind.reach for name, kind in kinds.items() if kind is not None and kind.reach}


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """'; did you mean 'x'?', or nothing when no known name is near."""
    names = {one.lower(): one for one in sorted(known)}
    near = difflib.get_close_matches(name[:80].lower(), names, 1, 0.5)
    return told("; did you mean '{name}'?", name=names[near[0]]) if near else ""


@cache
def discover() -> None:
    """Import every module of sim/shocks/ and sim/policies/, once: each adds its own kinds."""
    for package_name in ("sim.shocks", "sim.policies"):
        package = importlib.import_module(package_name)
        for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
            importlib.import_module(f"{package_name}.{module.name}")
