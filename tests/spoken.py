"""Every text that is said to a user: found in the source, in the report's page and in the declarations."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import sim
from sim.agents.businesses import SECTORS
from sim.analysis.cost import MEASURES, WELLBEING
from sim.listing import kind_rows, outcome_rows, parameter_rows, registry_of
from sim.month import MONTH
from sim.outcomes.index import DIMENSIONS
from sim.scenario import load_scenario, ready_scenarios
from sim.summary import words

HOME = Path(sim.__file__).parent
SAYING = {"say", "told", "translated", "texts"}  # whose first argument (of `texts`: whose every argument) is a text
KEYED = HOME / "analysis" / "verdict.py"  # its `say` takes keys of phrases.toml
_IN_PAGE = re.compile(r"""\bsay\(\s*(?:"([^"]*)"|'([^']*)')""")


def _constants(node: ast.expr) -> Iterator[str]:
    """The literal texts an argument can be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)


def of_source(text: str) -> set[str]:
    """Literal texts given to `say(...)`, `told(...)`, `translated(...)` and `texts(...)` in Python code."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in SAYING:
            arguments = node.args if name == "texts" else node.args[:1]
            found.update(text for one in arguments for text in _constants(one))
    return found - {""}


def literal() -> set[str]:
    """All texts that stand in the source and in the templates."""
    found: set[str] = set()
    for path in HOME.rglob("*.py"):
        if path != KEYED:
            found |= of_source(path.read_text(encoding="utf-8"))
    for path in (HOME / "report").rglob("*.html"):
        found |= {one or other for one, other in _IN_PAGE.findall(path.read_text(encoding="utf-8"))}
    return found


def declared() -> set[str]:
    """All texts of the declarations: names as they are read, meanings, units, costs, choices, titles and questions."""
    found: set[str] = set()
    for word in ("lever", "shock"):
        for row in kind_rows(registry_of(word)):
            found |= {words(row["name"]), row["group"], row["meaning"], row["cost"]}
            for one in row["settings"]:
                found |= {words(one["name"]), one["unit"], one["meaning"], *map(words, one["choices"])}
    for row in outcome_rows():
        found |= {words(row["name"]), row["unit"], row["meaning"]}
    for row in parameter_rows():
        found |= {row["unit"], row["meaning"], row["name"].split(".")[0]}
    for path in ready_scenarios().values():
        scenario = load_scenario(path)
        found |= {scenario.title, scenario.question, *(package.name for package in scenario.packages)}
    found |= {text for act in MONTH for text in (act.name, act.reason)}
    found |= {words(name) for name in (*SECTORS, *DIMENSIONS)} | {one.name for one in MEASURES} | {WELLBEING}
    return found - {""}
