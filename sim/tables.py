"""Agents as rows: a growable table of records, and a light view of one row as an agent."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from sim.catalogue import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

GROWTH = 1.25  # a full table grows by this factor


class Row:
    """One agent of a table: fields read and written by name (`household.savings`).

    It stays with its agent when rows change places. Raises LookupError when the agent is no longer in the table,
    AttributeError for a field that there is not. Two views of one agent are equal.
    """

    __slots__ = ("_index", "_table", "_uid")

    def __init__(self, table: Table, index: int) -> None:
        object.__setattr__(self, "_table", table)
        object.__setattr__(self, "_index", index)
        object.__setattr__(self, "_uid", table.rows["uid"][index])

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # no field; whoever copies or shows an object asks for such
            raise AttributeError(name)
        return self._table.column(name)[self.index]

    def __setattr__(self, name: str, value: Any) -> None:
        self._table.column(name)[self.index] = value
        if name == "uid":
            object.__setattr__(self, "_uid", self._table.rows["uid"][self._index])

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *self._table.fields})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Row) and self._table is other._table and bool(self._uid == other._uid)

    def __hash__(self) -> int:
        return hash((id(self._table), int(self._uid)))

    def __reduce__(self) -> tuple[type[Row], tuple[Table, int]]:
        return Row, (self._table, self.index)  # a deep copy stands in a copy of the table

    @property
    def index(self) -> int:
        """The row where the agent stands now."""
        uids = self._table.rows["uid"]
        if self._index >= len(uids) or uids[self._index] != self._uid:
            found = np.flatnonzero(uids == self._uid)
            if not len(found):
                raise LookupError(f"{self._table.kind} with id {self._uid} is no longer there")
            object.__setattr__(self, "_index", int(found[0]))
        return self._index

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name).item() for name in self._table.fields}

    def __repr__(self) -> str:
        return f"{self._table.kind} {self.index}: {self.as_dict()}"


class Table:
    """Rows of one kind of agent, each with a permanent id (`uid`). The rows of persons change places each January.

    `rows` is the live part as a structured NumPy array; kernels loop over it. `add` appends rows and may move the
    array: fetch `rows` again after it.
    """

    def __init__(self, kind: str, dtype: np.dtype, capacity: int = 0) -> None:
        self.kind = kind
        self._data = np.zeros(max(capacity, 1), dtype)
        self._spare: np.ndarray | None = None  # memory of before the last `reseat`: new memory is slow to come by
        self._touched = 0  # rows from here on are as the system gave them: zero, and not yet in memory
        self.n = 0

    @property
    def rows(self) -> np.ndarray:
        return self._data[: self.n]

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of what is known of each agent."""
        return self._data.dtype.names or ()

    def column(self, name: str) -> np.ndarray:
        """One field of every agent. Raises AttributeError, with the nearest name, for one that there is not."""
        if name not in self.fields:
            raise AttributeError(f"a {self.kind} has no field '{name}'{did_you_mean(name, self.fields)}")
        return self.rows[name]

    def add(self, count: int) -> int:
        """Append `count` zeroed rows; returns the index of the first."""
        first = self.n
        if count == 0:
            return first
        if first + count > len(self._data):
            larger = np.zeros(max(int(len(self._data) * GROWTH), first + count), self._data.dtype)
            larger[:first] = self._data[:first]
            self._data, self._touched = larger, first
        # Whoever writes to new memory waits for it: that is left to the writers, who may be many.
        upto = min(first + count, self._touched)
        self._data[first:upto].view(np.uint8).fill(0)
        self.n = first + count
        self._touched = max(self._touched, self.n)
        return first

    def seats(self) -> np.ndarray:
        """Rows to put the agents in another order into, as many as there is room for, then to be given to `reseat`."""
        spare = self._spare
        return np.empty_like(self._data) if spare is None or len(spare) < len(self._data) else spare

    def reseat(self, data: np.ndarray, n: int, again: bool = False) -> None:
        """The agents stand in the first `n` rows of `data` from now on; what follows is room.

        again: it will happen again, so the memory of before is kept for that.
        """
        self._spare, self._data, self.n = self._data if again else None, data, n
        self._touched = len(data)

    def __deepcopy__(self, memo: dict) -> Table:
        twin = Table(self.kind, self._data.dtype)
        twin._data, twin.n, twin._touched = self._data.copy(), self.n, self._touched
        return twin

    def __getstate__(self) -> dict:
        return {"kind": self.kind, "rows": self.rows, "capacity": len(self._data)}

    def __setstate__(self, state: dict) -> None:
        rows = state["rows"]
        self.kind, self.n, self._touched, self._spare = state["kind"], len(rows), len(rows), None
        self._data = np.zeros(state["capacity"], rows.dtype)
        self._data[: self.n] = rows

    def __len__(self) -> int:
        return self.n

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...

    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        if isinstance(index, slice):
            return [self[k] for k in range(*index.indices(self.n))]
        index = self._whole(index)
        if not -self.n <= index < self.n:
            raise IndexError(f"no {self.kind} {index}: rows run from 0 to {self.n - 1}")
        return Row(self, index % self.n)

    def _whole(self, index: Any) -> int:
        """The number of a row, of any kind of whole number. Raises TypeError for anything else."""
        try:
            return operator.index(index)
        except TypeError:
            said = f"{self.kind} {index!r}: must be the number of a row, 0 to {self.n - 1}"
            raise TypeError(f"{said}; a whole column is rows['name'] or frame()['name']") from None

    def frame(self) -> pd.DataFrame:
        """The rows as a pandas DataFrame, one column a field. Those who are gone keep their rows."""
        import pandas as pd

        return pd.DataFrame({name: self.rows[name] for name in self.fields})
