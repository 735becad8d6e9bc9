"""Every rule of the model is worked through in some test."""

import ast
from pathlib import Path

import pytest

import sim

HOME, TESTS = Path(sim.__file__).parent, Path(__file__).parent


def rules() -> dict[str, str]:
    """Functions decorated with @rule, with the file they stand in."""
    found = {}
    for path in sorted(HOME.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                marks = [d.id for d in node.decorator_list if isinstance(d, ast.Name)]
                if "rule" in marks:
                    found[node.name] = path.relative_to(HOME).as_posix()
    return found


def named() -> set[str]:
    """Every name that is used in a test: called, imported or looked up."""
    words = set()
    for path in TESTS.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Name):
                words.add(node.id)
            elif isinstance(node, ast.Attribute):
                words.add(node.attr)
    return words


RULES, NAMED = rules(), named()


def test_the_rules_are_found():
    assert len(RULES) > 80
    assert RULES["matches"] == "agents/work.py"
    assert "rules" not in RULES


@pytest.mark.parametrize("file", sorted(set(RULES.values())))
def test_every_rule_of_a_file_has_a_test(file):
    missing = [name for name, where in RULES.items() if where == file and name not in NAMED]
    assert not missing, f"{file}: no test uses {', '.join(missing)}"


def test_no_two_rules_share_a_name():
    """Otherwise the test of one could pass for the test of the other."""
    count = sum(
        isinstance(node, ast.FunctionDef) and any(getattr(d, "id", "") == "rule" for d in node.decorator_list)
        for path in HOME.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    )
    assert count == len(RULES)
