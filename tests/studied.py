"""Sweeps of functions with known answers, lived once a session for the tests of the studies."""

from __future__ import annotations

import math
from pathlib import Path

import known_functions as known
import pytest

from sim.sweep import sweep
from sim.sweep.factors import Factor
from sim.sweep.functions import FreeDesign, Function, free_factor
from sim.sweep.futures import Futures
from sim.sweep.sampling import Sampling


def swept(folder: Path, answer, factors, outcomes, sampling: Sampling | str, samples: int = 0, **said) -> Futures:
    if isinstance(sampling, str):
        sampling = Sampling(method=sampling, samples=samples)
    design = FreeDesign(tuple(factors), tuple(outcomes), sampling, **said)
    sweep(design, folder, model=Function(answer), workers=1)
    return Futures.read(folder)


@pytest.fixture(scope="session")
def ishigami(tmp_path_factory) -> dict[str, Futures]:
    """The Ishigami function through the whole pipeline, by kind of sample."""
    folder = tmp_path_factory.mktemp("ishigami")
    three = [free_factor(name, -math.pi, math.pi) for name in ("x1", "x2", "x3")]
    sizes = {"sobol": 512, "morris": 30, "lhs": 400}
    found = {k: swept(folder / k, known.ishigami, three, ["y"], k, n) for k, n in sizes.items()}
    pairs = Sampling(method="sobol", samples=512, second_order=True)
    return found | {"pairs": swept(folder / "pairs", known.ishigami, three, ["y"], pairs)}


@pytest.fixture(scope="session")
def noisy(tmp_path_factory) -> dict[str, Futures]:
    """A function with chance in it: seeds crossed with the points, and the seed as a factor."""
    folder = tmp_path_factory.mktemp("noisy")
    abc = [free_factor(name, 0, 1) for name in "abc"]
    seeds = tuple(map(float, range(1, 65)))
    seed = Factor("seed", "seed", "seed", 1.0, 64.0, 1.0, whole=True, values=seeds)
    as_factor = {"seed_list": tuple(range(1, 65)), "seeds_as": "factor"}
    return {
        "crossed": swept(folder / "crossed", known.linear, abc, ["y"], "lhs", 200, seed_list=(1, 2, 3)),
        "factor": swept(folder / "factor", known.chancy, [abc[0], seed], ["y"], "sobol", 256, **as_factor),
    }


@pytest.fixture(scope="session")
def planted_folder(tmp_path_factory) -> Path:
    """Four packages; Roads fails where demand is below 0.4 and prices above 0.5."""
    folder = tmp_path_factory.mktemp("planted") / "sweep"
    factors = [free_factor(name, 0, 1) for name in ("demand", "prices", "idle")]
    choices = {"seed_list": (1, 2), "package_list": ("none", "Roads", "Cash", "Waste"), "shock_list": ("off", "on")}
    swept(folder, known.packages, factors, ["poverty_headcount.mean"], "lhs", 200, **choices)
    return folder


@pytest.fixture(scope="session")
def planted(planted_folder) -> Futures:
    """The planted packages, read back."""
    return Futures.read(planted_folder)
