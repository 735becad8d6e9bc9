"""Companies (100 workers and more) and their social projects (TJSL): how much, where, for what.

Money is set aside from profit in the settlement of the goods market; here it is given. The companies as Mesa agents
are in `districts.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.agents import services
from sim.agents.businesses import (
    CONSTRUCTION,
    FIRM,
    FOOD_SERVICES,
    LARGE,
    MANUFACTURING,
    MODERN,
    N_SECTORS,
    OPEN,
    OTHER,
    TRADE,
    TRANSPORT,
)
from sim.agents.musrenbang import need_of
from sim.agents.services import EDUCATION, GREEN, HEALTH, N_KINDS, ROADS, WASTE, WATER
from sim.city import deflator
from sim.compiled import allocating_kernel, kernel, rule
from sim.draws import CSR, draws, normal, pick
from sim.walk import find

if TYPE_CHECKING:
    from sim.city import City
    from sim.parameters.companies import Companies
    from sim.world import World

QUARTER = 3  # months from one choice of project to the next
LONGEST_WAIT = 12  # months after which money too small for a project of its own goes to the Forum
FELT = 0.5  # Rp per Rp: the smallest match that raises giving
LASTING = 1 << 20  # a "month" of its own for a company's lasting tastes
PROJECT = np.zeros(N_SECTORS)  # what a rupiah of a project buys besides running it
PROJECT[[CONSTRUCTION, TRADE]] = 0.6, 0.4
FIT = np.zeros((N_SECTORS, N_KINDS))  # services near a sector's trade
FIT[MANUFACTURING, [WATER, WASTE]] = 1.0
FIT[CONSTRUCTION, [ROADS, GREEN]] = 1.0
FIT[TRADE, [WASTE, HEALTH]] = 1.0
FIT[TRANSPORT, ROADS] = 1.0
FIT[FOOD_SERVICES, [WASTE, GREEN]] = 1.0
FIT[MODERN, EDUCATION] = 1.0
FIT[OTHER, [HEALTH, EDUCATION]] = 1.0


@rule
def csr_accrual(profit, rate, recorded):
    """What a company sets aside for recorded social projects in a month, whole Rp.

        rate * recorded * profit, nothing without a profit

    rate: share of profit (2 % is the city's norm); recorded: part of it that reaches the Forum's books.
    Source: bdg_tjsl2022; recorded: calibrated to Rp 25-32 bn a year.
    """
    return math.floor(max(0.0, profit) * rate * recorded)


@rule
def match_multiplier(p, match):
    """Rise of giving when the city adds `match` rupiah to each: its existence counts, not its size.

        1 + 0.19 [m >= 0.5]

    Source: karlan_list_2007 (donors in a field experiment; carried over to companies with care).
    """
    return 1.0 + (p.match_gain if match >= FELT else 0.0)


@dataclass
class Giving:
    """What shapes companies' projects. Policies write `match` (Rp of the city per Rp of companies, by kecamatan and
    service), `forum` (0-1, how far the Forum TJSL coordinates) and `reporting` (recorded share over the usual); each
    holds for a month."""

    price: float  # Rp of the price year per Rp of 2024
    match: np.ndarray = field(default_factory=lambda: np.zeros((30, N_KINDS)))
    open_to_match: np.ndarray = field(default_factory=lambda: np.ones((30, N_KINDS)))  # what a city-wide match is for
    forum: float = 0.0
    reporting: float = 1.0
    given: np.ndarray = field(default_factory=lambda: np.zeros((30, N_KINDS)))  # Rp this month
    given_year: np.ndarray = field(default_factory=lambda: np.zeros((12, 30, N_KINDS)))  # by calendar month
    projects: int = 0  # companies that gave this month
    joint: int = 0  # of them through the Forum

    def recorded(self, usual: float, p: Companies) -> float:
        """Recorded share of what companies set aside, with the city's match and the Forum's books.

        A match in the whole city raises giving in full; one in some kecamatan by the part of the past year's giving
        to projects open to a match that went to matched ones.
        """
        matched = self.match >= FELT
        if not matched.any():
            return min(1.0, usual * self.reporting)
        given = (self.given_year.sum(axis=0) + 1e-9) * self.open_to_match  # all alike before anything is given
        rise = np.where(matched, match_multiplier(p, FELT), 1.0)
        return min(1.0, usual * self.reporting * float((given * rise).sum() / given.sum()))


def build_giving(city: City) -> Giving:
    return Giving(price=deflator(2024, city.price_year))


@rule
def tastes(uid, seed, spread):
    """A company's lasting weights on need, nearness and visibility, relative to the mean company (median 1)."""
    u1, u2, u3, u4 = draws(seed, CSR, LASTING, uid)
    v1, v2, _, _ = draws(seed, CSR, LASTING + 1, uid)
    return math.exp(spread * normal(u1, u2)), math.exp(spread * normal(u3, u4)), math.exp(spread * normal(v1, v2))


@rule
def appeal(p, taste, need, minutes, log_people, cofunded, fit, forum):
    """Utility of a project to a company, without its noise.

        b_n need (1 + g forum) - b_p minutes + b_v ln N (1 - h forum) + b_m [co-funded] + b_s [sector fit]

    need: missing quality; minutes from the plant; N: residents; taste: the company's own weights. Source: assumption.
    """
    wanted = p.need * taste[0] * (1.0 + p.forum_need * forum) * need - p.proximity * taste[1] * minutes
    seen = p.visibility * taste[2] * (1.0 - p.forum_visibility * forum) * log_people
    return wanted + seen + p.cofunding * cofunded + p.sector_fit * fit


@rule
def way_of_giving(fund, smallest, turn):
    """How a company gives in a month: 0 not at all, 1 by a project of its own, 2 through a joint project of the Forum.

    It decides each quarter. A fund under the smallest project waits, at most a year, and then goes to the Forum.
    turn: its id plus the month. Source: assumption.
    """
    if turn % QUARTER != 0 or fund < 1.0:
        return 0
    if fund >= smallest:
        return 1
    return 2 if turn % LONGEST_WAIT == 0 else 0


@allocating_kernel
def choose_projects(rows, firms, need, cost, log_people, fit, cofunded, forum, p, smallest, seed, month):
    """Each company of `rows` that gives now puts its whole fund into one project: (place x 7 + service, Rp, way).

    Multinomial logit over 30 kecamatan and 7 services; `cofunded` (30, 7) marks what the city co-funds. For a joint
    project the company's own place, trade and taste do not count, and the Forum's view of need does. Choice -1:
    nothing this month. Changes `csr_fund`.
    """
    choice = np.full(rows.shape[0], -1, np.int64)
    amount = np.zeros(rows.shape[0])
    ways = np.zeros(rows.shape[0], np.int64)
    chances = np.empty(need.size)
    for n in range(rows.shape[0]):
        firm = firms[rows[n]]
        way = way_of_giving(firm.csr_fund, smallest, firm.uid + np.uint64(month + 1200))
        if way == 0:
            continue
        joint = way == 2
        taste = (1.0, 0.0, 1.0) if joint else tastes(firm.uid, seed, p.taste)
        total = 0.0
        for d in range(need.shape[0]):
            for kind in range(need.shape[1]):
                score = appeal(
                    p,
                    taste,
                    need[d, kind],
                    cost[firm.district, d],
                    log_people[d],
                    cofunded[d, kind],
                    0.0 if joint else fit[firm.sector, kind],
                    1.0 if joint else forum,
                )
                total += math.exp(score)
                chances[d * need.shape[1] + kind] = total
        u, _, _, _ = draws(seed, CSR, month, firm.uid)
        choice[n], ways[n] = pick(chances, u), way
        amount[n] = math.floor(firm.csr_fund)
        firm.csr_fund -= amount[n]
    return choice, amount, ways


def lacking(need: np.ndarray) -> np.ndarray:
    """Projects where more is lacking than the mean (30, 7), 1 or 0."""
    return (need > need.mean()).astype(float)


@kernel
def _list_companies(low, high, tally, found, firms):
    count = 0
    for j in range(low, high):
        firm = firms[j]
        if firm.size_class == LARGE and firm.status == OPEN and firm.kind == FIRM and firm.district < 30:
            found[count] = j
            count += 1
    return count


def companies_of(firms: np.ndarray) -> np.ndarray:
    """Rows of open businesses with 100 workers and more, in row order."""
    return find(_list_companies, len(firms), 1, firms)[1].astype(np.int64)


def smallest_project(world: World, companies: int) -> float:
    """The least that a company runs a project of its own for, Rp: a part of what the mean company gives in a year.

    Relative, because at a coarse scale a simulated company stands for several with a part of their money.
    """
    yearly = world.p.population.csr_yearly * world.companies.price / world.scale
    return world.p.companies.smallest * yearly / max(companies, 1)


def corporate_giving(world: World) -> None:
    """Companies whose quarter ends choose a project, pay for it, and the works begin."""
    state, p, service = world.companies, world.p.companies, world.services
    firms, need = world.businesses.rows, need_of(service)
    rows = companies_of(firms)
    world.counts["company_purchases"], world.counts["csr_rp"] = np.zeros((30, N_SECTORS)), 0
    state.given, state.projects, state.joint = np.zeros((30, N_KINDS)), 0, 0
    state.given_year[world.month % 12] = 0.0
    if not len(rows):
        return
    choice, amount, ways = choose_projects(
        rows,
        firms,
        need,
        world.city.cost[:, :30],
        np.log(np.maximum(world.communities.by_district(world.communities.people), 1.0)),
        FIT,
        (state.match > 0.0).astype(float),
        state.forum,
        p,
        smallest_project(world, len(rows)),
        world.seed,
        world.month,
    )
    gives = choice >= 0
    if not gives.any():
        return
    given = np.bincount(choice[gives], amount[gives], 30 * N_KINDS).reshape(30, N_KINDS)
    for d, kind in np.argwhere(given > 0).tolist():
        useful = given[d, kind] * (1.0 - p.overhead)
        service.add_works(d, kind, useful, int(p.works_lag), services.COMPANY)
    state.given, state.projects, state.joint = given, int((ways > 0).sum()), int((ways == 2).sum())
    state.given_year[world.month % 12] = given
    by_place = given.sum(axis=1)
    bought = np.floor(by_place[:, None] * (1.0 - p.overhead) * PROJECT)
    bought[:, MODERN] += by_place - bought.sum(axis=1)  # running the projects, and the odd rupiah
    world.counts["company_purchases"] = bought
    world.counts["csr_rp"] = int(given.sum())
