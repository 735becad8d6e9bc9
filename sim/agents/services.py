"""Public services of the 30 kecamatan: capital, capacity, crowding, access, wear and works.

Rows are kecamatan, columns the seven kinds of service. Capital and works are in model rupiah (real rupiah over
`scale`, like every sum of money of the model), loads and capacities in simulated users, so quality has no scale.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.city import catchments, congestion, deflator, places_per_seeker, rationing
from sim.city.algebra import BEST_QUALITY

if TYPE_CHECKING:
    from sim.city import City
    from sim.parameters import Parameters
    from sim.parameters.services import Services as Rules
    from sim.world import World

KINDS = ("roads", "water", "drainage", "health", "education", "green", "waste")
ROADS, WATER, DRAINAGE, HEALTH, EDUCATION, GREEN, WASTE = range(7)
N_KINDS = len(KINDS)
VISITED = (HEALTH, EDUCATION, GREEN)  # people go to these; the others come to where they are
LONGEST_LAG = 36  # months a work may take
MOST_MAINTENANCE = 1.2  # M/M* beyond which more does nothing
LOWEST, HIGHEST = 0.6, 1.1  # quality of a service at the start
GOVERNMENT, COMMUNITY, COMPANY = range(3)  # who pays for works
HABIT = 1.0 / 12.0  # weight of this month's load in the load that upkeep is planned for


def unit_costs(rules: Rules) -> np.ndarray:
    """Replacement value per user of each kind, Rp."""
    return np.array([getattr(rules, f"cost_{kind}") for kind in KINDS])


@lru_cache(maxsize=8)
def decay_rates(rules: Rules) -> np.ndarray:
    """Depreciation of maintained capital of each kind, per month. Read-only."""
    yearly = [rules.decay_roads, *[rules.decay_buildings] * 5, rules.decay_waste]
    return _kept(np.array(yearly) / 12.0)


@lru_cache(maxsize=8)
def kind_weights(rules: Rules) -> np.ndarray:
    """Weights of the kinds in overall quality; they add to 1. Read-only."""
    weights = np.array([getattr(rules, f"weight_{kind}") for kind in KINDS])
    return _kept(weights / weights.sum())


def _kept(array: np.ndarray) -> np.ndarray:
    """An array that is kept for later calls: nobody may write it."""
    array.flags.writeable = False
    return array


class Near(NamedTuple):
    """How people reach the services of the 30 kecamatan."""

    visits: np.ndarray  # (30, 30) where the people of each go: rows add to 1
    catchments: np.ndarray  # (30, 30) how far each place is within reach


@lru_cache(maxsize=8)
def near_of(city: City, reach: float) -> Near:
    """The tables of a city, made once."""
    cost = city.cost[:30, :30]
    return Near(_kept(visit_shares(cost, reach)), _kept(catchments(cost, reach)))


def _table() -> np.ndarray:
    return np.zeros((30, N_KINDS))


@dataclass
class Services:
    """State of the services. The government writes `maintenance` (spending over need, M/M*); shocks come with
    `drivers.services` (usable share of capacity) and `drivers.hazard_damage`, or are added to `damage`."""

    unit_cost: np.ndarray  # (7,) Rp per user
    capital: np.ndarray  # (30, 7) Rp
    load: np.ndarray  # (30, 7) users
    usable: np.ndarray  # (30, 7) share of capacity that works this month
    damage: np.ndarray  # (30, 7) Rp of capital destroyed this month, taken off by `maintain`
    maintenance: np.ndarray  # (30, 7) M/M*: 1 is full maintenance
    works: np.ndarray  # (30, 7, LONGEST_LAG + 1) Rp that come into use in 0, 1, ... months
    quality_by_kind: np.ndarray  # (30, 7)
    access: np.ndarray  # (30, 7) users' places within reach per resident
    decay: np.ndarray  # (30, 7) depreciation of maintained capital, 1/month
    capital_start: np.ndarray = field(default_factory=_table)
    load_start: np.ndarray = field(default_factory=_table)
    kinds_start: np.ndarray = field(default_factory=_table)
    access_start: np.ndarray = field(default_factory=_table)
    planned_load: np.ndarray = field(default_factory=_table)  # the load that upkeep is planned for
    planned_growth: np.ndarray = field(default_factory=_table)  # its rise this month
    given: np.ndarray = field(default_factory=_table)  # usual monthly works of residents, Rp
    given_now: np.ndarray = field(default_factory=_table)  # companies' works this month
    company_works: np.ndarray = field(default_factory=_table)  # their usual ones, a month
    quality: np.ndarray = field(default_factory=lambda: np.ones(30))  # overall
    quality_start: np.ndarray = field(default_factory=lambda: np.ones(30))
    productivity: np.ndarray = field(default_factory=lambda: np.ones(30))  # (Q/Q0)^eps_G
    given_months: int = 0
    settled: bool = False
    flows: dict[str, np.ndarray] = field(default_factory=dict)  # opening, depreciation, damage, completed: last month

    @property
    def capacity(self) -> np.ndarray:
        """Users that can be served well this month."""
        return self.capital / self.unit_cost * self.usable

    def add_works(self, place: int, service: int, amount_rp: float, lag_months: int, payer: int = GOVERNMENT) -> None:
        """Works of `amount_rp` begin; they come into use after `lag_months`."""
        self.works[place, service, min(max(int(lag_months), 0), LONGEST_LAG)] += amount_rp
        if payer == COMPANY:  # few and large: what is usual of them is counted for the whole city
            users = self.load_start[:, service]
            self.given_now[:, service] += amount_rp * users / users.sum()

    def add_all_works(self, amounts_rp: np.ndarray, lag_months: int) -> None:
        """Works begin in every place and service (30, 7), after `lag_months` in use; not those of companies."""
        self.works[:, :, min(max(int(lag_months), 0), LONGEST_LAG)] += amounts_rp

    def mark_start(self) -> None:
        """From now on quality is compared with today's (the start of productivity and of planned upkeep)."""
        self.capital_start, self.load_start = self.capital.copy(), self.load.copy()
        self.planned_load, self.planned_growth = self.load.copy(), np.zeros_like(self.load)
        self.quality_start, self.kinds_start = self.quality.copy(), self.quality_by_kind.copy()
        self.access_start = self.access.copy()


def composite(quality_by_kind: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Overall quality of a place: the weighted geometric mean  Q = prod_k Q_k^w_k."""
    return np.exp(np.log(np.maximum(quality_by_kind, 1e-6)) @ weights)


def qualities(load: np.ndarray, capacity: np.ndarray) -> np.ndarray:
    """Quality of each kind: BPR congestion for roads, equal rationing for the others. Source: bpr_1964."""
    ratio = load / np.maximum(capacity, 1e-9)
    quality = np.asarray(rationing(ratio))
    quality[:, ROADS] = congestion(ratio[:, ROADS])
    return quality


def load_ratio(quality: np.ndarray) -> np.ndarray:
    """The load over capacity at which each kind has the given quality: the inverse of `qualities`."""
    ratio = 1.0 / quality
    roads = np.minimum(quality[:, ROADS], BEST_QUALITY - 0.01)
    ratio[:, ROADS] = ((BEST_QUALITY / roads - 1.0) / 0.15) ** 0.25
    return ratio


def visit_shares(cost: np.ndarray, reach: float) -> np.ndarray:
    """Where people of each district go when they go near: proportional to exp(-reach c), every person once."""
    pull = np.exp(-reach * (cost - cost.min(axis=1, keepdims=True)))
    return pull / pull.sum(axis=1, keepdims=True)


def loads(night: np.ndarray, day: np.ndarray, children: np.ndarray, near: Near) -> np.ndarray:
    """Users of each service in each place (30, 7).

    Roads serve those present by day, waste services the mean of day and night, pipes and drains the residents;
    health centres, schools (children under 15) and parks those who come to them.
    """
    patients = night @ near.visits
    users = (day, night, night, patients, children @ near.visits, patients, 0.5 * (day + night))
    return np.array(users).T.copy()


def standard(x: np.ndarray) -> np.ndarray:
    """Scores with mean 0 and variance 1 (all 0 where nothing differs); a missing figure counts as the mean."""
    x = np.where(np.isfinite(x), x, np.nanmean(x) if np.isfinite(x).any() else 0.0)
    spread = x.std()
    return (x - x.mean()) / spread if spread > 1e-12 else np.zeros_like(x)


def start_quality(city: City, rules: Rules) -> np.ndarray:
    """Quality of each service at the start, from the facilities observed in each kecamatan (30, 7).

        Q = mean + spread * tanh(z / 1.5) * 1.5,  kept within 0.6 and 1.1

    z: standard score of the facility figure: density (roads and, half as much, waste), piped water and sanitation,
    floods and height, puskesmas, schools per child, park area per head. Source of the figures: districts.csv; how
    they become quality: assumption.
    """

    figures = {name: np.asarray(column, float) for name, column in city.columns.items()}
    people = np.asarray(city.district_population, float)
    families = people / city.household_size
    young = people * city.age_sex[:, :, :3].sum(axis=(1, 2))
    crowding = standard(np.log(people / city.area_km2))
    floods = figures["flood_events_2022"] + figures["flood_events_2023"] + figures["flood_events_2024"]
    scores = [
        -crowding,
        standard(figures["pdam_hh_2020"] / families) - standard(figures["houses_no_sanitation_2020"] / families),
        standard(figures["elev_mean_m"]) - standard(np.sqrt(floods)),
        standard(np.log((figures["puskesmas_listed"] + 0.5) / people)),
        standard(np.log((figures["poi_sd"] + figures["poi_smp"] + 1.0) / young)),
        standard(np.log((figures["park_area_m2_2020"] + 1000.0) / people)),
        -0.5 * crowding,
    ]
    z = np.stack([standard(s) for s in scores], axis=1)
    quality = rules.quality_mean + rules.quality_spread * 1.5 * np.tanh(z / 1.5)
    return np.clip(quality, LOWEST, HIGHEST)


def build_services(city: City, p: Parameters, scale: int) -> Services:
    """Services with the capital that gives the start's quality to the registered population.

    The first `public_services` settles capital to the people who are really there.
    """
    rules = p.services
    night = np.asarray(city.district_population, float) / scale
    children = night * city.age_sex[:, :, :3].sum(axis=(1, 2))
    near = near_of(city, rules.reach)
    table = np.zeros((30, N_KINDS))
    services = Services(
        unit_cost=unit_costs(rules) * deflator(2024, city.price_year),
        capital=table.copy(),
        load=loads(night, night, children, near),
        usable=np.ones_like(table),
        damage=table.copy(),
        maintenance=np.ones_like(table),
        works=np.zeros((30, N_KINDS, LONGEST_LAG + 1)),
        quality_by_kind=start_quality(city, rules),
        access=table.copy(),
        decay=np.tile(decay_rates(rules), (30, 1)),
    )
    settle(services, rules, near, night, children)
    services.settled = False
    return services


def settle(services: Services, rules: Rules, near: Near, night: np.ndarray, children: np.ndarray) -> None:
    """Give every service the capital at which its present load has the quality of the start, and works under way."""
    services.capital = services.load / load_ratio(services.quality_by_kind) * services.unit_cost
    services.quality_by_kind = qualities(services.load, services.capacity)
    services.access = access(services, near, night, children)
    services.quality = composite(services.quality_by_kind, kind_weights(rules))
    services.productivity = np.ones(len(services.capital))
    services.mark_start()
    services.works[:] = 0.0
    services.works[:, :, : int(rules.works_lag)] = replacement_need(services)[:, :, None]
    services.settled = True


def access(services: Services, near: Near, night: np.ndarray, children: np.ndarray) -> np.ndarray:
    """Places within reach per person; for visited services by two-step floating catchments. Source: luo_wang_2003."""
    capacity = services.capacity
    reached = capacity / np.maximum(services.load, 1e-9)
    patients, pupils = night @ near.catchments, children @ near.catchments
    seekers = np.array([pupils if kind == EDUCATION else patients for kind in VISITED])
    per_seeker = places_per_seeker(capacity.T[list(VISITED)], seekers)
    for kind, places in zip(VISITED, per_seeker, strict=True):
        reached[:, kind] = near.catchments @ places
    return reached


def replacement_need(services: Services) -> np.ndarray:
    """Rp a month of government works that keep quality where it started, for each place and service (30, 7).

    Wear of the capital that today's planned load needs, plus that load's growth, less what residents and companies
    usually build. Capital beyond that (a policy's) is not maintained out of this sum, nor is the sum cut for it.
    """
    wanted = services.capital_start / np.maximum(services.load_start, 1e-9)
    need = wanted * (services.planned_load * services.decay + services.planned_growth)
    return np.maximum(0.0, need - services.given - services.company_works)


def public_services(world: World) -> None:
    """The month's crowding of services, access to them, and what both do to businesses."""
    services, rules = world.services, world.p.services
    near = near_of(world.city, rules.reach)
    night, day, children = world.communities.presence()
    services.usable = world.drivers.services
    services.load = loads(night, day, children, near)
    if not services.settled and not world.communities.first:
        services.quality_by_kind = start_quality(world.city, rules)
        services.given = world.communities.usual_works
        settle(services, rules, near, night, children)
    services.planned_growth = HABIT * (services.load - services.planned_load)
    services.planned_load = services.planned_load + services.planned_growth
    services.quality_by_kind = qualities(services.load, services.capacity)
    services.access = access(services, near, night, children)
    services.quality = composite(services.quality_by_kind, kind_weights(rules))
    services.productivity = (services.quality / services.quality_start) ** rules.elasticity


def wear(capital, decay, neglect, maintenance):
    """Depreciation of a month, Rp:  K delta (1 + psi_m (1 - M/M*)).  Maintenance beyond 1.2 of need adds nothing."""
    return capital * decay * (1.0 + neglect * (1.0 - np.minimum(np.maximum(maintenance, 0.0), MOST_MAINTENANCE)))


def maintain(world: World) -> None:
    """Wear, damage and finished works of the month:  K' = K - depreciation - damage + works."""
    services, rules = world.services, world.p.services
    care = rules.user_care * world.communities.couplings * world.communities.district_participation()
    services.decay = decay_rates(rules) * (1.0 - care[:, None])
    opening = services.capital
    lost = wear(opening, services.decay, rules.neglect, services.maintenance)
    hit = services.damage + opening * world.drivers.hazard_damage[:, None]
    destroyed = np.minimum(hit, opening - lost)
    completed = services.works[:, :, 0].copy()
    services.works[:, :, :-1] = services.works[:, :, 1:]
    services.works[:, :, -1] = 0.0
    services.capital = opening - lost - destroyed + completed
    services.damage = _table()
    services.flows = {"opening": opening, "depreciation": lost, "damage": destroyed, "completed": completed}
    if world.month < 0:  # burn-in: learn what companies usually build
        services.given_months += 1
        services.company_works += (services.given_now - services.company_works) / services.given_months
    services.given_now = _table()
