"""What a command calls the scenario of a result, so that it repeats that result and no other."""

from __future__ import annotations

from pathlib import Path

from sim.language import ENGLISH, translated
from sim.scenario import Scenario

COPY = "scenario.yaml"  # in a dataset: the scenario as it was run
UNSAVED = "SCENARIO.yaml"  # stands for a file that nobody has written yet


def called(scenario: Scenario, dataset: Path | None) -> str:
    """Its file or ready name; where neither says what was run, the copy in the dataset or a file still to be saved."""
    return scenario.reference or (str(dataset / COPY) if dataset else UNSAVED)


def to_save(scenario: Scenario, dataset: Path | None, language: str = ENGLISH) -> list[str]:
    """What has to be done before the command works, in words; nothing where the scenario is in a file."""
    text = "Save the scenario file first, as {name}."
    return [translated(text, language, name=UNSAVED)] if called(scenario, dataset) == UNSAVED else []


def write_copy(scenario: Scenario, folder: Path) -> None:
    """The scenario as it was run, beside its results."""
    (folder / COPY).write_text(scenario.text, "utf-8", newline="")
