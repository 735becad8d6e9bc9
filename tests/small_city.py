"""A sample of the city with stand-ins for work and money, for the tests of places and institutions."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from sim.agents.businesses import BUSINESS, LARGE, OPEN
from sim.agents.children import build_children, children
from sim.agents.communities import build_acquaintances, build_communities, receive_grants
from sim.agents.community_month import community
from sim.agents.companies import build_giving, corporate_giving
from sim.agents.persons import FORMAL
from sim.agents.services import KINDS, build_services, maintain, public_services, replacement_need
from sim.city import load_city
from sim.drivers import Drivers
from sim.ledger import SECTORS, Ledger
from sim.markets.work_ahead import WorkAhead
from sim.parameters import Parameters, default_parameters
from sim.synthesis import synthesise
from sim.tables import Table
from sim.world import World


def small_city(scale: int = 200, seed: int = 1, p: Parameters | None = None) -> World:
    """Every `scale`-th person of 2025: adults of even rows work, everybody spends Rp 2 million and saves 3."""
    p, city = p or default_parameters(), load_city(2025)
    persons, households = synthesise(city, seed, scale, p.demography, 1)
    homes, people = households.rows, persons.rows
    homes["permanent"], homes["savings"], homes["average"] = 5e6, 3e6, 2e6
    homes["quintile"] = np.arange(len(homes)) % 5
    adult = (people["born"] < -216) & (np.arange(len(people)) % 2 == 0)
    people["state"][adult], people["workplace"][adult] = FORMAL, np.arange(adult.sum()) % 30
    firms = Table("business", BUSINESS, 60)
    firms.add(60)
    rows = firms.rows
    rows["uid"], rows["district"], rows["sector"] = np.arange(60) + 1, np.arange(60) % 30, np.arange(60) % 8
    rows["status"], rows["size_class"], rows["csr_fund"] = OPEN, LARGE, np.arange(60) * 2e5
    ledger = Ledger(dict.fromkeys(SECTORS, 0), {"households": 0, "informal": 0, "businesses": 0})
    world = World(city, p, seed, scale, (2025, 1), city.price_year, persons, households, firms, None, ledger)  # type: ignore[arg-type]
    neighbours, world.ties = build_acquaintances(city, p, seed, homes)
    world.communities = build_communities(city, p, seed, scale, homes, neighbours)
    world.labour = SimpleNamespace(ahead=WorkAhead())
    world.services, world.companies = build_services(city, p, scale), build_giving(city)
    world.children, world.drivers = build_children(city, p, homes, people, scale), Drivers()
    return world


def live(world: World, first: int, last: int, works: bool = True) -> World:
    """Months first..last-1 of places and institutions, the city paying usual grants and replacement works."""
    for month in range(first, last):
        world.month = month
        world.businesses.rows["csr_fund"] += 200_000.0  # Rp 29 billion a year in the whole city
        receive_grants(world.communities, world.communities.usual_grants)
        if works:
            need = replacement_need(world.services)
            for d, kind in np.ndindex(30, len(KINDS)):
                world.services.add_works(d, kind, need[d, kind], int(world.p.services.works_lag))
        for act in (public_services, corporate_giving, community, children, maintain):
            act(world)
    return world
