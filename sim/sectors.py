"""The eight sectors: shares, wage levels, inputs and who buys from them (from `sectors.csv`)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from sim.errors import InputError

COLUMNS = (
    "formal_jobs_share",
    "own_account_share",
    "wage_index",
    "input_share",
    "food_split",
    "nonfood_split",
    "government_split",
    "commerce_weight",
)
SHARES = ("formal_jobs_share", "own_account_share", "food_split", "nonfood_split", "government_split")


@dataclass(frozen=True)
class Sectors:
    """One array of eight per column; every share column sums to one."""

    names: tuple[str, ...]
    formal_jobs_share: np.ndarray
    own_account_share: np.ndarray
    wage_index: np.ndarray
    input_share: np.ndarray
    food_split: np.ndarray
    nonfood_split: np.ndarray
    government_split: np.ndarray
    commerce_weight: np.ndarray


@lru_cache
def load_sectors(folder: Path) -> Sectors:
    """Read `sectors.csv`; raises InputError with file, line and column when it is not as it should be."""
    path = folder / "sectors.csv"
    try:
        lines = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    columns: dict[str, list[float]] = {name: [] for name in COLUMNS}
    for number, line in enumerate(lines, start=2):
        for name in COLUMNS:
            try:
                columns[name].append(float(line[name]))
            except (KeyError, TypeError, ValueError):
                raise InputError(f"{path}:{number}: column '{name}' must be a number") from None
    if len(lines) != 8:
        raise InputError(f"{path}: eight sectors are expected, {len(lines)} found")
    for name in SHARES:
        if abs(sum(columns[name]) - 1) > 1e-9:
            raise InputError(f"{path}: column '{name}' must sum to 1, not {sum(columns[name]):g}")
    return Sectors(tuple(line["sector"] for line in lines), **{name: np.array(v) for name, v in columns.items()})
