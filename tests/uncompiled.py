"""Live a few months of a tiny city and print every outcome; with NUMBA_DISABLE_JIT=1 in plain Python.

Run by test_uncompiled.py in a process of its own. Three things that machine code does by itself need saying in plain
Python: rows show their fields as attributes, small numbers grow when they are multiplied, and a negative month wraps
into an unsigned word.
"""

import json
import os
import sys
import warnings

import numpy as np

import sim.draws
from sim.tables import Table

WORD = 0xFFFFFFFF


class Line:
    """One row: fields by attribute, as numbers that do not overflow."""

    __slots__ = ("index", "rows")

    def __init__(self, rows, index):
        object.__setattr__(self, "rows", rows)
        object.__setattr__(self, "index", index)

    def __getattr__(self, name):
        return self.rows[name][self.index].item()

    def __setattr__(self, name, value):
        self.rows[name][self.index] = value


class Rows(np.ndarray):
    """A structured array whose single rows are `Line`s."""

    def __getitem__(self, key):
        if isinstance(key, (int, np.integer)) and self.dtype.names:
            return Line(self.view(np.ndarray), key)
        found = super().__getitem__(key)
        return found if getattr(found, "dtype", None) is not None and found.dtype.names else np.asarray(found)


if os.environ.get("NUMBA_DISABLE_JIT") == "1":
    warnings.simplefilter("ignore", RuntimeWarning)  # unsigned words wrap, as they should
    draws, many_draws, new_uid = sim.draws.draws, sim.draws.many_draws, sim.draws.new_uid
    sim.draws.draws = lambda seed, what, month, uid: draws(seed, what, int(month) & WORD, uid)
    sim.draws.many_draws = lambda seed, what, month, *rest: many_draws(seed, what, int(month) & WORD, *rest)
    sim.draws.new_uid = lambda seed, month, *rest: new_uid(seed, int(month) & WORD, *rest)
    Table.rows = property(lambda table: table._data[: table.n].view(Rows))

from sim.model import BandungModel  # noqa: E402  (after the patches, which other modules import by name)


def main(months: int) -> None:
    model = BandungModel(scale=2000, seed=1, months=months, threads=1, parameters={"population.burn_in": 6})
    for _ in range(months):
        model.step()
    json.dump({name: model.recorder.city(name).tolist() for name in model.recorder.names}, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]))
