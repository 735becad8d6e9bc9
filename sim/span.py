"""What of a scenario lies outside a run that is shorter than the scenario says, or that begins at another time."""

from __future__ import annotations

from collections.abc import Iterable

from sim.entries import Package, date_problems
from sim.language import told
from sim.scenario import Scenario

NOTHING = "nothing of this scenario begins in these months"


def outside(scenario: Scenario, months: int | None, packages: Iterable[Package], shocks: bool = True) -> list[str]:
    """Shocks, and policies of these packages, that begin only after so many months."""
    if months is None or months >= scenario.months:
        return []
    asked = [one.name for one in packages]
    found = date_problems({"shocks": scenario.shocks, "packages": scenario.packages}, scenario.start, months)
    begins = [one for one in found if one.address[-1] == "start"]
    mine: dict[str | int, bool] = {k: one.name in asked for k, one in enumerate(scenario.packages)}
    mine["shocks"] = shocks
    kept = [one for one in begins if mine["shocks" if one.address[0] == "shocks" else one.address[1]]]
    return [told("{where}: {what}", where=f"months = {months}", what=one.said) for one in kept]


def span_remarks(scenario: Scenario, months: int | None, packages: Iterable[Package], shocks: bool = True) -> list[str]:
    """Remarks on what begins only after the run; the first says so where nothing begins within it."""
    asked = list(packages)
    found = outside(scenario, months, asked, shocks)
    count = sum(len(one.policies) for one in asked) + (len(scenario.shocks) if shocks else 0)
    return [told(NOTHING), *found] if found and len(found) == count else found


def span_of(scenario: Scenario, months: int | None, package: Package | None, shocks: bool) -> list[str]:
    """`span_remarks` of one package, or none."""
    return span_remarks(scenario, months, [package] if package else (), shocks)
