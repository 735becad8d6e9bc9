"""Cities that many tests look at: built once a session. Tests that change one take a copy."""

from __future__ import annotations

import copy
import os
import subprocess
import sys

import pytest
from hypothesis import settings
from months import lived
from studied import ishigami, noisy, planted, planted_folder  # noqa: F401 - fixtures of the studies of sweeps

from sim.compiled import is_cold
from sim.model import BandungModel

settings.register_profile("untimed", deadline=None)  # a rule's first call compiles it, on a machine that is busy
settings.load_profile("untimed")
os.environ["BANDUNG_KEEP_CITIES"] = "0"  # a test that breaks a rule must not leave its city to others


def pytest_configure(config: pytest.Config) -> None:
    """Before several processes test, one command compiles: each of them would else compile the same at once."""
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput") and is_cold():
        print("compiling the rules, about a minute; kept for later runs", flush=True)
        subprocess.run([sys.executable, "-m", "sim", "run", "baseline", "--scale", "500", "--months", "14"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip


# Files that take long, the longest first: begun last they would leave the other processes idle at the end.
LONG = (
    "test_page_flows", "test_parameters", "test_docs_experiments", "test_page_gates", "test_docs",
    "test_trials_training", "test_sweep_city", "test_sweep_engine", "test_words", "test_crew", "test_catalogue_matrix",
    "test_catalogue_effects", "test_uncompiled", "test_sweep_design",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files begin first, the others in their order."""
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG))


@pytest.fixture(scope="session")
def fresh_city() -> BandungModel:
    """January 2025, nothing lived yet. Only to be looked at."""
    return lived(0)


@pytest.fixture(scope="session")
def city_year() -> BandungModel:
    """After the year 2025. Only to be looked at."""
    return lived(12)


@pytest.fixture(scope="session")
def city_year_2019() -> BandungModel:
    """After the year 2019. Only to be looked at."""
    return lived(12, start="2019-01")


@pytest.fixture
def world(fresh_city):
    """A world of January 2025 of one's own, to be changed at will."""
    return copy.deepcopy(fresh_city.world)


@pytest.fixture(scope="session")
def fresh_city_2019() -> BandungModel:
    """January 2019, nothing lived yet. Only to be looked at."""
    return lived(0, start="2019-01")
