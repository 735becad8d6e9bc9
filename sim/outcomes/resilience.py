"""How a city comes through a shock, from a run with the shock and its twin without it (same seed, same policy).

q(t) is performance relative to the twin. Loss is the area of the resilience triangle; a run that has not recovered by
its end is counted as not yet recovered, never dropped.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

LEVELS = (0.90, 0.95, 0.99)  # recovery thresholds
LASTING = 3  # months above a threshold that count as recovered


class Goalposts(NamedTuple):
    """Fixed ends of a scale; `worst` may be the larger."""

    worst: float
    best: float

    def score(self, value):
        """0 at the worst end, 1 at the best, kept between. NaN stays NaN."""
        return np.clip((np.asarray(value, float) - self.worst) / (self.best - self.worst), 0.0, 1.0)


def performance(shocked: np.ndarray, twin: np.ndarray, bad: Goalposts | None = None) -> np.ndarray:
    """q = shocked/twin. Where less is better (poverty, unemployment) both are first scored between goalposts.

    Never twin/shocked, which explodes for small rates. Source: bruneau_2003.
    """
    if bad is None:
        return np.asarray(shocked, float) / np.asarray(twin, float)
    return bad.score(shocked) / bad.score(twin)


def loss(q: np.ndarray, dt: float = 1.0) -> float:
    """Loss of resilience: integral of 1 - q over the horizon, by the trapezoid rule; months. Source: bruneau_2003."""
    return float(np.trapezoid(1.0 - np.asarray(q, float), dx=dt))


def normalised(q: np.ndarray) -> float:
    """Cimellaro's R = 1 - loss/T. Source: cimellaro_2010."""
    return 1.0 - loss(q) / max(len(q) - 1, 1)


def robustness(q: np.ndarray) -> float:
    """Performance at the trough."""
    return float(np.min(q))


def trough(q: np.ndarray) -> int:
    """Months from the start to the (first) trough."""
    return int(np.argmin(q))


def overshoot(q: np.ndarray) -> float:
    """Best performance above the twin's."""
    return float(np.max(q) - 1.0)


def scarring(q: np.ndarray, months: int = 12) -> float:
    """What is still missing at the end: 1 - mean q of the last months."""
    return float(1.0 - np.mean(q[-months:]))


class Recovery(NamedTuple):
    """Months from the start until recovery; `seen` is False when the run ended before (the time is then its length)."""

    months: float
    seen: bool


def recovery(q: np.ndarray, level: float = 0.95, lasting: int = LASTING) -> Recovery:
    """First month after the trough from which q >= level for `lasting` months in a row.

    A run that never fell below the level recovered in month 0.
    """
    q = np.asarray(q, float)
    if np.min(q) >= level:
        return Recovery(0.0, True)
    above = q >= level
    for t in range(trough(q), len(q) - lasting + 1):
        if above[t : t + lasting].all():
            return Recovery(float(t), True)
    return Recovery(float(len(q)), False)


def rapidity(q: np.ndarray, level: float = 0.95) -> float:
    """Mean rise of q per month from the trough to recovery, or to the end if it never comes. Source: bruneau_2003."""
    back, bottom = recovery(q, level), trough(q)
    end = int(back.months) if back.seen else len(q) - 1
    return float((q[end] - q[bottom]) / (end - bottom)) if end > bottom else 0.0


def survival_curve(times: np.ndarray, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Kaplan-Meier: event times, and the share still not recovered after each. Source: kaplan_meier_1958."""
    times, seen = np.asarray(times, float), np.asarray(seen, bool)
    events = np.unique(times[seen])
    at_risk = np.array([(times >= t).sum() for t in events])
    happened = np.array([((times == t) & seen).sum() for t in events])
    return events, np.cumprod(1.0 - happened / np.maximum(at_risk, 1))


def median_recovery(recoveries: list[Recovery]) -> Recovery:
    """Time by which half of the runs have recovered (Kaplan-Meier); not seen if fewer than half ever did."""
    times, seen = np.array([r.months for r in recoveries]), np.array([r.seen for r in recoveries])
    events, left = survival_curve(times, seen)
    half = np.flatnonzero(left <= 0.5 + 1e-12)
    return Recovery(float(events[half[0]]), True) if len(half) else Recovery(float(times.max()), False)
