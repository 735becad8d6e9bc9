"""The `bandung` command: its answers, its exit codes, and what it leaves behind when it is stopped."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from fake_model import FakeModel

from sim.cli import answer
from sim.errors import RunError

ROOT = Path(__file__).parent.parent
FAKE = Path(__file__).parent / "fake_model.py"


def environment(**extra: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **extra}


class Done(NamedTuple):
    code: int
    out: str
    err: str


def process(*command: str, **extra: str) -> Done:
    """A command of its own process."""
    done = subprocess.run(command, cwd=ROOT, env=environment(**extra), capture_output=True, text=True, timeout=300)
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def bandung(monkeypatch, capsys) -> Callable[..., Done]:
    """The command on the tiny model, in this process."""
    monkeypatch.setattr("sim.runner.build", lambda **choices: FakeModel(**choices))
    monkeypatch.chdir(ROOT)

    def call(*arguments: str) -> Done:
        capsys.readouterr()
        code = answer(list(arguments))
        return Done(code, *capsys.readouterr())

    return call


@pytest.fixture
def refused(bandung) -> Callable[..., str]:
    """What the command says when it refuses; checks the exit code, that stdout is empty and no traceback shows."""

    def call(*arguments: str) -> str:
        done = bandung(*arguments)
        assert done.code == 2, done.err
        assert done.out == ""
        assert "Traceback" not in done.err
        return done.err

    return call


def test_help_answers_at_once_and_names_every_command():
    started = time.perf_counter()
    done = process(sys.executable, "-m", "sim", "--help")
    assert time.perf_counter() - started < 2.0  # 0.1 s on a quiet machine; others may be working on this one
    for command in ("run", "check", "new", "parameters", "outcomes", "scenarios", "levers", "shocks", "benchmark"):
        assert re.search(rf"^  {command} ", done.out, re.MULTILINE)


def test_help_and_import_stay_light():
    """Neither loads what a run needs: that is what keeps them quick."""
    heavy = "{'numpy', 'pandas', 'numba', 'mesa', 'pydantic', 'rich', 'scipy', 'pyarrow'}"
    for code in ("import sim", "import sim.cli"):
        script = f"{code}; import sys; print(sorted({heavy} & set(sys.modules)))"
        done = process(sys.executable, "-c", script)
        assert done.out.strip() == "[]", done.err


@pytest.mark.parametrize(
    "command", ["run", "check", "new", "parameters", "outcomes", "scenarios", "levers", "shocks", "benchmark"]
)
def test_every_command_has_help_with_an_example_that_works(command, bandung, tmp_path, monkeypatch):
    said = bandung(command, "--help").out
    examples = re.findall(rf"^ +bandung ({command}\b.*)$", said, re.MULTILINE)
    assert examples
    if command == "benchmark":  # measured in test_benchmark
        return
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    if command == "check":
        bandung("new", "my_question.yaml")
    for example in examples:
        done = bandung(*shlex.split(example))
        assert done.code == 0, (example, done.err)


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (["--scale", "0"], "'--scale': 0 is not in the range 1<=x<=2000"),
        (["--scale", "-5"], "'--scale': -5 is not in the range"),
        (["--scale", "1.5"], "'--scale': '1.5' is not a valid integer"),
        (["--scale", "all"], "'--scale': 'all' is not a valid integer"),
        (["--months", "0"], "'--months': 0 is not in the range 1<=x<=600"),
        (["--months", "601"], "'--months': 601 is not in the range 1<=x<=600"),
        (["--seed", "-1"], "'--seed': -1 is not in the range"),
        (["--threads", "0"], "'--threads': 0 is not in the range 1<=x<=256"),
        (["--shocks", "maybe"], "'--shocks': 'maybe' is not one of 'on', 'off'"),
        (["--package", "Roads"], "scenario 'baseline' has no package 'Roads'"),
        (["--scael", "5"], "No such option '--scael'"),
        (["--out"], "'--out' requires an argument"),
        (["--out", ""], "needs a folder of its own"),
        (["--out", "/dev/null/x"], "/dev/null/x: "),
        (["--out", "/proc/nowhere/x"], "/proc/nowhere/x: cannot be written"),
        (["--out", "."], ".: the dataset needs a folder of its own"),
        (["extra"], "unexpected extra argument"),
    ],
)
def test_an_impossible_flag_is_one_clear_message(flags, expected, refused):
    said = refused("run", "baseline", *flags)
    assert expected in said


def test_wrong_scenarios_are_named_with_the_nearest(refused):
    assert "did you mean 'baseline'?" in refused("run", "baselin")
    assert "no such file" in refused("run", "nowhere/at_all.yaml")
    assert "Missing argument 'SCENARIO'" in refused("run")
    assert "Did you mean 'run'?" in refused("rnu")


def test_a_run_prints_a_summary_with_units_and_how_to_repeat_it(bandung):
    done = bandung("run", "baseline", "--months", "13", "--scale", "20")
    assert done.code == 0
    assert "poverty headcount   3.87   3.92   3.87   3.92  %" in done.out
    assert "median wage         3.20   3.24   3.20   3.24  Rp million/month (2024)" in done.out
    assert "worst 5" in done.out
    assert "bandung run baseline --scale 20 --seed 1 --months 13" in done.out
    assert max(map(len, done.out.splitlines())) <= 96
    assert "\x1b" not in done.out + done.err


def test_json_is_one_object_with_what_the_contract_names(bandung):
    done = bandung("run", "baseline", "--months", "3", "--seed", "7", "--timing", "--json")
    said = json.loads(done.out)
    named = (
        "scenario seed scale start months persons households businesses companies seconds digest identities outcomes"
    )
    assert set(named.split()) <= set(said)
    assert (said["scenario"], said["seed"], said["months"], said["start"]) == ("baseline", 7, 3, "2025-01")
    assert set(said["seconds"]) == {"build", "run"}
    assert set(said["identities"]) == {"money", "people", "jobs"}
    assert set(said["outcomes"]["poverty_headcount"]) == {"unit", "first", "last", "mean"}
    assert said["timings"]["labour market"] == 0.02


def test_a_figure_that_was_not_measured_is_null_in_json():
    from sim.runner import finite

    assert finite({"a": float("nan"), "b": [float("inf"), 1.0]}) == {"a": None, "b": [None, 1.0]}


def test_check_says_everything_about_every_file(bandung, tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("titel: x\nmonths: 0\n")
    done = bandung("check", "scenarios/baseline.yaml", str(wrong), "nowhere.yaml")
    assert done.code == 2
    assert done.out.startswith("scenarios/baseline.yaml: good: ")
    assert f"{wrong}:1:1: titel: unknown name; did you mean 'title'?" in done.err
    assert f"{wrong}:2:9: months: 0 is out of range" in done.err
    assert "nowhere.yaml: no such file" in done.err
    said = json.loads(bandung("check", "scenarios/baseline.yaml", str(wrong), "--json").out)
    assert [file["good"] for file in said["files"]] == [True, False]


def test_new_writes_a_scenario_that_is_right_and_never_overwrites(bandung, refused, tmp_path):
    path = tmp_path / "my_question.yaml"
    assert bandung("new", str(path)).code == 0
    assert bandung("check", str(path)).code == 0
    text = path.read_text()
    assert "exists already" in refused("new", str(path))
    assert path.read_text() == text
    assert "ends in .yaml" in refused("new", str(tmp_path / "plain"))
    assert "cannot be written" in refused("new", str(tmp_path / "no" / "where.yaml"))


@pytest.mark.parametrize("catalogue", ["parameters", "outcomes", "scenarios", "levers", "shocks"])
def test_every_catalogue_is_also_json(catalogue, bandung):
    said = json.loads(bandung(catalogue, "--json").out)
    assert isinstance(said[catalogue], list)
    if catalogue in ("parameters", "scenarios"):
        assert said[catalogue]


def test_parameters_tell_unit_range_meaning_and_source(bandung, refused):
    rows = json.loads(bandung("parameters", "labour.matching_efficiency", "--json").out)["parameters"]
    assert set(rows[0]) == {"name", "default", "unit", "low", "high", "meaning", "source"}
    assert "from a source" in bandung("parameters", "labour").out
    assert "no parameter has 'labor'" in refused("parameters", "labor")


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_letters_that_a_terminal_lacks_do_not_end_a_command(encoding, tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("title: Kota — x\n", encoding="utf-8")
    done = process(sys.executable, "-m", "sim", "check", str(path), PYTHONIOENCODING=encoding)
    assert done.code == 0 and "good: Kota " in done.out
    done = process(sys.executable, str(FAKE), "run", str(path), "--scale", "200", PYTHONIOENCODING=encoding)
    assert done.code == 0 and "Kota ? x" in done.out and "poverty headcount" in done.out
    path.write_text("title: Kota — x\n—: 2\n", encoding="utf-8")
    done = process(sys.executable, "-m", "sim", "check", str(path), "--json", PYTHONIOENCODING=encoding)
    assert done.code == 2 and "—: unknown name" in json.loads(done.out)["files"][0]["errors"][0]


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_command_whose_output_is_closed_works(closed, tmp_path):
    words = f"'{sys.executable}' '{FAKE}' run baseline --scale 200 --months 2 --out '{tmp_path / 'set'}'"
    done = process("sh", "-c", f"{words} {closed}")
    assert done.code == 0 and "Error" not in done.err, done.err
    assert (tmp_path / "set" / "manifest.json").exists()


def test_an_output_that_nobody_reads_to_the_end_is_no_error():
    line = f"{shlex.quote(sys.executable)} -m sim parameters | head -1; echo ${{PIPESTATUS[0]}}"
    done = process("bash", "-c", line)
    assert done.out.splitlines()[-1] == "0"
    assert done.err == ""


def stopped(how: signal.Signals, folder: Path) -> tuple[int, str]:
    """Run on the tiny model with slow months, send `how` mid-run; (exit code, stderr)."""
    process = subprocess.Popen(
        [sys.executable, str(FAKE), "run", "baseline", "--out", str(folder / "run"), "--json"],
        cwd=ROOT,
        env=environment(FAKE_MONTH_SECONDS="0.2", FAKE_SIGNAL_FILE=str(folder / "started")),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # a shell's background job ignores SIGINT, and so would its children
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 60
    while not (folder / "started").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    (folder / "started").unlink()
    process.send_signal(how)
    out, said = process.communicate(timeout=30)
    assert out == ""
    return process.returncode, said


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing(how, tmp_path):
    code, said = stopped(how, tmp_path)
    assert code == 130
    assert "interrupted; nothing was left half-written" in said
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def test_a_lever_without_money_is_told_of_by_check_and_by_a_run_of_its_package(bandung, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("title: T\nmonths: 2\nscale: 200\npackages: [{name: P, policies: [{lever: cash_transfer}]}]\n")
    said = "cash_transfer changes nothing: it has no money; give it budget_rp_per_year"
    for words in (("check", str(file)), ("run", str(file), "--package", "P")):
        done = bandung(*words)
        assert done.code == 0 and said in " ".join(done.out.split())
    assert "no money" not in bandung("run", str(file)).out


def test_another_question_s_dataset_is_not_replaced_without_a_word(bandung, tmp_path):
    folder = tmp_path / "set"

    def said(*words: str) -> str:
        done = bandung("run", *words, "--scale", "200", "--out", str(folder))
        assert done.code == 0, done.err
        return next((line for line in done.err.splitlines() if "replaced" in line), "")

    assert said("baseline", "--months", "2") == ""
    assert said("baseline", "--months", "2") == ""  # the same question again
    line = said("umkm_naik_kelas", "--months", "2", "--seed", "7")
    assert line.startswith(f"{folder}: its dataset of the scenario 'baseline' (months 2, scale 200, package none")
    assert "scenario 'umkm_naik_kelas' (months 2, scale 200, package none, shocks on, seeds 7)" in said(
        "umkm_naik_kelas", "--months", "2", "--seed", "8"
    )
    assert "'umkm_naik_kelas' (months 2," in said("umkm_naik_kelas", "--months", "3", "--seed", "8")


def group(*words: str, folder: Path) -> subprocess.Popen:
    """A command in a process group of its own, as a terminal starts it."""
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=folder,
        env=environment(PYTHONPATH=str(ROOT)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def ended(process: subprocess.Popen) -> tuple[int, str]:
    """Ctrl-C for a whole group: (exit code, stderr)."""
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=30)[1]
    return process.returncode, said


CREW = """
import sys
from sim.crew import live_all
from sim.scenario import load_scenario

if __name__ == "__main__":
    try:
        begun = lambda done, total: print("begun", flush=True)
        list(live_all(load_scenario("baseline"), 2000, (1, 2), 1, 2, None, begun))
    except KeyboardInterrupt:
        sys.exit(130)
"""


def test_ctrl_c_while_workers_begin_is_heard_by_their_parent_alone(tmp_path):
    (tmp_path / "crew.py").write_text(CREW)
    started = group("crew.py", folder=tmp_path)
    assert started.stdout.readline() == "begun\n"  # its workers import the model
    for child in Path(f"/proc/{started.pid}/task/{started.pid}/children").read_text().split():
        os.kill(int(child), signal.SIGINT)  # first alone, since a parent that hears it ends them before they can say so
    time.sleep(0.5)
    assert ended(started) == (130, "")


FIRST = """
import multiprocessing, signal
from sim.stopping import deaf_to_ctrl_c

if __name__ == "__main__":
    with deaf_to_ctrl_c():
        multiprocessing.get_context("spawn").Process(target=print).start()
        print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ()))
"""


def test_the_first_process_ever_started_is_deaf_to_ctrl_c_as_well(tmp_path):
    (tmp_path / "first.py").write_text(FIRST)
    assert "True" in process(sys.executable, str(tmp_path / "first.py")).out


def test_a_command_interrupted_while_it_is_imported_ends_with_its_code(tmp_path):
    """Half-imported modules and texts given to `exec` are where Python would end by the signal itself."""
    code = "import sys, types; sys.modules['sim.cli'] = cli = types.ModuleType('sim.cli')\n{stop}\nimport sim.__main__"
    stops = {
        "importing": "cli.__getattr__ = lambda name: exec('raise KeyboardInterrupt')",
        "in_text": "cli.main = lambda: exec('raise KeyboardInterrupt')",
    }
    for name, stop in stops.items():
        (tmp_path / f"{name}.py").write_text(code.format(stop=stop) + "\nsim.__main__.main()\n")
        done = process(sys.executable, "-m", name, PYTHONPATH=f"{ROOT}:{tmp_path}")
        assert (done.code, done.err) == (130, "interrupted; nothing was left half-written\n")
    (tmp_path / "command.py").write_text(
        "import sim.cli\nsim.cli.bandung.main = lambda *_, **__: exec('raise KeyboardInterrupt')\nsim.cli.main([])\n"
    )
    assert process(sys.executable, "-m", "command", PYTHONPATH=f"{ROOT}:{tmp_path}").code == 130


def test_a_full_disk_is_exit_1_and_leaves_nothing_but_the_printed_result(tmp_path):
    """A limit on file size stands in for the full disk: the same write fails half-way."""
    script = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000));"
        f"sys.path.insert(0, {str(FAKE.parent)!r}); import fake_model; fake_model.main()"
    )
    done = process(sys.executable, "-c", script, "run", "baseline", "--out", str(tmp_path / "run"), "--json")
    assert done.code == 1
    assert "the disk is full; nothing was left behind" in done.err
    assert "Traceback" not in done.err
    assert json.loads(done.out)["months"] == 120
    assert list(tmp_path.iterdir()) == []


def test_an_error_of_the_program_is_a_message_and_exit_1(bandung, monkeypatch):
    monkeypatch.setattr("sim.runner.build", lambda **choices: 1 / 0)
    done = bandung("run", "baseline")
    assert done.code == 1
    assert "the run failed: ZeroDivisionError" in done.err
    assert "Traceback" not in done.err


def test_a_run_whose_books_do_not_balance_is_exit_1(bandung, monkeypatch):
    def broken(self):
        raise RunError("month 3: households hold Rp 5 that nobody paid them")

    monkeypatch.setattr(FakeModel, "step", broken)
    done = bandung("run", "baseline", "--json")
    assert (done.code, done.out) == (1, "")
    assert "nobody paid them" in done.err


PIPED = "title: Piped in\nmonths: 2\nscale: 200\n"


@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
def test_a_scenario_is_read_from_what_is_piped_in(name, bandung, monkeypatch):
    for arguments in (("check", name), ("run", name)):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(PIPED.encode())))
        said = bandung(*arguments)
        assert said.code == 0, said.err
        assert "Piped in" in said.out
    assert "Repeat:  bandung run SCENARIO.yaml" in said.out
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"title: [")))
    assert f"{name}:2:1: not valid YAML" in bandung("check", name).err


def test_scenarios_and_designs_are_read_once_from_what_a_shell_makes_of_another_command():
    design = (ROOT / "experiments" / "which_package.yaml").read_text()
    for text, what in ((PIPED, "Piped in"), (design, "a design")):
        read, write = os.pipe()
        os.write(write, text.encode())
        os.close(write)
        done = subprocess.run(
            [sys.executable, "-m", "sim", "check", f"/dev/fd/{read}"],
            pass_fds=[read], cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        os.close(read)
        assert done.returncode == 0, done.stderr
        assert what in done.stdout


def test_a_folder_given_as_a_scenario_is_called_a_folder(bandung, tmp_path):
    said = bandung("run", str(tmp_path))
    assert said.code == 2 and said.err.strip() == f"{tmp_path}: a folder, not a file"


def test_a_new_file_without_a_name_is_asked_for_one(bandung):
    for name in ("", "."):
        said = bandung("new", name)
        assert (said.code, said.err.strip()) == (2, "the new file needs a name, e.g. my_question.yaml")
