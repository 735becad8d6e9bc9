"""Ensembles made by hand: paths of outcomes that a test knows, without running a world."""

from __future__ import annotations

import numpy as np

from sim.analysis.ensemble import GAINS, Ensemble
from sim.declare import OUTCOMES

PLACES = tuple(f"32.73.{k + 1:02d}" for k in range(30))
NAMES = tuple(f"Kecamatan {k + 1}" for k in range(30))
START = {
    "population": 2_500_000.0,
    "poverty_headcount": 0.04,
    "unemployment_rate": 0.08,
    "employed": 1_200_000.0,
    "out_of_school_share": 0.04,
    "school_age_children": 450_000.0,
    "food_insecure_share": 0.02,
    "trust": 0.5,
    "service_access": 0.9,
    "child_development": 0.0,
    "gini": 0.43,
    "wellbeing": 1_500_000.0,
    "consumption_mean": 2_400_000.0,
    "income_mean": 2_600_000.0,
    "swadaya_rp": 3e9,
    "csr_rp": 2.5e9,
    "resilience_livelihood": 0.7,
    "resilience_human_capital": 0.6,
    "resilience_social_capital": 0.4,
    "resilience_services": 0.8,
    "resilience_governance": 0.5,
    "resilience_equity": 0.6,
    "resilience_index": 0.6,
}


def calendar(count: int) -> tuple[str, ...]:
    return tuple(f"{2025 + k // 12}-{k % 12 + 1:02d}" for k in range(count))


def make(
    packages=("none",),
    seeds=8,
    months=48,
    onset=None,
    effect=None,
    shock=None,
    noise=0.0,
    start=None,
    programmes=(),
    budgets=None,
    gains=None,
    seed=1,
) -> Ensemble:
    """Every outcome stays at its start value, times 1 + seed noise (common to all worlds of a seed), plus:

    effect: {(package, outcome): number, or array over (seeds,), (seeds, months)}, added in the package's worlds;
    shock: {outcome or (package, outcome): array over months or (seeds, months)}, added in the shocked worlds.
    """
    start = START if start is None else start
    rng = np.random.default_rng(seed)
    names, states = tuple(start), 1 if onset is None else 2
    city = np.empty((len(packages), states, seeds, months, len(names)))
    city[...] = np.array(list(start.values())) * (1 + noise * rng.normal(size=(seeds, 1, len(names))))
    for (package, outcome), change in (effect or {}).items():
        change = np.asarray(change, float)
        change = change[:, None] if change.ndim == 1 else change
        city[packages.index(package), :, :, :, names.index(outcome)] += change
    for key, change in (shock or {}).items():
        package, outcome = key if isinstance(key, tuple) else (None, key)
        which = slice(None) if package is None else packages.index(package)
        city[which, 1, :, :, names.index(outcome)] += change
    return Ensemble(
        packages=tuple(packages),
        seeds=tuple(range(1, seeds + 1)),
        outcomes=names,
        months=calendar(months),
        places=PLACES,
        place_names=NAMES,
        city=city,
        yearly=spread(city, names),
        programmes=list(programmes),
        gains=gains or {name: np.zeros((len(packages), states, seeds, 35)) for name in GAINS},
        onset=onset,
        budgets=budgets or dict.fromkeys(packages, 0.0),
    )


def spread(city: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    """Yearly means, every kecamatan and quintile like the city; NaN where an outcome is not declared."""
    years = [city[:, :, :, k : k + 12].mean(axis=3) for k in range(0, city.shape[3], 12)]
    rows = np.repeat(np.stack(years, axis=3)[..., None], 36, axis=-1)
    for k, name in enumerate(names):
        if not OUTCOMES[name].by_place:
            rows[..., k, 1:31] = np.nan
        if not OUTCOMES[name].by_group:
            rows[..., k, 31:] = np.nan
    return rows


def programme(package, seed, spent, *, shock=0, by_quintile=(0,) * 5, received=(0,) * 5, companies=0.0, reached=100):
    """One record of what a programme did."""
    return {
        "package": package,
        "shock": shock,
        "seed": seed,
        "programme": "lever",
        "released": spent,
        "spent": spent,
        "refused": 0.0,
        "leaked": 0.0,
        "from_companies": companies,
        "reached": reached,
        "by_quintile": np.array(by_quintile),
        "by_district": np.zeros(30, np.int64),
        "received_by_quintile": np.array(received, float),
    }
