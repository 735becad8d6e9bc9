"""What policies can do, as far as their purse pays for it: works, cash, facilitators, seats for people they choose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.agents.businesses import CONSTRUCTION
from sim.agents.government import place_shares
from sim.agents.musrenbang import need_of
from sim.quotas import choose_by_score, luck_of, systematic
from sim.world import World

if TYPE_CHECKING:
    from sim.purse import Purse


def act(stage: str, world: World) -> None:
    """Let every policy act at one place of the month."""
    for policy in world.policies:
        policy.act(stage, world)


def hire_builders(world: World, amounts: np.ndarray) -> int:
    """Building work in each kecamatan (30,), Rp: materials from outside, the rest is demand for local construction.

    The part from outside is paid at once, the rest when it is delivered. Returns the Rp owed in all.
    """
    government = world.government
    imported = int(amounts.sum() * world.p.government.works_imports)
    local = np.floor(amounts * (1 - world.p.government.works_imports))
    world.ledger.post("works_imports", imported)
    government.treasury -= imported
    government.purchases[:, CONSTRUCTION] += local
    return imported + int(local.sum())


def order_works(world: World, works: np.ndarray, lag: int) -> int:
    """Order works (30, 7) that come into use after `lag` months. Returns the Rp owed."""
    world.services.add_all_works(works, lag)
    return hire_builders(world, works.sum(axis=1))


def build(world: World, purse: Purse, works: np.ndarray, lag: int) -> int:
    """Order works (30, 7) out of a purse, scaled down where it holds less. Returns the Rp spent."""
    total = float(works.sum())
    if total <= 0 or purse.money <= 0:
        return 0
    spent = order_works(world, works * min(1.0, purse.money / total), lag)
    purse.owe(spent)
    return spent


def give_cash(
    world: World, purse: Purse, households: np.ndarray, amount: int | np.ndarray, overhead: float = 0.0
) -> np.ndarray:
    """Pay `amount` Rp (one for all, or one for each) to each household of `households` (rows, in order), as many as
    the purse pays for.

    overhead: share on top for running it, paid to suppliers outside. Returns the rows paid.
    """
    rows = world.households.rows
    here = rows["alive"][households] == 1
    able, given = households[here], np.broadcast_to(np.int64(amount), len(households))[here]
    cost = np.cumsum((given * (1.0 + overhead)).astype(np.int64))
    paid = int(np.searchsorted(cost, purse.money, side="right"))
    able, given = able[:paid], given[:paid]
    rows["savings"][able] += given
    rows["aid"][able] += given
    total = int(given.sum())
    purse.pay("city_transfers", total)
    purse.pay("programme_costs", int(cost[paid - 1]) - total if paid else 0)
    purse.count(able, given)
    return able


def put_to_work(world: World, rows: np.ndarray) -> None:
    """These jobless persons (rows) do a month's paid work for the city: they count as employed until the next."""
    world.labour.on_works = np.union1d(world.labour.on_works, rows)


def facilitate(world: World, purse: Purse, shares: np.ndarray, cost: float) -> float:
    """Facilitators for a month: share of full facilitation by kelurahan (151), added to what is there; `cost` Rp for
    all of it. Returns the share of it that the purse pays for."""
    paid = min(1.0, purse.money / cost) if cost > 0 else 0.0
    world.communities.facilitation = np.clip(world.communities.facilitation + shares * paid, 0.0, 1.0)
    purse.pay("programme_costs", int(cost * paid))
    return paid


def choose(
    world: World,
    uids: np.ndarray,
    homes: np.ndarray,
    places: int,
    targeting: str,
    where: np.ndarray,
    decision: int,
    potential: np.ndarray | None = None,
) -> np.ndarray:
    """Who gets one of the places: indexes into the applicants, at most `places`, keyed by their ids.

    uids, homes: permanent id and household row of each applicant; see `choose_by` for the rest.
    """
    households = world.households.rows
    district, means = households["district"][homes], households["average"][homes]
    return choose_by(world, uids, district, means, places, targeting, where, decision, potential)


def choose_by(
    world: World,
    uids: np.ndarray,
    district: np.ndarray,
    means: np.ndarray,
    places: int,
    targeting: str,
    where: np.ndarray,
    decision: int,
    potential: np.ndarray | None = None,
) -> np.ndarray:
    """Who gets one of the places: indexes into the applicants, at most `places`, keyed by their ids.

    district, means: kecamatan and Rp that tell the poor from the rich. targeting: `need`, the poorer the likelier
    (odds inverse to means); `growth`, odds proportional to `potential`; `random`; `population`, places split over
    kecamatan by residents and drawn at random in each. where: (30,), 0 shuts a kecamatan out.
    """
    luck = -np.log(-np.log(luck_of(world.seed, decision, world.month, uids)[:, 0]))
    score = np.where(where[district] > 0, luck, -np.inf)
    if targeting == "need":
        score -= np.log(np.maximum(means, 1e3))
    elif targeting == "growth" and potential is not None:
        score += np.log(np.maximum(potential, 1e-6))
    elif targeting == "population":
        score = _spread(world, score, district, places, where)
    return choose_by_score(score, min(places, int(np.isfinite(score).sum())))


def _spread(world: World, score: np.ndarray, district: np.ndarray, places: int, where: np.ndarray) -> np.ndarray:
    """Scores that let each kecamatan fill its share of the places by population, best first."""
    offset = float(luck_of(world.seed, 0, world.month, np.zeros(1, np.uint64))[0, 0])
    quota = systematic(world.people * where, places, offset)
    kept = np.full(len(score), -np.inf)
    for d in np.flatnonzero(quota):
        here = np.flatnonzero((district == d) & np.isfinite(score))
        first = here[np.argsort(-score[here], kind="stable")[: quota[d]]]
        kept[first] = score[first]
    return kept


def shares_of(world: World, targeting: str, where: np.ndarray) -> np.ndarray:
    """How a line is split over kecamatan (30,), adding to 1: `population`; `need` (people times missing service
    quality); `growth` (residents gained since the start); `random` (equal parts)."""
    people = world.people * where
    need = need_of(world.services).mean(axis=1)
    if targeting == "need":
        weight = place_shares(people, need, 1.0)
    elif targeting == "growth":
        weight = np.maximum(people - 0.95 * world.city.district_population * people.sum() / people.sum(), 0.0)
    elif targeting == "random":
        weight = where.astype(float)
    else:
        weight = people.astype(float)
    total = weight.sum()
    return weight / total if total > 0 else where / where.sum()
