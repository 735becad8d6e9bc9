"""A tiny model for sweeps, and `python tests/toy_sweep.py DIR`: a sweep of it that tests can kill at will."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

if TYPE_CHECKING:  # workers import this file for the function alone
    from sim.sweep.functions import FreeDesign
    from sim.sweep.run import Swept

FATAL = "TOY_FATAL"  # environment: a file; while it is there, runs of package `fatal` end their process


def toy(values: dict, *, seed: int, package: str, shocks: str) -> dict[str, float]:
    """Some milliseconds of work, a result that depends on everything, an error in one run of sixteen."""
    if package == "fatal" and os.path.exists(os.environ.get(FATAL, "")):
        os.kill(os.getpid(), signal.SIGKILL)
    rng = np.random.default_rng([seed, int(1e6 * values["x"]), len(package), len(shocks)])
    time.sleep(float(os.environ.get("TOY_SECONDS", "0")))
    if values["y"] > 0.9375:
        raise ValueError(f"y = {values['y']:.3f} is too much")
    draws = rng.random(2000)
    return {"mean": float(draws.mean()) + values["x"], "worst": float(draws.max()), "cost_rp": 1e9 * values["y"]}


def toy_design(samples: int = 16, **said) -> FreeDesign:
    """`samples` points x 2 seeds x 2 packages."""
    from sim.sweep.functions import FreeDesign, free_factor
    from sim.sweep.sampling import Sampling

    factors = (free_factor("x", 0, 1), free_factor("y", 0, 1))
    choices = {"seed_list": (1, 2), "package_list": ("none", "aid")} | said
    return FreeDesign(factors, ("mean", "worst"), Sampling(method="lhs", samples=samples), **choices)


def toy_sweep(out: Path | str, samples: int = 16, design: FreeDesign | None = None, **choices) -> Swept:
    from sim.sweep.answer import Function
    from sim.sweep.run import sweep

    return sweep(design or toy_design(samples), out, model=Function(toy, version="1"), **choices)


def main() -> None:
    """DIR [--samples N] [--workers W] [--dask ADDRESS] [--full-after N]: the disk is full after so many writes."""
    import argparse

    from sim.errors import RunError

    ask = argparse.ArgumentParser()
    ask.add_argument("out")
    ask.add_argument("--samples", type=int, default=16)
    ask.add_argument("--workers", type=int, default=2)
    ask.add_argument("--dask")
    ask.add_argument("--full-after", type=int)
    said = ask.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if said.full_after is not None:
        _fill_disk_after(said.full_after)
    try:
        toy_sweep(said.out, said.samples, workers=said.workers, dask=said.dask)
    except KeyboardInterrupt:
        sys.exit(130)
    except RunError as error:
        print(error, file=sys.stderr)
        sys.exit(1)


def _fill_disk_after(writes: int) -> None:
    """Every flush to the disk after the first ones fails as on a full disk."""
    import errno

    import sim.sweep.store as store

    flush, left = os.fsync, [writes]

    class Full:
        def __getattr__(self, name):
            return getattr(os, name)

        @staticmethod
        def fsync(handle: int) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            flush(handle)

    store.os = Full()


if __name__ == "__main__":
    main()
