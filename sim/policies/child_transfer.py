"""L6: cash for children of poor families who go to school and to the health post: a top-up of the PKH type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.agents.persons import CHILD, NOBODY
from sim.catalogue import LEVERS, Kind
from sim.choices import number
from sim.compiled import kernel
from sim.draws import LEVER
from sim.markets.listed_transfer import ListedTransfer
from sim.quotas import luck_of

if TYPE_CHECKING:
    from sim.purse import Purse
    from sim.world import World

DECISION = LEVER + 6
SCHOOL, GROWN = 84, 180  # months of age: school begins to count, the transfer ends


@kernel
def children_of(rows, households, persons, month, number, found):
    """The children of each household of `rows` who are paid for: below school age, or pupils under 15.

    number: how many, by household; found: their rows, as far as it is long. Returns how many there are in all.
    """
    count = 0
    for k in range(rows.shape[0]):
        number[k] = 0
        i = households[rows[k]].first
        while i != NOBODY:
            person = persons[i]
            age = month - np.int64(person.born)
            if person.state == CHILD and (age < SCHOOL or (age < GROWN and person.enrolled == 1)):
                number[k] += 1
                if count < found.shape[0]:
                    found[count] = i
                count += 1
            i = person.next
    return count


class ChildTransfer(ListedTransfer):
    lever: Literal["child_transfer"]
    amount_rp: float = number(100e3, 0, 200e3, "Rp of 2024/child/month", "cash for each child under 15")
    coverage: float = number(0.15, 0, 0.4, "share of families", "families with children it is meant for")

    @property
    def decision(self) -> int:
        return DECISION

    def could_be_meant(self, world: World) -> np.ndarray:
        return (world.households.rows["alive"] == 1) & (world.households.rows["children"] > 0)

    def payments(self, world: World, rows: np.ndarray) -> np.ndarray:
        """For each child below school age, and for each at school."""
        return paid_for(world, rows)[0] * int(self.amount_rp * world.deflator)

    def transfer(self, world: World, purse: Purse, memory: dict[str, Any]) -> None:
        """Of the pupils who left school since the last payment some are kept; then the families are paid."""
        keep_at_school(world, memory.get("pupils", np.zeros(0, np.int32)))
        _, children = paid_for(world, self.pay(world, purse, memory))
        small = world.month - world.persons.rows["born"][children].astype(np.int64) < SCHOOL
        grow_healthier(world, children[small])
        memory["pupils"] = children[~small]

    def seated(self, memory: dict[str, Any], new: np.ndarray) -> None:
        rows = new[memory.get("pupils", np.zeros(0, np.int32))]
        memory["pupils"] = rows[rows >= 0]


def paid_for(world: World, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many children each household is paid for, and the children's rows."""
    number = np.zeros(len(rows), np.int64)
    tables = np.ascontiguousarray(rows), world.households.rows, world.persons.rows
    found = np.empty(8 * len(rows), np.int32)
    count = children_of(*tables, world.month, number, found)
    if count > len(found):  # more than eight to a family
        found = np.empty(count, np.int32)
        children_of(*tables, world.month, number, found)
    return number, found[:count]


def keep_at_school(world: World, pupils: np.ndarray) -> None:
    """Families paid for these pupils (rows) last month keep some of those under 15 who have left school since.

    Kept: 1 - `children.dropout_assisted` of them. In hardship families on the registry leave that much more seldom
    already (`extra_dropout`). Source: cahyadi_2020.
    """
    persons, households = world.persons.rows, world.households.rows
    left = pupils[(persons["enrolled"][pupils] == 0) & (persons["state"][pupils] == CHILD)]
    left = left[world.month - persons["born"][left].astype(np.int64) < GROWN]
    homes = households[persons["home"][left]]
    left = left[~((homes["registered"] > 0) & (homes["hardship"] > 0))]
    u = luck_of(world.seed, DECISION, world.month, persons["uid"][left])[:, 3]
    persons["enrolled"][left[u >= world.p.children.dropout_assisted]] = 1


def grow_healthier(world: World, small: np.ndarray) -> None:
    """A month of health visits and food for children under school age (rows): their index rises by a twelfth of
    `children.transfer_gain`. The stunting avoided in six years is 0.2 SD of height, a fall from 30 to 23 %.
    Source: cahyadi_2020.
    """
    world.persons.rows["human"][small] += np.float32(world.p.children.transfer_gain / 12.0)


LEVERS.add(
    Kind(
        name="child_transfer",
        code="L6",
        group="protection",
        indonesian="Tambahan PKH anak",
        meaning="cash for children of poor families, if they go to school; fewer leave it, small children thrive",
        source="cahyadi_2020",
        settings=ChildTransfer,
        reach="household-months",
        cost="the cash and 2 to 6 % to run it",
        moves=(("out_of_school_share", -1), ("child_development", 1), ("poverty_gap", -1)),
    )
)
