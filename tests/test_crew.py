"""Workers of a comparison: one that dies and one that is interrupted end it with one message and leave nothing."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from compared import TINY, bandung, scenario

import sim


class Watcher:
    """In place of the progress bar: does something to the crew when it first hears of it."""

    def __init__(self, act) -> None:
        self.act, self.done = act, False

    def __call__(self, stage: str, done: int, total: int) -> None:
        if multiprocessing.active_children() and not self.done:
            self.done = True
            self.act()

    def close(self) -> None:
        """Nothing to take down."""


def kill_one() -> None:
    os.kill(multiprocessing.active_children()[0].pid, signal.SIGKILL)


def interrupt() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("act", "code", "expected"),
    [
        (kill_one, 1, "a worker process ended unexpectedly (not enough memory?); use fewer --workers"),
        (interrupt, 130, "interrupted; nothing was left half-written"),
    ],
)
def test_a_crew_that_is_hit_ends_with_one_message_and_leaves_nothing(act, code, expected, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.progress.reporter", lambda *_, **__: Watcher(act))
    text = TINY.replace("scale: 1000", "scale: 2000")
    said = bandung("compare", scenario(tmp_path, text), "--workers", 2, "--out", tmp_path / "set", "--json")
    assert (said.code, said.out) == (code, "")
    assert said.err.strip().splitlines()[-1] == expected
    assert "Traceback" not in said.err
    assert [p.name for p in tmp_path.iterdir()] == ["tiny.yaml"]
    assert multiprocessing.active_children() == []


def test_a_script_without_a_guard_is_told_what_it_lacks(tmp_path):
    """Compared in Python with two workers, each of which begins the script anew."""
    program = tmp_path / "program.py"
    text = TINY.replace("scale: 1000", "scale: 2000")
    program.write_text(f"from sim import compare\ncompare({text!r}, workers=2)\n")
    path = {"PYTHONPATH": str(Path(sim.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, program.name], cwd=tmp_path, env=os.environ | path, capture_output=True, text=True, check=False
    )
    last = done.stderr.strip().splitlines()[-1]
    said = f'worker processes cannot start: {program} needs `if __name__ == "__main__":` before what it does'
    assert done.returncode == 1 and last.endswith(said)


def test_a_script_from_standard_input_is_told_to_be_a_file():
    path = {"PYTHONPATH": str(Path(sim.__file__).parents[1])}
    script = f"from sim import compare\ncompare({TINY.replace('scale: 1000', 'scale: 2000')!r}, workers=2)\n"
    done = subprocess.run(
        [sys.executable], input=script, env=os.environ | path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.strip().endswith(
        "a program read from standard input cannot start worker processes: save it as a file"
    )


def test_two_workers_tell_of_every_month_and_give_what_one_gives(tmp_path):
    from sim.comparison import compare

    text = TINY.replace("scale: 1000", "scale: 2000").replace("months: 13", "months: 6")
    told: list[tuple[int, int]] = []
    two = compare(scenario(tmp_path, text), workers=2, progress=lambda stage, done, total: told.append((done, total)))
    one = compare(scenario(tmp_path, text), workers=1)
    assert two.digests == one.digests
    assert two.effects.equals(one.effects)
    assert told[-1][0] == told[-1][1] > 0
    assert told == sorted(told)
