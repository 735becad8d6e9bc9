"""The catalogues on paper: parameters, outcomes, scenarios, shocks and levers, from their declarations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sim.catalogue import LEVERS, SHOCKS, Registry, did_you_mean, discover
from sim.errors import InputError
from sim.paper import put, table

WIDTH = 140  # columns where the output is not a terminal: the catalogues are wide


def show(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], right: Sequence[str] = ()) -> None:
    """Print rows as a table that folds long cells."""
    put([table(columns, [[row[column] for column in columns] for row in rows], right)], WIDTH)


def parameter_rows(only: str | None = None) -> list[dict[str, Any]]:
    """Every parameter, or those whose name contains `only`."""
    from sim.parameters import catalogue

    known = catalogue()
    rows = [{"name": name, **asdict(line)} for name, line in known.items() if not only or only in name]
    if not rows:
        raise InputError(f"no parameter has '{only}' in its name{did_you_mean(str(only), known)}")
    return rows


def outcome_rows() -> list[dict[str, Any]]:
    """Every outcome the model measures."""
    import importlib
    import pkgutil

    import sim.outcomes
    from sim.declare import OUTCOMES

    for module in pkgutil.iter_modules(sim.outcomes.__path__):
        importlib.import_module(f"sim.outcomes.{module.name}")
    return [asdict(line) for line in OUTCOMES.values()]


def scenario_rows() -> list[dict[str, Any]]:
    """Every ready scenario."""
    from sim.scenario import load_scenario, ready_scenarios

    fields = ("title", "question", "start", "months", "scale")
    read = {name: load_scenario(path) for name, path in ready_scenarios().items()}
    return [{"name": name, **{f: getattr(s, f) for f in fields}} for name, s in read.items()]


def kind_rows(registry: Registry) -> list[dict[str, Any]]:
    """Every available shock or lever with its settings."""
    return [
        {
            "name": kind.name,
            "meaning": kind.meaning,
            "cost": kind.cost,
            "source": kind.source,
            "settings": [_setting(name, info) for name, info in kind.settings.model_fields.items()],
        }
        for kind in registry.values()
    ]


def _setting(name: str, info: Any) -> dict[str, Any]:
    from sim.shape import bounds

    low, high = bounds(info)
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    default = None if info.is_required() else info.get_default(call_default_factory=True)
    return {
        "name": name,
        "unit": extra.get("unit", ""),
        "low": low,
        "high": high,
        "default": default if isinstance(default, (int, float, str, bool, type(None))) else str(default),
        "meaning": info.description or "",
    }


def registry_of(word: str) -> Registry:
    """The filled registry of `shock` or `lever`."""
    discover()
    return SHOCKS if word == "shock" else LEVERS


def show_kinds(registry: Registry) -> None:
    """The catalogue of shocks or levers, or an honest line when this version has none."""
    rows = kind_rows(registry)
    if rows:
        show(rows, ("name", "meaning", "cost", "source"))
    waiting = [name for name in registry.known if name not in registry]
    if waiting:
        have = "" if rows else f"This version has no {registry.word}s yet. "
        print(f"{have}Reserved for later versions: {', '.join(waiting)}.")
