"""L3: help to sell and pay digitally: devices, accounts, somebody who shows how. The business pays a part."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.catalogue import LEVERS, Kind
from sim.choices import number
from sim.draws import LEVER
from sim.intervention import LeverSettings
from sim.markets.enterprises import applicants, count_enterprises, select
from sim.quotas import luck_of

if TYPE_CHECKING:
    from sim.markets.enterprises import Enterprises
    from sim.purse import Purse
    from sim.world import World

DECISION = LEVER + 3


class DigitalSupport(LeverSettings):
    lever: Literal["digital_support"]
    business_rp: float = number(3e6, 1e6, 5e6, "Rp of 2024/business", "cost of equipping and guiding one business")
    copay: float = number(0.2, 0, 0.8, "share", "part of the cost that the business pays itself")

    def train(self, world: World, purse: Purse, memory: dict[str, Any]) -> None:
        """Places for small businesses without digital tools that ask for help and can pay their part."""
        cost = int(self.business_rp * world.deflator)
        own_part = int(cost * self.copay)
        asking = _able(world, applicants(world, self.places(), DECISION, purse), own_part)
        places = purse.places(cost - own_part)
        helped = select(world, asking, places, self.targeting, self.places(), DECISION)
        _pay_part(world, helped, own_part)
        purse.pay("programme_costs", (cost - own_part) * len(helped))
        purse.line.eligible += len(asking)
        count_enterprises(purse, helped)
        _adopt(world, helped)


def _able(world: World, asking: Enterprises, own_part: int) -> Enterprises:
    """Those without digital tools whose purse holds their part; of a household's businesses the first."""
    persons, firms, households = world.persons.rows, world.businesses.rows, world.households.rows
    owners, rows = asking.owners, asking.firms
    homes = persons["home"][owners]
    first = np.zeros(len(owners), bool)
    first[np.unique(homes, return_index=True)[1]] = True
    return asking.those(
        first & (persons["technology"][owners] <= 0.5) & (households["savings"][homes] >= own_part),
        (firms["technology"][rows] <= 0.5) & (firms["deposits"][rows] >= own_part),
    )


def _pay_part(world: World, helped: Enterprises, own_part: int) -> None:
    """The businesses' own part goes to suppliers outside."""
    world.households.rows["savings"][world.persons.rows["home"][helped.owners]] -= own_part
    world.businesses.rows["deposits"][helped.firms] -= own_part
    world.ledger.post("own_account_investment", own_part * len(helped.owners))
    world.ledger.post("business_investment", own_part * len(helped.firms))


def _adopt(world: World, helped: Enterprises) -> None:
    """Some of the helped take the tools into use: 1 - exp(-h), h the hazard that support adds. Source: bass_1969."""
    chance = -math.expm1(-world.p.goods.adoption_support)
    for rows, who in ((world.persons.rows, helped.owners), (world.businesses.rows, helped.firms)):
        luck = luck_of(world.seed, DECISION, world.month, rows["uid"][who])[:, 1]
        rows["technology"][who[luck < chance]] = 1.0


LEVERS.add(
    Kind(
        name="digital_support",
        code="L3",
        group="enterprise",
        indonesian="Dukungan digital UMKM",
        meaning="equips and guides small businesses to sell and pay digitally; they pay a part",
        source="bass_1969; assumption",
        settings=DigitalSupport,
        reach="businesses",
        cost="Rp 3 million a business, less its own part",
        moves=(("technology_adoption", 1), ("value_added_index", 1)),
    )
)
