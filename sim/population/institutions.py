"""Institutions of the start: the city government with its budget, services, communities and companies."""

from __future__ import annotations

import numpy as np

from sim.agents.businesses import CONSTRUCTION, FOOD_SERVICES, OFFICE
from sim.agents.children import build_children
from sim.agents.communities import build_communities
from sim.agents.companies import build_giving
from sim.agents.government import CityGovernment, Programme
from sim.agents.hazards import build_hazards
from sim.agents.services import build_services
from sim.agents.ties import Neighbours, grow_ties
from sim.world import World


def build_government(world: World) -> None:
    """Revenue and spending in balance at the published budget; taxes as the model's own bases yield them."""
    p, g, scale, target = world.p, world.p.government, world.scale, world.city.targets
    money = world.deflator / scale
    firms = world.businesses.rows
    revenue = (g.revenue_yearly * world.deflator if world.city.data_year >= 2024 else target.budget_rp) / scale
    assets = world.households.rows["assets"].sum()
    property_tax = p.household.property_tax_yearly * money
    sales = firms["sales"].sum()
    food = firms["sales"][firms["sector"] == FOOD_SERVICES].sum()
    local = 12 * (sales * p.goods.sales_tax + food * p.goods.food_services_tax)
    own = g.own_revenue_share * revenue
    other = max(own - property_tax - local, 0.0)
    transfers = revenue - property_tax - local - other
    programmes = {name: Programme(title, count * cost, cost) for name, title, count, cost in _lines(world)}
    grants = g.grant_per_rw * world.city.kelurahan.n_rw.sum() * money
    programmes["neighbourhood_grants"] = Programme("neighbourhood grants (PIPPK)", float(grants), 0.0)
    wages = 12 * firms["wage_bill"][firms["kind"] == OFFICE].sum()
    works = g.capital_share * revenue
    lines = sum(line.yearly for line in programmes.values()) * g.absorption
    purchases = max(revenue - wages - works - lines, 0.05 * revenue)
    reserve = g.reserve_months * revenue / 12
    world.government = CityGovernment(
        treasury=int(reserve),
        revenue_yearly=revenue,
        transfers_yearly=transfers,
        other_yearly=other,
        property_tax_rate=property_tax / 12 / assets,
        csr_recorded=1.0,
        purchases_yearly=purchases,
        works_yearly=works,
        reserve=reserve,
        discretionary_yearly=g.discretionary_share * revenue,
        programmes=programmes,
    )
    world.government.csr_yearly = p.population.csr_yearly * money
    people = world.city.district_population / world.city.district_population.sum()
    bought = np.outer(people, world.sectors.government_split) * purchases / 12 * (1 - g.purchases_imports)
    bought[:, CONSTRUCTION] += people * works / 12 * (1 - g.works_imports)
    world.government.start_purchases = bought


def _lines(world: World) -> list[tuple[str, str, float, float]]:
    """Programmes with places: name, title, places a year at the simulated scale, Rp of the price year a place."""
    g, price = world.p.government, world.deflator
    month_of_work = g.public_works_wage * world.city.targets.minimum_wage
    lines = [
        ("worker_training", "worker training", g.worker_training_seats, g.worker_training_cost * price),
        (
            "business_training",
            "mentoring of small businesses",
            g.business_training_firms,
            g.business_training_cost * price,
        ),
        ("public_works", "public works (padat karya)", g.public_works_jobs, month_of_work),
    ]
    return [(name, title, places / world.scale, cost) for name, title, places, cost in lines]


def build_places(world: World, neighbours: Neighbours, ties: np.ndarray) -> None:
    """Services, neighbourhood organisations with the ties between households, the child-friendly city, hazards."""
    city, p, scale = world.city, world.p, world.scale
    world.services = build_services(city, p, scale)
    world.communities = build_communities(city, p, world.seed, scale, world.households.rows, neighbours)
    world.ties = grow_ties(ties, world.households.n)
    world.companies = build_giving(city)
    world.children = build_children(city, p, world.households.rows, world.persons.rows, scale)
    world.hazards = build_hazards(city, p.hazards.warning_start, world.households.n)
