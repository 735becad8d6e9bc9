"""The catalogues on paper: parameters, outcomes, scenarios, shocks and levers, from their declarations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.padding import Padding

from sim.catalogue import LEVERS, SHOCKS, Kind, Registry, did_you_mean, discover
from sim.errors import InputError
from sim.language import ENGLISH, speaker, texts, told
from sim.paper import put, table
from sim.strict_yaml import printed

WIDTH = 140  # columns where the output is not a terminal: the catalogues are wide
NARROW = 100  # the same for shocks and levers


# Columns whose cells are texts and not names or numbers.
SPOKEN = ("unit", "meaning", "title", "question", "source")
SOURCES = texts("assumption", "calibrated", "memory")  # the others are keys of sources.toml
PARAMETER_COLUMNS = texts("name", "default", "low", "high", "unit", "meaning", "source")
OUTCOME_COLUMNS = texts("name", "unit", "for", "meaning", "source")
SCENARIO_COLUMNS = texts("name", "start", "months", "scale", "title", "question")


def show(
    rows: Iterable[Mapping[str, Any]], columns: Sequence[str], right: Sequence[str] = (), language: str = ENGLISH
) -> None:
    """Print rows as a table that folds long cells; the heads and the cells of `SPOKEN` columns in a language."""
    say = speaker(language)
    cells = [[_spoken(row[one], say) if one in SPOKEN else row[one] for one in columns] for row in rows]
    put([table([say(one) for one in columns], cells, [say(one) for one in right])], WIDTH)


def _spoken(text: str, say: Callable[..., str]) -> str:
    """A text, or the sources of something: `bass_1969; assumption`."""
    return "; ".join(say(part) for part in text.split("; ")) if text.endswith(SOURCES) else say(text)


def parameter_rows(only: str | None = None) -> list[dict[str, Any]]:
    """Every parameter, or those whose name contains `only`."""
    from sim.parameters import catalogue

    known = catalogue()
    return [{"name": name, **asdict(known[name])} for name in _named(told("parameter"), known, only)]


def _named(word: str, known: Iterable[str], only: str | None) -> list[str]:
    """The names that contain `only`, all without it. Raises InputError with the nearest name where none does."""
    names = [name for name in known if not only or only in name]
    if only and not names:
        said = {"word": word, "part": printed(only), "hint": did_you_mean(only, known)}
        raise InputError(told("no {word} has '{part}' in its name{hint}", **said))
    return names


def outcome_rows(only: str | None = None) -> list[dict[str, Any]]:
    """Every outcome the model measures, or those whose name contains `only`."""
    import importlib
    import pkgutil

    import sim.outcomes
    from sim.declare import OUTCOMES

    for module in pkgutil.iter_modules(sim.outcomes.__path__):
        importlib.import_module(f"sim.outcomes.{module.name}")
    return [asdict(OUTCOMES[name]) for name in _named(told("outcome"), OUTCOMES, only)]


def scenario_rows() -> list[dict[str, Any]]:
    """Every ready scenario."""
    from sim.scenario import load_scenario, ready_scenarios

    fields = ("title", "question", "start", "months", "scale")
    read = {name: load_scenario(path) for name, path in ready_scenarios().items()}
    return [{"name": name, **{f: getattr(s, f) for f in fields}} for name, s in read.items()]


def kind_rows(registry: Registry, only: str | None = None) -> list[dict[str, Any]]:
    """Every available shock or lever with its settings, or those whose name contains `only`."""
    return [
        {
            "name": kind.name,
            "code": kind.code,
            "group": kind.group,
            "indonesian": kind.indonesian,
            "meaning": kind.meaning,
            "cost": kind.cost,
            "reach": kind.reach,
            "source": kind.source,
            "settings": _settings(kind, registry.key),
        }
        for kind in (registry[name] for name in _named(told(registry.word), registry, only))
    ]


def _settings(kind: Kind, key: str) -> list[dict[str, Any]]:
    """What a scenario may say about a kind, besides its name, what all of it hits anyway, and money it cannot take."""
    hidden = {key, *getattr(kind.settings, "everywhere", ())}
    hidden |= {"budget_rp_per_year"} if getattr(kind.settings, "free", "") else set()
    return [_setting(name, info) for name, info in kind.settings.model_fields.items() if name not in hidden]


def _setting(name: str, info: Any) -> dict[str, Any]:
    from sim.shape import bounds, choices

    low, high = bounds(info)
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    default = None if info.is_required() else info.get_default(call_default_factory=True)
    return {
        "name": name,
        "unit": extra.get("unit", ""),
        "low": low,
        "high": high,
        "choices": choices(info.annotation),
        "default": list(default) if isinstance(default, tuple) else default,
        "required": info.is_required(),
        "meaning": info.description or "",
    }


def registry_of(word: str) -> Registry:
    """The filled registry of `shock` or `lever`."""
    discover()
    return SHOCKS if word == "shock" else LEVERS


def show_kinds(registry: Registry, language: str = ENGLISH, only: str | None = None) -> None:
    """The catalogue of shocks or levers, or of those whose name contains `only`: what all share, then each with what is
    its own."""
    say, rows = speaker(language), kind_rows(registry, only)
    if rows:
        shared = _shared(kind_rows(registry))
        if registry.word == "lever":
            head = say("A lever is named by `{key}`. Settings that most levers share:", key=registry.key)
        else:
            head = say("A shock is named by `{key}`. Settings that most shocks share:", key=registry.key)
        put([head, _settings_table(shared, language)], NARROW)
    for row in rows:
        own = [one for one in row["settings"] if one not in shared]
        lines = [say(row["meaning"])]
        if row["cost"]:
            lines.append(say("cost: {cost}", cost=say(row["cost"])))
        if row["reach"]:
            lines.append(say("whom it reaches is counted in {unit}", unit=say(row["reach"])))
        lines.append(say("source: {source}", source=_spoken(row["source"], say)))
        if not own:
            lines.append(say("no settings of its own"))
        put(["", f"{row['name']}  {row['code']}, {say(row['group'])}: {row['indonesian']}".rstrip(", :")], NARROW)
        put([Padding("\n".join(lines), (0, 0, 0, 2))], NARROW)
        if own:
            put([_settings_table(own, language)], NARROW)
    waiting = [name for name in registry.known if name not in registry and not only]
    if waiting:
        print(say("Reserved for later versions: {names}.", names=", ".join(waiting)))


def _shared(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Settings that more than half of the kinds have in the same form."""
    every = [one for row in rows for one in row["settings"]]
    return [one for k, one in enumerate(every) if one not in every[:k] and 2 * every.count(one) > len(rows)]


def _settings_table(settings: Sequence[Mapping[str, Any]], language: str) -> Any:
    """Names, choices and numbers stand as a scenario file writes them, whatever the language."""
    say, lines = speaker(language), []
    for one in settings:
        usual = say("to be said") if one["required"] else _usual(one["default"])
        span = ""
        if one["low"] is not None:
            span = say("{low} to {high}", low=_size(one["low"]), high=_size(one["high"]))
        lines.append(
            (f"  {one['name']}", usual, ", ".join(one["choices"]) or span, say(one["unit"]), say(one["meaning"]))
        )
    heads = ("  " + say("setting"), say("default"), say("allowed"), say("unit"), say("meaning"))
    return table(heads, lines)


def _usual(default: Any) -> str:
    if isinstance(default, list):
        return ", ".join(map(str, default)) or "-"
    return "-" if default is None else default if isinstance(default, str) else _size(default)


def _size(value: float) -> str:
    """A number as a planner writes it in a scenario: 0.25, 120, 2.5e6, 100e9."""
    for size, power in ((1e9, "e9"), (1e6, "e6")):
        if abs(value) >= size:
            return f"{value / size:g}{power}"
    return f"{value:g}"
