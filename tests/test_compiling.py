"""The first run compiles with a second process: where it is started, and that it leaves nothing out."""

import io
import os
import subprocess
import sys

import pytest

from sim import compile_along, compiling, month
from sim.compiling import VARIABLE, second_compiler


@pytest.fixture
def started(monkeypatch):
    """A cold start on two processors; the commands that were started, each a process that waits as the helper does."""
    commands = []

    def start(command, **how):
        commands.append(command)
        return real([sys.executable, "-c", "import sys; sys.stdin.readline()"], **how)

    real = subprocess.Popen
    monkeypatch.setattr(compiling, "is_cold", lambda: True)
    monkeypatch.setattr(compiling, "now_warm", lambda: commands.append("warm"))
    monkeypatch.setattr(subprocess, "Popen", start)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    monkeypatch.setattr(compiling, "cache_root", lambda: compiling.CACHE.parent)
    monkeypatch.delenv(VARIABLE, raising=False)
    return commands


def test_a_cold_start_has_a_second_process_until_the_city_is_built(started):
    with second_compiler() as months_begin:
        months_begin()
    assert [command[-1] for command in started[:1]] == [compiling.HELPER]
    assert started[1:] == ["warm"]


@pytest.mark.parametrize("reason", ["warm", "one processor", "is the second", "a folder of its own"])
def test_else_there_is_none(started, monkeypatch, reason):
    if reason == "warm":
        monkeypatch.setattr(compiling, "is_cold", lambda: False)
    elif reason == "one processor":
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    elif reason == "is the second":
        monkeypatch.setenv(VARIABLE, "1")
    else:
        monkeypatch.setattr(compiling, "cache_root", lambda: compiling.CACHE / "elsewhere")
    with second_compiler() as months_begin:
        months_begin()
    assert [one for one in started if one != "warm"] == []


def test_a_build_that_fails_leaves_no_process_and_stays_cold(started):
    with pytest.raises(KeyError), second_compiler():
        raise KeyError
    assert "warm" not in started


def test_a_machine_that_starts_no_process_builds_all_the_same(started, monkeypatch):
    def refuse(*_, **__):
        raise OSError("no more processes")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with second_compiler() as months_begin:
        months_begin()
    assert started == ["warm"]


def test_the_second_process_comes_to_the_end_of_every_act_it_takes_on(monkeypatch):
    """But of the books, which need the heads counted in the acts that it leaves out."""
    ended, begun = [], []

    def watched(act):
        def does(world):
            begun.append(act.name)
            act.does(world)
            ended.append(act.name)

        return act._replace(does=does)

    monkeypatch.setattr(month, "MONTH", tuple(watched(act) for act in month.MONTH))
    monkeypatch.setattr(sys, "stdin", io.StringIO("now\n"))
    monkeypatch.setenv("BANDUNG_KEEP_CITIES", "0")
    compile_along.help_out()
    left = {"drivers", "demography", "migration"}
    assert begun[0] == compile_along.BEGIN and set(begun) == {act.name for act in month.MONTH} - left
    assert set(begun) - set(ended) == {"balance"}


def test_without_a_word_it_ends(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    monkeypatch.setattr(month, "MONTH", ())
    compile_along.help_out()
