"""The city government's month: money comes in, budget lines are released, programmes reach people."""

from __future__ import annotations

import math

import numpy as np

from sim.agents.businesses import N_SECTORS
from sim.agents.communities import receive_grants
from sim.agents.government import place_shares, release_share
from sim.agents.hazards import rebuilding_ordered, rebuilding_works
from sim.agents.musrenbang import need_of
from sim.agents.persons import OWN, UNEMPLOYED
from sim.agents.registry import register_poor
from sim.agents.services import replacement_need
from sim.compiled import kernel, rule
from sim.draws import BATCH, PROGRAMME, TRAINING, batch, many_draws
from sim.fetching import bring
from sim.markets.programmes import act, order_works, put_to_work
from sim.purse import fill_purses, promised
from sim.quotas import choose_by_score, luck_of
from sim.walk import walk
from sim.world import World


@rule
def kept_up(purchases, usual, follows):
    """Upkeep of public capital over what it needs, M/M*:  1 - phi (1 - purchases / usual), at most 1.

    It is a part of the city's purchases of goods and services and follows a cut of them as far as phi says (0: it is
    spared, 1: all are cut alike). Source: assumption.
    """
    return 1.0 - follows * (1.0 - min(1.0, max(purchases, 0.0) / usual)) if usual > 0.0 else 1.0


def release_budgets(world: World) -> None:
    """Revenue from outside arrives; purchases, works, grants and programmes are released as the treasury allows."""
    government, drivers, ledger = world.government, world.drivers, world.ledger
    due = government.transfers_yearly / 12 * drivers.growth * drivers.productivity
    transfers = int(due * drivers.transfers_to_region)
    other = int(government.other_yearly / 12 * drivers.growth * drivers.productivity)
    ledger.post("transfers_to_region", transfers)
    ledger.post("other_revenue", other)
    government.treasury += transfers + other
    government.close_month(int(due), other)
    surplus = world.p.government.surplus_speed * (government.treasury - promised(world) - government.reserve)
    usual = government.purchases_yearly / 12 * drivers.growth * drivers.productivity
    goods = max(0.0, usual * drivers.purchases + surplus)
    taken, freed = fill_purses(world, goods)
    goods = max(0.0, goods - taken - freed)
    need = np.maximum(replacement_need(world.services), 0.0) * government.works_scale
    rebuild = rebuilding_works(world)
    need = need + rebuild
    planned = goods + need.sum() + government.programmes_yearly / 12
    government.cut = release_share(government.treasury - promised(world), planned, 0.5 * government.reserve)
    government.absorption = world.p.government.absorption * drivers.absorption
    _buy_goods(world, goods * government.cut)
    bought = (usual * drivers.purchases - taken) * government.cut
    world.services.maintenance += kept_up(bought, usual, world.p.services.upkeep_follows) - 1.0
    _build(world, need * government.cut)
    rebuilding_ordered(world, rebuild * government.cut)
    _grants(world)
    act("release", world)


def _buy_goods(world: World, amount: float) -> None:
    """Goods and services for the offices: part from outside, the rest where people live and services lack most."""
    government, market = world.government, world.market
    imported = int(amount * world.p.government.purchases_imports)
    world.ledger.post("government_imports", imported)
    government.treasury -= imported
    need = need_of(world.services).mean(axis=1)
    places = place_shares(world.city.district_population, need, world.p.government.need_weight)
    government.purchases = np.floor((amount - imported) * np.outer(places, market.sectors.government_split))
    government.purchases += government.ordered
    government.ordered = np.zeros((30, N_SECTORS))


def _build(world: World, works: np.ndarray) -> None:
    """Works in every kecamatan that keep its services as they were."""
    order_works(world, works, int(world.p.services.works_lag))
    world.counts["works_rp"] = float(works.sum())


def _grants(world: World) -> None:
    """Neighbourhood grants (PIPPK): each RW its share of the year."""
    line = world.government.programmes["neighbourhood_grants"]
    amount = line.yearly / 12 * world.government.cut * world.government.absorption
    by_kelurahan = np.floor(amount * world.city.kelurahan.n_rw / world.city.kelurahan.n_rw.sum())
    total = int(by_kelurahan.sum())
    world.ledger.post("community_grants", total)
    world.government.treasury -= total
    line.spent += total
    receive_grants(world.communities, by_kelurahan)


def transfers(world: World) -> None:
    """Money to people: what policies give, and public works for some jobless; each January the registry is renewed."""
    if world.month % 12 == 0 and world.month != 0:
        register_poor(world.households.rows, world.p.household, world.scale, world.seed)
    act("transfer", world)
    line = world.government.programmes["public_works"]
    seats = line.seats(line.yearly / 12 * world.government.cut * world.government.absorption)
    rows = _chosen(world, world.labour.seekers, UNEMPLOYED, seats, PROGRAMME, need=True)
    cost = line.pay(len(rows))
    wage = cost // max(len(rows), 1)
    put_to_work(world, rows)
    _pay_homes(rows, world.persons.rows, world.households.rows, wage)
    world.ledger.post("wages_public_works", wage * len(rows))
    world.government.treasury -= wage * len(rows)


@kernel
def _pay_homes(rows, persons, households, wage):
    for i in rows:
        home = households[persons[i].home]
        home.savings += wage
        home.aid += wage


def train(world: World) -> None:
    """Training of jobless workers and mentoring of own-account businesses, seat by seat, within the budget."""
    persons, g = world.persons.rows, world.p.government
    share = world.government.cut * world.government.absorption / 12
    line = world.government.programmes["worker_training"]
    rows = _chosen(world, world.labour.seekers, UNEMPLOYED, line.seats(line.yearly * share), TRAINING, need=True)
    cost = line.pay(len(rows))
    done = luck_of(world.seed, TRAINING, world.month, persons["uid"][rows])[:, 1] < g.training_completion
    persons["certified"][rows[done]] = world.month
    mentoring = world.government.programmes["business_training"]
    seats = mentoring.seats(mentoring.yearly * share)
    owners = _chosen(world, world.labour.applicants, OWN, seats, TRAINING, need=False)
    cost += mentoring.pay(len(owners))
    persons["practice"][owners] = np.minimum(persons["practice"][owners] + g.business_training_gain, 3.0)
    world.counts["trained"] = int(done.sum())
    world.counts["mentored"] = len(owners)
    world.ledger.post("programme_costs", cost)
    world.government.treasury -= cost
    act("train", world)


@kernel
def score_applicants(low, high, tally, rows, persons, households, state, need, score, seed, decision, month, room):
    """Score of each applicant still in `state`, else minus infinity: keyed luck, the poorer first where need counts.

    With need the score is 1/(c * -ln u), the exponential of -ln c + Gumbel luck; c: average spending per head, Rp.
    """
    homes, uids, luck, spending = room
    for start in range(low, high, BATCH):
        end = min(start + BATCH, high)
        for k in range(start, end):
            person, n = persons[rows[k]], k - start
            uids[n] = person.uid
            homes[n] = person.home
            score[k] = person.state
        for n in range(end - start if need else 0):  # the homes are anywhere: many are fetched at a time
            spending[n] = households[homes[n]].average
        many_draws(seed, decision, month, uids, end - start, luck)
        for k in range(start, end):
            n = k - start
            bring(persons, rows[min(k + BATCH, high - 1)])  # of the next batch
            if score[k] != state:
                score[k] = -np.inf
                continue
            tally[0] += 1
            score[k] = -1.0 / (max(spending[n], 1e3) * math.log(luck[0, n])) if need else luck[0, n]


def _chosen(world: World, rows: np.ndarray, state: int, seats: int, decision: int, need: bool) -> np.ndarray:
    """Up to `seats` of the applicants still in `state`, best score first."""
    score = np.empty(len(rows))
    agents = (rows, world.persons.rows, world.households.rows)
    able = walk(score_applicants, len(rows), 1, *agents, state, need, score, world.seed, decision, world.month, batch)
    return rows[choose_by_score(score, min(seats, int(able[0])))]
