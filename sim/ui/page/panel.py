"""The side panel: levers and shocks from their declarations, with their values as opened and what has been set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from math import floor, log10
from typing import Any

from sim.choices import district_codes, district_names, month_name, month_number
from sim.listing import kind_rows
from sim.ui.kit.levers import choice_field, many_field, month_field, number_field
from sim.ui.state import edits
from sim.ui.state.place import Place
from sim.ui.words import in_percent, in_size, label, language, say

ICONS = {
    "enterprise": "chart",
    "protection": "home",
    "services": "box",
    "community": "people",
    "partnership": "link",
    "hazards": "shock",
    "rules": "table",
    "skills": "rise",
    "economy": "chart",
    "society": "people",
    "nature": "shock",
    "growth": "rise",
}
OPEN = ("enterprise", "protection")  # groups that stand open at first
LISTS = ("start", "end", "districts", "sectors")  # what has no range but a field of its own; the rest is for files
MILLION, BILLION = 1e6, 1e9
LARGEST_SHARE = 10.0  # of a service beside the others: shares are relative


@cache
def rows(key: str) -> dict[str, dict[str, Any]]:
    """The declarations of shocks (`kind`) or levers (`lever`) by name."""
    return {row["name"]: row for row in kind_rows(edits.registry_of(key))}


def groups(place: Place, key: str) -> list[dict[str, Any]]:
    """What the panel shows: every kind in its group; a second of a kind as an item of its own."""
    now, base = (place.policies, place.base_policies) if key == "lever" else (place.shocks, place.base_shocks)
    every = [*rows(key), *seconds(place, key)]
    found: dict[str, list[dict[str, Any]]] = {}
    for item in every:
        row = rows(key)[edits.kind_of(item)]
        found.setdefault(row["group"] or "other", []).append(_item(place, key, item, row))
    used = {rows(key)[edits.kind_of(item)]["group"] for item in {**base, **now}}
    return [
        {
            "id": f"{key}-{name}",
            "label": label(name),
            "icon": ICONS.get(name, "shock"),
            "open": name in used,
            "items": made,
        }
        for name, made in found.items()
    ]


def seconds(place: Place, key: str) -> list[str]:
    """The second and third of a kind: set, opened or turned off."""
    now, base = (place.policies, place.base_policies) if key == "lever" else (place.shocks, place.base_shocks)
    return [item for item in {**base, **now, **place.rested(key)} if "~" in item]


def _item(place: Place, key: str, item: str, row: Mapping[str, Any]) -> dict[str, Any]:
    number = item.partition("~")[2]
    master = edits.master(key, row["name"])
    settings = sorted(row["settings"], key=lambda one: one["name"] != master)
    return {
        "id": item,
        "label": f"{kind_label(row)} {number}".strip(),
        "help": say(row["meaning"]),
        "cost": say(row["cost"]) if row["cost"] else "",
        "source": row["source"],
        "fields": [field for one in settings for field in _fields(place, key, item, one)],
    }


def kind_label(row: Mapping[str, Any]) -> str:
    """The name of a lever or shock: as declared in Indonesian, by its words in English."""
    return row["indonesian"] if language.value == "id" and row["indonesian"] else label(row["name"])


def item_label(item: str, key: str) -> str:
    kind, _, number = item.partition("~")
    return f"{kind_label(rows(key)[kind])} {number}".strip()


def _fields(place: Place, key: str, item: str, one: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields of one setting: one for each of its parts where it gives shares; none of what is for files."""
    name, help = one["name"], say(one["meaning"])
    parts = edits.parts_of(edits.registry_of(key)[edits.kind_of(item)], name)
    if not parts:
        return [_field(place, one)] if one["choices"] or one["low"] is not None or name in LISTS else []
    given = [place.policies, place.base_policies] if key == "lever" else [place.shocks, place.base_shocks]
    largest = max([LARGEST_SHARE, *(share for now in given for _, share in now.get(item, {}).get(name) or ())])
    return [
        number_field(
            f"{name}.{part}", say("money for {name}", name=label(part).lower()).capitalize(),
            0.0, largest, 0.5, say("parts"), help,
        )
        for part in parts
    ]  # fmt: skip


def _field(place: Place, one: Mapping[str, Any]) -> dict[str, Any]:
    """One setting in the form of the panel."""
    name, help = one["name"], say(one["meaning"])
    if name in ("start", "end"):
        first = month_number(place.scenario.start)
        last = month_name(first + place.scenario.months - 1)
        empty = "" if one["required"] else say("from the first month") if name == "start" else say("to the end")
        return month_field(name, label(name), month_name(first), last, empty, help)
    if name == "districts":
        codes = [(district_codes()[n.lower()], n) for n in district_names()]
        return many_field(name, label(name), codes, say("the whole city"), help)
    if name == "sectors":
        from sim.agents.businesses import SECTORS

        return many_field(name, label(name), [(s, label(s)) for s in SECTORS], say("its usual sectors"), help)
    if one["choices"]:
        return choice_field(name, label(name), [(c, label(c)) for c in one["choices"]], help)
    low, high, unit = float(one["low"]), float(one["high"]), one["unit"]
    size, said = shown_in(high, unit)
    whole = isinstance(one["default"], int) and not isinstance(one["default"], bool)
    step = max(step_of(low, high), 1.0) if whole else step_of(low, high)
    return number_field(name, label(name), low, high, step, said, help, size, 3.0 if size == BILLION else 1.0)


def shown_in(high: float, unit: str) -> tuple[float, str]:
    """In what size a money setting is shown, and its unit in words."""
    if unit.startswith("share"):
        return 0.01, in_percent(unit)
    if not unit.startswith("Rp"):
        return 1.0, say(unit)
    size, name = (
        (BILLION, "billion") if high >= 10 * BILLION else (MILLION, "million") if high >= MILLION else (1.0, "")
    )
    return size, in_size(unit, name)


def step_of(low: float, high: float) -> float:
    """A round step that makes about a hundred of a range; of large sums a billion."""
    if high > 1000 * BILLION:
        return BILLION
    rough = (high - low) / 100
    power = 10.0 ** floor(log10(rough)) if rough > 0 else 1.0
    return next(m * power for m in (1.0, 2.0, 5.0, 10.0) if m * power >= rough * 0.999)


def base_values(place: Place, key: str) -> dict[str, dict[str, Any]]:
    """What every item was opened with: its settings, or off with its defaults."""
    base = place.base_policies if key == "lever" else place.base_shocks
    found = {}
    for item in [*rows(key), *seconds(place, key)]:
        kind = edits.registry_of(key)[edits.kind_of(item)]
        fields = base.get(item) or edits.resting(edits.new_item(kind, key, place.scenario.start), key)
        found[item] = _panel_values(fields, key)
    return found


def values(place: Place, key: str) -> dict[str, dict[str, Any]]:
    """What is set, and what was turned off, with the settings it comes back with."""
    now = place.policies if key == "lever" else place.shocks
    return {item: _panel_values(fields, key) for item, fields in {**now, **place.rested(key)}.items()}


def _panel_values(fields: edits.Data, key: str) -> dict[str, Any]:
    kind = edits.registry_of(key)[fields[key]]
    found: dict[str, Any] = {name: "" if value is None else value for name, value in fields.items() if name != key}
    for name in [one for one in found if edits.parts_of(kind, one)]:
        shares = dict(found.pop(name) or ())
        found |= {f"{name}.{part}": float(shares.get(part, 0.0)) for part in edits.parts_of(kind, name)}
    return found


def changes(place: Place) -> int:
    """How many levers and shocks differ from what was opened."""
    pairs = ((place.policies, place.base_policies), (place.shocks, place.base_shocks))
    return sum(now.get(item) != base.get(item) for now, base in pairs for item in {**now, **base})


def said(items: Iterable[str], key: str) -> str:
    return ", ".join(item_label(item, key) for item in items)
