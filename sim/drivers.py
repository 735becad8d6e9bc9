"""What the outside world does this month. Shocks and rules change these named drivers; the acts only read them.

Every driver is 1 (or 0 where it is an addition) in a month without shocks, so an untouched month is untouched to the
last bit. Tables are sector x kecamatan.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

_ones = np.ones((8, 30)).copy  # of a table, of a figure for each sector: a copy is made quicker than new ones
_ones_by_sector, _ones_by_district, _ones_by_service = (np.ones(shape).copy for shape in (8, 30, (30, 7)))


@dataclass
class Drivers:
    """Multipliers and additions of one month."""

    growth: float = 1.0  # neutral growth of outside demand and public jobs with the labour force
    productivity: float = 1.0  # trend of output and pay per worker
    external: float = 1.0  # growth of outside demand beyond that
    demand: np.ndarray = field(default_factory=_ones)  # outside demand
    footfall: np.ndarray = field(default_factory=_ones)  # residents' purchases that reach local sellers
    capacity: np.ndarray = field(default_factory=_ones)  # output capacity
    food_price: float = 1.0  # of food wherever it is bought; the rise is earned outside the city
    nonfood_price: float = 1.0
    import_price: float = 1.0  # of what is delivered from outside
    input_price: np.ndarray = field(default_factory=_ones_by_sector)  # of what sellers buy from outside
    digital_pull: np.ndarray = field(default_factory=_ones_by_sector)  # gain of digital sellers over the usual
    laggards: np.ndarray = field(default_factory=_ones_by_sector)  # custom of sellers that are not digital
    credit: float = 1.0  # lending limits
    interest: float = 0.0  # added to monthly rates
    transfers_to_region: float = 1.0  # TKD
    purchases: float = 1.0  # of goods and services that the city plans
    absorption: float = 1.0
    revenue_effort: float = 1.0
    hospitality_tax: float = 1.0  # paid share of the tax of hotels and restaurants that is usually paid
    minimum_wage: float = 0.0  # added yearly growth of the UMK
    layoffs: float = 0.0  # added monthly share of workers let go
    spending: float = 1.0  # household spending (fear)
    claims: float = 1.0  # pensions, rents and remittances from outside
    immigration: float = 1.0
    mutual_aid: float = 1.0
    entry: float = 1.0
    travel: float = 1.0  # generalised travel cost
    swadaya: float = 1.0
    participation_leave: float = 1.0
    services: np.ndarray = field(default_factory=_ones_by_service)  # usable share of service capacity
    broken: np.ndarray = field(default_factory=lambda: np.zeros((6, 30)))  # Rp of assets destroyed (`agents/broken.py`)
    hazard_damage: np.ndarray = field(default_factory=lambda: np.zeros(30))  # share of public capital lost this month


def set_drivers(world) -> None:
    """Start the month: a quiet outside world, its trend, then what policies and the scenario's shocks make of it."""
    world.drivers = trend(world)
    _settle(world)
    for policy in world.policies:
        policy.steer(world)
    for shock in world.shocks:
        shock.apply(world)
    world.communities.stand_ready(world.drivers, world.p.community)


def trend(world) -> Drivers:
    """A quiet month: the trend alone, 1 in month 0 and lower before."""
    p = world.p.drivers
    years = world.month / 12.0
    path = world.growth_path
    return Drivers(
        growth=float(path[min(world.month - world.first, len(path) - 1)]),
        productivity=(1.0 + p.productivity_growth) ** years,
        external=(1.0 + p.external_growth) ** years,
        claims=(1.0 + p.claims_growth) ** years * (1.0 + p.productivity_growth) ** years,
    )


def _settle(world) -> None:
    """What policies and shocks steer in the institutions lasts a month: each says anew what it wants."""
    communities, companies = world.communities, world.companies
    communities.facilitation = np.zeros(151)
    communities.voice = np.zeros(151)
    communities.conflict = np.zeros(30)
    communities.bridging_factor = _ones_by_district()
    companies.match, companies.forum = np.zeros((30, 7)), 0.0
    companies.reporting = 1.0
    world.services.maintenance = _ones_by_service()
    world.children.extra = np.zeros((30, 3))
