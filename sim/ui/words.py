"""What the page says: every text in the reader's language, every figure in its form."""

from __future__ import annotations

from typing import Any

import solara

from sim import language as spoken
from sim.declare import OUTCOMES
from sim.ui.kit.chart import form

language = solara.reactive("en")  # of this reader


def say(text: str, **values: Any) -> str:
    """A text, given in English, in the reader's language; `{name}` is filled from the values."""
    return spoken.translated(text, language.value, **values)


def number(value: float, digits: int = 0) -> str:
    return spoken.number(value, language.value, digits)


def month(text: str, short: bool = False) -> str:
    """A month given as YYYY-MM."""
    return spoken.month(text, language.value, short=short)


def label(name: str) -> str:
    """The name of an outcome, lever, shock or field, as it is read."""
    plain = name.removesuffix("_rp_per_year").removesuffix("_rp").replace("_", " ")
    return say(plain[:1].upper() + plain[1:])


def rupiah(value: float) -> str:
    return spoken.rupiah(value, language.value, 3)


SIZES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def written(outcome: str, largest: float, signed: bool = False) -> tuple[str, dict[str, Any]]:
    """The unit in words, and how figures of an outcome are written (a form of the kit)."""
    return written_unit(OUTCOMES[outcome].unit if outcome in OUTCOMES else "", largest, signed)


def written_unit(unit: str, largest: float, signed: bool = False) -> tuple[str, dict[str, Any]]:
    """The same for a declared unit."""
    if unit.startswith(("share", "fraction")):
        of = unit.removeprefix("share").removeprefix("fraction").strip()
        digits = 2 if signed and abs(largest) < 0.02 else 1
        return say("% " + of) if of else "%", form(digits, 100.0, " " + say("points") if signed else " %", signed=signed)
    if unit.startswith("Rp"):
        size, name = next(((size, name) for size, name in SIZES if abs(largest) >= size), (1.0, ""))
        words = f"Rp {say(name)}{say(unit[2:])}" if name else say(unit)
        return words, form(2 if name else 0, 1.0 / size, signed=signed)
    digits = 0 if abs(largest) >= 1000 else 1 if abs(largest) >= 100 else 2 if abs(largest) >= 1 else 3
    return say(unit), form(digits, signed=signed)


def figure(value: float, how: dict[str, Any]) -> str:
    """A figure in a form of the kit, as the page's charts write it."""
    if value != value:
        return spoken.NOTHING
    shown = number(value * how["factor"], how["digits"])
    sign = "+" if how["signed"] and value > 0 and shown.strip("0.,") else ""
    return f"{how['prefix']}{sign}{shown}{how['suffix']}"
