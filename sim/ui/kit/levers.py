"""The panel of levers or shocks: groups of things to set, each with its fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.ui.kit.frame import Event
from sim.ui.kit.part import part


def number_field(
    name: str,
    label: str,
    low: float,
    high: float,
    step: float,
    unit: str = "",
    help: str = "",
    shown_in: float = 1.0,
    bend: float = 1.0,
) -> dict[str, Any]:
    """A slider with a number field. shown_in: 1e9 shows 100e9 as 100. bend > 1: finer near the low end."""
    return {
        "kind": "number", "id": name, "label": label, "low": low, "high": high, "step": step,
        "unit": unit, "help": help, "shown_in": shown_in, "bend": bend,
    }  # fmt: skip


def choice_field(name: str, label: str, options: Sequence[Sequence[str]], help: str = "") -> dict[str, Any]:
    """One of fixed choices: options are [value, label]."""
    return {"kind": "choice", "id": name, "label": label, "options": list(options), "help": help}


def many_field(name: str, label: str, options: Sequence[Sequence[str]], empty: str, help: str = "") -> dict[str, Any]:
    """Any number of choices; `empty` is said when none is chosen ("the whole city"). The value is a list."""
    return {"kind": "many", "id": name, "label": label, "options": list(options), "empty": empty, "help": help}


def month_field(name: str, label: str, first: str, last: str, empty: str = "", help: str = "") -> dict[str, Any]:
    """A month between two (YYYY-MM). With `empty` it may be left open: the value is then ""."""
    return {"kind": "month", "id": name, "label": label, "low": first, "high": last, "empty": empty, "help": help}


def switch_field(name: str, label: str, help: str = "") -> dict[str, Any]:
    """On or off: true or false."""
    return {"kind": "switch", "id": name, "label": label, "help": help}


@part("levers.vue")
def Levers(
    *,
    title: str = "",  # heading of the panel: "Levers", "Shocks"
    prefix: str = "lever",  # makes ids of the page unique: use another for each panel
    groups: Sequence[Mapping[str, Any]] = (),
    # each: {"id", "label", "icon", "open": True, "items": [item]}
    # item: {"id", "label", "help", "cost", "source", "fields": [field]}; the first field stands in the open,
    #       the others behind "More settings"
    base: Mapping[
        str, Mapping[str, Any]
    ] = {},  # {item: {field: value}} as opened: tick, undo and "changed" refer to it
    values: Mapping[str, Mapping[str, Any]] = {},  # what is set; only what differs from base needs to be in it
    rev: int = 0,  # raise it to make the panel take `values` (load, reset, link); between it never listens to them
    locale: str = "id",
    words: Mapping[str, str] = {},
    event_change: Event = None,  # {"item", "field", "value", "values": all that differs from base}; 150 ms after
    # the last move of a slider, at once on release or Enter
) -> None:
    """Groups of levers, opened and closed by their heads; fields with unit, range, tick at the opened value, undo."""
