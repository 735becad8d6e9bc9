"""What the page says: every text in the reader's language, every figure in its form."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import numpy as np
import solara

from sim import language as spoken
from sim.declare import OUTCOMES
from sim.ui.kit.chart import form

if TYPE_CHECKING:
    from sim.scenario import Scenario

language = solara.reactive("en")  # of this reader
_outside: ContextVar[str] = ContextVar("language where there is no reader yet", default="")


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language where there is no reader yet."""
    before = _outside.set(code)
    try:
        yield
    finally:
        _outside.reset(before)


def spoken_here() -> str:
    return _outside.get() or language.value


def say(text: str, **values: Any) -> str:
    """A text, given in English, in the reader's language; `{name}` is filled from the values."""
    return spoken.translated(text, spoken_here(), **values)


def called(scenario: Scenario, text: str) -> str:
    """A scenario's title or the name of one of its packages, as the reader knows it."""
    return scenario.worded(text, spoken_here())


def number(value: float, digits: int = 0) -> str:
    return spoken.number(value, spoken_here(), digits)


def month(text: str, short: bool = False) -> str:
    """A month given as YYYY-MM."""
    return spoken.month(text, spoken_here(), short=short)


def label(name: str) -> str:
    """The name of an outcome, lever, shock or field, as it is read."""
    said = say(name.removesuffix("_rp_per_year").removesuffix("_rp").replace("_", " "))
    return said[:1].upper() + said[1:]


def rupiah(value: float) -> str:
    return spoken.rupiah(value, spoken_here(), 3)


def in_percent(unit: str) -> str:
    """A unit that is a share, in percent: % of persons."""
    return f"% {say(unit).removeprefix(say('share')).strip()}".strip()


def in_size(unit: str, size: str) -> str:
    """A unit that begins with Rp, in millions, billions or trillions: Rp billion of 2024/year."""
    return say(unit).replace("Rp", f"Rp {say(size)}", 1) if size else say(unit)


SIZES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def written(outcome: str, level: float, change: bool = False) -> tuple[str, dict[str, Any]]:
    """The unit in words, and how figures of an outcome are written (a form of the kit), by the size of its level.

    change: a difference of two levels, with its sign and one decimal more.
    """
    unit = OUTCOMES[outcome].unit if outcome in OUTCOMES else ""
    size = abs(level) if np.isfinite(level) else 0.0
    if unit.startswith("share"):
        words = in_percent(unit)
        suffix = " " + say("points") if change else " %"
        return words, form(2 if change else 1, 100.0, suffix, signed=change)
    if unit.startswith("Rp"):
        rupiah_size, name = next(((s, n) for s, n in SIZES if size >= s), (1.0, ""))
        words = in_size(unit, name)
        return words, form(2 if name else 0, 1.0 / rupiah_size, signed=change)
    digits = 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 2 else 3
    return say(unit), form(min(digits + change, 3), signed=change)


def measured(outcome: str) -> str:
    """The unit of an outcome's figures as they are, which a CSV holds: share of persons."""
    return say(OUTCOMES[outcome].unit) if outcome in OUTCOMES else ""


def interval(low: float, high: float, how: dict[str, Any]) -> str:
    """From one figure to another, the unit said once; nothing where there is none."""
    if not (np.isfinite(low) and np.isfinite(high)):
        return ""
    return say("{low} to {high}", low=figure(low, {**how, "suffix": ""}), high=figure(high, how))


def figure(value: float, how: dict[str, Any]) -> str:
    """A figure in a form of the kit, as the page's charts write it."""
    if value != value:
        return spoken.NOTHING
    shown = number(value * how["factor"], how["digits"])
    sign = "+" if how["signed"] and value > 0 and shown.strip("0.,") else ""
    return f"{how['prefix']}{sign}{shown}{how['suffix']}"
