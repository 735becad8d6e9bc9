"""Machine code that is kept between runs: damaged files are dropped and made again, and never end a command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.cli import answer, bandung
from sim.compiled import CODE, at

PROGRAM = """\
from sim.compiled import kernel


@kernel
def doubled(number):
    return 2 * number


print(doubled(21))
"""


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """Runs a program with one kernel, in a folder of its own for machine code; gives what it says on stderr."""
    folder = tmp_path_factory.mktemp("compiled")
    (folder / "program.py").write_text(PROGRAM)
    places = {"BANDUNG_CACHE_DIR": str(folder), "PYTHONPATH": str(Path(sim.__file__).parents[1])}

    def run() -> str:
        done = subprocess.run(
            [sys.executable, "program.py"],
            cwd=folder,
            env=os.environ | places,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (0, "42\n"), done.stderr
        return done.stderr

    assert run() == ""
    return run, folder


@pytest.mark.parametrize("kind", ["nbi", "nbc"])
@pytest.mark.parametrize("damage", [lambda raw: raw[: len(raw) // 2], lambda raw: b"\x93" * 500, lambda raw: b""])
def test_damaged_machine_code_is_made_again_and_told_in_one_line(lived, kind, damage):
    run, folder = lived
    (file,) = folder.rglob(f"*doubled*.{kind}")
    file.write_bytes(damage(file.read_bytes()))
    said = run()
    assert said.count("\n") == 1 and "was damaged; it is compiled again" in said
    assert run() == ""  # it is whole again


def test_a_place_that_is_never_below_0_stays_what_it_is():
    assert [int(at(place)) for place in (0, 7, 2**40)] == [0, 7, 2**40]
    assert list(range(10))[at(3)] == 3


def test_an_unexpected_end_of_a_file_is_no_interruption(monkeypatch, capsys):
    def cut(*_, **__):
        raise EOFError("Ran out of input")

    monkeypatch.setattr(bandung.commands["outcomes"], "callback", cut)
    assert answer(["outcomes"]) == 1
    assert capsys.readouterr().err.strip() == (
        "the run failed: EOFError: Ran out of input (BANDUNG_DEBUG=1 shows where)"
    )


def test_a_manifest_names_the_code_that_ran_and_workers_of_other_code_refuse(monkeypatch, tmp_path):
    """Files of the model that are changed while it runs change nothing of what it says about itself."""
    from compared import TINY
    from fake_model import FakeModel

    from sim import crew, results, runner
    from sim.errors import RunError
    from sim.scenario import load_scenario

    monkeypatch.setattr(runner, "build", FakeModel)
    monkeypatch.setattr("sim.compiled.code_hash", lambda *_: "of the changed files")
    made = runner.run("baseline", scale=200, months=2)
    assert results.manifest(made)["code"] == CODE
    with pytest.raises(RunError, match="files have changed since this command began"):
        crew._job("of other files", load_scenario(TINY), 2000, 1, 1, None)
