"""Numbers and lists as the paragraphs of the studies write them."""

from __future__ import annotations

import math
from collections.abc import Sequence

_LARGE = ((1e12, " trillion"), (1e9, " billion"), (1e6, " million"))


def number(value: float) -> str:
    """Three figures that count: `0.0123`, `12.3`, `1,230`, `45 billion`."""
    for size, name in _LARGE:
        if abs(value) >= size:
            return f"{value / size:.3g}{name}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`; `nothing` for none."""
    if not names:
        return "nothing"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def counted(names: Sequence[str], most: int = 4) -> str:
    """Up to `most` names, or the first few and how many more there are."""
    return listed(names) if len(names) <= most else f"{', '.join(names[: most - 1])} and {len(names) - most + 1} more"


def band(value: float, low: float, high: float) -> str:
    """A share with its interval, kept between 0 and 100 %: `31 % (25 to 37 %)`."""
    low, high = max(low, 0.0), min(high, 1.0)
    return f"{max(value, 0.0) * 100:.0f} % ({low * 100:.0f} to {high * 100:.0f} %)"


def percent(value: float) -> str:
    return f"{value * 100:.0f} %"


def amount(value: float, unit: str) -> str:
    """A difference with its unit; of shares in percentage points: `1.99 percentage points`."""
    if is_share(unit):
        return f"{value * 100:.3g} percentage points"
    return f"{number(value)} points ({unit})" if "=" in unit else f"{number(value)} {unit}".rstrip()


def span(low: float, high: float, unit: str) -> str:
    """The ends of a difference on one side of zero, the smaller first, as `amount` counts: `0.2 to 0.5`."""
    ends = sorted(abs(end) * (100 if is_share(unit) else 1) for end in (low, high))
    return f"{number(ends[0])} to {number(ends[1])}"


def signed_span(low: float, high: float, unit: str) -> str:
    """The ends of a difference with their signs, as `amount` counts: `-0.2 to 0.5`; unknown ends are said."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "interval not known"
    scale = 100 if is_share(unit) else 1
    return f"{number(low * scale)} to {number(high * scale)}"


def is_share(unit: str) -> bool:
    return unit.startswith(("share", "fraction"))


def said(sentences: Sequence[str]) -> str:
    """Sentences as one paragraph."""
    return " ".join(sentences)
