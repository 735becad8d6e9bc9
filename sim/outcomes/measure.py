"""The month in figures: two walks over everybody, then every declared outcome for city, kecamatan and quintiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from sim.declare import OUTCOMES
from sim.outcomes import households_tally as homes
from sim.outcomes import people_tally
from sim.outcomes.business import business
from sim.outcomes.children import children
from sim.outcomes.coping import coping
from sim.outcomes.figures import CITY, GROUPS, PLACES, ROWS, Count, count_of, together, works_of
from sim.outcomes.index import index
from sim.outcomes.inequality import inequality, quintiles
from sim.outcomes.labour import labour
from sim.outcomes.losses import losses
from sim.outcomes.people import people
from sim.outcomes.poverty import poverty
from sim.outcomes.reads import memory_of, read_city, read_places
from sim.outcomes.services import services
from sim.outcomes.social import social
from sim.outcomes.wellbeing import wellbeing
from sim.world import World

BLOCK = 12  # months that are evaluated at once
MEASURES = (people, poverty, inequality, labour, coping, services, children, social, business, wellbeing, losses)


@dataclass
class Measured:
    """One month's outcomes: `values[name]` has 36 rows (city, 30 kecamatan, 5 quintiles), NaN where not declared."""

    month: int
    values: dict[str, np.ndarray]

    def city(self, name: str) -> float:
        return float(self.values[name][CITY])

    def places(self, name: str) -> np.ndarray:
        return self.values[name][PLACES]

    def groups(self, name: str) -> np.ndarray:
        return self.values[name][GROUPS]


def start_thresholds(households: np.ndarray, line: float) -> np.ndarray:
    """Limits of the fifths of persons by average spending per head over the line, exact: for the first month."""
    rows = households[households["alive"] == 1]
    order = np.argsort(rows["average"], kind="stable")
    up_to = np.cumsum(rows["size"][order].astype(np.int64))
    wanted = np.arange(1, 5) / 5 * (up_to[-1] if len(up_to) else 0)
    return rows["average"][order][np.searchsorted(up_to, wanted)] / line if len(up_to) else np.zeros(4)


def count(world: World) -> Count:
    """Walk over all households and persons. Writes every household's quintile, by last month's limits."""
    memory, line = memory_of(world), float(world.market.line)
    if memory.thresholds is None:
        memory.thresholds = start_thresholds(world.households.rows, line)
    cells = np.empty(world.households.n, np.uint8)
    of_homes = homes.count_households(world.households, cells, world.month, line, world.market.paid, memory.thresholds)
    persons, minimum = world.persons.rows, np.floor(world.labour.minimum_wage)  # pay is whole rupiah
    of_people = people_tally.count_people(persons, cells, world.month, minimum)
    counted = count_of(world.month, world.scale, line, float(minimum), of_homes, of_people)
    if len(world.labour.on_works):
        of_works = people_tally.count_people(persons[world.labour.on_works], cells, world.month, minimum)
        counted.works = works_of(of_works)
    memory.thresholds = quintiles(counted.spread[0])
    return counted


def observe(world: World, counted: Count | None = None) -> Count:
    """Everything this month's outcomes are made of. `counted`: what `count` gave, if it was called before."""
    counted = count(world) if counted is None else counted
    counted.places = read_places(world)
    counted.city = read_city(world, int(counted.places["firms"].sum()))
    return counted


def measure(world: World, counted: Count | None = None) -> Measured:
    """Every outcome of this month."""
    seen = observe(world, counted)
    names, values = evaluate([seen])
    return Measured(seen.month, dict(zip(names, values[0], strict=True)))


def evaluate(months: Sequence[Count]) -> tuple[tuple[str, ...], np.ndarray]:
    """Names of the outcomes, and their values of up to BLOCK months (month, outcome, 36 rows).

    NaN in the rows an outcome is not declared for. A block is always filled up (with its last month), so that a
    month's values do not depend on how many others are looked at with it.
    """
    figures = together([*months, *[months[-1]] * (BLOCK - len(months))])
    found: dict[str, np.ndarray] = {}
    for part in MEASURES:
        found |= part(figures)
    found |= index(found)
    names = tuple(found)
    _check(names)
    table = np.array(list(found.values()))
    table[~_declared(names)] = np.nan
    return names, np.moveaxis(table, -1, 0)[: len(months)]


def _check(names: tuple[str, ...]) -> None:
    """Raise ValueError where what is measured is not what is declared."""
    unmeasured, undeclared = sorted(OUTCOMES.keys() - set(names)), sorted(set(names) - OUTCOMES.keys())
    parts = [f"declared and not measured: {', '.join(unmeasured)}"] if unmeasured else []
    parts += [f"measured and not declared: {', '.join(undeclared)}"] if undeclared else []
    if parts:
        raise ValueError("outcomes " + "; ".join(parts) + "; see `outcome(...)` and MEASURES in sim/outcomes/")


@cache
def _declared(names: tuple[str, ...]) -> np.ndarray:
    """Which of the 36 rows each outcome is declared for."""
    rows = np.zeros((len(names), ROWS), bool)
    for k, name in enumerate(names):
        line = OUTCOMES[name]
        rows[k, CITY], rows[k, PLACES], rows[k, GROUPS] = True, line.by_place, line.by_group
    return rows
