"""L5: the city's own cash for poor families: every month, or only while a shock presses (adaptive protection)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.catalogue import LEVERS, Kind
from sim.choices import note, number
from sim.disturbance import Shock
from sim.draws import LEVER
from sim.markets.listed_transfer import ListedTransfer

if TYPE_CHECKING:
    from sim.purse import Purse
    from sim.world import World


def pressed(world: World, delay: int, least: int) -> np.ndarray:
    """True for each kecamatan that a shock of at least `delay` months ago still presses, or began to be answered less
    than `least` months ago (30,)."""
    hit = np.zeros(30, bool)
    for shock in world.shocks:
        if not isinstance(shock, Shock):
            continue
        since = world.month - shock.first
        if (
            since >= delay
            and shock.settings.intensity > 0
            and (shock.settings.strength(since) > 0 or since < delay + least)
        ):
            hit |= shock.settings.footprint() > 0
    return hit


class CashTransfer(ListedTransfer):
    lever: Literal["cash_transfer"]
    mode: Literal["regular", "adaptive"] = note("regular", "paid every month, or only while a shock presses")
    delay: int = number(2, 0, 6, "months", "adaptive: from the onset of a shock to the first payment")

    least: int = number(6, 1, 24, "months", "adaptive: months paid at least, however short the shock")

    @property
    def programme(self) -> str:
        """What is paid while a shock presses comes on top of what is paid every month."""
        return f"{self.lever} {self.mode}"

    @property
    def decision(self) -> int:
        return LEVER + 5

    def is_paid(self, world: World, rows: np.ndarray) -> np.ndarray:
        """Everybody on the list; in adaptive mode only where a shock presses."""
        if self.mode == "regular":
            return super().is_paid(world, rows)
        return pressed(world, self.delay, self.least)[world.households.rows["district"][rows]]

    def transfer(self, world: World, purse: Purse, memory: dict[str, Any]) -> None:
        self.pay(world, purse, memory)


LEVERS.add(
    Kind(
        name="cash_transfer",
        code="L5",
        group="protection",
        indonesian="Bantuan tunai, perlindungan sosial adaptif",
        meaning="cash for poor families every month, or only while a shock presses; the list has errors; how soon "
        "families spend it is an assumption (household.transfer_counted)",
        source="banerjee_2023",
        settings=CashTransfer,
        reach="household-months",
        cost="the cash and 2 to 6 % to run it",
        moves=(("poverty_headcount", -1), ("poverty_gap", -1), ("food_insecure_share", -1)),
    )
)
