"""Where a reader stands: the scenario, the package being changed, the view and what is selected in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from sim.scenario import Scenario, load_scenario
from sim.ui.limits import Limits
from sim.ui.state import edits

VIEWS = ("overview", "districts", "gains", "packages", "household")
LIVE = "live"
USUAL = "umkm_naik_kelas"  # what the page opens with where nobody says otherwise
FIRST = "First package"  # name of the package of a scenario that has none


@dataclass(frozen=True)
class Place:
    """Everything that the address carries. `opened` is a ready scenario: `scenario` is told by what differs from it."""

    opened: str
    base: Scenario  # what undo and the ticks go back to
    scenario: Scenario
    package: int = 0  # of scenario.packages
    view: str = "overview"
    language: str = "en"
    detail: str = LIVE
    outcome: str = "poverty_headcount"
    change: bool = True  # the map shows the change rather than the level
    shocked: bool = True
    district: str = ""
    household: int = 0

    @cached_property
    def policies(self) -> edits.Items:
        """The levers of the package being changed."""
        return edits.items(self.scenario.packages[self.package].policies, "lever")

    @cached_property
    def base_policies(self) -> edits.Items:
        """Those of the same package as opened; none for a new package."""
        packages = self.base.packages
        return edits.items(packages[self.package].policies, "lever") if self.package < len(packages) else {}

    @cached_property
    def shocks(self) -> edits.Items:
        return edits.items(self.scenario.shocks, "kind")

    @cached_property
    def base_shocks(self) -> edits.Items:
        return edits.items(self.base.shocks, "kind")

    def set_lever(self, item: str, field: str, value: object) -> Place:
        """One field of a lever set. Raises InputError for what cannot be."""
        found = edits.changed(self.policies, item, field, value, "lever", self.scenario.start)
        found = edits.arranged(found, list(self.base_policies), "lever")
        return replace(self, scenario=edits.with_package(self.scenario, self.package, found), detail=LIVE)

    def set_shock(self, item: str, field: str, value: object) -> Place:
        """One field of a shock set. Raises InputError for what cannot be."""
        found = edits.changed(self.shocks, item, field, value, "kind", self.scenario.start)
        found = edits.arranged(found, list(self.base_shocks), "kind")
        return replace(self, scenario=edits.with_shocks(self.scenario, found), detail=LIVE)

    def with_scenario(self, scenario: Scenario) -> Place:
        """Another scenario, changed from this one."""
        return replace(self, scenario=scenario, package=min(self.package, len(scenario.packages) - 1), detail=LIVE)

    def on_package(self, index: int) -> Place:
        """Another package to change; -1 the last."""
        return replace(self, package=index % len(self.scenario.packages), detail=LIVE)

    @property
    def reset(self) -> Place:
        """Everything as it was opened."""
        package = min(self.package, len(self.base.packages) - 1)
        return replace(self, scenario=self.base, package=package, detail=LIVE)


def bounded(scenario: Scenario, limits: Limits) -> Scenario:
    """The scenario with the page's own bounds: at least one package to change, at most four, not too many months."""
    data = edits.data_of(scenario)
    data["packages"] = data["packages"][: edits.MOST_PACKAGES] or [{"name": FIRST, "policies": []}]
    data["months"] = min(data["months"], limits.most_months)
    return edits.built(data, scenario)


@lru_cache(64)
def opening(name: str, limits: Limits) -> Place:
    """The page as it opens with a ready scenario. Raises InputError where there is none of that name."""
    scenario = bounded(load_scenario(name), limits)
    return Place(name, scenario, scenario)
