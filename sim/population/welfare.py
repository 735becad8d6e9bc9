"""Each household's place in the distribution of spending, and the balance sheet that goes with it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.special import ndtri

from sim.agents.persons import CHILD, FORMAL, GONE, OWN, UNEMPLOYED
from sim.compiled import kernel
from sim.draws import BUILD_WELFARE
from sim.parameters.household import HouseholdRules
from sim.quotas import luck_of
from sim.sorting import stable_order
from sim.walk import in_pieces, together, walk
from sim.welfare import Dagum

CHILD_WEIGHT = 0.3  # of a child in the size that lasting income is measured by
REFIT_STRENGTH = 1.4  # over the gap seen: lasting income at a rank is only part of the spending there
PRESENT_WEIGHT, JOBLESS_WEIGHT, INACTIVE_WEIGHT = 0.5, 0.85, 0.1  # of lasting earnings, by present state
MOST_TIMES = 5.0  # that savings may grow by when lasting income is fitted
LOWEST_CLAIM_SHARE = 0.9  # most of earned income that may leave as obligations


def earned(persons: np.ndarray, households: np.ndarray) -> np.ndarray:
    """Wages and own-account income of each household, Rp/month."""
    return walk(_add_pay, len(persons), len(households), persons).astype(float)


@kernel
def _add_pay(low, high, tally, persons):
    for i in range(low, high):
        person = persons[i]
        if person.state == FORMAL or person.state == OWN:
            tally[person.home] += np.int64(person.pay)


@kernel
def _add_expected(persons, experience, pay, weights, month, earnings):
    present, jobless, inactive = weights
    for i in range(persons.shape[0]):
        person = persons[i]
        state = person.state
        if state == GONE or state == CHILD:
            continue
        years = min(max((month - person.born) // 12 - person.schooling - 6, 0), 80)
        usual = person.skill * person.talent * experience[years] * pay
        if state == FORMAL or state == OWN:
            expected = present * person.pay + (1.0 - present) * usual
        else:
            expected = (jobless if state == UNEMPLOYED else inactive) * usual
        earnings[person.home] += expected


@kernel
def _pay_per_unit(persons, experience, month):
    pay, power = 0.0, 0.0
    for i in range(persons.shape[0]):
        person = persons[i]
        if person.state == FORMAL or person.state == OWN:
            years = min(max((month - person.born) // 12 - person.schooling - 6, 0), 80)
            pay += person.pay
            power += person.skill * person.talent * experience[years]
    return pay / power


def expected_earnings(persons: np.ndarray, homes: int, experience: np.ndarray, month: int = 0) -> np.ndarray:
    """What each household's adults can be expected to earn over the coming years, Rp/month.

    Workers: halfway between present pay and the mean pay of their efficiency units. The jobless: most of that mean,
    since spells end; adults outside the labour force and school: little of it, since few enter. Claims and
    obligations are measured against this, so that a found or lost job is a passing deviation.
    """
    earnings = np.zeros(homes)
    weights = (PRESENT_WEIGHT, JOBLESS_WEIGHT, INACTIVE_WEIGHT)
    _add_expected(persons, experience, _pay_per_unit(persons, experience, month), weights, month, earnings)
    return earnings


def in_ranks(score: np.ndarray, size: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Households in the order of their score, and the rank of each in (0, 1), counted in persons: the middle of its
    own span."""
    order = stable_order(score)
    ranks = np.empty(len(order))
    _ranks(order, size, ranks)
    return order, ranks


@kernel
def _ranks(order, size, ranks):
    upto = 0.0
    for i in order:
        upto += size[i]
    everybody, upto = upto, 0.0
    for k in range(order.shape[0]):
        members = size[order[k]]
        upto += members
        ranks[k] = (upto - 0.5 * members) / everybody


def placed(order: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Values that are in an order (n,) back in their places."""
    places = np.empty(len(order))
    places[order] = values
    return places


def person_rank(score: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Rank of each household in (0, 1) by score, counted in persons."""
    return placed(*in_ranks(score, size))


def usual_size(persons: np.ndarray, households: np.ndarray, month: int = 0) -> np.ndarray:
    """Size that a household's lasting income is measured by: its adults, and children at a part of their number.

    Children come and go; lasting income per head of the present size would hide at the start what growing families
    meet later.
    """
    adults = walk(_count_adults, len(persons), len(households), persons, month).astype(float)
    return np.maximum(adults + CHILD_WEIGHT * (households["size"] - adults), 1.0)


@kernel
def _count_adults(low, high, tally, persons, month):
    for i in range(low, high):
        person = persons[i]
        if person.state != GONE and person.born <= month - 12 * 15:
            tally[person.home] += 1


def assign_spending(
    households: np.ndarray, earnings: np.ndarray, usual: np.ndarray, place: np.ndarray, dagum: Dagum,
    p: HouseholdRules, seed: int,
) -> None:  # fmt: skip
    """Spending per head by rank: earnings per head correlate with it as declared, the Dagum gives the level."""
    u = luck_of(seed, BUILD_WELFARE, 0, households["uid"])
    size = np.ascontiguousarray(households["size"])
    predicted = person_rank(earnings / usual + u[:, 1], size)
    local = place[households["kelurahan"]]
    local = (local - local.mean()) / max(local.std(), 1e-9)
    rho, score, level = p.welfare_correlation, np.empty(len(size)), np.empty(len(size))

    def find_score(some: slice) -> None:
        noise = np.sqrt(1 - p.place_weight**2) * ndtri(u[some, 0]) - p.place_weight * local[some]
        score[some] = rho * ndtri(predicted[some]) + np.sqrt(1 - rho * rho) * noise

    def find_level(some: slice) -> None:
        level[some] = dagum.quantile(rank[some]) * usual[some]

    def spend(some: slice) -> None:
        households["average"][some] = level[some] / size[some] * (dagum.mean / mean)
        spending = np.floor(households["average"][some] * size[some])
        for name in ("spending", "permanent", "income"):
            households[name][some] = spending

    in_pieces(find_score, len(size))
    rank = person_rank(score, size)
    in_pieces(find_level, len(size))
    mean = level.sum() / size.sum()
    in_pieces(spend, len(size))


def balance_sheets(households: np.ndarray, p: HouseholdRules, seed: int) -> None:
    """Savings at the household's own target buffer, durable assets, and claims on local profits."""
    u = luck_of(seed, BUILD_WELFARE, 10_000, households["uid"])

    def settle(some: slice) -> None:
        homes = households[some]
        target = p.buffer_median * np.exp(p.buffer_spread * ndtri(u[some, 0]))
        homes["buffer_target"] = np.clip(target, 0.05, 12.0)
        homes["savings"] = np.floor(homes["buffer_target"] * homes["permanent"])
        homes["assets"] = np.floor(12.0 * p.assets_years * homes["spending"])
        owners = np.where(homes["quintile"] == 4, 1.0, 0.08)
        homes["shares"] = owners * homes["spending"] / 1e6

    in_pieces(settle, len(households))


def set_quintiles(households: np.ndarray) -> None:
    """Fifths of persons by spending per head."""
    live = households["alive"] == 1
    rank = person_rank(households["average"][live], households["size"][live])
    households["quintile"][live] = np.minimum((rank * 5).astype(np.int64), 4)


def essentials_of(households: np.ndarray, line: float, p: HouseholdRules) -> np.ndarray:
    """Essentials of each household at start prices, Rp/month."""
    return p.essential_share * line * households["size"]


def close_budgets(households: np.ndarray, earnings: np.ndarray, other: np.ndarray, needs: np.ndarray) -> None:
    """Pensions, rents and remittances where spending exceeds income; obligations where income exceeds spending.

    `other`: assistance and dividends less taxes, Rp/month. After this, income equals spending for every household.
    """
    missing = households["spending"] - earnings - other
    households["claims"] = np.floor(np.maximum(missing, 0.0))
    base = np.maximum(earnings - needs, 0.0)
    share = np.where(base > 0, -missing / np.maximum(base, 1.0), 0.0)
    households["obligations"] = np.clip(share, 0.0, LOWEST_CLAIM_SHARE)


def permanent_net(
    households: np.ndarray | Mapping[str, np.ndarray], earnings: np.ndarray, needs: np.ndarray, growth: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """Expected income after obligations, Rp/month, and the part of earnings that obligations are taken from.

    `growth`: what claims are worth now over month 0.
    """
    base = np.maximum(earnings - needs, 0.0)
    return earnings - households["obligations"] * base + growth * households["claims"], base


def refit(
    households: np.ndarray,
    dagum: Dagum,
    earnings: np.ndarray,
    needs: np.ndarray,
    usual: np.ndarray,
    growth: float = 1.0,
    strength: float = REFIT_STRENGTH,
) -> None:
    """Bring the distribution of spending nearer to the start year's by changing lasting income only.

    At each rank of lasting income per head, income is scaled by target over present spending at that rank. Passing
    ups and downs stay as they are, so lasting income ends up narrower than spending, as it should. Claims and
    obligations take up the change; households have got used to it, so what they count on moves along.
    """
    live = np.flatnonzero(households["alive"] == 1)
    size = households["size"][live]
    lasting, base, per_head, average = (np.empty(len(live)) for _ in range(4))

    def measure(some: slice) -> None:
        rows = live[some]
        homes = {name: households[name][rows] for name in ("obligations", "claims", "average")}
        lasting[some], base[some] = permanent_net(homes, earnings[rows], needs[rows], growth)
        per_head[some], average[some] = lasting[some] / usual[rows], homes["average"]

    in_pieces(measure, len(live))
    scores = (per_head, average)
    (by_lasting, rank), (by_average, share) = together(lambda score: in_ranks(score, size), scores)
    averages, factor = average[by_average], np.empty(len(live))

    def find_factor(some: slice) -> None:
        present = np.interp(rank[some], share, averages)
        wanted = np.clip(dagum.quantile(rank[some]) / present, 0.5, 2.0) ** strength
        factor[by_lasting[some]] = wanted

    def change_income(some: slice) -> None:
        rows = live[some]
        was = {name: households[name][rows] for name in ("obligations", "permanent", "savings", "spending")}
        wanted = np.maximum(factor[some] * lasting[some], 1.0)
        owed = np.clip(earnings[rows] - wanted, 0.0, LOWEST_CLAIM_SHARE * base[some])
        share_owed = np.where(base[some] > 0, owed / np.maximum(base[some], 1.0), was["obligations"])
        households["obligations"][rows] = share_owed
        households["claims"][rows] = np.floor(np.maximum(wanted - earnings[rows] + owed, 0.0) / growth)
        now = {name: households[name][rows] for name in ("obligations", "claims")}
        change = permanent_net(now, earnings[rows], needs[rows], growth)[0] - lasting[some]
        moved = np.maximum(was["permanent"] + change, 0.2 * was["permanent"])
        level = average[some] + (moved - was["permanent"]) / size[some]
        households["average"][rows] = np.maximum(level, 0.2 * average[some])
        had = was["permanent"] >= 1.0  # who counts on nothing has no level for savings to follow
        times = np.where(had, np.minimum(moved / np.maximum(was["permanent"], 1.0), MOST_TIMES), 1.0)
        for name in ("savings", "spending"):
            households[name][rows] = np.floor(was[name] * times)
        households["permanent"][rows] = np.floor(moved)

    in_pieces(find_factor, len(live))
    in_pieces(change_income, len(live))


def set_levels(households: np.ndarray, dagum: Dagum) -> None:
    """Every household keeps its rank in spending per head; the level becomes the start year's, savings follow."""
    live = np.flatnonzero(households["alive"] == 1)
    rank = person_rank(households["average"][live], households["size"][live])

    def set_level(some: slice) -> None:
        rows = live[some]
        average = households["average"][rows]
        factor = np.clip(dagum.quantile(rank[some]) / np.maximum(average, 1.0), 0.2, 5.0)
        households["average"][rows] = average * factor
        for name in ("spending", "permanent", "income", "savings"):
            households[name][rows] = np.floor(households[name][rows] * factor)

    in_pieces(set_level, len(live))
