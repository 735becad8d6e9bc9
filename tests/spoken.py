"""Every text that is said to a user: found in the source, in the report's page and in the declarations."""

from __future__ import annotations

import ast
import math
import re
from pathlib import Path

import sim
from sim.agents.businesses import SECTORS
from sim.agents.services import KINDS
from sim.analysis.cost import MEASURES, WELLBEING
from sim.city.reading import open_library
from sim.listing import kind_rows, outcome_rows, parameter_rows, registry_of
from sim.month import MONTH
from sim.outcomes.index import DIMENSIONS
from sim.scenario import Scenario, load_scenario, ready_scenarios
from sim.summary import words
from sim.sweep.design import Design

HOME = Path(sim.__file__).parent
SAYING = {"say", "told", "translated", "texts"}  # whose first argument (of `texts`: whose every argument) is a text
KEYED = HOME / "analysis" / "verdict.py"  # its `say` takes keys of phrases.toml
NOTICES = ("note", "warning", "error")  # the page's `say(kind, text)` begins with one of these
_CODE = re.compile(r".?|[a-z0-9]+(_[a-z0-9]+)+")  # nothing, a sign or a declared name: no text
_IN_PAGE = re.compile(r"""\bsay\(\s*(?:"([^"]*)"|'([^']*)')""")


def _constants(node: ast.AST) -> set[str]:
    """The literal texts in a piece of code; of a dictionary its values."""
    if isinstance(node, ast.Dict):
        return set().union(*map(_constants, node.values))
    if isinstance(node, (ast.BinOp, ast.Compare, ast.JoinedStr, ast.Call)):
        return set()
    if isinstance(node, ast.Constant):
        return {node.value} if isinstance(node.value, str) else set()
    if isinstance(node, ast.IfExp):
        return _constants(node.body) | _constants(node.orelse)
    return set().union(*map(_constants, ast.iter_child_nodes(node)))


def _named(tree: ast.AST) -> dict[str, set[str]]:
    """Literal texts by the name they are given to: `said = "..."`, `NAMES = {...}`, `for text in WORDS`."""
    found: dict[str, set[str]] = {}
    loops: list[tuple[ast.expr, ast.expr]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, set()).update(_constants(node.value))
        elif isinstance(node, (ast.For, ast.comprehension)):
            loops.append((node.target, node.iter))
    for target, over in loops:
        if isinstance(target, ast.Name) and isinstance(over, ast.Name):
            found.setdefault(target.id, set()).update(found.get(over.id, set()))
    return found


def of_source(text: str) -> set[str]:
    """Literal texts given to `say(...)`, `told(...)`, `translated(...)` and `texts(...)` in Python code."""
    tree, found = ast.parse(text), set()
    named = _named(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        method = getattr(node.func, "attr", "")
        name = node.func.id if isinstance(node.func, ast.Name) else method
        if name not in SAYING:
            continue
        for one in node.args if name == "texts" or method == "say" else node.args[:1]:
            one = one.value if isinstance(one, ast.Subscript) else one
            found |= named.get(one.id, set()) if isinstance(one, ast.Name) else _constants(one)
    return {text for text in found - set(NOTICES) if not _CODE.fullmatch(text)}


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
            found |= {words(row["name"]), row["group"], row["meaning"], row["cost"], row["reach"]}
            for one in row["settings"]:
                found |= {words(one["name"]), one["unit"], one["meaning"], *map(words, one["choices"])}
    for row in outcome_rows():
        found |= {words(row["name"]), row["unit"], row["meaning"]}
    for row in parameter_rows():
        found |= {row["unit"], row["meaning"], row["name"].split(".")[0]}
    for kind in (Scenario, Design):
        for info in kind.model_fields.values():
            found.add((info.json_schema_extra or {}).get("unit", ""))
    for path in ready_scenarios().values():
        scenario = load_scenario(path)
        found |= {scenario.title, scenario.question, *(package.name for package in scenario.packages)}
    for columns in open_library().columns.values():
        found |= {column.unit for column in columns.values() if column.least > -math.inf}
    found |= {text for act in MONTH for text in (act.name, act.reason)}
    found |= {words(name) for name in (*SECTORS, *DIMENSIONS, *KINDS)} | {one.name for one in MEASURES} | {WELLBEING}
    return found - {""}
