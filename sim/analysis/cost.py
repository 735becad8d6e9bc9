"""What packages cost, what a unit of effect costs, what private money they bring, and which of them are dominated.

Rp are of the start year's prices, at the city's real size. Programmes record what they spent in all, not when: present
values spread it evenly over the months of the run (assumption), unless a profile by month is given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.effects import END, effects
from sim.analysis.ensemble import YEAR, Ensemble, good
from sim.analysis.paired import ALPHA, benjamini_hochberg, flagged, flags, paired
from sim.catalogue import reach_units
from sim.outcomes.wellbeing import ETA, consumption_loss, discounted_loss
from sim.parts import all_parts

RATE = 0.05  # a year
TOLERANCE = 0.05  # packages whose costs differ by less cost the same
DECISIVE = ("poverty_headcount", "unemployment_rate", "out_of_school_share", "service_access", "wellbeing")

Profile = Mapping[str, np.ndarray]  # package: share of its money spent in each month


class Measure(NamedTuple):
    """A countable effect: an outcome, the head-count it is a share of (None: itself a count), its sign, its name."""

    outcome: str
    heads: str | None
    sign: int
    name: str


MEASURES = (
    Measure("poverty_headcount", "population", -1, "person-year of poverty averted"),
    Measure("food_insecure_share", "population", -1, "person-year of hunger averted"),
    Measure("employed", None, 1, "job-year"),
    Measure("out_of_school_share", "school_age_children", -1, "child-year in school"),
)
WELLBEING = "Rp of wellbeing"


def discount(months: int, rate: float = RATE) -> np.ndarray:
    """Weight of each month, (1 + r)^-t with t in years at mid-month."""
    return (1.0 + rate) ** -((np.arange(months) + 0.5) / YEAR)


def present_value(total: np.ndarray | float, months: int, shares: np.ndarray | None = None, rate: float = RATE):
    """Present value at the start of a sum spent evenly over the months, or in the given shares (brought to one)."""
    shares = np.ones(months) if shares is None else np.asarray(shares, float)
    return np.asarray(total) * float(np.dot(shares, discount(months, rate)) / shares.sum())


def totals(ensemble: Ensemble, field: str, shocks: bool | None = None) -> np.ndarray:
    """One figure of the programmes, summed by package and seed: (package, seed) or (package, seed, 5 or 30)."""
    state = ensemble.state(shocks)
    width = next((np.shape(record[field]) for record in ensemble.programmes), ())
    found = np.zeros((len(ensemble.packages), len(ensemble.seeds), *width))
    for record in ensemble.programmes:
        if record["shock"] == state:
            found[ensemble.packages.index(record["package"]), ensemble.seeds.index(record["seed"])] += record[field]
    return found


def reach(ensemble: Ensemble, package: str, shocks: bool | None = None) -> dict[str, float]:
    """How often each programme of a package reached somebody over the run, mean over seeds, in its own unit
    (`catalogue.reach_units`): a programme has the name of its lever, the second of a kind a number behind it."""
    state, found = ensemble.state(shocks), dict[str, float]()
    for one in ensemble.programmes:
        if one["package"] == package and one["shock"] == state:
            found[one["programme"]] = found.get(one["programme"], 0.0) + one["reached"] / len(ensemble.seeds)
    return found


def costs(ensemble: Ensemble, shocks: bool | None = None, profile: Profile | None = None) -> pd.DataFrame:
    """Money of each package, means over seeds.

    Columns: package, planned_rp_per_year (Rp of 2024), planned_rp (over the run), spent_rp, spent_rp_per_year,
    spent_low, spent_high (seeds), present_value_rp (5 %), public_rp, from_companies_rp, refused_rp, leaked_rp, reached
    (NaN where its programmes count in different units, which do not add), private_extra_rp (self-help, company projects
    and company money for the package, beyond no policy), leverage (private_extra_rp over public_rp), leverage_low,
    leverage_high (95 % t interval), leverage_told (is it clear of zero with all packages tested together?).
    """
    months = len(ensemble.months)
    spent, public, private = _money(ensemble, shocks)
    brought = paired(private, axis=1)
    clear = flags(benjamini_hochberg(np.where(public.mean(axis=1) > 0, brought.p, np.nan)), brought.agrees)
    rows = []
    for k, package in enumerate(ensemble.packages):
        shares = (profile or {}).get(package)
        rows.append(
            {
                "package": package,
                "planned_rp_per_year": float(ensemble.budgets.get(package, np.nan)),
                "planned_rp": float(ensemble.planned.get(package, np.nan)),
                "spent_rp": spent[k].mean(),
                "spent_rp_per_year": spent[k].mean() * YEAR / months,
                "spent_low": spent[k].min(),
                "spent_high": spent[k].max(),
                "present_value_rp": float(present_value(spent[k].mean(), months, shares)),
                "public_rp": public[k].mean(),
                **{
                    f"{name}_rp": totals(ensemble, name, shocks)[k].mean()
                    for name in ("from_companies", "refused", "leaked")
                },
                "reached": _together(reach(ensemble, package, shocks)),
                "private_extra_rp": private[k].mean(),
                **{
                    f"leverage{end}": amount / public[k].mean() if public[k].mean() > 0 else np.nan
                    for end, amount in zip(("", "_low", "_high"), (one[k] for one in brought[:3]), strict=True)
                },
                "leverage_told": clear[k] is True,
            }
        )
    return pd.DataFrame(rows)


def _together(reached: Mapping[str, float]) -> float:
    """The sum over programmes; NaN where those that reach somebody count in different units."""
    some = {name: times for name, times in reached.items() if times}
    units = {reach_units([name]).get(name, name) for name in some}
    return float(sum(some.values())) if len(units) < 2 else float("nan")


def _money(ensemble: Ensemble, shocks: bool | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Spent, public part of it, and private money beyond no policy: each (package, seed).

    Company money for a programme comes out of the funds of company projects, whose fall is counted against it.
    """
    spent, released, given = (totals(ensemble, name, shocks) for name in ("spent", "released", "from_companies"))
    public = spent * (1.0 - np.divide(given, released, out=np.zeros_like(given), where=released > 0))
    usual = np.zeros_like(given)
    for name in ("swadaya_rp", "csr_rp"):
        if name in ensemble.outcomes:
            usual += np.nansum(ensemble.of(name)[:, ensemble.state(shocks)], axis=2)
    return spent, public, usual - usual[:1] + given


def units(ensemble: Ensemble, measure: Measure, shocks: bool | None = None, rate: float = 0.0) -> np.ndarray:
    """How much of a measure a package brought over the run beyond no policy: (package, seed), in head-years."""
    state = ensemble.state(shocks)
    values = ensemble.of(measure.outcome)[:, state]
    heads = ensemble.of(measure.heads)[:1, state] if measure.heads else 1.0
    return measure.sign * ((values - values[:1]) * heads * discount(values.shape[2], rate)).sum(axis=2) / YEAR


def wellbeing_gain(ensemble: Ensemble, shocks: bool | None = None, rate: float = RATE, eta: float = ETA) -> np.ndarray:
    """Wellbeing gained over the run in Rp of mean consumption, discounted: (package, seed).

    The recorded `wellbeing` (equally distributed equivalent, Rp a head and month) carries everybody's mean utility:
    sum e^(-rt) N [u(with) - u(without)] / u'(mean consumption without). Right for eta 1.5 only, at which it was
    recorded. Source: hallegatte_2017.
    """
    state = ensemble.state(shocks)
    level, people = ensemble.of("wellbeing")[:, state], ensemble.of("population")[0, state]
    mean = ensemble.of("consumption_mean")[0, state].mean(axis=1)
    lost = discounted_loss(level[:1], level, 1.0 / YEAR, eta, np.log1p(rate), people)
    return np.array([[-YEAR * consumption_loss(one, c, eta) for one, c in zip(row, mean, strict=True)] for row in lost])


def cost_effectiveness(
    ensemble: Ensemble,
    shocks: bool | None = None,
    profile: Profile | None = None,
    measures: Sequence[Measure] = MEASURES,
) -> pd.DataFrame:
    """What a unit of effect costs, over the whole run; one row a package and measure.

    Columns: package, measure (outcome), unit, units, low, high (95 % t interval), distinguishable, cost_rp,
    present_value_rp, cost_per_unit (neither discounted), per_unit_low, per_unit_high (from the interval of the units),
    present_cost_per_unit (both discounted at 5 %), units_per_billion, units_per_rp, distinguishable_in_table
    (Benjamini-Hochberg over all rows). Costs per unit are given only where the gain is clear of zero in the whole
    table. The measure 'wellbeing' is discounted throughout, its unit Rp: `units_per_rp` is the wellbeing-Rp for every
    Rp.
    """
    money = costs(ensemble, shocks, profile).set_index("package")
    rows = []
    for measure in measures:
        if measure.outcome not in ensemble.outcomes or (measure.heads or measure.outcome) not in ensemble.outcomes:
            continue
        amount, later = (units(ensemble, measure, shocks, rate) for rate in (0.0, RATE))
        rows += _rows(ensemble, money, measure.outcome, measure.name, amount, later)
    if {"wellbeing", "population", "consumption_mean"} <= set(ensemble.outcomes):
        gain = wellbeing_gain(ensemble, shocks)
        rows += _rows(ensemble, money.assign(spent_rp=money["present_value_rp"]), "wellbeing", WELLBEING, gain, gain)
    order = {package: k for k, package in enumerate(ensemble.packages)}
    rows.sort(key=lambda row: order[row["package"]])
    whole = benjamini_hochberg(np.array([row["p"] for row in rows], float))
    for row, p in zip(rows, whole, strict=True):
        row["distinguishable_in_table"] = None if np.isnan(p) else bool(p < ALPHA and row["agrees"])
        if not row["distinguishable_in_table"]:
            row |= dict.fromkeys(("cost_per_unit", "per_unit_low", "per_unit_high", "present_cost_per_unit"), np.nan)
    table = pd.DataFrame(rows, columns=list(EFFECTIVENESS))
    return flagged(table)


EFFECTIVENESS = (
    "package", "measure", "unit", "units", "low", "high", "distinguishable", "cost_rp", "present_value_rp",
    "cost_per_unit", "per_unit_low", "per_unit_high", "present_cost_per_unit", "units_per_billion", "units_per_rp",
    "distinguishable_in_table",
)  # fmt: skip


def _rows(ensemble: Ensemble, money: pd.DataFrame, outcome: str, name: str, amount: np.ndarray, later: np.ndarray):
    """One row for every package that does something."""
    found = paired(amount, axis=1)
    clear = flags(found.p, found.agrees)
    rows = []
    for k, package in enumerate(ensemble.packages[1:], start=1):
        spent, present = float(money["spent_rp"][package]), float(money["present_value_rp"][package])
        gained, low, high = float(found.mean[k]), float(found.low[k]), float(found.high[k])
        told = gained > 0 and spent > 0  # and clear of zero in the whole table, which is asked when it is whole
        rows.append(
            {
                "package": package,
                "measure": outcome,
                "unit": name,
                "units": gained,
                "low": low,
                "high": high,
                "distinguishable": clear[k],
                "cost_rp": spent,
                "present_value_rp": present,
                "cost_per_unit": spent / gained if told else np.nan,
                "per_unit_low": spent / high if told else np.nan,
                "per_unit_high": spent / low if told and low > 0 else np.nan,
                "present_cost_per_unit": present / later[k].mean() if told and later[k].mean() > 0 else np.nan,
                "units_per_billion": gained / (spent / 1e9) if spent > 0 else np.nan,
                "units_per_rp": gained / spent if spent > 0 else np.nan,
                "p": float(found.p[k]),
                "agrees": bool(found.agrees[k]),
            }
        )
    return rows


class EqualCost(NamedTuple):
    """Do the packages cost the same, as planned and as spent? None: nothing to compare.

    Ratios: least over most; NaN where a package saves money.
    """

    planned: bool | None
    spent: bool | None
    planned_ratio: float
    spent_ratio: float


def equal_cost(ensemble: Ensemble, shocks: bool | None = None, tolerance: float = TOLERANCE) -> EqualCost:
    """Planned and spent money of the packages side by side; what is part of another of them is left out."""
    table = costs(ensemble, shocks).iloc[1:]
    table = table[~table["package"].isin(all_parts(ensemble.parts))]

    def compared(name: str) -> tuple[bool | None, float]:
        values = table[name].to_numpy(float)
        if len(values) < 2 or not np.abs(values).max() > 0:
            return None, float("nan")
        same = bool(np.ptp(values) <= tolerance * np.abs(values).max())
        return same, float(values.min() / values.max()) if values.min() >= 0 else float("nan")

    planned, spent = compared("planned_rp_per_year"), compared("spent_rp")
    return EqualCost(planned[0], spent[0], planned[1], spent[1])


def pareto(cost: np.ndarray, gains: np.ndarray) -> np.ndarray:
    """Which options nobody dominates: no other costs as little or less and gains as much or more, one of them strictly.

    cost: (option,), gains: (option, outcome), more is better.
    """
    return np.logical_not(dominates(cost, gains).any(axis=0))


def dominates(cost: np.ndarray, gains: np.ndarray) -> np.ndarray:
    """(option, option): True where the row's option dominates the column's."""
    cost, gains = np.asarray(cost, float), np.asarray(gains, float).reshape(len(cost), -1)
    as_good = (cost[:, None] <= cost[None]) & (gains[:, None] >= gains[None]).all(axis=2)
    better = (cost[:, None] < cost[None]) | (gains[:, None] > gains[None]).any(axis=2)
    return np.asarray(as_good & better)


def dominance(
    ensemble: Ensemble, outcomes: Sequence[str] = DECISIVE, shocks: bool | None = None, period: str = END
) -> pd.DataFrame:
    """Cost against effects: package (with 'none' at no cost), cost_rp, gain of each outcome (effect in the good
    direction; 0 where it cannot be told from chance), on_front (Pareto set of the means), dominated_by (names),
    front_share (share of seeds in which it is on the front, effects taken as they are)."""
    names = [name for name in outcomes if name in ensemble.outcomes and good(name)]
    spent = totals(ensemble, "spent", shocks)
    table = effects(ensemble, period, names, places=False, groups=False)
    table = table[table["shocks"] == ("on" if ensemble.state(shocks) else "off")] if len(table) else table
    gains = np.zeros((len(ensemble.packages), len(names)))
    for row in table.to_dict("records"):
        if pd.isna(row["distinguishable"]) or row["distinguishable"]:
            place = ensemble.packages.index(row["package"]), names.index(row["outcome"])
            gains[place] = np.nan_to_num(row["effect"]) * row["good"]
    beaten = dominates(spent.mean(axis=1), gains)
    window = slice(-YEAR, None) if period == END else slice(None)
    signs = np.array([good(name) for name in names])
    columns = [ensemble.column(name) for name in names]
    each = ensemble.city[:, ensemble.state(shocks), :, window][..., columns].mean(axis=2) * signs
    front = np.array([pareto(spent[:, s], np.nan_to_num(each[:, s])) for s in range(len(ensemble.seeds))])
    return pd.DataFrame(
        {
            "package": ensemble.packages,
            "cost_rp": spent.mean(axis=1),
            **{name: gains[:, k] for k, name in enumerate(names)},
            "on_front": ~beaten.any(axis=0),
            "dominated_by": [tuple(np.array(ensemble.packages)[beaten[:, k]]) for k in range(len(gains))],
            "front_share": front.mean(axis=0),
        }
    )
