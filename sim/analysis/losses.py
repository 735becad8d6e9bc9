"""Socio-economic resilience: what a shock takes in assets, income, spending and wellbeing, and from which fifth.

A rupiah that the poor lose takes more wellbeing than one that the rich lose. Wellbeing is counted in rupiah of the mean
resident's spending; resilience is the loss that can be seen (assets, or income where nothing is destroyed) over it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.analysis.cost import RATE, discount
from sim.analysis.effects import year_lengths
from sim.analysis.ensemble import YEAR, Ensemble
from sim.analysis.paired import flagged, paired, tested
from sim.outcomes.figures import CITY, GROUPS, QUINTILES
from sim.outcomes.wellbeing import ETA, utility

NEEDED = ("wellbeing", "consumption_mean", "income_mean", "population", "asset_losses_rp", "home_losses_rp")
KINDS = ("assets", "income", "spending", "wellbeing")
COLUMNS = (
    "package", "group", "assets_rp", "income_rp", "spending_rp", "wellbeing_rp", "wellbeing_low", "wellbeing_high",
    "resilience", "resilience_income", "effect", "low", "high", "p", "distinguishable", "distinguishable_in_table",
)  # fmt: skip


def losses(ensemble: Ensemble) -> pd.DataFrame:
    """What the shocks take from residents, with each package and without: means over seeds, Rp of the run's prices.

    Each world against its own twin without the shocks, discounted at 5 % a year. group 'all': the city; q1 to q5: the
    fifths as they stand in each world, assets being their homes. wellbeing_rp: sum e^(-rt) N [u(quiet) - u(shocked)] /
    u'(mean spending), eta 1.5, from the recorded wellbeing of all, with its 95 % interval over seeds. resilience:
    assets_rp over wellbeing_rp (NaN where nothing was destroyed); resilience_income: income_rp over wellbeing_rp; both
    NaN where the loss of wellbeing cannot be told from zero. effect: change of wellbeing_rp by the
    package, with its 95 % interval over seeds. Columns: `COLUMNS`. No rows without shocks. Source: hallegatte_2017.
    """
    if not ensemble.has_shocks or not set(NEEDED) <= set(ensemble.outcomes):
        return flagged(pd.DataFrame(columns=list(COLUMNS)))
    city, fifths = _of_city(ensemble), _of_fifths(ensemble)  # (kind, package, seed), (kind, package, seed, fifth)
    change = paired(city[3, 1:] - city[3, :1], axis=1)
    rows = []
    for k, package in enumerate(ensemble.packages):
        rows.append(_row(package, "all", city[:, k]))
        if k:
            effect = {name: getattr(change, name)[k - 1] for name in ("low", "high", "p", "agrees")}
            rows[-1] |= {"effect": change.mean[k - 1], **effect}
        rows += [_row(package, f"q{q + 1}", fifths[:, k, :, q]) for q in range(QUINTILES)]
    return tested(pd.DataFrame(rows, columns=[*COLUMNS[:-2], "agrees"]))


def _row(package: str, group: str, by_seed: np.ndarray) -> dict[str, object]:
    """One line from the four losses (kind, seed)."""
    lost, felt = by_seed.mean(axis=1), paired(by_seed[3])
    found = dict(zip((f"{kind}_rp" for kind in KINDS), lost, strict=True))
    known = lost[3] > 0 and not felt.low <= 0  # one seed has no interval
    over = lost[:2] / lost[3] if known else np.full(2, np.nan)
    return {
        "package": package,
        "group": group,
        **found,
        "wellbeing_low": float(felt.low),
        "wellbeing_high": float(felt.high),
        "resilience": over[0] if lost[0] > 0 else np.nan,
        "resilience_income": over[1],
        "agrees": False,
    }


def _of_city(ensemble: Ensemble) -> np.ndarray:
    """The four losses of all residents, from the months: (kind, package, seed)."""
    series = {name: ensemble.of(name) for name in NEEDED}  # (package, shock, seed, month)
    heads, weight = series["population"][:, 0], discount(len(ensemble.months), RATE)
    mean = series["consumption_mean"][:1, 0].mean(axis=-1, keepdims=True)  # of the quiet city without a policy
    return np.stack(
        [
            ((series["asset_losses_rp"][:, 1] - series["asset_losses_rp"][:, 0]) * weight).sum(-1),
            *_lost(series, heads, weight, mean),
        ]
    )


def _of_fifths(ensemble: Ensemble) -> np.ndarray:
    """The four losses by fifth of persons, from the years: (kind, package, seed, fifth)."""
    columns = [ensemble.column(name) for name in NEEDED]
    yearly = np.moveaxis(ensemble.yearly[..., columns, :], -2, 0)  # (outcome, package, shock, seed, year, 36)
    series = {name: np.swapaxes(table[..., GROUPS], -1, -2) for name, table in zip(NEEDED, yearly, strict=True)}
    months = year_lengths(ensemble)
    middle = np.cumsum(months) - months / 2.0
    weight = months * (1.0 + RATE) ** (-middle / YEAR)
    heads = yearly[NEEDED.index("population")][:, 0, ..., None, :, CITY] / QUINTILES  # fifths of persons
    city = yearly[NEEDED.index("consumption_mean")][:1, 0, ..., None, :, CITY]
    mean = (city * months).sum(-1, keepdims=True) / months.sum()
    homes = ((series["home_losses_rp"][:, 1] - series["home_losses_rp"][:, 0]) * weight).sum(-1)
    return np.stack([homes, *_lost(series, heads, weight, mean)])


def _lost(series: dict[str, np.ndarray], heads: np.ndarray, weight: np.ndarray, mean: np.ndarray) -> list[np.ndarray]:
    """Income, spending and wellbeing lost: each world's quiet twin (0 on the second axis) less the shocked one (1)."""
    quiet, shocked = ({name: table[:, k] for name, table in series.items()} for k in (0, 1))
    plain = [(heads * (quiet[name] - shocked[name]) * weight).sum(-1) for name in ("income_mean", "consumption_mean")]
    felt = utility(quiet["wellbeing"], ETA) - utility(shocked["wellbeing"], ETA)
    return [*plain, (heads * felt * weight).sum(-1) * mean[..., 0] ** ETA]
