"""The ensemble: what the twin worlds of one scenario recorded, on common axes, ready to be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

import sim.outcomes.measure  # noqa: F401  (declares every outcome)
from sim.declare import OUTCOMES
from sim.outcomes.figures import CITY, DISTRICTS, QUINTILES, ROWS

NONE = "none"  # the package that does nothing
YEAR = 12  # months
GROUPS = tuple(f"q{k + 1}" for k in range(QUINTILES))  # fifths of persons by spending per head, poorest first


@dataclass(frozen=True)
class Ensemble:
    """Worlds of one scenario: every package with every seed, without shocks (0) and with them (1).

    Money is in Rp of the start year's prices, persons are real persons (not agents). The shock axis has length 1 when
    the scenario has no shocks. Any value may be NaN: not measured there.
    """

    packages: tuple[str, ...]  # names; the first is "none" (no policy)
    seeds: tuple[int, ...]
    outcomes: tuple[str, ...]  # declared names (sim.declare.OUTCOMES)
    months: tuple[str, ...]  # 'YYYY-MM'
    places: tuple[str, ...]  # codes of the 30 kecamatan
    place_names: tuple[str, ...]
    city: np.ndarray  # (package, shock, seed, month, outcome)
    yearly: np.ndarray  # (package, shock, seed, year, outcome, 36): means of each 12 months; city, kecamatan, quintiles
    programmes: list[dict[str, Any]]  # see `PROGRAMME`
    gains: dict[str, np.ndarray]  # see `GAINS`; each (package, shock, seed, 35): 5 quintiles, 30 kecamatan at the start
    onset: int | None  # month (index) in which the first shock begins
    budgets: dict[str, float]  # planned Rp of 2024 a year, by package
    planned: dict[str, float] = field(default_factory=dict)  # Rp over the run, by package: see `sim.comparison.planned`
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)  # of packages that are the whole of others
    aims: tuple[str, ...] = ()  # outcomes that the packages' levers are meant to move
    shock_count: int = 1  # how many are felt within the run, if any are

    @property
    def has_shocks(self) -> bool:
        return self.city.shape[1] > 1

    @property
    def policies(self) -> tuple[str, ...]:
        """The packages that do something."""
        return self.packages[1:]

    @property
    def years(self) -> tuple[str, ...]:
        """First month of each recorded year."""
        return self.months[::YEAR][: self.yearly.shape[3]]

    def state(self, shocks: bool | None = None) -> int:
        """Index of the shock axis; None: the shocked worlds if there are any."""
        return int(self.has_shocks if shocks is None else shocks and self.has_shocks)

    def column(self, outcome: str) -> int:
        """Index of an outcome; raises KeyError if it was not recorded."""
        if outcome not in self.outcomes:
            raise KeyError(f"no outcome {outcome!r} was recorded")
        return self.outcomes.index(outcome)

    def of(self, outcome: str) -> np.ndarray:
        """One outcome of the city: (package, shock, seed, month)."""
        return self.city[..., self.column(outcome)]

    def renamed(self, names: Mapping[str, str]) -> Ensemble:
        """The same worlds with other names for the packages; those not named keep theirs, all do if two would agree."""
        if len({names.get(one, one) for one in self.packages}) < len(self.packages):
            return self

        def called(package: str) -> str:
            return names.get(package, package)

        return replace(
            self,
            packages=tuple(map(called, self.packages)),
            programmes=[{**record, "package": called(record["package"])} for record in self.programmes],
            budgets={called(package): rp for package, rp in self.budgets.items()},
            planned={called(package): rp for package, rp in self.planned.items()},
            parts={called(whole): tuple(map(called, parts)) for whole, parts in self.parts.items()},
        )

    def row_names(self) -> list[tuple[str, str, str]]:
        """(place, its name, group) of each of the 36 rows."""
        places = [(code, name, "all") for code, name in zip(self.places, self.place_names, strict=True)]
        return [("city", "Kota Bandung", "all"), *places, *(("city", "Kota Bandung", group) for group in GROUPS)]


# What one record of `Ensemble.programmes` holds; one for each package, shock state, seed, programme. Real Rp, persons.
PROGRAMME = (
    "package",
    "shock",  # 0 or 1
    "seed",
    "programme",
    "released",
    "spent",
    "refused",
    "leaked",
    "from_companies",  # part of what was released that companies paid
    "reached",
    "by_quintile",  # (5) times reached
    "by_district",  # (30)
    "received_by_quintile",  # (5) Rp
)

# Households alive in both worlds (same uid): consumption per head over the last 12 months against the no-policy twin.
GAINS = (
    "share_up",  # share of households that are more than 1 % above it
    "share_down",  # more than 1 % below
    "mean_change",  # mean difference of logarithms
)


def rows_of(outcome: str, places: bool = True, groups: bool = True) -> list[int]:
    """The rows (of 36) an outcome is declared for: city, kecamatan, quintiles."""
    line = OUTCOMES.get(outcome)
    here = range(1, 1 + DISTRICTS) if places and line and line.by_place else ()
    those = range(1 + DISTRICTS, ROWS) if groups and line and line.by_group else ()
    return [CITY, *here, *those]


def unit(outcome: str) -> str:
    """Declared unit; empty for an outcome this version does not know."""
    return OUTCOMES[outcome].unit if outcome in OUTCOMES else ""


def good(outcome: str) -> int:
    """+1: more is better, -1: less is better, 0: neither."""
    return OUTCOMES[outcome].good if outcome in OUTCOMES else 0


def chosen(ensemble: Ensemble, outcomes: Sequence[str] | None) -> tuple[str, ...]:
    """The outcomes asked for that were recorded; all when none are named."""
    return ensemble.outcomes if outcomes is None else tuple(name for name in outcomes if name in ensemble.outcomes)
