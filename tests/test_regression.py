"""Expected outcomes of every ready scenario, without a policy and with each package: a change of results is a decision,
never an accident.

Each file of `expected/` holds a dozen outcomes every twelfth month of seven years under the scenario's shocks, at one
agent for 1000 and seed 1: long enough for every ready shock and package to have begun. When a change of rules or
figures is meant to change results, renew them and look at the difference before committing it:

    python tests/test_regression.py --renew
"""

import json
import sys
import warnings
from pathlib import Path

import pytest

from sim.errors import Remark
from sim.model import BandungModel
from sim.scenario import Scenario, load_scenario, ready_scenarios

SCALE, SEED, MONTHS, EVERY, TOLERANCE = 1000, 1, 84, 12, 1e-6
EXPECTED = Path(__file__).parent / "expected"
OUTCOMES = (
    "population",
    "unemployment_rate",
    "informal_share",
    "median_wage",
    "mean_wage",
    "poverty_headcount",
    "food_insecure_share",
    "child_development",
    "technology_adoption",
    "gini",
    "no_buffer_share",
    "participation_rate",
    "trust",
    "service_access",
    "wellbeing",
    "value_added_index",
    "treasury_rp",
    "csr_rp",
    "resilience_index",
)


def measured(path: Path) -> dict[str, dict[str, dict[str, float]]]:
    """The outcomes of a scenario, by package and calendar month."""
    scenario = load_scenario(path)
    return {name: lived(scenario, name) for name in ("none", *(package.name for package in scenario.packages))}


def lived(scenario: Scenario, package: str) -> dict[str, dict[str, float]]:
    """The outcomes of one world, by calendar month."""
    months = min(MONTHS, scenario.months)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Remark)  # some shocks of the historical scenarios come later
        model = BandungModel(scenario, scale=SCALE, seed=SEED, months=months, threads=1, package=package)
    for _ in range(months):
        model.step()
    kept = range(EVERY - 1, months, EVERY)
    series = {name: model.recorder.city(name) for name in OUTCOMES}
    return {model.recorder.months[k]: {name: float(series[name][k]) for name in OUTCOMES} for k in kept}


@pytest.mark.parametrize("name", ready_scenarios())
def test_a_scenario_gives_what_it_gave(name):
    path = EXPECTED / f"{name}.json"
    assert path.exists(), f"no expected outcomes for {name}: python tests/test_regression.py --renew"
    expected, now = json.loads(path.read_text()), measured(ready_scenarios()[name])
    assert {package: list(months) for package, months in now.items()} == {
        package: list(months) for package, months in expected.items()
    }
    apart = [
        f"{package}, {month} {outcome}: {was:.10g} -> {now[package][month][outcome]:.10g}"
        for package, months in expected.items()
        for month, values in months.items()
        for outcome, was in values.items()
        if now[package][month][outcome] != pytest.approx(was, rel=TOLERANCE, abs=TOLERANCE, nan_ok=True)
    ]
    assert not apart, "\n".join(apart)


def test_nothing_is_expected_of_scenarios_that_are_gone():
    assert {path.stem for path in EXPECTED.glob("*.json")} == set(ready_scenarios())


def renew() -> None:
    """Write what the scenarios give now."""
    EXPECTED.mkdir(exist_ok=True)
    for old in EXPECTED.glob("*.json"):
        old.unlink()
    for name, path in ready_scenarios().items():
        (EXPECTED / f"{name}.json").write_text(json.dumps(measured(path), indent=1) + "\n")
        print(f"{name}: renewed")


if __name__ == "__main__":
    if sys.argv[1:] != ["--renew"]:
        sys.exit(__doc__)
    renew()
