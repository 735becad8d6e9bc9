"""Small worlds for tests of single acts: real people and households, with the rest of the city held still."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from sim.agents.businesses import BUSINESS, OPEN
from sim.agents.employment import take_job
from sim.agents.persons import INACTIVE
from sim.agents.ties import build_ties, neighbourhoods
from sim.city import load_city
from sim.compiled import kernel
from sim.ledger import Ledger
from sim.markets.demography import demography
from sim.markets.migration import migrate
from sim.markets.work_ahead import WorkAhead
from sim.parameters import default_parameters, with_values
from sim.synthesis import synthesise
from sim.tables import Table
from sim.world import World

STILL = {"migration__leaving_no_earner": 0.0}  # nobody works or rests in these worlds: no news from the labour market


@kernel
def _employ(persons, businesses, month):
    """Every second inactive adult of 20 to 59 takes a job at the business whose turn it is, for Rp 3 million."""
    turn = 0
    for i in range(persons.shape[0]):
        person = persons[i]
        if person.state == INACTIVE and 240 <= -person.born < 720 and i % 2 == 0:
            person.skill = person.talent = 1.0
            row = turn % businesses.shape[0]
            take_job(person, businesses[row], row, month, 3e6, 1.0)
            turn += 1


def small_world(scale: int = 200, seed: int = 1, start: tuple[int, int] = (2025, 1), **values: float) -> World:
    """A city at one in `scale` with jobs, savings and ties. `values`: parameters as group__name=number."""
    city = load_city(start[0])
    p = with_values(default_parameters(), {name.replace("__", "."): value for name, value in values.items()})
    persons, households = synthesise(city, seed, scale, p.demography, start[1])
    businesses = Table("business", BUSINESS, 64)
    businesses.add(60)
    firms = businesses.rows
    firms["uid"], firms["status"], firms["district"] = np.arange(1, 61), OPEN, np.arange(60) % 30
    _employ(persons.rows, firms, 0)
    homes = households.rows
    homes["savings"] = 1e6 * (1 + homes["uid"] % 7)
    homes["formal_debt"] = 1e5 * (homes["uid"] % 5)
    homes["informal_debt"] = 5e4 * (homes["uid"] % 3)
    homes["claims"], homes["shares"], homes["assets"] = 1e6, 1.0, 5e7
    homes["permanent"] = 2e6 * homes["size"]
    homes["trust"] = 0.5
    at_work = persons.rows["employer"] >= 0
    homes["earners"] = np.bincount(persons.rows["home"][at_work], minlength=len(homes))
    borders = np.array(list(city.graph.edges))
    ties = build_ties(homes, neighbourhoods(homes, city.kelurahan.district, borders), seed, p.community)
    stocks = {"households": int(homes["savings"].sum()), "government": 10**9}
    loans = {"households": int(homes["formal_debt"].sum()), "informal": int(homes["informal_debt"].sum())}
    world = World(
        city, p, seed, scale, start, city.price_year, persons, households, businesses, ties, Ledger(stocks, loans)
    )
    world.government = SimpleNamespace(treasury=10**9)
    world.labour = SimpleNamespace(
        unemployment=0.074,
        informal_share=0.42,
        formal_pay=4.6e6,
        own_pay=2.9e6,
        mean_schooling=11.0,
        ahead=WorkAhead(),
    )
    world.services = SimpleNamespace(quality=np.ones(30))
    world.drivers = SimpleNamespace(immigration=1.0, travel=1.0, productivity=1.0)
    return world


def live(world, months):
    """Let people live for some months; returns the tallies of each month (months, 30, 6)."""
    tallies = []
    for _ in range(months):
        world.people = residents(world)
        demography(world)
        migrate(world)
        tallies.append(world.counts["demography"])
        world.month += 1
    return np.array(tallies)


def residents(world):
    homes = world.households.rows
    return np.bincount(homes["district"], homes["size"] * homes["alive"], minlength=30).astype(int)
