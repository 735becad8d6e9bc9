"""Scenario files: what is right is read, and everything that is wrong is said with its place."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field

from sim.catalogue import LEVERS, SHOCKS, Kind, Settings
from sim.city import available_starts
from sim.entries import remarks
from sim.errors import InputError
from sim.parameters import catalogue
from sim.scenario import Scenario, find_scenario, load_scenario, ready_scenarios, to_yaml
from sim.strict_yaml import MAX_BYTES, MAX_DEPTH, MAX_NODES, load, loads
from sim.template import new_scenario

GOOD = """\
title: UMKM naik kelas
question: Which use of the money keeps most small businesses alive?
start: 2025-01
months: 24
scale: 200
seeds: 4
parameters:
  labour.matching_efficiency: 0.4
"""
MATCHING = catalogue()["labour.matching_efficiency"]


class Quake(Settings):
    kind: Literal["test_quake"]
    strength: float = Field(ge=0, le=1, json_schema_extra={"unit": "share"})


class Grant(Settings):
    lever: Literal["test_grant"]
    budget_rp_per_year: float = Field(ge=0, le=1e12, json_schema_extra={"unit": "Rp/year"})


@pytest.fixture
def plugged_in(monkeypatch):
    """A shock and a lever as the next file in sim/shocks/ and sim/policies/ would add them."""
    monkeypatch.setitem(SHOCKS._kinds, "test_quake", Kind("test_quake", "an earthquake", "assumption", Quake))
    monkeypatch.setitem(LEVERS._kinds, "test_grant", Kind("test_grant", "a grant", "assumption", Grant))


def messages(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_scenario(text)
    return caught.value.messages


def test_a_scenario_says_what_differs_and_keeps_its_text():
    scenario = load_scenario(GOOD)
    assert (scenario.months, scenario.scale, scenario.seeds, scenario.start_month) == (24, 200, 4, (2025, 1))
    assert scenario.parameters == {"labour.matching_efficiency": 0.4}
    assert scenario.text == GOOD


def test_what_is_not_said_has_a_default():
    scenario = load_scenario("title: Short\n")
    assert (scenario.start, scenario.months, scenario.scale, scenario.seeds) == ("2025-01", 120, 50, 30)
    assert scenario.shocks == scenario.packages == ()
    assert Scenario.default().start in {f"{year}-01" for year in available_starts()}


def test_a_scenario_cannot_be_changed_in_place_but_copied_with_a_change():
    scenario = load_scenario(GOOD)
    with pytest.raises(ValueError, match="frozen"):
        scenario.months = 3
    assert scenario.changed(months=3).months == 3
    with pytest.raises(InputError, match="months: 0 is out of range; allowed: 1 to 600 months"):
        scenario.changed(months=0)


def test_a_scenario_written_out_reads_back_the_same():
    scenario = load_scenario(GOOD)
    again = load_scenario(to_yaml(scenario))
    assert dict(again) == dict(scenario)


def test_every_ready_scenario_is_right_and_asks_a_question():
    assert {"baseline", "historical_2019"} <= set(ready_scenarios())
    for name, path in ready_scenarios().items():
        scenario = load_scenario(path)
        assert scenario.name == name
        assert scenario.question.endswith("?")


def test_a_ready_scenario_is_found_by_its_bare_name():
    assert find_scenario("baseline") == ready_scenarios()["baseline"]
    assert load_scenario("baseline").name == "baseline"
    with pytest.raises(InputError, match=r"unknown scenario 'basline'; ready: .*; did you mean 'baseline'\?"):
        load_scenario("basline")
    with pytest.raises(InputError, match=r"no such file; did you mean 'baseline'\?"):
        load_scenario("elsewhere/baselin.yaml")


def test_the_template_is_a_right_scenario_also_with_an_odd_title():
    for title in ("My question", 'a: "b" # c', "- [x"):
        scenario = load_scenario(new_scenario("my.yaml", title))
        assert scenario.title == title


WRONG = [
    ("empty", "\n", r"1:1: the file is empty"),
    ("only a comment", "# nothing\n# here", r"1:1: the file is empty"),
    ("a list", "- title: x\n", r"1:1: a scenario is a list of 'name: value' lines"),
    ("no title", "months: 12\nscale: 5\n", r"1:1: 'title' is missing"),
    ("misspelt key", GOOD + "monts: 3\n", r"9:1: monts: unknown name; did you mean 'months'\?"),
    ("strange key", GOOD + "zzz: 3\n", r"9:1: zzz: unknown name; known: title, question, start"),
    ("a key called self", GOOD + "self: 3\n", r"9:1: self: unknown name"),
    (
        "fraction of a month",
        "title: x\nmonths: 1.5\n",
        r"2:9: months: must be a whole number, not 1.5; allowed: 1 to",
    ),
    ("months as text", "title: x\nmonths: '12'\n", r"2:9: months: must be a whole number, not '12'"),
    ("months as yes", "title: x\nmonths: yes\n", r"2:9: months: must be a whole number, not 'yes'"),
    ("months true", "title: x\nmonths: true\n", r"2:9: months: must be a whole number, not true"),
    ("leading zero", "title: x\nmonths: 012\n", r"2:9: months: must be a whole number, not '012'"),
    ("too long", "title: x\nmonths: 601\n", r"2:9: months: 601 is out of range; allowed: 1 to 600 months"),
    ("scale zero", "title: x\nscale: 0\n", r"2:8: scale: 0 is out of range; allowed: 1 to 2000"),
    ("no seeds", "title: x\nseeds: -1\n", r"2:8: seeds: -1 is out of range; allowed: 1 to 1000"),
    ("title a number", "title: 2025\n", r"1:8: title: must be text in quotes, not 2025"),
    ("title nothing", "title:\n", r"title: must be text in quotes, not nothing"),
    ("not a month", "title: x\nstart: soon\n", r"2:8: start: 'soon' is not a month; write YYYY-MM, e.g. 2025-01"),
    ("a year", "title: x\nstart: 2025\n", r"2:8: start: 2025 is not a month; write YYYY-MM, e.g. 2025-01"),
    (
        "a nested parameter",
        "title: x\nparameters: {labour: {matching_efficiency: 0.9}}\n",
        r"2:14: parameters.labour: unknown parameter; write `labour.matching_efficiency: 0.9`",
    ),
    (
        "a lever's code",
        "title: x\npackages: [{name: A, policies: [{lever: L3}]}]\n",
        r"policies\[0\].lever: L3 is digital_support; write that",
    ),
    ("a shock's code", "title: x\nshocks: [{kind: n1}]\n", r"shocks\[0\].kind: n1 is flood; write that"),
    (
        "an unknown code",
        "title: x\nshocks: [{kind: flood, start: 2026-01, districts: [32.73.99]}]\n",
        r"unknown kecamatan '32.73.99'; codes run from 32.73.01 to 32.73.30",
    ),
    ("month 13", "title: x\nstart: 2025-13\n", r"2:8: start: '2025-13' is not a month"),
    ("no data", "title: x\nstart: 1871-01\n", r"2:8: start: no data for a start in 1871; years that work: .*2025"),
    (
        "misspelt parameter",
        "title: x\nparameters:\n  labour.matching_eficiency: 0.4\n",
        r"3:3: .*unknown parameter; did you mean 'labour.matching_efficiency'\?",
    ),
    (
        "far parameter",
        "title: x\nparameters:\n  qqqqq: 1\n",
        r"3:3: parameters.qqqqq: unknown parameter; `bandung pa",
    ),
    (
        "parameter out of range",
        "title: x\nparameters:\n  labour.matching_efficiency: 99\n",
        rf"3:31: .*: 99 is out of range; allowed: {MATCHING.low:g} to {MATCHING.high:g} {MATCHING.unit}",
    ),
    (
        "parameter as text",
        "title: x\nparameters:\n  labour.matching_efficiency: high\n",
        r"3:31: .*must be a number, not 'high'; allowed: 0.1 to 1 1/month",
    ),
    ("parameter infinite", "title: x\nparameters:\n  labour.matching_efficiency: .inf\n", r"must be a number"),
    ("parameters a list", "title: x\nparameters: [1]\n", r"2:13: parameters: must be 'name: value' lines, not a list"),
    ("shocks a mapping", "title: x\nshocks: {a: 1}\n", r"2:9: shocks: must be a list, not 'name: value' lines"),
    ("shock a word", "title: x\nshocks: [flood]\n", r"2:10: shocks\[0\]: must be 'name: value' lines, not 'flood'"),
    ("shock without kind", "title: x\nshocks: [{start: 2026-01}]\n", r"shocks\[0\]: 'kind' is missing: which shock\?"),
    ("kind a number", "title: x\nshocks: [{kind: 3}]\n", r"shocks\[0\].kind: must be text, not 3"),
    (
        "misspelt shock",
        "title: x\nshocks:\n  - kind: demand_slmp\n",
        r"3:11: shocks\[0\].kind: unknown shock 'demand_slmp'.*; did you mean 'demand_slump'\?",
    ),
    ("packages a word", "title: x\npackages: all\n", r"2:11: packages: must be a list, not 'all'"),
    ("package nameless", "title: x\npackages: [{policies: []}]\n", r"packages\[0\]: 'name' is missing"),
    (
        "package misspelt",
        "title: x\npackages: [{name: A, policy: []}]\n",
        r"policy: unknown name; did you mean 'polic",
    ),
    (
        "packages alike",
        "title: x\npackages: [{name: A, policies: []}, {name: A, policies: []}]\n",
        r"2:11: packages: two packages are called 'A'",
    ),
    ("policies a word", "title: x\npackages: [{name: A, policies: b}]\n", r"packages\[0\].policies: must be a list"),
    ("key twice", "title: x\ntitle: y\n", r"2:1: 'title' is given twice \(first on line 1\)"),
    ("tab", "title: x\nparameters:\n\tlabour.x: 1\n", r"3:1: a tab is used for indentation; use spaces"),
    ("alias", "title: &a x\nquestion: *a\n", r"1:8: anchors and aliases"),
    ("merge key", "title: x\n<<: {a: 1}\n", r"2:1: merge keys"),
    ("tag", "title: !!python/object:os.system x\n", r"1:8: tags .* are not used here"),
    ("two documents", "title: x\n---\ntitle: y\n", r"2:1: only one document per file"),
    ("open bracket", "title: x\nparameters: {a: [1, 2\n", r"not valid YAML"),
    ("open quote", "title: 'x\n", r"not valid YAML"),
    ("bad indentation", "title: x\n   months: 3\n", r"2:10: not valid YAML"),
    ("list as key", "? [a]\n: 1\n", r"1:3: a key must be plain text"),
    ("control character", "title: a\x00b\n", r"1:9: a control character \(U\+0000\) is not text"),
    ("lone surrogate", "title: a\ud800b\n", r"1:9: half of a surrogate pair \(U\+D800\) is not text"),
    ("brackets without end", "title: " + "[" * 100_000, rf"nested more than {MAX_DEPTH} deep"),
    ("far too many entries", "title: [" + "1," * MAX_NODES + "]", r"more than 50,000 entries"),
    ("far too large", "title: '" + "x" * MAX_BYTES + "'\n", r"larger than 1,000,000 bytes"),
]


@pytest.mark.parametrize(("text", "expected"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_a_wrong_file_is_refused_with_its_place_and_the_reason(text, expected):
    said = messages(text)
    assert all(re.match(r"<text>:\d+:\d+: ", message) for message in said)
    assert any(re.search(expected, message) for message in said), said


def test_all_mistakes_are_said_at_once_in_the_order_of_the_file():
    said = messages(
        "title: 3\nmonths: 0\nscal: 1\nparameters:\n  labour.nothing: 1\nshocks: [{kind: flod}]\nstart: x\n"
    )
    assert [int(m.split(":")[1]) for m in said] == [1, 2, 3, 5, 6, 7]


def test_a_name_of_the_contract_that_has_no_module_is_not_available_rather_than_unknown():
    for name in set(SHOCKS.known) - set(SHOCKS):
        (said,) = messages(f"title: x\nshocks:\n  - kind: {name}\n")
        assert f"shock '{name}' is not available in this version" in said
    for name in set(LEVERS.known) - set(LEVERS):
        (said,) = messages(f"title: x\npackages:\n  - name: A\n    policies:\n      - lever: {name}\n")
        assert f"lever '{name}' is not available in this version" in said


def test_a_new_shock_and_lever_plug_in_by_declaring_themselves(plugged_in):
    scenario = load_scenario(
        "title: x\nshocks: [{kind: test_quake, strength: 0.5}]\n"
        "packages: [{name: A, policies: [{lever: test_grant, budget_rp_per_year: 100e9}]}]\n"
    )
    assert scenario.shocks[0].strength == 0.5
    assert scenario.packages[0].policies[0].budget_rp_per_year == 1e11
    assert scenario.package("A") is scenario.packages[0]
    assert dict(load_scenario(to_yaml(scenario))) == dict(scenario)


def test_settings_of_a_plugged_in_kind_are_checked_like_the_rest(plugged_in):
    said = messages("title: x\nshocks:\n  - kind: test_quake\n    strength: 3\n    deep: 1\n")
    assert said == [
        "<text>:4:15: shocks[0].strength: 3 is out of range; allowed: 0 to 1 share",
        "<text>:5:5: shocks[0].deep: unknown name; known: kind, strength",
    ]


def test_a_package_that_the_scenario_does_not_have_is_named_with_those_it_has(plugged_in):
    scenario = load_scenario("title: x\npackages: [{name: Training, policies: []}, {name: Roads, policies: []}]\n")
    assert scenario.package("none") is scenario.package(None) is None
    with pytest.raises(InputError, match=r"no package 'Trainin'; it has: Training, Roads; did you mean 'Training'\?"):
        scenario.package("Trainin")


def test_yaml_traps_stay_text_and_numbers_are_numbers():
    said = loads("a: no\nb: 012\nc: 12:30\nd: 2026-01-01\ne: 1e-3\nf: 100e9\ng: '7'\nh: ~\ni: true\nj: 1_000\n").data
    assert said == {
        "a": "no",
        "b": "012",
        "c": "12:30",
        "d": "2026-01-01",
        "e": 0.001,
        "f": 1e11,
        "g": "7",
        "h": None,
        "i": True,
        "j": "1_000",
    }


def test_files_that_are_no_scenario_text_are_refused(tmp_path):
    (tmp_path / "utf16.yaml").write_bytes("title: x\n".encode("utf-16"))
    (tmp_path / "latin.yaml").write_bytes(b"title: x\nquestion: caf\xe9\n")
    (tmp_path / "large.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
    (tmp_path / "folder.yaml").mkdir()
    expected = {
        "utf16": "not UTF-8 text",
        "latin": "latin.yaml:2:14: not UTF-8 text",
        "large": "the limit is 1,000,000",
        "folder": "a folder, not a file",
        "missing": "no such file",
    }
    for name, reason in expected.items():
        with pytest.raises(InputError, match=reason):
            load_scenario(tmp_path / f"{name}.yaml")


def test_a_file_whose_name_looks_like_text_is_a_file_and_text_is_text(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("plan: a.yaml", "title: b.yaml"):
        Path(name).write_text("title: From a file\n")
        assert load_scenario(name).title == load_scenario(str(tmp_path / name)).title == "From a file"
    assert load_scenario("title: c.yaml").title == "c.yaml"
    with pytest.raises(InputError, match="no such file"):
        load_scenario("plan: d.yaml")


def test_a_title_of_several_lines_is_refused_like_a_name(tmp_path):
    from sim.sweep import load_design

    two = "title: |\n  one\n  two\n"
    for read, text in ((load_scenario, two), (load_design, two + "outcomes: [gini]\n")):
        with pytest.raises(InputError, match="1:8: title: must be one line of visible text"):
            read(text)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path):
    path = tmp_path / "windows.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_scenario(path).months == 24
    assert load(path).data["seeds"] == 4


PIECES = st.sampled_from(
    [
        "\n",
        "  ",
        "\t",
        ":",
        "- ",
        "[",
        "]",
        "{",
        "}",
        "&a",
        "*a",
        "!!x ",
        "'",
        '"',
        "|",
        "#",
        "\ud800",
        "\x00",
        "é",
        "no",
    ]
    + [
        "1e999",
        "9" * 30,
        "---\n",
        "? ",
        "<<: ",
        "self: 1\n",
        "title",
        "shocks:\n  - kind: flood\n",
        "%YAML 9\n",
        "\u2028",
    ]
)


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), PIECES), min_size=1, max_size=6))
def test_a_damaged_file_is_read_or_refused_with_its_place(damage):
    text = GOOD + "shocks: []\npackages:\n  - name: A\n    policies: []\n"
    for where, cut, piece in damage:
        at = int(where * len(text))
        text = text[:at] + piece + text[at + cut :]
    try:
        assert isinstance(load_scenario(text), Scenario)
    except InputError as error:
        assert error.messages
        assert all(re.match(r"<text>:\d+:\d+: .", message) for message in error.messages)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_at_all_is_read_or_refused(text):
    try:
        loads(text)
    except InputError as error:
        assert all(re.match(r"<text>:\d+:\d+: .", message) for message in error.messages)


SLUMP = "shocks:\n  - kind: demand_slump\n    start: {start}\n"
TWO = """packages:
  - name: A
    policies: [{{lever: worker_training, budget_rp_per_year: 100e9}}]
  - name: B
    policies: [{{lever: worker_training, budget_rp_per_year: {rp}}}]
"""


def test_a_package_says_what_its_policies_are_even_if_there_are_none():
    assert messages("title: x\npackages: [{name: A}]\n") == [
        "<text>:2:12: packages[0]: 'policies' is missing; `policies: []` stands for doing nothing"
    ]
    assert load_scenario("title: x\npackages: [{name: A, policies: []}]\n").packages[0].policies == ()


def test_a_shock_begins_within_the_run():
    (said,) = messages("title: x\nmonths: 24\n" + SLUMP.format(start="2027-01"))
    assert "4:12: shocks[0].start: 2027-01 is outside the run; the run is 2025-01 to 2026-12" in said.replace(
        "5:12", "4:12"
    )
    load_scenario("title: x\nmonths: 24\n" + SLUMP.format(start="2026-12"))


def test_packages_cost_the_same_or_the_file_says_so():
    (said,) = messages("title: x\n" + TWO.format(rp="120e9"))
    assert "'A' Rp 100.0 billion, 'B' Rp 120.0 billion" in said
    assert "unequal_cost: true" in said
    load_scenario("title: x\n" + TWO.format(rp="100.5e9"))
    load_scenario("title: x\nunequal_cost: true\n" + TWO.format(rp="120e9"))


def test_the_same_money_over_the_run_is_an_equal_cost():
    later = TWO.format(rp="200e9").replace("200e9", "200e9, start: 2026-01")
    load_scenario("title: x\nmonths: 24\n" + later)


def test_the_same_money_a_year_for_fewer_months_is_told():
    text = "title: x\nmonths: 24\n" + TWO.format(rp="100e9")
    assert load_scenario(text).remarks() == []
    late = load_scenario(text.replace("100e9}]", "100e9, start: 2026-01}]", 1))
    (remark,) = late.remarks()
    assert "not over the run ('A' Rp 100.0 billion, 'B' Rp 200.0 billion)" in remark
    assert "'A' Rp 200.0 billion, 'B' Rp 300.0 billion" in late.remarks(36)[0]
    assert late.changed(unequal_cost=True).remarks() == []
    later = TWO.format(rp="200e9").replace("200e9", "200e9, start: 2026-01")  # the same over the run
    assert load_scenario("title: x\nmonths: 24\n" + later).remarks() == []


def test_a_lever_that_takes_no_budget_says_so_and_plans_with_none():
    """Its wage rule costs the city nothing: 100 billion beside it are no equal cost, and no money is set aside."""
    policies = [{"lever": "minimum_wage", "extra_growth": 0.05, "budget_rp_per_year": 100e9}]
    other = [{"lever": "cash_transfer", "budget_rp_per_year": 100e9}]
    given = {"title": "T", "packages": [{"name": "W", "policies": policies}, {"name": "C", "policies": other}]}
    with pytest.raises(InputError, match=r"'W' Rp 0\.0 billion"):
        load_scenario(json.dumps(given, indent=1))
    made = load_scenario(json.dumps(given | {"unequal_cost": True}, indent=1))
    assert remarks(made.packages) == [
        "minimum_wage takes no budget: it costs no public money, employers pay; its budget_rp_per_year counts as 0"
    ]
    assert made.packages[0].yearly_budget == 0.0


@pytest.mark.parametrize(
    "policy, said",
    [
        ({"lever": "maintenance", "budget_rp_per_year": 60e9}, "maintenance changes nothing"),
        ({"lever": "minimum_wage"}, "minimum_wage changes nothing"),
        ({"lever": "cash_transfer", "budget_rp_per_year": 1e9, "amount_rp": 0}, "cash_transfer changes nothing"),
        ({"lever": "csr_coordination", "budget_rp_per_year": 60e9}, "can use no more than Rp 2 billion a year"),
        ({"lever": "cash_transfer"}, "cash_transfer changes nothing: it has no money"),
        ({"lever": "csr_match", "budget_rp_per_year": 0}, "csr_match changes nothing: it has no money"),
        ({"lever": "maintenance"}, "maintenance changes nothing: its settings are those of today"),
    ],
)
def test_a_lever_that_changes_nothing_or_less_than_it_costs_is_told(policy, said):
    made = load_scenario(json.dumps({"title": "T", "packages": [{"name": "P", "policies": [policy]}]}, indent=1))
    (remark,) = remarks(made.packages)
    assert said in remark
    assert made.packages[0].yearly_budget < 3e9


def test_a_lever_at_work_needs_no_remark():
    policies = [
        {"lever": "maintenance", "share": 1.1},
        {"lever": "business_training", "budget_rp_per_year": 1e9},
    ]
    made = load_scenario(json.dumps({"title": "T", "packages": [{"name": "P", "policies": policies}]}, indent=1))
    assert remarks(made.packages) == []


def test_a_scenario_may_be_a_mapping_with_the_same_checks():
    assert load_scenario({"title": "T", "months": 7}).months == 7
    with pytest.raises(InputError, match="did you mean 'months'"):
        load_scenario({"title": "T", "month": 7})


@pytest.mark.parametrize("source", [["a.yaml"], 3, None])
def test_what_can_be_no_scenario_is_refused(source):
    with pytest.raises(InputError, match="a scenario is a file"):
        load_scenario(source)


def test_a_link_that_leads_nowhere_is_called_so(tmp_path):
    for name, target, said in (
        ("a", "a.yaml", "leads back to itself"),
        ("b", "c.yaml", "a link to a file that is not"),
    ):
        (tmp_path / f"{name}.yaml").symlink_to(target)
        with pytest.raises(InputError, match=said):
            load_scenario(tmp_path / f"{name}.yaml")
    (tmp_path / "baselin.yaml").symlink_to("baselin.yaml")
    with pytest.raises(InputError, match="leads back to itself"):
        load_scenario(tmp_path / "baselin.yaml")


def test_a_file_called_without_its_ending_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text("title: Mine\n")
    with pytest.raises(InputError, match=r"no scenario 'mine'; there is a file mine\.yaml"):
        load_scenario("mine")
