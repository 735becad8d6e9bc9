"""U1: more people come to the city, for good. Homes fill, services crowd, the queue for work grows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from sim.catalogue import SHOCKS, Kind
from sim.choices import number
from sim.disturbance import ShockSettings

if TYPE_CHECKING:
    from sim.world import World


class UrbanisationSurge(ShockSettings):
    everywhere: ClassVar[tuple[str, ...]] = ("districts", "sectors")

    kind: Literal["urbanisation_surge"]
    duration: int = number(0, 0, 120, "months", "months until the way back begins; 0: it stays for good")
    recovery: int = number(0, 0, 240, "months", "months of a straight way back, where there is one")

    def strength(self, since: int) -> float:
        if self.duration == 0:
            return self.intensity if since >= 0 else 0.0
        return super().strength(since)

    def press(self, world: World, strength: float, since: int, memory: dict[str, Any]) -> None:
        world.drivers.immigration *= 1.0 + strength


SHOCKS.add(
    Kind(
        name="urbanisation_surge",
        code="U1",
        group="growth",
        indonesian="Lonjakan urbanisasi",
        meaning="up to twice as many people move to the city",
        source="harris_todaro_1970",
        settings=UrbanisationSurge,
        moves=(("population", 1), ("service_access", -1), ("service_quality", -1)),
    )
)
