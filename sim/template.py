"""The commented file that `bandung new` writes to start from."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from sim.errors import InputError
from sim.language import told

TEMPLATE = """\
# A scenario for the Bandung simulator: only what differs from today, and the question it asks.
#   bandung check {path}     says everything that is wrong with this file
#   bandung run {path}       simulates it

title: {title}
question: What would you like to know? Write it as one sentence with a question mark.

start: 2025-01     # first month, YYYY-MM
months: 120        # 1 to 600
scale: 50          # one simulated person or household stands for 50 real ones; 1 is the whole city
seeds: 30          # how many times a comparison repeats the city with other luck

# Parameters that differ from their default. `bandung parameters` lists all of them with unit, range and source.
parameters: {{}}
#  {example}: {value:g}     # {meaning}; {low:g} to {high:g} {unit}

# Shocks and packages of policies. `bandung shocks` and `bandung levers` list what this version has.
shocks: []
packages: []
"""
EXAMPLE = "labour.matching_efficiency"


def new_scenario(path: str, title: str) -> str:
    """The text of a new scenario; `path` and `title` appear in it."""
    from sim.parameters import catalogue

    known = catalogue()
    example = EXAMPLE if EXAMPLE in known else next(iter(known))
    line = known[example]
    return TEMPLATE.format(
        path=path,
        title=json.dumps(title, ensure_ascii=False),  # a quoted string is valid YAML whatever is in it
        example=example,
        value=line.default,
        meaning=line.meaning,
        low=line.low,
        high=line.high,
        unit=line.unit,
    )


def write_new(path: Path, make: Callable[[str, str], str] = new_scenario) -> None:
    """Write a new scenario file (or what `make` gives for a path and a title); refuses to overwrite."""
    if str(path) == ".":  # nothing, or this folder
        raise InputError(told("the new file needs a name, e.g. my_question.yaml"))
    if path.suffix not in (".yaml", ".yml"):
        raise InputError(told("{path}: a scenario file ends in .yaml; try {path}.yaml", path=path))
    text = make(str(path), path.stem.replace("_", " ").capitalize())
    try:
        with open(path, "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise InputError(told("{path}: exists already; choose a new name", path=path)) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(told("{path}: cannot be written ({why})", path=path, why=why)) from None
