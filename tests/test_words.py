"""The Indonesian catalogue is complete, nothing in it is idle, and no English is left where a planner reads."""

from __future__ import annotations

import re
import string
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from ensembles import START, make, programme
from spoken import declared, literal, of_source
from test_follow import ADULT, QUIET, WORLD
from test_report import Reader

from sim.agents import households as homes
from sim.agents.persons import FORMAL
from sim.cli import answer
from sim.comparison import Comparison
from sim.comparison_table import text as table_text
from sim.declare import OUTCOMES
from sim.language import catalogue, translated
from sim.listing import outcome_rows, registry_of
from sim.report.page import render
from sim.scenario import load_scenario
from sim.story import Life, Lives, story, tell
from sim.summary import words

# Words that English sentences cannot do without and Indonesian ones do not have.
ENGLISH = re.compile(r"\b(the|of|and|with|for|from|is|are|by|this|that|which|not|when|without|than|their|what)\b", re.I)


def entry(text: str) -> str | None:
    """The key under which a text is found: itself, or itself without its capital."""
    known = catalogue("id")
    return next((key for key in (text, text[:1].lower() + text[1:]) if key in known), None)


def fields(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("texts", [declared, literal])
def test_every_text_has_an_indonesian_entry(texts):
    missing = sorted(text for text in texts() if entry(text) is None)
    assert not missing, "sim/words/id.po has no entry for:\n" + "\n".join(missing)


def test_no_entry_is_idle():
    idle = sorted(set(catalogue("id")) - {entry(text) for text in declared() | literal()})
    assert not idle, "nothing says these entries of sim/words/id.po:\n" + "\n".join(idle)


def test_both_languages_fill_the_same_places():
    for english, indonesian in catalogue("id").items():
        assert "{" not in english or "}'" in english or fields(english) == fields(indonesian), english
        for text in (english, indonesian):
            assert text == text.strip() or english.startswith(" "), f"spaces around {text!r}"


def test_units_that_are_shares_stay_shares():
    """A share is shown in percent: its unit without `share`, in either language."""
    for unit in sorted({line.unit for line in OUTCOMES.values() if line.unit.startswith("share")}):
        assert translated(unit, "id").startswith(translated("share", "id")), unit


def test_every_outcome_lever_and_shock_has_a_name_of_its_own():
    outcome_rows()
    for names in (OUTCOMES, registry_of("lever"), registry_of("shock")):
        said = [words(name, "id") for name in names]
        assert len(set(said)) == len(said)
        assert not [name for name in said if ENGLISH.search(name)]
    assert words("cash_transfer", "id") == "bantuan tunai"


def test_a_lever_without_an_entry_is_called_by_its_own_indonesian_name(monkeypatch):
    for name, own, said in (("try_out", "Coba dulu", "coba dulu"), ("try_more", "UMKM dulu", "UMKM dulu")):
        kind = replace(registry_of("lever")["worker_training"], name=name, indonesian=own)
        monkeypatch.setitem(registry_of("lever")._kinds, name, kind)
        assert words(name, "id") == said and words(name) == name.replace("_", " ")


def test_the_scanner_of_texts_sees_each_way_of_saying_one():
    code = """
NAMES = {"x": "by name"}
said = "by variable"
say("first" if x else "second", n=1)
self.say("note", "of a method")
told("put " "together")
texts("one", "two")
translated(name, "id"), say(""), say(f"{x}"), say("poverty_headcount")
say(NAMES[x]), told(said)
[say(one) for one in NAMES]
"""
    methods = {"first", "second", "of a method", "put together", "one", "two", "by name", "by variable"}
    assert of_source(code) == methods


@pytest.mark.parametrize("command", ["levers", "shocks", "outcomes", "parameters", "scenarios"])
def test_no_english_is_left_in_a_listing(command, capsys):
    assert answer([command, "--language", "id"]) == 0
    assert_indonesian(capsys.readouterr().out)


def assert_indonesian(text: str) -> None:
    left = [line for line in text.splitlines() if ENGLISH.search(line)]
    assert not left, "English is left:\n" + "\n".join(left[:20])


@cache
def comparison() -> Comparison:
    """A comparison made by hand that gives every part of the report something to say."""
    scenario = load_scenario("umkm_naik_kelas")
    outcome_rows()
    packages = ("none", *(one.name for one in scenario.packages))
    seeds, months, rng = 6, 60, np.random.default_rng(1)
    start = {name: START.get(name, 1.0) for name in OUTCOMES}
    fall = np.tile(np.linspace(0.0, -0.5, months), (seeds, 1))
    effect = {
        (packages[1], "poverty_headcount"): -0.01 + 0.001 * rng.normal(size=seeds),
        (packages[2], "unemployment_rate"): 0.02 + 0.001 * rng.normal(size=seeds),
        **{(package, "service_quality_roads"): fall for package in packages},
    }
    shock = {"value_added_index": np.where(np.arange(months) > 36, -0.2, 0.0)}
    spent = [
        programme(package, seed, 4e11, shock=s, by_quintile=(5, 4, 3, 2, 1), received=(5e9, 4e9, 3e9, 2e9, 1e9))
        | {"programme": "business_training"}
        for package in packages[1:]
        for seed in range(1, seeds + 1)
        for s in (0, 1)
    ]
    ensemble = make(packages, seeds, months, 36, effect, shock, 0.001, start, spent)
    return Comparison(
        scenario=scenario,
        scale=50,
        seeds=ensemble.seeds,
        months=months,
        ensemble=ensemble,
        digests={},
        identities={"money": 1e-15, "people": 0.0, "jobs": 0.0},
        counts={"persons": 51234, "households": 14567},
        seconds=12.0,
    )


def test_a_report_in_indonesian_says_everything_in_it():
    html = render(comparison(), "id")
    page = Reader(re.sub(r"<pre>.*?</pre>", "", html, flags=re.S))  # commands and files are the same in both
    assert page.tags[0][1]["lang"] == "id"
    aloud = [given.get(name, "") for _, given in page.tags for name in ("aria-label", "title")]
    assert_indonesian("\n".join([*page.words, *aloud]))
    for said in ("Januari 2025", "Pinjaman bergulir", "selang kepercayaan 95 %", "angka kemiskinan", "pertumbuhan"):
        assert said in page.text
    assert re.search(r"-\d,\d\d", page.text) and not re.search(r"\d\.\d\d\b(?!\d)", page.text)


def test_the_same_report_in_english_keeps_its_words_and_numbers():
    page = Reader(render(comparison()))
    assert page.tags[0][1]["lang"] == "en"
    for said in ("2025-01", "Revolving loans", "95 % interval", "poverty headcount", "no policy"):
        assert said in page.text
    assert re.search(r"-\d\.\d\d", page.text)


def test_the_tables_of_a_comparison_in_indonesian():
    said = table_text(comparison(), language="id", width=120)
    assert_indonesian("\n".join(line for line in said.splitlines() if "bandung compare" not in line))
    assert "51.234 orang" in said and "tanpa kebijakan" in said and "Januari 2025" in said


def test_the_length_of_a_run_is_told_in_the_right_number_and_so_is_what_its_effects_average():
    said = {count: table_text(replace(comparison(), months=count), width=160) for count in (1, 6, 60)}
    assert "1 month from 2025-01" in said[1] and "Change, mean of the 1 month of the run" in said[1]
    assert "6 months from 2025-01" in said[6] and "Change, mean of the 6 months of the run" in said[6]
    assert "Change, mean of the last year" in said[60]
    for count, words_ in ((1, "1 bulan simulasi"), (60, "tahun terakhir")):
        assert words_ in table_text(replace(comparison(), months=count), language="id", width=160)
    page = Reader(render(replace(comparison(), months=6)))
    assert (
        "What changes (mean of the 6 months of the run)" in page.text and "Kota Bandung, 2025-01, 6 months" in page.text
    )


def test_a_comparison_says_of_which_year_its_prices_are():
    for language, known, vague in (("en", "2024 prices", "start prices"), ("id", "harga 2024", "harga awal")):
        for said in (table_text(comparison(), width=200, language=language), render(comparison(), language)):
            assert known in said and vague not in said


def test_two_packages_never_get_the_same_name():
    ready = load_scenario("pandemi_berikutnya")
    names = ("Training", translated("Training", "id"))
    scenario = ready.changed(packages=[ready.packages[2].model_copy(update={"name": name}) for name in names])
    assert [one.name for one in scenario.spoken("id").packages] == list(names)
    renamed = comparison().spoken("id")
    assert renamed.ensemble.policies == tuple(one.name for one in renamed.scenario.packages)
    assert {record["package"] for record in renamed.ensemble.programmes} == set(renamed.ensemble.policies)
    assert comparison().spoken("en") is comparison()


OWN = """\
title: Training
question: Public works
packages: [{name: Roads, policies: []}, {name: Children, policies: []}, {name: Cash, policies: []}]
"""


def test_what_a_user_has_written_stays_as_it_is(tmp_path, capsys):
    """The catalogue knows these words, but only those of a ready scenario are its to translate."""
    own = load_scenario(OWN)
    said = own.spoken("id")
    assert (said.title, said.question) == (own.title, own.question) and said.packages == own.packages
    changed = load_scenario("pandemi_berikutnya").changed(packages=own.packages).spoken("id")
    assert changed.title == translated("Pandemi berikutnya", "id") and changed.packages == own.packages
    ready = load_scenario("pandemi_berikutnya").spoken("id")
    assert [one.name for one in ready.packages][1:] == ["Padat karya", "Pelatihan"]
    (tmp_path / "own.yaml").write_text(OWN)
    assert answer(["check", str(tmp_path / "own.yaml"), "--language", "id"]) == 0
    assert "Training (" in capsys.readouterr().out


WRONG = """\
title: Salah
months: 2.5
parameters: {labour.matching_eficiency: 1}
shocks:
  - {kind: flod}
  - {kind: flood, start: 2025-07}
  - {kind: flood, start: 2025-12, return_period: 1, districts: [Gedebag]}
packages:
  - {name: A, policies: [{lever: cash_transfer, budget_rp_per_year: "100e9", targeting: nobody, seat_rp: 3}]}
"""


def test_what_is_wrong_with_a_scenario_is_said_in_indonesian(tmp_path, capsys):
    file = tmp_path / "salah.yaml"
    file.write_text(WRONG)
    assert answer(["check", str(file), "--language", "id"]) == 2
    said = capsys.readouterr().err
    assert_indonesian(said.replace(str(tmp_path), ""))
    for part in (":2:9:", "'flod' tidak dikenal", "maksud Anda 'flood'?", "di luar musim hujan", "sampai", "Gedebage"):
        assert part in said
    assert answer(["check", str(file)]) == 2
    assert "unknown shock 'flod'; did you mean 'flood'?" in capsys.readouterr().err


def test_the_range_of_sizes_is_told_with_indonesian_units(tmp_path, capsys):
    file = tmp_path / "besar.yaml"
    file.write_text("title: Besar\nscale: 5000\nseeds: 5000\n")
    assert answer(["check", str(file), "--language", "id"]) == 2
    said = capsys.readouterr().err
    assert "1 sampai 2000 agen nyata per agen" in said and "1 sampai 1000 seed" in said and "seeds\n" not in said


def test_the_environment_chooses_the_language_and_a_wrong_one_is_refused(monkeypatch, capsys):
    monkeypatch.setenv("BANDUNG_LANGUAGE", "id")
    assert answer(["run", "baselin"]) == 2
    assert "tidak dikenal" in capsys.readouterr().err
    assert answer(["run", "baselin", "--language", "en"]) == 2
    assert "unknown scenario" in capsys.readouterr().err
    assert answer(["levers", "--language", "fr"]) == 2
    assert "'fr'" in capsys.readouterr().err


def test_what_happens_to_a_household_is_told_in_indonesian():
    old = replace(QUIET, damage=0.4, aid=2e5)
    woman = replace(ADULT, state=FORMAL, pay=4.2e6, certified=4)
    now = replace(QUIET, month=4, members=(woman,), income=1.5e6, debt=2e6, coping=homes.HUNGRY, district=26)
    events = [translated(said, "id") for said in tell(old, now, WORLD)]
    assert "Perempuan 40 tahun kini karyawan di bidang perdagangan, Rp 4,2 juta per bulan." in events
    assert "Pendapatan turun dari Rp 3,0 menjadi 1,5 juta." in events and "Mereka berutang Rp 2,0 juta." in events
    life = Life("without the policy", [QUIET, now], [(4, said) for said in tell(old, now, WORLD)])
    lives = Lives(7, "2025-01", life, None, tuple(WORLD.city.names))
    assert_indonesian("\n".join([*events, *story(lives, "id")]))
    assert "Mei 2025" in "\n".join(story(replace(lives, with_=life), "id"))


@pytest.mark.parametrize(
    "words",
    [
        ("sensitivity",),
        ("sensitivity", "--package", "Roads", "--against", "none"),
        ("robust",),
        ("robust", "--succeed", "poverty_headcount.mean < 0.1"),
        ("discover", "--package", "Roads"),
        ("discover", "--package", "Roads", "--fails", "poverty_headcount.mean > 0.1234"),
    ],
)
def test_a_study_answers_in_indonesian(words, planted_folder, tmp_path, capsys):
    out = tmp_path / "out"
    assert answer([words[0], str(planted_folder), *words[1:], "--out", str(out), "--language", "id"]) == 0
    said = capsys.readouterr().out
    assert_indonesian(said.replace(str(tmp_path), ""))
    (text,) = out.glob("*.txt")
    assert_indonesian(text.read_text("utf-8"))
    assert not re.search(r"\d\.\d", re.sub(r"\S+\.\S+\.txt", "", said).replace(str(tmp_path), "")), said
    if words[0] == "robust":  # a table that is too wide must not lose a column
        assert sum(line.split()[:1] == ["Waste"] or " Waste " in line for line in said.splitlines()) == 3
        assert said.count("poin %") == 8
    (svg,) = out.glob("*.svg")
    assert svg.stat().st_size > 1000


def test_a_sweep_speaks_indonesian_from_its_first_line_to_its_last(tmp_path, capsys):
    (tmp_path / "design.yaml").write_text(
        "title: Rancangan\nmonths: 2\nscale: 2000\nseeds: 2\noutcomes: [gini]\n"
        "uncertainties: [{parameter: goods.markup}]\nsampling: {method: grid, steps: 2}\n"
    )
    words = [
        "sweep",
        str(tmp_path / "design.yaml"),
        "--out",
        str(tmp_path / "out"),
        "--workers",
        "1",
        "--language",
        "id",
    ]
    for _ in range(2):
        assert answer(words) == 0
        said = capsys.readouterr()
        assert "4 simulasi, sekitar" in said.err and "4 simulasi: 4 selesai, 0 gagal" in said.out
        assert_indonesian((said.out + said.err).replace(str(tmp_path), ""))
    assert "4 dari 4 simulasi sudah selesai" in said.err


WRONG_DESIGN = """\
title: Salah
scenario: umkm_naik_kelas
seeds: 0
packages: [none, Mentorin, none]
sampling: {method: sobol, samples: 9, levels: 3.5}
uncertainties:
  - {parameter: labour.matching_eficiency}
  - {parameter: goods.markup, low: 3}
  - {parameter: goods.markup, low: 0.2, high: 0.2}
  - {shock: flood}
  - {shock: demand_slump, setting: intensit, values: []}
  - {shock: demand_slump, lever: x}
levers:
  - {lever: cash_transfer}
outcomes:
  - {outcome: povrty}
  - {outcome: gini, group: q1}
  - {outcome: gini, start: 2050-01, place: Gedebag}
"""


def test_what_is_wrong_with_a_design_is_said_in_indonesian(tmp_path, capsys):
    file = tmp_path / "salah.yaml"
    file.write_text(WRONG_DESIGN)
    assert answer(["check", str(file), "--language", "id"]) == 2
    said = capsys.readouterr().err
    assert len(said.splitlines()) >= 12
    assert_indonesian(said.replace(str(tmp_path), ""))
    for part in (
        "maksud Anda 'labour.matching_efficiency'?",
        "harus jumlah",
        "rentang 0.2 sampai 0.2 kosong",
        "yang ada",
    ):
        assert part in said


@pytest.mark.parametrize(
    "words, part",
    [
        (("sweep", "baseline", "--out", "x"), "bukan rancangan sapuan"),
        (("sweep", "tidak_ada.yaml", "--out", "x"), "tidak ada berkas itu"),
        (("sweep", "tidak_ada.yaml", "--out", "x", "--shard", "3/2"), "harus I/N"),
        (("sensitivity", "x"), "tidak ada sapuan di sini"),
        (("robust", "x"), "tidak ada sapuan di sini"),
        (("hindcast", "x"), "tidak ada sapuan di sini"),
        (("calibrate", "--out", "x", "--samples", "100000", "--scale", "1"), "pakai --yes untuk memulainya"),
        (("search", "tidak_ada.yaml", "--out", "x"), "tidak ada berkas itu"),
    ],
)
def test_a_sweep_that_cannot_be_is_refused_in_indonesian(words, part, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert answer([*words, "--language", "id"]) == 2
    said = capsys.readouterr().err
    assert part in said
    assert_indonesian(said)
