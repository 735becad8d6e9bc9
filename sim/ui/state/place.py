"""Where a reader stands: the scenario, the package being changed, the view and what is selected in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
    rests: Mapping[str, edits.Items] = field(default_factory=dict, compare=False)
    # what was turned off in this session with the settings it had, by package ("": shocks); it is in no link

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

    def rested(self, key: str) -> edits.Items:
        """Levers of the package (`lever`) or shocks (`kind`) that are turned off, with the settings they come back
        with: those they had last, or as opened."""
        now, base = (self.policies, self.base_policies) if key == "lever" else (self.shocks, self.base_shocks)
        known = {**base, **self.rests.get(self._where(key), {})}
        return {item: edits.resting(fields, key) for item, fields in known.items() if item not in now}

    def _where(self, key: str) -> str:
        return self.scenario.packages[self.package].name if key == "lever" else ""

    def set_lever(self, item: str, field: str, value: object) -> Place:
        """One field of a lever set. Raises InputError for what cannot be."""
        now, start = self.policies, self.scenario.start
        found = edits.changed(now, item, field, value, "lever", start, self.rested("lever"))
        found = edits.arranged(found, list(self.base_policies), "lever")
        scenario = edits.with_package(self.scenario, self.package, found)
        return replace(self, scenario=scenario, detail=LIVE, rests=self._resting(now, found, "lever"))

    def set_shock(self, item: str, field: str, value: object) -> Place:
        """One field of a shock set. Raises InputError for what cannot be."""
        now, start = self.shocks, self.scenario.start
        found = edits.changed(now, item, field, value, "kind", start, self.rested("kind"))
        found = edits.arranged(found, list(self.base_shocks), "kind")
        scenario = edits.with_shocks(self.scenario, found)
        return replace(self, scenario=scenario, detail=LIVE, rests=self._resting(now, found, "kind"))

    def _resting(self, before: edits.Items, after: edits.Items, key: str) -> Mapping[str, edits.Items]:
        """What rests once some items have gone."""
        where = self._where(key)
        gone = {item: fields for item, fields in before.items() if item not in after}
        return {**self.rests, where: {**self.rests.get(where, {}), **gone}} if gone else self.rests

    def with_scenario(self, scenario: Scenario) -> Place:
        """Another scenario, changed from this one."""
        return replace(self, scenario=scenario, package=min(self.package, len(scenario.packages) - 1), detail=LIVE)

    def on_package(self, index: int) -> Place:
        """Another package to change; -1 the last."""
        return replace(self, package=index % len(self.scenario.packages), detail=LIVE)

    def undone(self, key: str) -> Place:
        """The levers of the package (`lever`) or the shocks (`kind`) as they were opened."""
        if key == "kind":
            scenario = edits.with_shocks(self.scenario, self.base_shocks)
        else:
            scenario = edits.with_package(self.scenario, self.package, self.base_policies)
        rests = {where: items for where, items in self.rests.items() if where != self._where(key)}
        return replace(self, scenario=scenario, detail=LIVE, rests=rests)

    @property
    def reset(self) -> Place:
        """Everything as it was opened."""
        package = min(self.package, len(self.base.packages) - 1)
        return replace(self, scenario=self.base, package=package, detail=LIVE, rests={})


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
