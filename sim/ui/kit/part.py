"""How the parts of the page are made: Vue components whose data nobody walks through on the way to the browser."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import solara
from ipywidgets import widget_serialization


class Packed:
    """Lists and dictionaries for a part, in one piece.

    Reacton looks into every list it meets, for elements, at every rendering; a chart or the panel of levers holds
    thousands of values, and never an element.
    """

    __slots__ = ("data",)

    def __init__(self, data: Any) -> None:
        self.data = data

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Packed) and (self.data is other.data or self.data == other.data)

    __hash__ = None  # type: ignore[assignment]  # what it holds may change


def _sent(value: Any, widget: Any) -> Any:
    return value.data if isinstance(value, Packed) else widget_serialization["to_json"](value, widget)


def part(file: str) -> Callable[[Callable[..., None]], Callable[..., solara.Element]]:
    """A component drawn by a Vue file beside it; its arguments are what the file calls by the same names."""

    def made(function: Callable[..., None]) -> Callable[..., solara.Element]:
        names = [name for name in inspect.signature(function).parameters if not name.startswith(("event_", "on_"))]
        component = solara.component_vue(file, vuetify=False, to_json=dict.fromkeys(names, _sent))(function)

        def element(**values: Any) -> solara.Element:
            return component(**{k: Packed(v) if isinstance(v, dict | list | tuple) else v for k, v in values.items()})

        return element

    return made
