"""The small businesses that levers reach: own-account ones (in their owner's row) and firms of 1 to 19 workers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.agents.businesses import FIRM, OPEN, SMALL
from sim.agents.persons import OWN
from sim.draws import draws, stochastic_round
from sim.markets.programmes import choose, choose_by
from sim.quotas import luck_of
from sim.world import World

if TYPE_CHECKING:
    from sim.purse import Purse

PERSONS, BUSINESSES = "person", "business"  # the tables whose permanent ids a purse notes
ASKING = 0.02  # of firms that ask for help in a month; of owners the labour market reports as many


@dataclass(frozen=True)
class Enterprises:
    """Some small businesses: rows of persons who own one, rows of firms."""

    owners: np.ndarray
    firms: np.ndarray

    def __len__(self) -> int:
        return len(self.owners) + len(self.firms)

    def those(self, owners: np.ndarray, firms: np.ndarray) -> Enterprises:
        """Some of them, by index or by mask."""
        return Enterprises(self.owners[owners], self.firms[firms])


def applicants(world: World, where: np.ndarray, decision: int, purse: Purse | None = None) -> Enterprises:
    """Small businesses that ask for help this month in the kecamatan of `where` (30,): of a purse, those that no other
    line of its kind has helped this month."""
    persons, firms = world.persons.rows, world.businesses.rows
    owners = world.labour.applicants
    owners = owners[persons["state"][owners] == OWN]
    owners = owners[where[world.households.rows["district"][persons["home"][owners]]] > 0]
    able = (firms["status"] == OPEN) & (firms["kind"] == FIRM) & (firms["size_class"] <= SMALL)
    rows = np.flatnonzero(able & (firms["workers"] + firms["commuters"] > 0))
    rows = rows[where[firms["district"][rows]] > 0]
    rows = rows[luck_of(world.seed, decision, world.month, firms["uid"][rows])[:, 2] < ASKING]
    if purse is None:
        return Enterprises(owners, rows)
    left = purse.unserved(persons["uid"][owners], PERSONS), purse.unserved(firms["uid"][rows], BUSINESSES)
    return Enterprises(owners, rows).those(*left)


def select(world: World, asking: Enterprises, places: int, targeting: str, where: np.ndarray, decision: int):
    """Those of the asking that get one of the places, which are split in proportion to owners and firms asking.

    Need: the poorer owner's household, the firm that sells less per worker. Growth: the owner's selling power, the
    firm's demand over its capacity. Returns Enterprises.
    """
    persons, firms = world.persons.rows, world.businesses.rows
    places = min(places, len(asking))
    u, _, _, _ = draws(world.seed, decision, world.month, 0)
    for_firms = min(stochastic_round(places * len(asking.firms) / max(len(asking), 1), u), len(asking.firms))
    for_owners = min(places - for_firms, len(asking.owners))
    for_firms = min(places - for_owners, len(asking.firms))
    mine, few = persons[asking.owners], firms[asking.firms]
    owners = choose(world, mine["uid"], mine["home"], for_owners, targeting, where, decision, potential=mine["custom"])
    heads = np.maximum(few["workers"] + few["commuters"], 1)
    chosen = choose_by(
        world, few["uid"], few["district"], few["sales"] / heads, for_firms, targeting, where, decision,
        potential=few["demand"] / np.maximum(few["capacity"], 1.0),
    )  # fmt: skip
    return asking.those(owners, chosen)


def count_enterprises(purse: Purse, reached: Enterprises, amount: float = 0.0) -> None:
    """Count and note who was reached. Owners count in their household's fifth and kecamatan, firms in their kecamatan
    alone."""
    world, line = purse.world, purse.line
    purse.count(world.persons.rows["home"][reached.owners], amount)
    purse.serve(world.persons.rows["uid"][reached.owners], PERSONS)
    purse.serve(world.businesses.rows["uid"][reached.firms], BUSINESSES)
    line.reached += len(reached.firms)
    line.by_district += np.bincount(world.businesses.rows["district"][reached.firms], minlength=30)[:30]
