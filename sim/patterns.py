"""Patterns that a city economy shows and the model was not told to show: measured on finished runs, each with its band.

Pattern-oriented validation after Grimm et al. (2005). The first half are plain functions of arrays; `measure_patterns`
runs a quiet city and its twin in a slump and applies them. What lies outside its band is printed as failing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sim.agents.businesses import FIRM, OPEN
from sim.agents.persons import FORMAL, OWN

SLUMP_START, SLUMP_MONTHS, SLUMP_DEPTH = 12, 12, 0.15  # outside demand falls by 15 % for a year
RUN = 48
TAIL = 20  # workers: firms from here on are the upper tail


@dataclass(frozen=True)
class Pattern:
    """One measured figure and the band it should lie in (None: no target, shown for the record)."""

    name: str
    value: float
    low: float | None
    high: float | None
    what: str

    @property
    def verdict(self) -> str:
        if self.low is None or self.high is None:
            return "no target"
        return "inside" if self.low <= self.value <= self.high else "FAILS"

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"verdict": self.verdict}


def tail_exponent(sizes: np.ndarray, least: float = TAIL) -> float:
    """Exponent of the share of firms larger than x, by maximum likelihood: n / sum ln(x / (least - 1/2)).

    1 is Zipf's law. Source: axtell_2001; clauset_2009.
    """
    tail = np.asarray(sizes, float)[np.asarray(sizes) >= least]
    return float(len(tail) / np.sum(np.log(tail / (least - 0.5)))) if len(tail) else float("nan")


def pareto_tail(values: np.ndarray, weight: np.ndarray, share: float = 0.05) -> float:
    """Hill estimate of the Pareto exponent of the top `share` of weighted values."""
    order = np.argsort(values)[::-1]
    values, weight = np.asarray(values, float)[order], np.asarray(weight, float)[order]
    top = np.cumsum(weight) <= share * weight.sum()
    return float(weight[top].sum() / np.sum(weight[top] * np.log(values[top] / values[top][-1])))


def okun(unemployment: np.ndarray, twin: np.ndarray, output: np.ndarray, output_twin: np.ndarray) -> float:
    """Points of unemployment per point of output, slump against twin, means of the same year. Source: okun_1962."""
    fall = output.mean() / output_twin.mean() - 1.0
    return float((unemployment.mean() - twin.mean()) / fall)


def correlation(x: np.ndarray, y: np.ndarray) -> float:
    """Pearson's; 0 if one of them never moves."""
    return float(np.corrcoef(x, y)[0, 1]) if np.std(x) > 0 and np.std(y) > 0 else 0.0


def slope(y: np.ndarray, *columns: np.ndarray) -> float:
    """Coefficient of the first column in a least-squares fit with a constant."""
    table = np.column_stack([*columns, np.ones(len(y))])
    return float(np.linalg.lstsq(table, y, rcond=None)[0][0])


def engel_slope(food_share: np.ndarray, per_head: np.ndarray) -> float:
    """Change of the food share per log point of spending per head. Source: working_leser."""
    kept = per_head > 0
    return slope(food_share[kept].astype(float), np.log(per_head[kept]))


def education_premium(pay: np.ndarray, schooling: np.ndarray, age_years: np.ndarray) -> float:
    """Log points of pay per year of schooling, given potential experience and its square. Source: mincer_1974."""
    kept = pay > 0
    experience = np.maximum(age_years[kept] - schooling[kept] - 6.0, 0.0)
    return slope(np.log(pay[kept]), schooling[kept].astype(float), experience, experience**2)


def poverty_elasticity(spending: np.ndarray, size: np.ndarray, line: float, step: float = 0.02) -> float:
    """Change of ln P0 per change of ln mean when everybody's spending changes by the same share."""
    more, less = (float(size[spending * (1 + s) < line].sum()) for s in (step, -step))
    if min(more, less) <= 0:
        return float("nan")
    return float(np.log(more / less) / np.log((1 + step) / (1 - step)))


def yearly_flow(before: np.ndarray, after: np.ndarray, origin: int, target: int) -> float:
    """Of those in `origin` who are in `origin` or `target` a year later, the share in `target`."""
    stayed = (before == origin) & np.isin(after, (origin, target))
    return float((after[stayed] == target).mean()) if stayed.any() else float("nan")


def smoothness(consumption: np.ndarray, income: np.ndarray) -> float:
    """Standard deviation of log consumption over that of log income."""
    return float(np.std(np.log(consumption)) / np.std(np.log(income)))


def moran(values: np.ndarray, adjacency: np.ndarray) -> float:
    """Moran's I with binary neighbours. Source: moran_1950."""
    apart = values - values.mean()
    weight = adjacency.sum()
    return float(len(values) / weight * (apart @ adjacency @ apart) / (apart @ apart))


class Slump:
    """Outside demand falls in every sector and district: what the driver of a demand shock would do."""

    def __init__(self, start: int = SLUMP_START, months: int = SLUMP_MONTHS, depth: float = SLUMP_DEPTH) -> None:
        self.start, self.end, self.depth = start, start + months, depth

    def apply(self, world: Any) -> None:
        if self.start <= world.month < self.end:
            world.drivers.demand *= 1.0 - self.depth


@dataclass
class Lived:
    """What is kept of one run: its model, monthly sums over households, and who worked where in month 12 and 24."""

    model: Any
    consumption: np.ndarray
    income: np.ndarray
    states: dict[int, np.ndarray]  # of persons, with their ids
    first: dict[str, np.ndarray]

    def series(self, name: str) -> np.ndarray:
        return self.model.recorder.city(name)


def live(model: Any, months: int = RUN, shocks: tuple = (), tell: Callable[[int], None] = lambda month: None) -> Lived:
    """Run a model for some months and keep what the patterns need."""
    model.world.shocks.extend(shocks)
    consumption, income, states = np.zeros(months), np.zeros(months), {}
    h = model.world.households.rows
    first = {name: h[name][h["alive"] == 1].copy() for name in ("average", "size")}
    for month in range(months):
        if month in (12, 24):
            states[month] = model.world.persons.rows[["uid", "state"]].copy()
        model.step()
        rows = model.world.households.rows
        consumption[month], income[month] = rows["spending"].sum(), rows["income"].sum()
        tell(month)
    return Lived(model, consumption, income, states, first)


def firm_sizes(world: Any) -> np.ndarray:
    """People who work in each open firm of the city, commuters included."""
    firms = world.businesses.rows
    trading = (firms["status"] == OPEN) & (firms["kind"] == FIRM)
    return (firms["workers"] + firms["commuters"])[trading]


def commuting(world: Any) -> tuple[float, float, float]:
    """Shares: residents at work outside their kecamatan, residents at work outside the city, jobs held from outside."""
    people, firms = world.persons.rows, world.businesses.rows
    working = people[np.isin(people["state"], (FORMAL, OWN))]
    home = world.households.rows["district"][working["home"]]
    inside = firms["district"] < 30
    coming, here = (int(firms[name][inside].sum()) for name in ("commuters", "workers"))
    away = working["workplace"]
    return float((away != home).mean()), float((away >= 30).mean()), coming / max(coming + here, 1)


def of_the_start(quiet: Lived) -> list[Pattern]:
    """How well the first month fits the official figures of the data year."""
    targets, found = quiet.model.world.city.targets, []
    for name, label in (
        ("poverty_headcount", "P0"),
        ("poverty_gap", "P1"),
        ("poverty_severity", "P2"),
        ("gini", "Gini"),
    ):
        error = quiet.series(name)[0] / getattr(targets, name) - 1.0
        found.append(
            Pattern(f"start {label}", error, -0.03, 0.03, f"{label} of the first month over the official one, - 1")
        )
    tail = pareto_tail(quiet.first["average"], quiet.first["size"])
    return [*found, Pattern("spending tail", tail, 1.8, 2.8, "Pareto exponent of the top 5 % of spending per head")]


def of_the_same(before: np.ndarray, after: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Labour states of the persons who are there in both months."""
    _, first, second = np.intersect1d(before["uid"], after["uid"], assume_unique=True, return_indices=True)
    return before["state"][first], after["state"][second]


def of_a_quiet_city(quiet: Lived) -> list[Pattern]:
    """Patterns that need no shock."""
    world = quiet.model.world
    homes = world.households.rows[world.households.rows["alive"] == 1]
    workers = world.persons.rows[world.persons.rows["state"] == FORMAL]
    moved, left, came = commuting(world)
    before, after = of_the_same(quiet.states[12], quiet.states[24])
    border = np.array(_adjacency(world.city))
    poverty = quiet.model.recorder.places("poverty_headcount")[-12:].mean(axis=0)
    premium = education_premium(workers["pay"], workers["schooling"], (world.month - workers["born"]) / 12.0)
    line = float(world.market.line)
    return [
        Pattern("firm size", tail_exponent(firm_sizes(world)), 0.9, 1.3,
                "Zipf exponent of firms of 20 workers and more"),
        Pattern("Engel", engel_slope(homes["food_share"], homes["spending"] / homes["size"]), -0.16, -0.08,
                "food share per log point of spending per head"),
        Pattern("poverty and growth", poverty_elasticity(homes["average"], homes["size"], line), -6.0, -3.0,
                "elasticity of P0 to everybody's spending, end of the run"),
        Pattern("formal to own", yearly_flow(before, after, FORMAL, OWN), 0.08, 0.17, "a year later, of those at work"),
        Pattern("own to formal", yearly_flow(before, after, OWN, FORMAL), 0.09, 0.15, "a year later, of those at work"),
        Pattern("schooling and pay", premium, 0.068, 0.106, "log points of pay per year of schooling"),
        Pattern("poverty in space", moran(poverty, border), 0.0, 1.0, "Moran's I of P0 over the 66 borders"),
        Pattern("work elsewhere", moved, None, None, "residents at work outside their kecamatan"),
        Pattern("work outside", left, None, None, "residents at work outside the city"),
        Pattern("work from outside", came, None, None, "jobs in the city held by people from outside"),
    ]  # fmt: skip


def of_a_slump(quiet: Lived, slump: Lived) -> list[Pattern]:
    """Patterns of a year of weak outside demand, against the quiet twin."""
    year = slice(
        SLUMP_START + 3, SLUMP_START + SLUMP_MONTHS + 3
    )  # people lose work some months after their firm its orders

    def change(name: str, months: slice = year) -> float:
        return float(slump.series(name)[months].mean() - quiet.series(name)[months].mean())

    same = slice(SLUMP_START, SLUMP_START + SLUMP_MONTHS)
    law = okun(
        slump.series("unemployment_rate")[year],
        quiet.series("unemployment_rate")[year],
        slump.series("value_added_index")[same],
        quiet.series("value_added_index")[same],
    )
    after = slice(SLUMP_START, None)
    curve = correlation(slump.series("unemployment_rate")[after], slump.series("vacancies_rate")[after])
    poorer = slice(SLUMP_START + 6, SLUMP_START + SLUMP_MONTHS + 6)  # spending is a 12-month average
    means = [x.series("consumption_mean")[poorer].mean() for x in (slump, quiet)]
    heads = [x.series("poverty_headcount")[poorer].mean() for x in (slump, quiet)]
    own = [x.series("median_own_account_income")[year].mean() for x in (slump, quiet)]
    relative = smoothness(slump.consumption / quiet.consumption, slump.income / quiet.income)
    return [
        Pattern("Okun", law, -0.5, -0.2, "points of unemployment per point of output in a slump"),
        Pattern("Beveridge", curve, -1.0, -0.3, "correlation of unemployment and vacancies in and after a slump"),
        Pattern("poverty in a slump", float(np.log(heads[0] / heads[1]) / np.log(means[0] / means[1])), -6.0, -3.0,
                "elasticity of P0 to mean spending, slump against twin"),
        Pattern("informal buffer", change("informal_share"), 0.0, 0.02, "rise of the informal share in a slump"),
        Pattern("crowding", own[0] / own[1] - 1.0, -1.0, 0.0, "change of own-account income in a slump"),
        Pattern("smooth consumption", relative, 0.5, 0.9,
                "sd of log spending over that of log income, slump over twin"),
    ]  # fmt: skip


def _adjacency(city: Any) -> list[list[float]]:
    import networkx as nx

    return nx.to_numpy_array(city.graph, nodelist=range(30), weight=None).tolist()


def measure_patterns(
    scale: int = 50, seed: int = 1, start: str = "2025-01", months: int = RUN, tell: Callable[[str], None] = print
) -> list[Pattern]:
    """Run the quiet city and its twin in a slump; every pattern with its band."""
    from sim.model import BandungModel

    lived = []
    for name, shocks in (("quiet city", ()), ("slump", (Slump(),))):
        tell(f"{name}, {months} months at scale {scale}")
        lived.append(live(BandungModel(scale=scale, seed=seed, start=start, months=months), months, shocks))
    quiet, slump = lived
    return [*of_the_start(quiet), *of_a_quiet_city(quiet), *of_a_slump(quiet, slump)]
