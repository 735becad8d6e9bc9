"""Agents as rows: a growable table of records, and a light view of one row as an agent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

GROWTH = 1.25  # a full table grows by this factor


class Row:
    """One agent of a table: fields read and written by name (`household.savings`)."""

    __slots__ = ("_index", "_table")

    def __init__(self, table: Table, index: int) -> None:
        object.__setattr__(self, "_table", table)
        object.__setattr__(self, "_index", index)

    def __getattr__(self, name: str) -> Any:
        return self._table.rows[name][self._index]

    def __setattr__(self, name: str, value: Any) -> None:
        self._table.rows[name][self._index] = value

    @property
    def index(self) -> int:
        return self._index

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name).item() for name in self._table.rows.dtype.names}

    def __repr__(self) -> str:
        return f"{self._table.kind} {self._index}: {self.as_dict()}"


class Table:
    """Rows of one kind of agent. Rows are never reordered, so an index is good for the whole run.

    `rows` is the live part as a structured NumPy array; kernels loop over it. `add` appends rows and may move the
    array: fetch `rows` again after it.
    """

    def __init__(self, kind: str, dtype: np.dtype, capacity: int = 0) -> None:
        self.kind = kind
        self._data = np.zeros(max(capacity, 1), dtype)
        self.n = 0

    @property
    def rows(self) -> np.ndarray:
        return self._data[: self.n]

    def add(self, count: int) -> int:
        """Append `count` zeroed rows; returns the index of the first."""
        first = self.n
        if count == 0:
            return first
        if first + count > len(self._data):
            larger = np.zeros(max(int(len(self._data) * GROWTH), first + count), self._data.dtype)
            larger[:first] = self._data[:first]
            self._data = larger
        self._data.view(np.uint8).reshape(len(self._data), -1)[first : first + count] = 0
        self.n = first + count
        return first

    def __len__(self) -> int:
        return self.n

    def __getitem__(self, index: int) -> Row:
        if not -self.n <= index < self.n:
            raise IndexError(f"no {self.kind} {index}: rows run from 0 to {self.n - 1}")
        return Row(self, index % self.n)

    def frame(self) -> pd.DataFrame:
        """The rows as a pandas DataFrame, one column a field."""
        import pandas as pd

        return pd.DataFrame({name: self.rows[name] for name in self.rows.dtype.names or ()})
