"""The commands that read a sweep: answers, files, JSON, and what they say to wrong input (exit code 2)."""

from __future__ import annotations

import json
import re

import pytest

from sim.cli import answer
from sim.sweep import load_design

POVERTY = "poverty_headcount.mean"


@pytest.fixture(scope="module")
def folder(planted_folder):
    return planted_folder


def said(capsys, *words) -> tuple[int, str, str]:
    code = answer([str(word) for word in words])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize(
    "words, shown",
    [
        (("sensitivity",), "its variance is due, alone, to"),
        (("sensitivity", "--package", "Roads", "--against", "none"), "the effect of 'Roads' (less 'none')"),
        (("robust",), "Against doing nothing and against the best package of each future"),
        (("robust", "--succeed", f"{POVERTY} < 0.1"), f"going well means: {POVERTY} < 0.1"),
        (("discover", "--package", "Roads"), "demand at or below 0.4"),
    ],
)
def test_every_study_answers(folder, capsys, words, shown):
    code, out, _ = said(capsys, words[0], folder, *words[1:])
    assert code == 0 and shown in " ".join(out.split())


@pytest.mark.parametrize("words", [("sensitivity",), ("robust",), ("discover", "--package", "Roads")])
def test_json_is_one_object_with_the_paragraph(folder, capsys, words):
    code, out, _ = said(capsys, words[0], folder, *words[1:], "--json")
    assert code == 0 and json.loads(out)["text"]


def test_answers_are_kept_as_table_figure_and_text(folder, tmp_path, capsys):
    for words in (("sensitivity",), ("robust",), ("discover", "--package", "Roads")):
        assert said(capsys, words[0], folder, *words[1:], "--out", tmp_path / "a")[0] == 0
    kept = {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()}
    assert {"sensitivity.csv", "robust.csv", "regret.csv", "discovery.csv", "trade_off.csv"} <= set(kept)
    for name in ("sensitivity", "robust", "discovery"):
        assert kept[f"{name}.png"].startswith(b"\x89PNG") and b"<svg" in kept[f"{name}.svg"]
        assert kept[f"{name}.txt"].endswith(b".\n")
    said(capsys, "robust", folder, "--out", tmp_path / "a")
    assert kept["robust.svg"] == (tmp_path / "a" / "robust.svg").read_bytes()


@pytest.mark.parametrize(
    "words, message",
    [
        (("sensitivity", "--outcome", "poverty_headcont.mean"), f"did you mean '{POVERTY}'"),
        (("sensitivity", "--factor", "deman"), "did you mean 'demand'"),
        (("sensitivity", "--package", "Road"), "did you mean 'Roads'"),
        (("robust", "--outcome", "gini"), f"no outcome 'gini'; it has: {POVERTY}"),
        (("robust", "--succeed", POVERTY), "is no condition"),
        (("robust", "--succeed", f"{POVERTY} < 4"), f"{POVERTY} is a share from 0 to 1; 4 % is written 0.04"),
        (("discover", "--package", "Roads", "--fails", f"{POVERTY} > nan"), "is no condition"),
        (("discover", "--package", "Nothing"), "no package 'Nothing'"),
    ],
)
def test_unknown_names_end_with_one_message(folder, capsys, words, message):
    code, out, err = said(capsys, words[0], folder, *words[1:])
    assert code == 2 and message in err and not out and "Traceback" not in err


@pytest.mark.parametrize("words", [("sensitivity",), ("robust",), ("discover", "--package", "none")])
def test_a_folder_that_is_no_sweep_is_refused(tmp_path, capsys, words):
    (tmp_path / "empty").mkdir()
    for name in ("empty", "missing"):
        code, _, err = said(capsys, words[0], tmp_path / name, *words[1:])
        assert code == 2 and "no sweep here" in err


def test_an_answer_does_not_go_where_it_cannot(folder, tmp_path, capsys):
    (tmp_path / "file").write_text("mine")
    code, _, err = said(capsys, "robust", folder, "--out", tmp_path / "file" / "deeper")
    assert code == 2 and "is a file, not a folder" in err
    code, _, err = said(capsys, "robust", folder, "--out", folder)
    assert code == 2 and "holds a sweep" in err


def test_a_missing_library_is_named(folder, capsys, monkeypatch):
    import sys

    for name in [name for name in sys.modules if name.startswith("SALib")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "SALib", None)
    code, _, err = said(capsys, "sensitivity", folder)
    assert code == 2 and "pip install 'bandung-resilience[sweep]'" in err


SEARCH = """
title: Cash or works
scenario: kolaborasi_penuh
months: 84
scale: 2000
packages: [none, Portfolio]
levers:
  - {lever: business_training, package: Portfolio, low: 0, high: 150e9}
  - {lever: csr_match, package: Portfolio, low: 0, high: 150e9}
sampling: {method: one}
outcomes: [poverty_headcount, population]
"""


@pytest.mark.parametrize(
    "words, message",
    [
        (("--package", "Portfoli"), "no package 'Portfoli'"),
        (("--budget", "1e12"), "the lowest `high` is 1.5e+11"),
        (("--aim", "population.mean"), "has no better and worse side"),
        (("--aim", "povrty"), "no outcome 'povrty'"),
        (("--workers", "1", "--dask", "tcp://x"), "has workers of its own"),
    ],
)
def test_a_search_that_cannot_be_is_refused_before_it_starts(tmp_path, capsys, words, message):
    path = tmp_path / "search.yaml"
    path.write_text(SEARCH)
    code, _, err = said(capsys, "search", path, "--out", tmp_path / "out", *words)
    assert code == 2 and message in err
    assert not (tmp_path / "out").exists()


def test_a_search_says_what_it_takes_and_an_absurd_one_wants_a_yes(tmp_path, capsys):
    path = tmp_path / "search.yaml"
    path.write_text(SEARCH.replace("scale: 2000", "scale: 1").replace("outcomes:", "seeds: 40\noutcomes:"))
    words = ("search", path, "--out", tmp_path / "out", "--generations", "50")
    code, out, err = said(capsys, *words)
    assert code == 2 and "say --yes to start it, or take fewer generations" in err and not out
    assert re.search(r"search: [0-9,]+ runs, about [0-9]+ days with [0-9]+ workers? and [0-9.]+ MB of disk;", err)
    assert not (tmp_path / "out").exists()
    code, _, err = said(capsys, *words, "--generations", "500", "--batch", "500", "--yes")
    assert code == 2 and "the limit is 5,000,000 runs" in err and not (tmp_path / "out").exists()


def test_a_calibration_says_what_it_takes_and_an_absurd_one_wants_a_yes(tmp_path, capsys):
    words = ("calibrate", "--out", tmp_path / "out", "--samples", "100000", "--scale", "1")
    code, out, err = said(capsys, *words)
    assert code == 2 and "300,000 runs, about " in err and "say --yes to start it" in err and not out
    assert not (tmp_path / "out").exists()


def test_the_size_of_a_search_counts_no_more_and_no_fewer_runs_than_it_lives():
    from sim.sweep.search import problem_of
    from sim.sweep.search_command import size_of_search

    design = load_design(SEARCH.replace("sampling:", "shocks: both\nseeds: 3\nsampling:"))
    found = size_of_search(design, problem_of(design), generations=2, batch=4, fresh=5, workers=1)
    rounds, last = (3 + 1) + (4 + 1), 7 + 1  # 3 plain splits, 4 proposals, 7 finalists; each time doing nothing beside
    assert found.runs == 2 * (3 * rounds + 5 * last)
    assert found.builds == 2 * 3 + 5


def test_a_folder_of_another_search_is_left_alone(tmp_path, capsys):
    path = tmp_path / "search.yaml"
    path.write_text(SEARCH)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "_search.json").write_text('{"design": "another"}')
    code, _, err = said(capsys, "search", path, "--out", tmp_path / "out")
    assert code == 2 and "holds another search" in err and len(list((tmp_path / "out").iterdir())) == 1
