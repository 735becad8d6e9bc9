"""What drives a figure: indices of sensitivity with their intervals, for three kinds of samples (SALib does the sums).

`sobol` wants a Saltelli sample, `morris` trajectories, `given_data` any sample at all (Latin hypercube, grid). Each
takes one value per run and gives one row per factor. A run without a value is refused: SALib would answer zeros.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.language import told

if TYPE_CHECKING:
    import pandas as pd

LEVEL = 0.95  # of intervals
RESAMPLES = 400  # of the bootstrap behind the intervals
_NO_SAMPLE = "{runs} runs are no {kind} sample of {factors} factors: a multiple of {step} runs is needed"
LEAST = {"sobol": 16, "morris": 4, "given_data": 40}  # base points, trajectories, futures: fewer say nothing


@dataclass(frozen=True)
class Sobol:
    """Sobol' indices. `each`: factor, S1, S1_low, S1_high, ST, ST_low, ST_high; `pairs`: factor, other, S2, S2_low,
    S2_high, without rows where the sample cannot tell them."""

    each: pd.DataFrame
    pairs: pd.DataFrame


def sobol(names: Sequence[str], values: np.ndarray, seed: int = 1, *, second_order: bool = False) -> Sobol:
    """Share of the variance of `values` due to each factor alone (S1) and with all its interactions (ST), and with
    `second_order` what every two factors make together (S2).

    `values`: one per row of SALib's Saltelli sample, in its order: n * (factors + 2) rows, or n * (2 factors + 2) with
    second order. Source: saltelli_2010.
    """
    import pandas as pd

    salib = _salib("analyze.sobol")
    y, k = _whole(values, "sobol"), len(names)
    step = 2 * k + 2 if second_order else k + 2
    points, rest = divmod(len(y), step)
    if rest:
        raise InputError(told(_NO_SAMPLE, runs=len(y), kind="Sobol'", factors=k, step=step))
    _enough(points, "sobol", told("base points"))
    pairs = [(i, j) for i in range(k) for j in range(i + 1, k)] if second_order else []
    named = {"factor": [names[i] for i, _ in pairs], "other": [names[j] for _, j in pairs]}
    if not _varies(y):
        zero = np.zeros(len(pairs))
        return Sobol(_nothing(names, ("S1", "ST")), pd.DataFrame(named | _banded("S2", zero, zero)))
    found = salib.analyze(
        _problem(names), y, calc_second_order=second_order, num_resamples=RESAMPLES, conf_level=LEVEL, seed=seed
    )
    columns: dict[str, Any] = {"factor": list(names)}
    for index in ("S1", "ST"):
        columns |= _banded(index, found[index], found[f"{index}_conf"])
    both = [[found[name][i, j] for i, j in pairs] for name in ("S2", "S2_conf")] if pairs else [[], []]
    return Sobol(pd.DataFrame(columns), pd.DataFrame(named | _banded("S2", *both)))


def morris(
    names: Sequence[str], shares: np.ndarray, values: np.ndarray, levels: int = 4, seed: int = 1
) -> pd.DataFrame:
    """Mean size of the change when one factor moves across its range (mu_star), its sign (mu) and spread (sigma).

    `shares`: trajectories of Morris, (runs, factors) from 0 to 1; `values`: one per run. In the unit of the values, for
    a move across the whole range. Columns: factor, mu_star, mu_star_low, mu_star_high, mu, sigma. Source: morris_1991;
    campolongo_2007.
    """
    import pandas as pd

    salib = _salib("analyze.morris")
    y, k = _whole(values, "morris"), len(names)
    paths, rest = divmod(len(y), k + 1)
    if rest:
        raise InputError(told(_NO_SAMPLE, runs=len(y), kind="Morris", factors=k, step=k + 1))
    _enough(paths, "morris", told("trajectories"))
    found = salib.analyze(
        _problem(names), np.asarray(shares, float), y, num_resamples=RESAMPLES, conf_level=LEVEL, num_levels=levels,
        seed=seed,
    )  # fmt: skip
    columns = {"factor": list(names)} | _banded("mu_star", found["mu_star"], found["mu_star_conf"])
    return pd.DataFrame(columns | {name: np.asarray(found[name], float) for name in ("mu", "sigma")})


def given_data(names: Sequence[str], sample: np.ndarray, values: np.ndarray, seed: int = 1) -> pd.DataFrame:
    """Share of the variance due to each factor alone, from any sample: random balance designs, corrected for bias.

    `sample`: (runs, factors), independent of each other; `values`: one per run. The intervals come from half samples
    and are rather too wide. Interactions cannot be had this way. Columns: factor, S1, S1_low, S1_high.
    Source: tissot_prieur_2012.
    """
    import pandas as pd

    salib = _salib("analyze.rbd_fast")
    y = _whole(values, "given_data")
    _enough(len(y), "given_data", told("futures"))
    if not _varies(y):
        return _nothing(names, ("S1",))
    harmonics = min(10, len(y) // 10)
    sample = np.asarray(sample, float)
    with np.errstate(invalid="ignore"):  # a half sample may hold one value only
        choices = {"num_resamples": RESAMPLES, "conf_level": LEVEL, "seed": seed}
        found = salib.analyze(_problem(names), sample, y, harmonics, **choices)
    return pd.DataFrame({"factor": list(names)} | _banded("S1", found["S1"], found["S1_conf"]))


def seed_share(values: np.ndarray) -> tuple[float, float, float]:
    """Share of the variance that is chance, with its interval: mean variance over the seeds of a point, over all.

    `values`: (points, seeds), at least two of each; every point with the same seeds. The total index of the seed. The
    interval leaves out one point at a time (jackknife).
    """
    values = np.asarray(values, float)
    if not _varies(values.ravel()):
        return 0.0, 0.0, 0.0
    share = _chance(values)
    n = len(values)
    without = np.array([_chance(np.delete(values, k, axis=0)) for k in range(n)])
    half = 1.96 * float(np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum()))
    return share, max(share - half, 0.0), min(share + half, 1.0)


def _chance(values: np.ndarray) -> float:
    total = float(values.var())
    return min(float(values.var(axis=1, ddof=1).mean()) / total, 1.0) if total > 0 else 0.0


def _problem(names: Sequence[str]) -> dict[str, Any]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def _salib(module: str) -> Any:
    from importlib import import_module

    try:
        return import_module(f"SALib.{module}")
    except ImportError:
        raise InputError(told("sensitivity needs SALib: pip install 'bandung-resilience[sweep]'")) from None


def _whole(values: np.ndarray, kind: str) -> np.ndarray:
    y = np.asarray(values, float)
    if missing := np.flatnonzero(~np.isfinite(y)).tolist():
        shown = ", ".join(map(str, missing[:5])) + (", ..." if len(missing) > 5 else "")
        said = "{missing} of {runs} runs have no value (rows {rows}); {kind} needs them all"
        raise InputError(told(said, missing=len(missing), runs=len(y), rows=shown, kind=kind))
    return y


def _enough(count: int, kind: str, what: str) -> None:
    if count < LEAST[kind]:
        raise InputError(
            told(
                "{count} {what} are too few for an answer; at least {least}", count=count, what=what, least=LEAST[kind]
            )
        )


def _varies(y: np.ndarray) -> bool:
    return bool(np.ptp(y) > 1e-12 * max(1.0, float(np.abs(y).max())))


def _nothing(names: Sequence[str], indices: Sequence[str]) -> pd.DataFrame:
    """Every index zero: the figure is the same in all runs."""
    import pandas as pd

    zero = np.zeros(len(names))
    bands = [_banded(index, zero, zero) for index in indices]
    return pd.DataFrame({"factor": list(names)} | {name: line for band in bands for name, line in band.items()})


def _banded(index: str, value: Any, half: Any) -> dict[str, np.ndarray]:
    value, half = np.asarray(value, float), np.asarray(half, float)
    return {index: value, f"{index}_low": value - half, f"{index}_high": value + half}
