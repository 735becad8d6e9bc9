"""What every shock has: when it strikes, how deep, where, and how it fades. The kinds are in sim/shocks/."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from pydantic import ValidationInfo, field_validator

from sim.agents.broken import standing_damage
from sim.agents.businesses import SECTORS
from sim.catalogue import Settings
from sim.choices import Districts, Month, Sectors, district_rows, month_number, note, number
from sim.language import told

if TYPE_CHECKING:
    from sim.world import World


def envelope(since, duration, recovery):
    """Strength of a shock `since` months after its onset: 0 before, 1 for `duration` months, then a straight line
    back to 0 over `recovery` months. Source: assumption (the usual stylised path).
    """
    if since < 0:
        return 0.0
    if since < duration:
        return 1.0
    return max(0.0, 1.0 - (since - duration + 1) / (recovery + 1.0))


class ShockSettings(Settings):
    """Settings of every shock. A kind adds its own, changes defaults, and says what the shock does in
    `strike` (once, at the onset) and `press` (every month with strength above 0)."""

    everywhere: ClassVar[tuple[str, ...]] = ()  # of `districts` and `sectors`: what this kind cannot choose

    kind: str
    start: Month = note(..., "first month of the shock", "YYYY-MM")
    intensity: float = number(1.0, 0, 1, "share", "depth relative to the deepest this shock is declared for")
    duration: int = number(6, 0, 120, "months", "months at full strength")
    recovery: int = number(12, 0, 240, "months", "months of a straight way back")
    districts: Districts = note((), "kecamatan that are hit; none named: the shock's own footprint")
    sectors: Sectors = note((), "sectors that are hit; none named: the shock's own")

    @field_validator("districts", "sectors")
    @classmethod
    def _can_choose(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if value and info.field_name in cls.everywhere:
            raise ValueError(told("this shock hits all {what}; leave the line out", what=told(str(info.field_name))))
        return value

    def strength(self, since: int) -> float:
        """Share of full depth, `since` months after the onset."""
        return self.intensity * envelope(since, self.duration, self.recovery)

    def footprint(self) -> np.ndarray:
        """1 for each kecamatan hit, else 0 (30,)."""
        hit = np.zeros(30)
        hit[[district_rows()[code] for code in self.districts] or slice(None)] = 1.0
        return hit

    def sector_rows(self) -> list[int]:
        """Rows (0-7) of the sectors named; all where none is."""
        return [SECTORS.index(name) for name in self.sectors] or list(range(len(SECTORS)))

    def strike(self, world: World, memory: dict[str, Any]) -> None:
        """What happens once, in the month of the onset."""

    def press(self, world: World, strength: float, since: int, memory: dict[str, Any]) -> None:
        """What a month of the shock does to the drivers. Called only while strength is above 0."""

    def linger(self, world: World, since: int, memory: dict[str, Any]) -> None:
        """What happens in every month after the onset, whatever the strength (aftermath, repair)."""


@dataclass
class Shock:
    """One shock of one world: its settings, its first month, and what it has to remember. Copied with the world."""

    settings: ShockSettings
    first: int  # month of the run
    memory: dict[str, Any] = field(default_factory=dict)

    def apply(self, world: World) -> None:
        since = world.month - self.first
        if since < 0 or self.settings.intensity <= 0:
            return
        if since == 0:
            before = standing_damage(world)
            self.settings.strike(world, self.memory)
            world.drivers.broken = world.drivers.broken + standing_damage(world) - before
        strength = self.settings.strength(since)
        if strength > 0:
            self.settings.press(world, strength, since, self.memory)
        self.settings.linger(world, since, self.memory)


def shocks_of(settings: Iterable[Any], start: tuple[int, int]) -> list[Shock]:
    """The shocks of a scenario for a world that starts in calendar month `start`."""
    begin = start[0] * 12 + start[1] - 1
    return [Shock(one, month_number(one.start) - begin) for one in settings]
