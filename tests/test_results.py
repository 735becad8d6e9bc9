"""The dataset a run leaves: whole or not there, readable by anyone, and enough to repeat the run."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest
from fake_model import FakeModel

import sim
from sim import results
from sim.declare import OUTCOMES
from sim.errors import InputError, RunError
from sim.paper import figures, human
from sim.parameters import catalogue
from sim.runner import run
from sim.scenario import load_scenario
from sim.summary import chance_note, district_means, provenance, text

FILES = ("summary.csv", "scenario.yaml", "report.html", "manifest.json")


@pytest.fixture
def result(monkeypatch):
    monkeypatch.setattr("sim.runner.build", lambda **choices: FakeModel(**choices))
    return run("baseline", months=14, scale=20, seed=3)


def test_a_dataset_reads_back_as_it_was(result, tmp_path):
    folder = result.save(tmp_path / "runs" / "first")
    back = sim.load(folder)
    assert list(back.frame.columns) == list(results.COLUMNS)
    assert len(back.frame) == len(result.frame)
    assert back.frame["value"].tolist() == result.frame["value"].tolist()
    assert set(back.frame["shocks"]) == {"on"} and set(back.frame["package"]) == {"none"}
    assert set(back.frame["seed"]) == {3} and set(back.frame["scenario"]) == {"baseline"}
    assert {p.name for p in folder.iterdir()} == {"outcomes", *FILES}


def test_the_manifest_says_everything_needed_to_repeat_the_run(result, tmp_path):
    said = json.loads((result.save(tmp_path / "a") / "manifest.json").read_text())
    assert load_scenario(said["scenario"]["text"]).title == result.scenario.title
    assert set(said["parameters"]) == set(catalogue())
    assert said["command"] == "bandung run baseline --scale 20 --seed 3 --months 14"
    assert said["digest"] == result.digest
    assert said["seeds"] == [3]
    assert {"python", "numpy", "mesa", "numba"} <= set(said["versions"])
    assert len(said["data"]["districts.csv"]) == 64


OTHERS = {
    "a changed one": lambda: load_scenario("baseline").changed(parameters={"labour.matching_efficiency": 0.9}),
    "another start": lambda: load_scenario("baseline").changed(start="2022-05"),
    "a mapping": lambda: load_scenario({"title": "A mapping", "parameters": {"labour.matching_efficiency": 0.9}}),
    "a text": lambda: load_scenario("title: A text\nscale: 20\n"),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_a_scenario_that_no_file_says_is_kept_in_the_dataset_and_the_command_names_that_copy(
    kind, monkeypatch, tmp_path
):
    monkeypatch.setattr("sim.runner.build", lambda **choices: FakeModel(**choices))
    scenario = OTHERS[kind]()
    made = run(scenario, months=2, scale=20)
    assert made.command == "bandung run SCENARIO.yaml --scale 20 --seed 1 --months 2"
    assert "Save the scenario file first, as SCENARIO.yaml." in text(made)
    folder = made.save(tmp_path / "set")
    words = made.command.split()
    assert words[:3] == ["bandung", "run", str(folder / "scenario.yaml")] and "Save" not in text(made)
    assert load_scenario(words[2]).model_dump() == scenario.model_dump()
    assert sim.load(folder).manifest["command"] == made.command
    page = (folder / "report.html").read_text("utf-8")
    assert made.command in page and "Save the scenario file first" not in page


def test_a_dataset_that_is_run_again_from_its_own_copy_keeps_that_copy(monkeypatch, tmp_path):
    monkeypatch.setattr("sim.runner.build", lambda **choices: FakeModel(**choices))
    run(OTHERS["another start"](), months=2, scale=20, out=tmp_path / "set")
    again = run(tmp_path / "set" / "scenario.yaml", months=2, scale=20, out=tmp_path / "set")
    assert again.start == "2022-05" and load_scenario(again.command.split()[2]).start == "2022-05"


def test_what_a_command_says_itself_does_not_make_another_scenario():
    read = load_scenario("baseline")
    assert read.changed(scale=200, months=12, seeds=3).reference == "baseline"
    assert read.changed(title="Mine").reference == "" and read.spoken("id").reference == "baseline"
    assert read.changed(start="2022-05").changed(start=read.start).reference == "baseline"
    assert read.changed(start="2022-05").spoken("id").reference == ""


def test_the_summary_table_agrees_with_the_months(result, tmp_path):
    result.save(tmp_path / "a")
    line = pd.read_csv(tmp_path / "a" / "summary.csv").set_index("outcome").loc["poverty_headcount"]
    assert line["unit"] == "share"
    assert line["first"] == line["min"] == pytest.approx(0.0387 * 1.0003)
    assert line["last"] == line["max"] == pytest.approx(0.0387 * 1.0133)


def test_equal_runs_leave_equal_bytes(result, tmp_path):
    a, b = (result.save(tmp_path / name) for name in "ab")
    (first,), (second,) = ((folder / "outcomes").iterdir() for folder in (a, b))
    assert first.read_bytes() == second.read_bytes()
    assert pq.read_table(first).num_rows == len(result.frame)


def test_a_world_says_the_units_and_meanings_of_its_outcomes(result, tmp_path):
    (world,) = (result.save(tmp_path / "a") / "outcomes").iterdir()
    said = json.loads(pq.read_schema(world).metadata[b"outcomes"])
    assert set(said) == set(result.outcomes)
    assert said["median_wage"]["unit"] == result.outcomes["median_wage"]["unit"]
    assert said["poverty_headcount"]["meaning"] == OUTCOMES["poverty_headcount"].meaning


def test_a_dataset_of_ours_may_be_replaced(result, tmp_path):
    folder = result.save(tmp_path / "a")
    stamp = (folder / "manifest.json").stat().st_ino
    result.save(folder)
    assert (folder / "manifest.json").stat().st_ino != stamp
    assert [p.name for p in tmp_path.iterdir()] == ["a"]
    written = {p.name for p in folder.iterdir()} - {"manifest.json"}
    assert written == {name.partition("/")[0] for name in results.RUN_FILES}


def test_an_empty_folder_may_be_filled(result, tmp_path):
    (tmp_path / "a").mkdir()
    assert (result.save(tmp_path / "a") / "manifest.json").exists()


def test_a_link_to_an_empty_folder_stays_and_the_folder_is_filled(result, tmp_path):
    (tmp_path / "disk" / "room").mkdir(parents=True)
    link = tmp_path / "a"
    link.symlink_to(tmp_path / "disk" / "room")
    for _ in range(2):  # the second time it holds a dataset of ours
        assert result.save(link) == link
        assert link.is_symlink() and len(sim.load(link).frame) == len(result.frame)
        assert [p.name for p in (tmp_path / "disk").iterdir()] == ["room"]
    link.unlink()
    link.symlink_to(tmp_path / "nothing")
    with pytest.raises(InputError, match="not a folder"):
        result.save(link)


def test_months_can_be_compared(result, tmp_path):
    for frame in (result.frame, sim.load(result.save(tmp_path / "a")).frame):
        assert isinstance(frame["month"].dtype, pd.CategoricalDtype)  # small: a number and a list of names
        assert set(frame[frame["month"] >= "2026-01"]["month"]) == {"2026-01", "2026-02"}


def test_shocks_are_a_switch_in_python_too(monkeypatch):
    monkeypatch.setattr("sim.runner.build", lambda **choices: FakeModel(**choices))
    for given, on in (("off", False), ("on", True), (True, True), (False, False)):
        assert run("baseline", months=1, shocks=given).shocks is on
    for wrong in ("no", "", 0, None):
        with pytest.raises(InputError, match="must be True or False, or 'on' or 'off'"):
            run("baseline", months=1, shocks=wrong)
        with pytest.raises(InputError, match="must be True or False"):
            sim.BandungModel(shocks=wrong)


def test_what_cannot_be_meant_is_refused_in_python_before_any_work_is_done(monkeypatch, tmp_path):
    monkeypatch.setattr("sim.runner.build", lambda **choices: pytest.fail("the run was started"))
    for wrong in ({"language": "fr"}, {"package": 3}, {"out": 3}):
        with pytest.raises(InputError, match=f"{next(iter(wrong))} = "):
            run("baseline", **wrong)
    with pytest.raises(InputError, match="a dataset is a folder, not 3"):
        sim.load(3)
    with pytest.raises(InputError, match="language = 'fr': must be 'en' or 'id'"):
        sim.compare("baseline", language="fr")
    for values in ([1], {3: 1}):
        with pytest.raises(InputError, match="parameter"):
            sim.BandungModel(scale=2000, parameters=values)
        with pytest.raises(InputError, match="parameter"):
            load_scenario("baseline").changed(parameters=values)


def test_a_switch_of_numpy_is_a_switch(monkeypatch):
    monkeypatch.setattr("sim.runner.build", lambda **choices: FakeModel(**choices))
    assert run("baseline", months=1, shocks=np.True_).shocks is True
    with pytest.raises(InputError, match="must be True or False"):
        run("baseline", months=1, shocks=np.array([True, False]))


def foreign(folder: Path, kind: str) -> None:
    if kind == "file":
        folder.write_text("mine")
    elif kind == "link":
        folder.symlink_to(folder.parent)
    else:
        folder.mkdir()
        (folder / "thesis.docx").write_text("mine")
    if kind == "other manifest":
        (folder / "manifest.json").write_text('{"format": "web-app"}')
    if kind == "beside a dataset":
        (folder / "manifest.json").write_text(json.dumps({"format": results.FORMAT}))


SIGNED = ("none", "(A) Tunai", "#1 Kerja", "<b>", "_x", ".titik", "..", "A", "a", "𠀀" * 60, "Padat karya")


def test_every_world_is_found_by_those_who_read_the_folder_whatever_its_package_is_called(result, tmp_path):
    folder = result.save(tmp_path / "a") / "outcomes"
    for package in SIGNED:
        results.write_world(folder, "baseline", package, True, 3, result.frame.copy(), {})
    names = [path.name for path in folder.iterdir()]
    assert len({name.casefold() for name in names}) == len(SIGNED)
    assert all(name[0].isalnum() and len(name.encode()) < 230 for name in names)
    assert set(pd.read_parquet(folder)["package"]) == set(SIGNED)
    assert set(pyarrow.dataset.dataset(folder).to_table(["package"]).to_pandas()["package"]) == set(SIGNED)
    assert set(sim.load(folder.parent).frame["package"]) == set(SIGNED)


def test_a_dataset_whose_files_an_earlier_version_named_is_read_and_may_be_replaced(result, tmp_path):
    folder = result.save(tmp_path / "a")
    (world,) = (folder / "outcomes").iterdir()
    world.rename(world.with_name("_A__Tunai-a37a7e29-shocks_on-seed_3.parquet"))
    assert len(sim.load(folder).frame) == len(result.frame)
    result.save(folder)
    assert [one.name for one in (folder / "outcomes").iterdir()] == [world.name]


@pytest.mark.parametrize("name", ["notes.csv", "mine.parquet", "sub"])
def test_what_somebody_else_put_among_the_outcomes_of_a_dataset_is_never_deleted(name, result, tmp_path):
    folder = result.save(tmp_path / "a")
    mine = folder / "outcomes" / name
    mine.mkdir() if name == "sub" else mine.write_text("mine")
    with pytest.raises(InputError, match=f"'outcomes/{name}' in it is not part of the dataset"):
        result.save(folder)
    assert mine.exists()


def test_a_run_does_not_replace_the_dataset_of_a_comparison_nor_a_comparison_that_of_a_run(result, tmp_path):
    (tmp_path / "compared").mkdir()
    said = json.dumps({"format": results.FORMAT, "kind": "comparison"})
    (tmp_path / "compared" / "manifest.json").write_text(said)
    with pytest.raises(InputError, match=r"compared: holds the dataset of another kind \(comparison\)"):
        result.save(tmp_path / "compared")
    results.check_folder(tmp_path / "compared", results.COMPARISON)
    folder = result.save(tmp_path / "a")
    with pytest.raises(InputError, match=r"a: holds the dataset of another kind \(run\)"):
        sim.compare("baseline", out=folder)


@pytest.mark.parametrize("kind", ["file", "link", "folder", "other manifest", "beside a dataset"])
def test_what_is_not_ours_is_never_touched(kind, result, tmp_path):
    folder = tmp_path / "a"
    foreign(folder, kind)
    before = sorted(str(p) for p in tmp_path.rglob("*"))
    with pytest.raises(InputError, match="choose a new name"):
        results.check_folder(folder)
    with pytest.raises(InputError, match="choose a new name"):
        result.save(folder)
    assert sorted(str(p) for p in tmp_path.rglob("*")) == before


def test_an_unwritable_place_is_found_before_the_run(monkeypatch, tmp_path):
    monkeypatch.setattr("sim.runner.build", lambda **choices: pytest.fail("the run was started"))
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file" / "x", Path("/proc/nowhere/x"), Path("a\0b")):
        with pytest.raises(InputError, match=r"cannot be written|is a file, not a folder"):
            run("baseline", months=1, out=place)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_fills_while_writing_leaves_nothing_new_and_keeps_the_old(code, result, tmp_path, monkeypatch):
    folder = result.save(tmp_path / "a")
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}

    def full(*_, **__):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    with pytest.raises(RunError, match="the disk is full"):
        result.save(folder)
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_ctrl_c_while_writing_leaves_nothing(result, tmp_path, monkeypatch):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stopped)
    with pytest.raises(KeyboardInterrupt):
        result.save(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


def test_an_older_dataset_comes_back_when_the_new_one_cannot_take_its_place(result, tmp_path, monkeypatch):
    folder = result.save(tmp_path / "a")
    rename = os.rename

    def fails_once(source, target):
        if Path(target) == folder and ".old" not in str(source):
            raise OSError(errno.EIO, "input/output error")
        rename(source, target)

    monkeypatch.setattr(os, "rename", fails_once)
    with pytest.raises(RunError, match="cannot be written"):
        result.save(folder)
    assert (folder / "manifest.json").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_what_a_killed_run_left_is_swept_away_by_the_next(result, tmp_path):
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    left = tmp_path / f".a.partial-{gone.stdout.strip()}"
    left.mkdir()
    living = tmp_path / f".a.partial-{os.getppid()}"
    living.mkdir()
    result.save(tmp_path / "a")
    assert not left.exists()
    assert living.exists()


def test_a_folder_without_a_dataset_is_named(tmp_path):
    with pytest.raises(InputError, match="no dataset here"):
        results.load(tmp_path)


def test_run_refuses_what_the_command_line_refuses(monkeypatch):
    monkeypatch.setattr("sim.runner.build", lambda **choices: pytest.fail("the run was started"))
    for wrong in ({"scale": 0}, {"scale": 1.5}, {"months": 0}, {"months": 601}, {"seed": -1}, {"threads": 0}):
        with pytest.raises(InputError, match=f"{next(iter(wrong))} = .* must be a whole number"):
            run("baseline", **wrong)


def test_progress_counts_every_month(monkeypatch):
    monkeypatch.setattr("sim.runner.build", lambda **choices: FakeModel(**choices))
    seen = []
    run("baseline", months=3, progress=lambda *step: seen.append(step))
    assert seen == [("build", 0, 100), ("build", 50, 100), ("run", 0, 3), ("run", 1, 3), ("run", 2, 3), ("run", 3, 3)]


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.074, "share", "7.40 %"),
        (3_204_000, "Rp/month (2024)", "Rp million/month (2024) 3.20"),
        (1.2e13, "Rp", "Rp trillion 12.00"),
        (4.5e9, "Rp/year", "Rp billion/year 4.50"),
        (512_300, "Rp/month", "Rp/month 512,300"),
        (2_527_854, "persons", "2,527,854 persons"),
        (0.4412, "Gini", "0.441 Gini"),
        (float("nan"), "share", "- %"),
    ],
)
def test_figures_read_as_a_planner_writes_them(value, unit, expected):
    assert human(value, unit) == expected


def test_figures_of_one_outcome_share_one_unit():
    assert figures([9.9e8, 1.2e9], "Rp") == ("Rp billion", ["0.99", "1.20"])


def test_the_best_districts_are_those_where_the_good_is_most(result):
    mean = district_means(result, "service_access")
    shown = text(result)
    after = shown[shown.index("Districts by service access") :].splitlines()
    assert after[2].startswith("Kecamatan 30")
    assert mean.idxmax() == "32.73.30"
    assert "Kecamatan 1 " in after[2]


@pytest.mark.parametrize("width", [80, 100])
def test_the_summary_fits_its_width_and_is_plain(width, result):
    shown = text(result, width=width)
    assert max(map(len, shown.splitlines())) <= width
    assert "\x1b" not in shown


def test_what_was_assumed_is_counted(result):
    lines = catalogue().values()
    assumed = sum(line.source == "assumption" for line in lines)
    assert f"{assumed} assumed" in provenance(lines)
    assert f"{len(lines)} parameters" in text(result)
    assert "No flood, earthquake, slump or other shock happens" in text(result)


def test_the_margin_of_chance_is_that_of_a_share_in_a_sample(result):
    """1.96 sqrt(p (1 - p) / n) with p = 4 % poor of n = 500 households: 1.7 points."""
    result.counts["households"] = 500 * 30
    result.frame["value"] = 0.04
    assert "up to 1.7 percentage points" in chance_note(result)


def test_numbers_of_numpy_are_numbers_and_the_year_of_the_figures_is_told():
    result = run({"title": "T", "start": "2022-05"}, scale=np.int64(2000), months=np.int32(1), seed=np.uint8(1))
    assert (result.scale, result.months, result.seed) == (2000, 1, 1)
    assert "figures of 2021, a year of the pandemic" in " ".join(text(result).split())


def test_parameters_are_given_in_python_over_those_of_the_scenario(monkeypatch):
    monkeypatch.setattr("sim.runner.build", lambda **choices: FakeModel(**choices))
    asked = load_scenario("baseline").changed(parameters={"goods.markup": 0.2, "goods.hoarding": 0.1})
    given = run(asked, months=2, scale=20, parameters={"goods.hoarding": 0.05}).scenario.parameters
    assert given == {"goods.markup": 0.2, "goods.hoarding": 0.05}
    with pytest.raises(InputError, match=r"did you mean 'goods\.hoarding'"):
        run("baseline", parameters={"goods.hoardin": 0.05})
    with pytest.raises(InputError, match=r"did you mean 'goods\.markup'"):
        sim.compare("umkm_naik_kelas", parameters={"goods.markupp": 0.1})


def test_what_a_comparison_replaces_is_told(tmp_path):
    said = {"format": "bandung-dataset/1", "kind": "comparison", "scenario": {"name": "other", "title": "Other"}}
    asked = {"months": 2, "scale": 200, "seeds": [1, 2, 3]}
    (tmp_path / "manifest.json").write_text(json.dumps(said | asked))
    scenario = load_scenario({"title": "Other"})
    assert results.told_of_replaced(tmp_path, scenario, **asked) == ""
    for name, value, words in (("months", 3, "months 2"), ("scale", None, "scale 200"), ("seeds", [1], "seeds 1-3")):
        line = results.told_of_replaced(tmp_path, scenario, **asked | {name: value})
        assert line.startswith(f"{tmp_path}: its dataset of the scenario 'other' (") and words in line
    assert "scenario 'other'" in results.told_of_replaced(tmp_path, load_scenario({"title": "Mine"}), **asked)
    (tmp_path / "manifest.json").write_text(json.dumps({"format": "bandung-dataset/1", "scenario": 3, "seeds": []}))
    assert "scenario '?' (months None" in results.told_of_replaced(tmp_path, scenario, **asked)
    assert results.told_of_replaced(tmp_path / "nothing", scenario, **asked) == ""
