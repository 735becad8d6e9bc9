"""Numbers and lists as the paragraphs of the studies write them: texts that can be said in the other language too."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce

from sim.language import ENGLISH, Figure, texts, told, translated

_LARGE = ((1e12, told("trillion")), (1e9, told("billion")), (1e6, told("million")))
_OTHER_MARKS = str.maketrans(".,", ",.")


class Short(Figure):
    """A number with three figures that count, as English writes it; other languages exchange point and comma."""

    def into(self, language: str) -> str:
        return str(self) if language == ENGLISH else str(self).translate(_OTHER_MARKS)


def short(value: float) -> str:
    """`0.0123`, `12.3`, `1,230`."""
    return Short(f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}")


def number(value: float) -> str:
    """Three figures that count: `0.0123`, `12.3`, `1,230`, `45 billion`."""
    for size, name in _LARGE:
        if abs(value) >= size:
            return told("{value} {unit}", value=short(value / size), unit=name)
    return short(value)


def listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`; `nothing` for none."""
    if not names:
        return told("nothing")
    if len(names) == 1:
        return names[0]
    return told("{one} and {other}", one=_row(names[:-1]), other=names[-1])


def counted(names: Sequence[str], most: int = 4) -> str:
    """Up to `most` names, or the first few and how many more there are."""
    if len(names) <= most:
        return listed(names)
    return told("{names} and {count} more", names=_row(names[: most - 1]), count=len(names) - most + 1)


def _row(names: Sequence[str]) -> str:
    return reduce(lambda one, other: told("{one}, {other}", one=one, other=other), names)


def joined(parts: Sequence[str], by: str) -> str:
    """Texts one after the other; between two stands what `by` has between `{one}` and `{other}`."""
    return reduce(lambda one, other: told(by, one=one, other=other), parts)


BETWEEN = texts("{one} and {other}", "{one} or {other}")  # for `joined`


def band(value: float, low: float, high: float) -> str:
    """A share with its interval, kept between 0 and 100 %: `31 % (25 to 37 %)`."""
    ends = {"low": whole(max(low, 0.0)), "high": whole(min(high, 1.0))}
    return told("{value} % ({low} to {high} %)", value=whole(max(value, 0.0)), **ends)


def whole(share: float) -> str:
    """A share as a whole number of percent, without the sign."""
    return f"{share * 100:.0f}"


def percent(value: float) -> str:
    return f"{whole(value)} %"


def amount(value: float, unit: str) -> str:
    """A difference with its unit; of shares in percentage points: `1.99 percentage points`."""
    if is_share(unit):
        return told("{value} percentage points", value=Short(f"{value * 100:.3g}"))
    if unit == "Rp":
        return told("Rp {amount}", amount=number(value))
    if "=" in unit:
        return told("{value} points ({unit})", value=number(value), unit=told(unit))
    return told("{value} {unit}", value=number(value), unit=told(unit)) if unit else number(value)


def level(value: float, unit: str) -> str:
    """A figure itself with its unit, not a difference: of shares in percent, `4.57 %`."""
    return told("{value} %", value=Short(f"{value * 100:.3g}")) if is_share(unit) else amount(value, unit)


def span(low: float, high: float, unit: str) -> str:
    """The ends of a difference on one side of zero, the smaller first, as `amount` counts: `0.2 to 0.5`."""
    ends = sorted(abs(end) * (100 if is_share(unit) else 1) for end in (low, high))
    return told("{low} to {high}", low=number(ends[0]), high=number(ends[1]))


def signed_span(low: float, high: float, unit: str) -> str:
    """The ends of a difference with their signs, as `amount` counts: `-0.2 to 0.5`; unknown ends are said."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return told("interval not known")
    scale = 100 if is_share(unit) else 1
    return told("{low} to {high}", low=number(low * scale), high=number(high * scale))


def is_share(unit: str) -> bool:
    return unit.startswith(("share", "fraction"))


def said(sentences: Sequence[str], language: str = ENGLISH) -> str:
    """Sentences as one paragraph."""
    return " ".join(translated(one, language) for one in sentences)
