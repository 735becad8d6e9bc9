"""What added public capital does to sales: part of what a place's businesses can make more finds new custom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.agents.services import composite, kind_weights, qualities

if TYPE_CHECKING:
    from sim.world import World


def output_gain(world: World, added: np.ndarray) -> np.ndarray:
    """Productivity of each kecamatan with its services over that without the capital `added` (30, 7), Rp: (30,).

    (Q / Q without)**eps_G at last month's load. Source: bom_ligthart_2014.
    """
    services, rules = world.services, world.p.services
    without = np.maximum(services.capital - added, 0.0) / services.unit_cost * services.usable
    weights = kind_weights(rules)
    quality = composite(qualities(services.load, services.capacity), weights)
    return (quality / composite(qualities(services.load, without), weights)) ** rules.elasticity


def new_custom(gain, expansion, demand, outside):
    """Factor on outside demand when businesses of a place can make `gain` times as much.

        1 + psi (gain - 1) demand / outside

    psi: share of extra sales that is new custom and not taken from rivals; demand: what reaches the sector's firms
    there, outside: the part from elsewhere, Rp. Source: mckenzie_puerto_2021.
    """
    reached = np.where(outside > 0, demand / np.where(outside > 0, outside, 1.0), 0.0)
    return 1.0 + expansion * (gain - 1.0) * reached


def sell_more(world: World, added: np.ndarray) -> None:
    """Raise this month's outside demand where public capital was added (lower it where it was lost)."""
    if not added.any() or "demand" not in world.counts:
        return
    local, outside, bought = world.counts["demand"]
    factor = new_custom(output_gain(world, added), world.p.goods.market_expansion, local + outside + bought.T, outside)
    world.drivers.demand = world.drivers.demand * np.clip(factor, 0.5, 2.0)
