"""Files in and out: the scenario file, figures as CSV, the report, the link, and the command that repeats it all."""

from __future__ import annotations

import re
import shlex
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from sim.errors import InputError
from sim.language import replaced, told
from sim.scenario import Scenario, load_scenario, to_yaml
from sim.ui.engine.asking import Answer
from sim.ui.limits import Limits
from sim.ui.state import edits
from sim.ui.state.place import Place, bounded, opening

BASELINE = "baseline"


@dataclass(frozen=True)
class Content:
    """A file for the browser to save."""

    name: str
    type: str
    text: str


def loaded(name: str, text: str, place: Place, limits: Limits) -> Place:
    """The place with a scenario file a reader gave: checked as on the command line. Raises InputError.

    The address then tells it by what differs from the baseline; undo goes back to the file.
    """
    if len(text.encode()) > limits.upload_bytes:
        raise InputError(told("{name}: larger than {most} bytes", name=shown(name), most=limits.upload_bytes))
    if not text.strip():
        raise InputError(told("{name}: the file is empty", name=shown(name)))
    try:
        scenario = load_scenario(text if "\n" in text else text + "\n")
    except InputError as error:
        raise InputError(*(replaced(message, "<text>", shown(name)) for message in error.messages)) from None
    scenario = bounded(scenario, limits)
    return replace(place, opened=BASELINE, base=scenario, scenario=scenario, package=0, detail="live", rests={})


def shown(name: str) -> str:
    """A file's name as it may be shown."""
    return "".join(c for c in Path(name).name if c.isprintable())[:80] or "file"


def file_name(scenario: Scenario) -> str:
    """A name for the files of a scenario."""
    return re.sub(r"[^a-z0-9]+", "_", scenario.title.lower()).strip("_")[:40] or "scenario"


def yaml_name(scenario: Scenario) -> str:
    """The name of its scenario file."""
    return f"{file_name(scenario)}.yaml"


def scenario_file(place: Place) -> Content:
    """The scenario as `bandung compare` reads it."""
    return Content(yaml_name(place.scenario), "text/yaml", to_yaml(place.scenario))


def figures_file(place: Place, answer: Answer) -> Content:
    """Every effect of the answer, tidy, as CSV."""
    text = answer.comparison.effects.to_csv(index=False)
    return Content(f"{file_name(place.scenario)}_effects.csv", "text/csv", text)


def report_file(place: Place, answer: Answer, language: str) -> Content:
    """The report that `bandung compare` writes: one file that works offline."""
    with tempfile.TemporaryDirectory() as folder:
        path = answer.comparison.report(Path(folder) / "report.html", language)
        return Content(f"{file_name(place.scenario)}_report.html", "text/html", path.read_text("utf-8"))


def command(name: str, answer: Answer) -> str:
    """The command that gives the same figures: `name`: what `reference` gives."""
    question = answer.question
    sizes = ("--seeds", question.detail.seeds, "--scale", question.detail.scale, "--months", question.months)
    return shlex.join(["bandung", "compare", name, *map(str, sizes)])


def python_lines(name: str, answer: Answer) -> str:
    """The same in Python."""
    question = answer.question
    sizes = f"seeds={question.detail.seeds}, scale={question.detail.scale}, months={question.months}"
    return "\n".join(
        [
            "from sim import compare",
            "",
            f'result = compare("{name}", {sizes})',
            "result.effects  # pandas.DataFrame",
            'result.report("report.html")',
        ]
    )


def reference(place: Place) -> str:
    """What a command calls the scenario: its name where nothing was changed, else the file saved from the page."""
    if edits.data_of(place.scenario) == edits.data_of(opening(place.opened, Limits(most_months=600)).scenario):
        return place.opened
    return yaml_name(place.scenario)
