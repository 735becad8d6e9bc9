"""What the README and docs/ say is true: every program and command runs, every name exists, every figure is kept."""

from __future__ import annotations

import os
import re
import runpy
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from shown import run_shown

from sim.cli import answer, bandung
from sim.ledger import FLOWS
from sim.parameters import catalogue

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
PAGES = ("README.md", "docs/how-to.md", "docs/odd.md", "docs/reference.md")
TEXT = {page: (ROOT / page).read_text(encoding="utf-8") for page in PAGES}
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def blocks(page: str, language: str) -> list[str]:
    return [body for name, body in FENCE.findall(TEXT[page]) if name == language]


def lines(page: str) -> list[str]:
    """Shell lines, without their comments."""
    found = [line.split("  #")[0].strip() for body in blocks(page, "sh") for line in body.splitlines()]
    return [line for line in found if line]


PROGRAMS = [(page, k) for page in ("README.md", "docs/how-to.md") for k in range(len(blocks(page, "python")))]
RECIPES = [line for line in lines("docs/how-to.md") if line.startswith("bandung ")]
SCRIPTS = [line for line in lines("docs/how-to.md") if line.startswith("python ")]


@pytest.mark.parametrize("page, k", PROGRAMS, ids=lambda x: str(x).replace("/", "-"))
def test_every_program_shown_runs(page, k, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    program = tmp_path / "program.py"
    program.write_text(blocks(page, "python")[k], encoding="utf-8")
    run_shown(program)


def test_every_command_shown_answers(tmp_path, monkeypatch, capsys):
    """In the order of the page: some need the file that an earlier one wrote."""
    assert len(RECIPES) > 10
    monkeypatch.chdir(tmp_path)
    for line in RECIPES:
        words = shlex.split(line)[1:]
        if words[0] == "benchmark":  # has its own test; here only its options are checked
            words.append("--help")
        assert answer(words) == 0, f"{line}\n{capsys.readouterr().err}"


@pytest.mark.parametrize("line", SCRIPTS)
def test_every_script_shown_runs(line):
    short = ["--months", "3"] if "drift" in line else ["--help"]  # of two equal options the last counts
    environment = {**os.environ, "PYTHONPATH": ""}  # from a checkout, nothing else set
    done = subprocess.run(
        [sys.executable, *shlex.split(line)[1:], *short],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert "inside" in done.stdout or "usage" in done.stdout


def test_every_make_target_shown_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    shown = {line.split()[1] for page in PAGES for line in lines(page) if line.startswith("make ")}
    assert {"run", "test", "lint", "docs"} <= shown
    assert all(re.search(rf"^{target}:", makefile, re.M) for target in shown)


def test_every_scenario_shown_is_accepted(tmp_path):
    for page in ("README.md", "docs/how-to.md"):
        for k, body in enumerate(blocks(page, "yaml")):
            path = tmp_path / f"{k}.yaml"
            path.write_text(body, encoding="utf-8")
            assert answer(["check", str(path)]) == 0


@pytest.mark.parametrize("page", PAGES)
def test_every_parameter_named_exists(page):
    known, groups = catalogue(), {name.split(".")[0] for name in catalogue()}
    named = re.findall(r"`([a-z]+\.[a-z0-9_]+)`", TEXT[page])
    wrong = [n for n in named if n.split(".")[0] in groups and n not in known and not (ROOT / "sim" / n).exists()]
    assert wrong == []


@pytest.mark.parametrize("page", PAGES)
def test_every_file_and_command_named_exists(page):
    files = re.findall(r"`((?:sim|tests|docs|benchmarks|scenarios)/[\w/]+\.(?:py|md|toml|csv|yaml))`", TEXT[page])
    assert [name for name in files if not (ROOT / name).exists()] == []
    links = [link.split("#")[0] for link in re.findall(r"\]\(((?!http)[^)]+)\)", TEXT[page])]
    assert [link for link in links if link and not (ROOT / page).parent.joinpath(link).exists()] == []
    assert set(re.findall(r"^bandung ([a-z]+)", TEXT[page], re.M)) <= set(bandung.commands)


def test_links_into_a_page_find_their_heading():
    for page in PAGES:
        for target, anchor in re.findall(r"\]\(((?!http)[^)#]*)#([^)]+)\)", TEXT[page]):
            path = (ROOT / page).parent.joinpath(target) if target else ROOT / page
            headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.M)
            slugs = {re.sub(r"[^a-z0-9 -]", "", h.lower()).replace(" ", "-") for h in headings}
            assert anchor in slugs, f"{page}: {target}#{anchor}"


def test_the_reference_is_the_one_the_declarations_give():
    page = runpy.run_path(str(ROOT / "docs" / "reference.py"))["page"]()
    assert page == TEXT["docs/reference.md"], "run `make docs`"
    assert all(f"`{name}`" in page for name in [*catalogue(), *FLOWS])


def test_the_readme_shows_the_figures_that_the_scripts_kept():
    from benchmarks import readme

    assert readme.render(TEXT["README.md"]) == TEXT["README.md"], "run `python benchmarks/readme.py`"


def test_sweeps_have_a_section_only_where_they_were_measured(tmp_path, monkeypatch):
    from benchmarks import keep, readme

    for path in (ROOT / "benchmarks").glob("*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(keep, "HERE", tmp_path)
    (tmp_path / "sweep.json").unlink(missing_ok=True)
    assert "<!-- sweep -->\n<!-- end -->" in readme.render(TEXT["README.md"])
    city = {"runs": 80, "lived": 80, "workers": 1, "seconds": 30.0, "failed": 0, "worker_mb": 400.0}
    measured = {
        "machine": {"processor": "a processor", "cores": 2, "python": "3.11"},
        "design": {"scale": 200, "months": 60},
        "load_before": 0.1,
        "load_after": 2.0,
        "overhead": {"runs": 200, "seconds": 20.4, "ideal_seconds": 20.0, "overhead_ms_per_run": 2.0},
        "memory": [{"runs": n, "parent_mb": 100.0, "worker_mb": 60.0} for n in (500, 5000, 50000)],
        "speedup": {"one": city, "two": city | {"workers": 2, "seconds": 16.0}, "times": 1.88},
        "large": city | {"runs": 2000, "workers": 2, "seconds": 400.0},
    }
    keep.keep("sweep", "", measured)
    page = readme.render(TEXT["README.md"])
    assert "`python benchmarks/sweep.py` on a processor, 2 cores" in page and "1.88 times as fast as one" in page
    assert "| the city, one agent for 200, 60 months | 2,000 | 2 | 400 |" in page
    assert "after 500, 5,000 and 50,000 empty runs: 100, 100 and 100 MB" in page


def test_a_figure_changed_by_hand_is_noticed():
    from benchmarks import readme

    block = readme.fit()
    value = re.search(r"\| (\d+\.\d{3}) \|", block)[1]
    changed = TEXT["README.md"].replace(f"| {value} |", "| 9.999 |", 1)
    assert changed != TEXT["README.md"] and readme.render(changed) == TEXT["README.md"]


def test_every_kept_figure_says_which_command_repeats_it():
    from benchmarks.keep import kept

    for name in ("speed", "compare", "luck", "patterns", "drift", "example"):
        said = kept(name)
        assert said["command"].startswith(f"python benchmarks/{name}.py") and len(said["code"]) == 16
        assert (ROOT / "benchmarks" / f"{name}.py").exists()
