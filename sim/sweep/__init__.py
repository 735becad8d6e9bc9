"""Many worlds at once: a design says which, a sweep lives them and keeps one row for each.

`load_design` reads and checks a design, `sweep` runs it (again and again, until nothing is missing), `read_table` gives
the rows. The studies (sensitivity, discovery, robust choice, search) work on that table.
"""

from importlib import import_module
from typing import Any

_HOME = {
    "Design": "sim.sweep.design",
    "load_design": "sim.sweep.design",
    "read_table": "sim.sweep.table",
    "sweep": "sim.sweep.run",
}

__all__ = ["Design", "load_design", "read_table", "sweep"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'sim.sweep' has no attribute '{name}'")
    return getattr(import_module(_HOME[name]), name)
