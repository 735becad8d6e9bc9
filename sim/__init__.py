"""Social resilience of Kota Bandung: `from sim import Scenario, compare, run, BandungModel, load`."""

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

# One thread for the few small matrix products: sums in another order would change the last bit of a result.
for _library in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_library, "1")

if TYPE_CHECKING:
    from sim.battery import battery
    from sim.comparison import compare
    from sim.model import BandungModel
    from sim.results import load
    from sim.runner import run
    from sim.scenario import Scenario, load_scenario

__all__ = ["BandungModel", "Scenario", "battery", "compare", "load", "load_scenario", "run"]
__version__ = "0.1.0"

_HOME = {
    "BandungModel": "sim.model",
    "Scenario": "sim.scenario",
    "battery": "sim.battery",
    "compare": "sim.comparison",
    "load": "sim.results",
    "load_scenario": "sim.scenario",
    "run": "sim.runner",
}


def __getattr__(name: str) -> Any:
    """The public names, imported when first used: `import sim` alone stays light."""
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
