"""Expected outcomes of every ready scenario: a change of results is a decision, never an accident.

Each file of `expected/` holds a dozen outcomes every sixth month of 24, at one agent for 400 and seed 1. When a change
of rules or figures is meant to change results, renew them and look at the difference before committing it:

    python tests/test_regression.py --renew
"""

import json
import sys
from pathlib import Path

import pytest

from sim.model import BandungModel
from sim.scenario import ready_scenarios

SCALE, SEED, MONTHS, EVERY, TOLERANCE = 400, 1, 24, 6, 1e-6
EXPECTED = Path(__file__).parent / "expected"
OUTCOMES = (
    "population",
    "unemployment_rate",
    "informal_share",
    "median_wage",
    "poverty_headcount",
    "gini",
    "no_buffer_share",
    "participation_rate",
    "trust",
    "service_access",
    "value_added_index",
    "treasury_rp",
    "csr_rp",
    "resilience_index",
)


def measured(scenario: Path) -> dict[str, dict[str, float]]:
    """The outcomes of a scenario, by calendar month."""
    model = BandungModel(scenario, scale=SCALE, seed=SEED, months=MONTHS, threads=1)
    for _ in range(MONTHS):
        model.step()
    kept = range(EVERY - 1, MONTHS, EVERY)
    series = {name: model.recorder.city(name) for name in OUTCOMES}
    return {model.recorder.months[k]: {name: float(series[name][k]) for name in OUTCOMES} for k in kept}


@pytest.mark.parametrize("name", ready_scenarios())
def test_a_scenario_gives_what_it_gave(name):
    path = EXPECTED / f"{name}.json"
    assert path.exists(), f"no expected outcomes for {name}: python tests/test_regression.py --renew"
    expected, now = json.loads(path.read_text()), measured(ready_scenarios()[name])
    assert list(now) == list(expected)
    apart = [
        f"{month} {outcome}: {was:.10g} -> {now[month][outcome]:.10g}"
        for month, values in expected.items()
        for outcome, was in values.items()
        if now[month].get(outcome) != pytest.approx(was, rel=TOLERANCE, abs=TOLERANCE, nan_ok=True)
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
