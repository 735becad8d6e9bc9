"""Neighbourhoods: 151 kelurahan with their organisations (RW, PKK, Karang Taruna, LPM), funds, votes and works.

State and money. Their month is in `community_month.py`; the leaders as Mesa agents are in `districts.py`; what one
household does is in `participation.py`, the walk over all of them in `neighbourhood.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.agents import arisan, neighbourhood
from sim.agents.arisan import Circles
from sim.agents.bridging import avert
from sim.agents.businesses import CONSTRUCTION, FOOD_SERVICES, N_SECTORS, OTHER, TRADE
from sim.agents.participation import need_match, steady_participation
from sim.agents.services import DRAINAGE, GREEN, N_KINDS, WASTE
from sim.agents.ties import Neighbours, build_ties, neighbourhoods
from sim.city import deflator
from sim.compiled import kernel
from sim.draws import BUILD_TIES, draws, normal

if TYPE_CHECKING:
    from sim.city import City
    from sim.parameters import Parameters
    from sim.world import World

SOCIAL = 1 << 21  # a "month" of its own for the trust and participation the city starts with
# What a rupiah of works, of cleaning and of social activities buys, by sector
BOUGHT = np.zeros((3, N_SECTORS))
BOUGHT[0, [CONSTRUCTION, TRADE]] = 0.6, 0.4
BOUGHT[1, [TRADE, OTHER]] = 0.4, 0.6
BOUGHT[2, [TRADE, FOOD_SERVICES, OTHER]] = 0.4, 0.3, 0.3


@dataclass
class CommunityState:
    """Neighbourhood organisations. Arrays have 151 rows (kelurahan) or 30 (kecamatan); money is model rupiah.

    Policies write `facilitation` (1: a facilitator in each RW) and `voice` (1: a plebiscite); shocks write `conflict`
    (0-1) and `bridging_factor`.
    """

    district: np.ndarray  # (151,) kecamatan of each kelurahan
    n_rw: np.ndarray  # (151,)
    leader: np.ndarray  # (151,) capacity of the leader, 0-1
    usual_grants: np.ndarray  # (151,) Rp a month at the programme's usual size
    price: float  # Rp of the price year per Rp of 2024
    couplings: float  # 1: trust and participation change self-help and upkeep; 0: they do not
    neighbours: Neighbours
    circles: Circles
    borders: np.ndarray  # pairs of kecamatan that share a border
    signals: np.ndarray  # what households see of each other (uint16, by household row)
    fund: np.ndarray = field(default_factory=lambda: np.zeros(151))
    grants: np.ndarray = field(default_factory=lambda: np.zeros(151))  # received this month
    facilitation: np.ndarray = field(default_factory=lambda: np.zeros(151))
    voice: np.ndarray = field(default_factory=lambda: np.zeros(151))
    readiness: np.ndarray = field(default_factory=lambda: np.zeros(151))  # for disasters (RW siaga), 0-1
    people: np.ndarray = field(default_factory=lambda: np.zeros(151))
    children: np.ndarray = field(default_factory=lambda: np.zeros(151))  # under 15
    homes: np.ndarray = field(default_factory=lambda: np.zeros(151))
    members: np.ndarray = field(default_factory=lambda: np.zeros(151))  # households that take part
    participation: np.ndarray = field(default_factory=lambda: np.zeros(151))
    trust: np.ndarray = field(default_factory=lambda: np.full(151, 0.5))
    satisfaction: np.ndarray = field(default_factory=lambda: np.full(151, 0.5))
    volunteers: np.ndarray = field(default_factory=lambda: np.zeros(151))
    usual_works: np.ndarray = field(default_factory=lambda: np.zeros((30, N_KINDS)))  # Rp a month, at usual grants
    slate: np.ndarray = field(default_factory=lambda: np.ones((151, N_KINDS), bool))  # proposals put to the vote
    votes: np.ndarray = field(default_factory=lambda: np.zeros((151, N_KINDS), np.int64))
    choice: np.ndarray = field(
        default_factory=lambda: np.full((151, N_KINDS), 1.0 / N_KINDS)
    )  # of infrastructure money
    purchases: np.ndarray = field(default_factory=lambda: np.zeros((30, N_SECTORS)))  # paid for, to be delivered
    conflict: np.ndarray = field(default_factory=lambda: np.zeros(30))
    bridging: np.ndarray = field(default_factory=lambda: np.zeros(30))
    bridging_factor: np.ndarray = field(default_factory=lambda: np.ones(30))
    social_capital: np.ndarray = field(default_factory=lambda: np.zeros(30))
    gap: np.ndarray = field(default_factory=lambda: np.zeros(30))  # rise of the mean log deviation since the start
    swadaya: int = 0  # Rp given by residents this month
    first: bool = True
    commuting: np.ndarray = field(default_factory=lambda: np.zeros((12, 30, 34)))  # by visit; sums to all commuters
    offspring: np.ndarray = field(default_factory=lambda: np.zeros((12, 30, neighbourhood.CHILD_COLUMNS)))
    commuters_in: np.ndarray = field(default_factory=lambda: np.zeros(30))  # from the outer zones, working here
    inequality: np.ndarray = field(default_factory=lambda: np.zeros((30, 3)))  # people, spending, log spending so far
    gap_start: np.ndarray | None = None
    bridging_known: bool = False
    district_homes: np.ndarray = field(default_factory=lambda: np.ones(30))  # homes by kecamatan, at least 1
    taking_part: np.ndarray = field(default_factory=lambda: np.zeros(30))  # share of homes, by kecamatan

    @property
    def money(self) -> int:
        """What neighbourhoods hold: funds, goods paid for and not yet delivered, pots nobody could take."""
        return int(self.fund.sum() + self.purchases.sum() + self.circles.carried.sum())

    def by_district(self, figures: np.ndarray) -> np.ndarray:
        """Sums of kelurahan figures over each kecamatan: (151,) gives (30,), a table (151, n) gives (30, n)."""
        if figures.ndim == 1:
            return np.bincount(self.district, figures, 30)
        sums = np.zeros((30, figures.shape[1]))
        _add_up(self.district, figures, sums)
        return sums

    def keep_districts(self, homes: np.ndarray, members: np.ndarray) -> None:
        """Keep the homes and members that have just been counted in each kecamatan."""
        self.district_homes = np.maximum(homes, 1.0)
        self.taking_part = members / self.district_homes

    def district_participation(self) -> np.ndarray:
        """Share of households that take part, by kecamatan."""
        return self.taking_part

    def district_trust(self) -> np.ndarray:
        return self.by_district(self.trust * self.homes) / self.district_homes

    def stand_ready(self, drivers: Any, p: Any) -> None:
        """Neighbourhoods that are ready soften what the month's shocks do to services and output."""
        if p.couplings * self.readiness.max() > 0.0:
            share = self.by_district(self.readiness * self.n_rw) / self.by_district(self.n_rw)
            effect = p.couplings * p.readiness_effect
            drivers.services = avert(drivers.services, share, effect)
            drivers.capacity = avert(drivers.capacity.T.copy(), share, effect).T.copy()

    def presence(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """People by night, people by day, children under 15, by kecamatan."""
        night = self.by_district(self.people)
        trips = self.commuting.sum(axis=0)
        day = night - trips.sum(axis=1) + trips[:, :30].sum(axis=0) + self.commuters_in
        return night, np.maximum(day, 1.0), self.by_district(self.children)


@kernel
def _add_up(district, figures, sums):
    for k in range(figures.shape[0]):
        for column in range(figures.shape[1]):
            sums[district[k], column] += figures[k, column]


@kernel
def _befriend(households, p, share, seed):
    for i in range(households.shape[0]):
        household = households[i]
        if household.alive:
            u1, u2, u3, _ = draws(seed, BUILD_TIES, SOCIAL, household.uid)
            household.takes_part = 1 if u1 < share else 0
            household.groups = household.takes_part
            household.satisfaction = 0.5
            household.trust = min(max(p.trust_start + p.trust_spread * normal(u2, u3), 0.05), 0.95)


def build_acquaintances(city: City, p: Parameters, seed: int, households: np.ndarray) -> tuple[Neighbours, np.ndarray]:
    """The households of each kelurahan, and the ties between them. Households need place and uid."""
    neighbours = neighbourhoods(households, city.kelurahan.district.astype(np.int64), borders_of(city))
    return neighbours, build_ties(households, neighbours, seed, p.community)


def borders_of(city: City) -> np.ndarray:
    """Pairs of kecamatan that share a border."""
    return np.array(sorted(city.graph.edges), np.int64)


def build_communities(
    city: City, p: Parameters, seed: int, scale: int, households: np.ndarray, neighbours: Neighbours
) -> CommunityState:
    """Participation, trust and savings circles for the households, and the organisations of 151 kelurahan.

    Households need place, permanent income and uid; their social columns are written here.
    """
    rules = p.community
    _befriend(households, rules, steady_participation(rules.join_alone, rules.join_ties, rules.leave), seed)
    where = city.kelurahan.district.astype(np.int64)
    price = deflator(2024, city.price_year)
    n_rw = city.kelurahan.n_rw.astype(np.int64)
    leader = np.array([0.3 + 0.6 * draws(seed, BUILD_TIES, SOCIAL + 1, k)[0] for k in range(len(where))])
    yearly = n_rw * p.government.grant_per_rw * price * p.government.absorption / scale
    state = CommunityState(
        district=where,
        n_rw=n_rw,
        leader=leader,
        usual_grants=np.floor(yearly / 12.0),
        price=price,
        couplings=rules.couplings,
        neighbours=neighbours,
        circles=arisan.build_circles(households, neighbours, seed, rules),
        borders=borders_of(city),
        signals=neighbourhood.first_signals(households),
    )
    count_homes(state, households)
    state.usual_works = works_of(state, rules, state.usual_grants * (1.0 + rules.swadaya))
    return state


def count_homes(state: CommunityState, households: np.ndarray) -> None:
    """Count people, children and members from the rows: before the first walk has done it."""
    alive = households["alive"] > 0
    living = {name: households[name][alive] for name in ("kelurahan", "size", "children", "takes_part", "trust")}
    k, n = living["kelurahan"], len(state.district)
    state.people = np.bincount(k, living["size"], n)
    state.children = np.bincount(k, living["children"], n)
    state.homes = np.bincount(k, minlength=n).astype(float)
    state.members = np.bincount(k, living["takes_part"], n)
    state.participation = state.members / np.maximum(state.homes, 1.0)
    state.trust = np.bincount(k, living["trust"], n) / np.maximum(state.homes, 1.0)
    state.keep_districts(state.by_district(state.homes), state.by_district(state.members))


# --- Money -------------------------------------------------------------------------------------------------------


def receive_grants(state: CommunityState, amounts: np.ndarray) -> None:
    """The city's grants (PIPPK) reach the neighbourhoods: whole Rp by kelurahan. The payer posts the flow."""
    state.fund += amounts
    state.grants = np.asarray(amounts, float)


def works_of(state: CommunityState, p, spent: np.ndarray) -> np.ndarray:
    """What neighbourhood spending adds to the capital of services (30, 7): infrastructure as voted, some greenery,
    some drains and waste sites. The part that meets no need is lost."""
    useful = spent * need_match(p, state.participation)
    choice = p.couplings * state.choice + (1.0 - p.couplings) / N_KINDS
    works = (useful * p.share_infrastructure)[:, None] * choice
    works[:, GREEN] += useful * p.share_greening * p.lasting
    cleaner = useful * p.share_cleanliness * p.lasting * 0.5
    works[:, WASTE] += cleaner
    works[:, DRAINAGE] += cleaner
    return state.by_district(works)


def spend(world: World) -> None:
    """Neighbourhoods order works, cleaning and activities; they pay at once, sellers deliver next month."""
    state, p, service = world.communities, world.p.community, world.services
    spent = np.floor(p.spending_speed * state.fund)
    state.fund -= spent
    social = 1.0 - p.share_infrastructure - p.share_cleanliness - p.share_greening
    shares = np.array([p.share_infrastructure + p.share_greening, p.share_cleanliness, max(social, 0.0)])
    bought = np.floor(state.by_district(spent[:, None] * shares) @ BOUGHT)
    bought[:, TRADE] += state.by_district(spent) - bought.sum(axis=1)
    state.purchases = bought
    works = works_of(state, p, spent)
    service.add_all_works(np.maximum(works, 0.0), int(p.works_lag))
    world.counts["community_spending"] = int(spent.sum())
