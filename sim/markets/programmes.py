"""Carrying out what policies have committed to, as far as the treasury pays for it."""

from __future__ import annotations

import numpy as np

from sim.agents.businesses import CONSTRUCTION
from sim.commitments import Cash, Facilitation, Seats, Works
from sim.world import World


def carry_out(world: World) -> None:
    """Ask every policy what it wants this month and do it; cash waits for the transfers."""
    world.commitments = [wish for policy in world.policies for wish in policy.commit(world)]
    for wish in world.commitments:
        if isinstance(wish, Works):
            share = world.government.grant(wish.programme, float(wish.amounts.sum()))
            world.government.line(wish.programme).spent += order_works(world, wish.amounts * share, wish.lag)
        elif isinstance(wish, Seats):
            _fill_line(world, wish)
        elif isinstance(wish, Facilitation):
            _facilitate(world, wish)


def order_works(world: World, works: np.ndarray, lag: int) -> int:
    """Order works (30, 7): materials from outside, the rest is demand for local construction. Returns the Rp owed.

    The part from outside is paid at once, the rest when it is delivered.
    """
    government = world.government
    imported = int(works.sum() * world.p.government.works_imports)
    local = np.floor(works.sum(axis=1) * (1 - world.p.government.works_imports))
    world.ledger.post("works_imports", imported)
    government.treasury -= imported
    government.purchases[:, CONSTRUCTION] += local
    world.services.add_all_works(works, lag)
    return imported + int(local.sum())


def _fill_line(world: World, wish: Seats) -> None:
    """More money for a line with places: it is spent place by place when the places are filled."""
    government = world.government
    amount = wish.amount * government.grant(wish.programme, wish.amount)
    government.programmes[wish.line].carry += amount
    government.line(wish.programme).spent += amount


def _facilitate(world: World, wish: Facilitation) -> None:
    """Facilitators in the neighbourhoods for a month."""
    government = world.government
    share = government.grant(wish.programme, wish.cost)
    cost = int(wish.cost * share)
    world.communities.facilitation = np.clip(wish.shares * share, 0.0, 1.0)
    world.ledger.post("programme_costs", cost)
    government.treasury -= cost
    government.line(wish.programme).spent += cost


def give_cash(world: World) -> None:
    """Pay the households that policies have named, each list in its order, as many as the treasury can pay."""
    for wish in world.commitments:
        if isinstance(wish, Cash):
            _pay(world, wish)


def _pay(world: World, wish: Cash) -> None:
    government, households = world.government, world.households.rows
    each = int(wish.amount * (1.0 + wish.overhead))
    rows = wish.rows[households["alive"][wish.rows] == 1]
    rows = rows[: int(len(rows) * government.grant(wish.programme, float(each * len(rows))))]
    households["savings"][rows] += wish.amount
    households["aid"][rows] += wish.amount
    world.ledger.post("city_transfers", wish.amount * len(rows))
    world.ledger.post("programme_costs", (each - wish.amount) * len(rows))
    government.treasury -= each * len(rows)
    line = government.line(wish.programme)
    line.spent += each * len(rows)
    line.reached += len(rows)
