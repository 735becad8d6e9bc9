"""What a run remembers: every outcome of every month, for the city, the kecamatan and the quintiles."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.declare import OUTCOMES
from sim.outcomes.figures import CITY, DISTRICTS, GROUPS, PLACES, QUINTILES, ROWS, Count
from sim.outcomes.measure import BLOCK, evaluate

if TYPE_CHECKING:
    import pandas as pd

PRICES = "start prices"  # in declared units; the recorder says of which year


class Recorder:
    """Months x outcomes x 36 rows. `codes`: of the 30 kecamatan; `start`: calendar (year, month) of month 0.

    Months come as counts and are evaluated twelve at a time, or when somebody asks.
    """

    def __init__(self, codes: Sequence[str], start: tuple[int, int], price_year: int) -> None:
        if len(codes) != DISTRICTS:
            raise ValueError(f"{len(codes)} codes for {DISTRICTS} kecamatan")
        self.start, self.price_year, self.codes = start, price_year, tuple(codes)
        self._names: tuple[str, ...] = ()
        self._months: list[int] = []
        self._waiting: list[Count] = []  # of the months since the last full block
        self._known = 0  # months evaluated
        self._values = np.empty((0, 0, ROWS))

    def __len__(self) -> int:
        return len(self._months)

    def add(self, counted: Count) -> None:
        """Keep one more month; months must follow each other."""
        if self._months and counted.month != self._months[-1] + 1:
            raise ValueError(f"month {counted.month} after month {self._months[-1]}")
        self._months.append(counted.month)
        self._waiting.append(counted)
        if len(self._waiting) == BLOCK:
            self._evaluate()
            self._waiting = []

    def _evaluate(self) -> None:
        """Bring the values up to the last month."""
        if self._known == len(self):
            return
        names, values = evaluate(self._waiting)
        if not self._names:
            self._names, self._values = names, np.empty((120, len(names), ROWS))
        while len(self) > len(self._values):
            self._values = np.concatenate([self._values, np.empty_like(self._values)])
        self._values[len(self) - len(values) : len(self)] = values
        self._known = len(self)

    def twin(self) -> Recorder:
        """A copy that records on its own from here."""
        other = copy.copy(self)
        other._months, other._waiting, other._values = list(self._months), list(self._waiting), self._values.copy()
        return other

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the outcomes, in the order of `values`."""
        self._evaluate()
        return self._names

    @property
    def latest(self) -> dict[str, float]:
        """City outcomes of the last month."""
        values = self.values
        return dict(zip(self._names, values[-1, :, CITY].tolist(), strict=True)) if len(self) else {}

    @property
    def values(self) -> np.ndarray:
        """Months x outcomes x rows (city, kecamatan, quintiles)."""
        self._evaluate()
        return self._values[: len(self._months)]

    @property
    def months(self) -> list[str]:
        """Calendar months, 'YYYY-MM'."""
        counted = [self.start[0] * 12 + self.start[1] - 1 + month for month in self._months]
        return [f"{m // 12:04d}-{m % 12 + 1:02d}" for m in counted]

    def _of(self, name: str) -> np.ndarray:
        if name not in self.names:
            raise KeyError(f"no outcome {name!r} was recorded")
        return self.values[:, self._names.index(name)]

    def city(self, name: str) -> np.ndarray:
        """One outcome of the city, month by month."""
        return self._of(name)[:, CITY].copy()

    def places(self, name: str) -> np.ndarray:
        """Months x 30 kecamatan."""
        return self._of(name)[:, PLACES].copy()

    def groups(self, name: str) -> np.ndarray:
        """Months x 5 quintiles, poorest first."""
        return self._of(name)[:, GROUPS].copy()

    def unit(self, name: str) -> str:
        """The declared unit, with the price year."""
        return OUTCOMES[name].unit.replace(PRICES, f"{self.price_year} prices")

    def summary(self) -> dict[str, dict[str, object]]:
        """First, last and mean of every outcome of the city, with its unit."""
        found = {}
        for name in self.names:
            series = self.city(name)
            known = series[~np.isnan(series)]
            mean = float(known.mean()) if len(known) else float("nan")
            found[name] = {
                "unit": self.unit(name),
                "first": float(series[0]),
                "last": float(series[-1]),
                "mean": mean,
            }
        return found

    def digest(self) -> str:
        """SHA-256 over months, names and every value: equal digests mean bit-for-bit equal results."""
        hashed = hashlib.sha256("\n".join([*self.months, *self.names]).encode())
        values = np.ascontiguousarray(self.values, "<f8").copy()
        values[np.isnan(values)] = np.nan  # one bit pattern for "not measured"
        hashed.update(values.tobytes())
        return hashed.hexdigest()

    def wide(self) -> pd.DataFrame:
        """City outcomes, one column each, by month."""
        import pandas as pd

        return pd.DataFrame(self.values[:, :, CITY], index=pd.Index(self.months, name="month"), columns=self.names)

    def frame(self) -> pd.DataFrame:
        """Tidy and long: month, place ('city' or a code), group ('all', 'q1' ... 'q5'), outcome, value."""
        import pandas as pd

        kept = [(k, row) for k, name in enumerate(self.names) for row in _rows(name)]
        outcome, row = np.array(kept, np.int64).reshape(-1, 2).T
        months, lines = len(self._months), len(kept)
        places = np.where((row >= 1) & (row <= DISTRICTS), row, 0)
        groups = np.where(row > DISTRICTS, row - DISTRICTS, 0)

        def column(code: np.ndarray, labels: list[str]) -> pd.Categorical:
            return pd.Categorical.from_codes(np.tile(code, months), labels)

        return pd.DataFrame(
            {
                "month": pd.Categorical.from_codes(np.repeat(np.arange(months), lines), self.months),
                "place": column(places, ["city", *self.codes]),
                "group": column(groups, ["all", *(f"q{k + 1}" for k in range(QUINTILES))]),
                "outcome": column(outcome, list(self.names)),
                "value": self.values[:, outcome, row].reshape(-1),
            }
        )


def _rows(name: str) -> list[int]:
    """The rows an outcome is declared for."""
    line = OUTCOMES[name]
    places = range(1, DISTRICTS + 1) if line.by_place else ()
    groups = range(DISTRICTS + 1, ROWS) if line.by_group else ()
    return [CITY, *places, *groups]
