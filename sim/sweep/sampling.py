"""Which points of the varied ranges are lived: a grid, a Latin hypercube, Sobol' or Morris designs.

Every sampler draws shares between 0 and 1; a factor turns a share into a value (its range, spread, list).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import product
from typing import Annotated, Any, Literal, get_args

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from sim.errors import InputError
from sim.language import told
from sim.shape import Problem
from sim.sweep.factors import Factor

Method = Literal["one", "grid", "lhs", "quasi", "sobol", "morris"]
METHODS: tuple[str, ...] = get_args(Method)


class Sampling(BaseModel):
    """How points are chosen.

    one: a single point, every factor at its default. grid: every combination of `steps` values of each factor. lhs: a
    Latin hypercube of `samples` points. quasi: `samples` points of a scrambled Sobol' sequence. sobol: the points that
    Sobol' indices need, `samples` x (factors + 2), or x (2 factors + 2) with `second_order`. morris: `samples`
    trajectories over `levels` levels, `samples` x (factors + 1).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: Method = "lhs"
    samples: Annotated[StrictInt, Field(ge=1, le=10_000_000)] = 64
    seed: Annotated[StrictInt, Field(ge=0, le=2**31 - 1)] = 1  # of the choice of points
    steps: Annotated[StrictInt, Field(ge=2, le=1000)] = 3  # of a grid, for factors that do not say their own
    levels: Annotated[StrictInt, Field(ge=2, le=100)] = 4  # of Morris trajectories
    second_order: StrictBool = False


def grid_steps(factor: Factor, sampling: Sampling) -> list[float]:
    """The values of a factor on a grid."""
    if factor.values:
        return list(factor.values)
    steps = factor.steps or sampling.steps
    if steps == 1:
        return [factor.default]
    found = (factor.of(k / (steps - 1)) for k in range(steps))
    return list(dict.fromkeys(found))


def count_points(sampling: Sampling, factors: Sequence[Factor]) -> int:
    """How many points there will be, without drawing them."""
    k, n = len(factors), sampling.samples
    if not k or sampling.method == "one":
        return 1
    if sampling.method == "grid":
        total = 1
        for factor in factors:
            total *= len(grid_steps(factor, sampling))
        return total
    if sampling.method == "sobol":
        return n * ((2 * k + 2) if sampling.second_order else (k + 2))
    return n * (k + 1) if sampling.method == "morris" else n


class Crossed:
    """How many rows a design has, and where its points come from; for designs of either kind.

    Such a design has `factors, sampling, seed_list, seeds_as, package_list, shock_list`, and `given`: points of one's
    own choice, or None.
    """

    @property
    def runs_per_point(self: Any) -> int:
        seeds = 1 if self.seeds_as == "factor" else len(self.seed_list)
        return seeds * len(self.package_list) * len(self.shock_list)

    @property
    def points_count(self: Any) -> int:
        """How many points, without drawing them."""
        return count_points(self.sampling, self.factors) if self.given is None else len(self.given)

    @property
    def count(self: Any) -> int:
        """How many runs."""
        return self.points_count * self.runs_per_point

    @cached_property
    def points(self: Any) -> np.ndarray:
        """The points, (points, factors). Raises InputError for given ones that leave the ranges."""
        if self.given is not None:
            return checked_points(self.given, self.factors)
        return draw_points(self.sampling, self.factors)


def draw_points(sampling: Sampling, factors: Sequence[Factor]) -> np.ndarray:
    """The points as values, (points, factors). The same design gives the same points."""
    if not factors or sampling.method == "one":
        return np.array([[factor.default for factor in factors]], float)
    if sampling.method == "grid":
        return np.array(list(product(*(grid_steps(factor, sampling) for factor in factors))), float)
    shares = draw_shares(sampling, len(factors))
    return np.array([[factor.of(u) for factor, u in zip(factors, row, strict=True)] for row in shares.tolist()], float)


def unit_problem(names: Sequence[str]) -> dict[str, Any]:
    """The design as SALib describes one, in shares: every factor between 0 and 1."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def draw_shares(sampling: Sampling, k: int) -> np.ndarray:
    """The points of `k` numbers as shares of their distributions, (points, k). The same design gives the same."""
    from scipy.stats import qmc

    if sampling.method == "lhs":
        return qmc.LatinHypercube(k, rng=sampling.seed).random(sampling.samples)
    if sampling.method == "quasi":
        return qmc.Sobol(k, rng=sampling.seed).random(sampling.samples)
    try:
        from SALib.sample import morris, sobol
    except ImportError:
        said = "sampling method '{method}' needs the library SALib: pip install 'bandung-resilience[sweep]'"
        raise InputError(told(said, method=sampling.method)) from None
    problem = unit_problem([f"x{j}" for j in range(k)])
    if sampling.method == "sobol":
        return sobol.sample(problem, sampling.samples, calc_second_order=sampling.second_order, seed=sampling.seed)
    return morris.sample(problem, sampling.samples, num_levels=sampling.levels, seed=sampling.seed)


def sampling_problems(sampling: Sampling, factors: Sequence[Factor]) -> list[Problem]:
    """Choices that the method cannot use."""
    at = ("sampling", "samples")
    problems = []
    if sampling.method in ("sobol", "quasi") and sampling.samples & (sampling.samples - 1):
        below = 1 << (sampling.samples.bit_length() - 1)
        text = told("a Sobol' design needs a power of two; nearest: {one} or {other}", one=below, other=2 * below)
        problems.append(Problem(at, text))
    if sampling.method == "morris" and sampling.levels % 2:
        problems.append(Problem(("sampling", "levels"), told("Morris trajectories need an even number of levels")))
    if sampling.method in ("sobol", "morris") and len(factors) < 2:
        text = told("'{method}' needs at least two varied numbers", method=sampling.method)
        problems.append(Problem(("sampling", "method"), text))
    return problems


def checked_points(points: Any, factors: Sequence[Factor]) -> np.ndarray:
    """Points given by hand as an array; raises InputError where they leave the ranges."""
    found = np.array(points, float)
    if found.ndim != 2 or found.shape[1] != len(factors) or not len(found):
        said = told(
            "points: an array of {columns} columns is needed, not {shape}", columns=len(factors), shape=found.shape
        )
        raise InputError(said)
    for n, factor in enumerate(factors):
        wrong = ~((found[:, n] >= factor.low) & (found[:, n] <= factor.high))
        if wrong.any():
            k = int(np.flatnonzero(wrong)[0])
            said = told(
                "{where}: {value} is out of range; allowed: {low} to {high}",
                where=f"points[{k}].{factor.column}",
                value=f"{found[k, n]:g}",
                low=f"{factor.low:g}",
                high=f"{factor.high:g}",
            )
            raise InputError(said)
    return found
