"""N3: a dry season without rain leaves taps dry; or, on the hill fringe in the rains, slopes slide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from pydantic import model_validator

from sim.agents.hazard_rules import damaged_more
from sim.agents.hazards import destroy, hire_local_builders
from sim.agents.services import HEALTH, ROADS, WATER
from sim.catalogue import SHOCKS, Kind
from sim.choices import month_number, note, number
from sim.disturbance import ShockSettings
from sim.draws import SHOCK
from sim.language import told
from sim.quotas import luck_of

if TYPE_CHECKING:
    from sim.world import World

DECISION = SHOCK + 9
SEASONS = {"drought": (5, 6, 7, 8, 9, 10, 11), "landslide": (11, 12, 1, 2, 3, 4)}
IN_WORDS = {
    "drought": told("the dry season (May to November)"),
    "landslide": told("the rainy season (November to April)"),
}
DRY_TAPS = 0.4  # share of water services lost at full intensity. Source: model's specification (assumption)
THIRST = 0.05  # share of health services taken up by the illness of a dry season. Source: assumption
BURIED = 0.6  # damaged share of a home in a slide. Source: assumption
BLOCKED = 0.3  # share of road capacity lost where every kelurahan lies on a slope. Source: assumption


class Drought(ShockSettings):
    everywhere: ClassVar[tuple[str, ...]] = ("sectors",)

    kind: Literal["drought"]
    duration: int = number(4, 0, 24, "months", "months of dry taps, or of blocked roads after a slide")
    recovery: int = number(2, 0, 24, "months", "months of a straight way back")
    form: Literal["drought", "landslide"] = note("drought", "drought: dry taps; landslide: slides on the hill fringe")
    homes: float = number(0.002, 0, 0.05, "share", "homes hit by a landslide where every kelurahan lies on a slope")
    season: Literal["usual", "any"] = note("usual", "usual: May-November for droughts, November-April for landslides")

    @model_validator(mode="after")
    def _in_season(self) -> Drought:
        if self.season == "usual" and month_number(self.start) % 12 + 1 not in SEASONS[self.form]:
            raise ValueError(
                told(
                    "a {form} in {start} is outside {months}; choose another month or say season: any",
                    form=told(self.form),
                    start=self.start,
                    months=IN_WORDS[self.form],
                )
            )
        return self

    def strike(self, world: World, memory: dict[str, Any]) -> None:
        """A landslide buries homes and roads on slopes."""
        if self.form != "landslide":
            return
        rows = world.households.rows
        exposed = world.hazards.slopes * self.footprint()
        luck = luck_of(world.seed, DECISION, world.month, rows["uid"])[:, 0]
        hit = (rows["alive"] == 1) & (luck < self.intensity * self.homes * exposed[rows["district"]])
        rows["damage"][hit] = damaged_more_all(rows["damage"][hit], BURIED)
        world.counts["buried_homes"] = np.bincount(rows["district"][hit], minlength=30)
        lost = np.zeros((30, 7))
        lost[:, ROADS] = self.intensity * self.homes * exposed
        destroy(world, lost)

    def press(self, world: World, strength: float, since: int, memory: dict[str, Any]) -> None:
        left, hit = np.ones((30, 7)), self.footprint()
        if self.form == "landslide":
            left[:, ROADS] = 1.0 - strength * BLOCKED * hit * world.hazards.slopes
        else:
            left[:, WATER] = 1.0 - strength * DRY_TAPS * hit
            left[:, HEALTH] = 1.0 - strength * THIRST * hit
        world.drivers.services = world.drivers.services * left

    def linger(self, world: World, since: int, memory: dict[str, Any]) -> None:
        if self.form == "landslide":
            hire_local_builders(world)


def damaged_more_all(before: np.ndarray, loss: float) -> np.ndarray:
    """`damaged_more` of many."""
    return np.array([damaged_more(one, loss) for one in before.tolist()])


SHOCKS.add(
    Kind(
        name="drought",
        code="N3",
        group="nature",
        indonesian="Kekeringan dan longsor",
        meaning="taps run dry (up to 40 % of water services), or slopes slide on the hill fringe",
        source="assumption",
        settings=Drought,
        moves=(("service_quality", -1), ("service_quality_water", -1)),
    )
)
