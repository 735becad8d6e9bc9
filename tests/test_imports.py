"""What may import what: only to the left. Read from the source, so a wrong import is found before it runs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import sim

HOME = Path(sim.__file__).parent
# Left to right. A module or package may import what stands in its own column or further left.
COLUMNS = (
    "declare language spawning stopping compiled compiling errors draws keeping memory tables walk fetching sorting "
    "quotas paper sheet progress sources strict_yaml catalogue",
    "shape",
    "parameters",
    "ledger city world sectors drivers welfare",
    "agents composition",
    "options choices disturbance intervention purse atlas",
    "markets",
    "shocks policies outcomes",
    "balance month",
    "synthesis population template entries parts thousands scenario span repeating",
    "model twins compile_along",
    "analysis runner results story report summary",
    "crew dataset",
    "comparison",
    "sweep follow comparison_table battery listing mesa_twin benchmark patterns",
    "stationarity battery_table",
    "battery_command",
    "cli __main__ ui",
)
PLACE = {name: k for k, names in enumerate(COLUMNS) for name in names.split()}
FILES = sorted(p for p in HOME.rglob("*.py") if p != HOME / "__init__.py")


def module(path: Path) -> str:
    return ".".join(path.relative_to(HOME).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> set[str]:
    """The modules of sim that a file imports when it runs, by names inside sim (not those for type checkers only)."""
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
                for other in child.orelse:
                    visit(other)
                continue
            if isinstance(child, ast.Import):
                found.update(a.name for a in child.names)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{path.name}: imports are written in full"
                found.update(f"{child.module}.{a.name}" for a in child.names)
            visit(child)

    visit(ast.parse(path.read_text(encoding="utf-8")))
    return {name.removeprefix("sim.") for name in found if name.startswith("sim.")}


@pytest.mark.parametrize("path", FILES, ids=module)
def test_a_module_imports_only_to_its_left(path):
    own = module(path).split(".")[0]
    assert own in PLACE, f"sim/{own} has no column in tests/test_imports.py: give it one"
    for imported in imports(path):
        other = imported.split(".")[0]
        if other in PLACE:
            assert PLACE[other] <= PLACE[own], f"sim.{module(path)} imports sim.{imported}, which stands to its right"


@pytest.mark.parametrize("path", FILES, ids=module)
def test_the_core_never_names_a_single_policy_or_shock(path):
    own = module(path).split(".")[0]
    for imported in imports(path):
        package, *rest = imported.split(".")
        if package in ("policies", "shocks") and rest and own != package:
            pytest.fail(f"sim.{module(path)} imports sim.{imported}: the catalogue finds it by name")


def test_the_reader_of_imports_sees_a_wrong_one(tmp_path):
    wrong = tmp_path / "walk.py"
    wrong.write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from sim.world import World\n"
        "def f():\n    from sim.markets.goods import goods_market\n    import sim.runner\n"
    )
    assert imports(wrong) == {"markets.goods.goods_market", "runner"}


def loaded_by(code: str) -> set[str]:
    """Modules in memory after some code has run in a fresh interpreter."""
    said = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
        cwd=HOME.parent,
    )
    return set(said.stdout.split())


def test_import_sim_is_light():
    loaded = loaded_by("import sim")
    assert "sim" in loaded
    assert not {m for m in loaded if m.split(".")[0] in ("solara", "dask", "distributed", "mesa", "numba", "pandas")}


def test_the_model_brings_in_no_page_and_no_cluster():
    loaded = loaded_by("import sim\nsim.BandungModel")
    assert "mesa" in loaded
    assert "mesa.visualization" not in loaded
    assert not {m for m in loaded if m.split(".")[0] in ("solara", "ipyvue", "dask", "distributed", "matplotlib")}


def test_nothing_random_but_the_keyed_draws():
    """No file of the model uses Python's or NumPy's own generators."""
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {ast.unparse(n) for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
        assert not {n for n in names if n.startswith(("np.random", "random."))}, path.name
