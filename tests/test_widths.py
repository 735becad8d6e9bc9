"""Tables fit any terminal: no number is cut, no column is lost and every name can be read, in both languages."""

from __future__ import annotations

import re
import sys
from collections import Counter

import pytest
from fake_model import FakeModel
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from test_words import comparison

from sim import comparison_table, listing, runner, summary
from sim.cli import answer
from sim.paper import as_text, fitting, put, table
from sim.sheet import Sheet, fold
from sim.sweep import answers
from sim.sweep.answers import Shown

WIDTHS = (*range(40, 121, 4), 140, 200)
LONG = "Pelatihan dan pendampingan untuk semua usaha mikro kecil dan menengah di Bandung"
FIGURE = re.compile(r"[-+]?\d[\d.,]*")


def check(sheet: Sheet, width: int) -> None:
    """All of a table is in its text: every number as often as in the cells, and every word of heads and names."""
    said = as_text([sheet], width)
    assert max(map(cell_len, said.splitlines()), default=0) <= width, said
    cells = [cell for row in sheet.rows for cell in row]
    lacking = Counter(FIGURE.findall("\n".join(cells))) - Counter(FIGURE.findall(said))
    assert not lacking, f"at {width} columns {dict(lacking)} are missing from\n{said}"
    whole = re.sub(r"\s", "", said)
    lost = [word for text in [*sheet.heads, *cells] for word in text.split() if word not in said and len(word) <= 24]
    assert not lost, f"at {width} columns {lost} are missing from\n{said}"
    assert all(word in whole for head in sheet.heads for word in head.split())


def sheets(parts) -> list[Sheet]:
    return [part for part in parts if isinstance(part, Sheet)]


def collected(monkeypatch, module, call) -> list[Sheet]:
    """The tables that a command prints."""
    found: list[Sheet] = []
    monkeypatch.setattr(module, "put", lambda parts, width=0: found.extend(sheets(parts)))
    call()
    assert found
    return found


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_tables_of_a_comparison_fit(language):
    made = comparison()
    for one in (made, made.spoken(language)):
        found = sheets(comparison_table._parts(one, language))
        assert len(found) == 3
        for width in WIDTHS:
            for sheet in found:
                check(sheet, width)


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_tables_of_a_run_fit(language, monkeypatch):
    monkeypatch.setattr("sim.runner.build", lambda **choices: FakeModel(**choices))
    monkeypatch.setitem(sys.modules["fake_model"].LEVELS, "median_wage", 2_519_500.0)
    monkeypatch.setitem(sys.modules["fake_model"].UNITS, "median_wage", "persons")
    result = runner.run("baseline", scale=500, seed=1, months=3)
    found = sheets(summary._parts(result, None, language))
    assert len(found) == 3
    for width in WIDTHS:
        for sheet in found:
            check(sheet, width)
    assert ("2,519,752" if language == "en" else "2.519.752") in as_text(found[:1], 40)


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("command", ["parameters", "outcomes", "scenarios", "levers", "shocks"])
def test_the_catalogues_fit(command, language, monkeypatch):
    found = collected(monkeypatch, listing, lambda: answer([command, "--language", language]))
    for width in (40, 60, 80, 100, 140, 200):
        for sheet in found:
            check(sheet, width)


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_tables_of_studies_fit(language, monkeypatch):
    columns = ("package", "outcome", "gain", "gain_low", "gain_high", "mean_regret", "largest_regret", "best_share")
    rows = [(LONG, "poverty_headcount.mean loss", -0.0123, 12345.6, 1e12, float("nan"), 0.5, 1.0), ("Cash", "x") * 4]
    shown = [Shown("Who regrets", columns, [rows[0], ("Cash", "growth.last", *map(float, range(6)))])]
    found = collected(monkeypatch, answers, lambda: answers.show(["One."], shown, None, language))
    for width in WIDTHS:
        check(found[0], width)


def test_a_table_that_fits_side_by_side_stays_one():
    rows = [(LONG, "1,234.5", "-0.02 *", "training: 1,000"), ("Cash", "2.0", "+0.00", "")]
    sheet = table(("package", "planned", "not payable", "reached"), rows, right=("planned", "not payable"))
    wide, narrow, tiny = (as_text([sheet], width) for width in (140, 70, 40))
    assert len(wide.splitlines()) == 3 and wide.splitlines()[1].startswith(LONG)
    assert "-0.02 *" in narrow and narrow.count("package") == 1  # folded, in one piece
    assert tiny.count("package") == 2 and tiny.count("Cash") == 2  # two tables, each with the names
    texts = table(("name", "meaning", "source"), [("hoarding", "surplus workers " * 9, "bps_susenas_2024 " * 3)])
    assert "meaning: surplus\n" in as_text([texts], 24)  # a list
    assert as_text([table(("name", "value"), [])], 40).split() == ["name", "value"]


@given(
    st.lists(st.text("ab é界", max_size=30), min_size=2, max_size=7),
    st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=4),
    st.integers(40, 200),
    st.integers(1, 2),
)
@settings(deadline=None, max_examples=80)
def test_any_table_keeps_its_numbers(heads, values, width, keys):
    rows = [[f"{head} {k}" if k < keys else f"{value:,.2f}" for k, head in enumerate(heads)] for value in values]
    sheet = Sheet(heads, rows, [k >= keys for k in range(len(heads))], keys)
    said = as_text([sheet], width)
    assert max(map(cell_len, said.splitlines()), default=0) <= width
    cells = [cell for row in rows for cell in row[keys:]]
    assert not Counter(FIGURE.findall("\n".join(cells))) - Counter(FIGURE.findall(said))


def test_paragraphs_fold_between_words_and_keep_figures_with_their_sign():
    assert fold("cash takes 95 % of it", 14) == "cash takes\n95 % of it"
    assert as_text(["- one two three four"], 12) == "- one two\n  three four"
    assert fold("  moved in", 40) == "  moved in"


def test_the_width_is_that_of_the_terminal_within_bounds(monkeypatch, capsys):
    assert fitting(96) == 96  # no terminal
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    for columns, expected in ((20, 40), (40, 40), (80, 80), (200, 160)):
        monkeypatch.setenv("COLUMNS", str(columns))
        assert fitting(96) == expected
    monkeypatch.setenv("COLUMNS", "44")
    put(["word " * 40])
    shown = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)
    assert max(map(len, shown.splitlines())) <= 44
