"""The report of a comparison: one HTML file that works offline and says what the dataset says."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from compared import PACKAGES, bandung, scenario, tiny

import sim
from sim.catalogue import LEVERS
from sim.listing import registry_of
from sim.report import charts
from sim.report.of_run import write_run_report
from sim.report.plan import said_of
from sim.runner import run
from sim.summary import BY_DISTRICT, assumptions, outcome_rows, ranked_districts

VOID = {"meta", "link", "br", "hr", "img", "input", "col", "path", "use", "rect", "line", "circle"}


class Reader(HTMLParser):
    """Collects elements, ids and text; raises for an element that is closed out of turn."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag, tag

    def handle_data(self, data):
        if not self.open or self.open[-1] not in ("style", "script"):
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


@pytest.fixture(scope="module")
def html() -> str:
    return (tiny()[0] / "report.html").read_text("utf-8")


@pytest.fixture(scope="module")
def page(html) -> Reader:
    return Reader(html)


def test_the_report_loads_nothing_from_elsewhere(html, page):
    loading = {"src", "srcset", "data", "poster", "action", "background"}
    for tag, given in page.tags:
        assert tag not in ("script", "iframe", "object", "embed", "base"), tag
        assert not loading & set(given), (tag, given)
        if tag in ("link", "use", "image"):
            assert all(str(given.get(name, "#")).startswith("#") for name in ("href", "xlink:href"))
        assert not any(name.startswith("on") for name in given)
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)


def test_the_report_is_sound_html_with_a_title_a_language_and_ids_of_its_own(html, page):
    assert html.startswith("<!doctype html>")
    assert page.tags[0][1].get("lang") == "en"
    ids = [given["id"] for _, given in page.tags if "id" in given]
    assert len(ids) == len(set(ids))
    referred = re.findall(r'(?:xlink:href="#|url\(#)([^")]+)', html)
    assert referred and set(referred) <= set(ids)


def test_every_picture_can_be_read_aloud(page):
    drawn = [given for tag, given in page.tags if tag == "svg"]
    assert len(drawn) >= 6
    assert all(given.get("role") == "img" and given.get("aria-label") for given in drawn)


def test_what_the_scenario_says_is_shown_as_text_and_not_as_html(html, page):
    assert "Cash <b> & care" in page.text and "Cash <b> & care" not in html
    assert not [tag for tag, _ in page.tags if tag == "training"]
    for part in ('Training & cash in a "slump"', "Does <training> help more than cash?", *PACKAGES):
        assert part in page.text


def test_the_report_holds_the_figures_of_the_comparison(page):
    said = tiny()[1].json
    line = next(
        e for e in said["packages"][0]["effects"]
        if (e["outcome"], e["place"], e["group"], e["shocks"]) == ("unemployment_rate", "city", "all", "on")
    )  # fmt: skip
    assert f"{100 * line['effect']:+,.2f}" in page.text
    assert f"{100 * line['without']:,.2f}" in page.text
    assert f"{said['packages'][0]['cost_rp'] / 1e9:,.1f}" in page.text
    assert "bandung compare" in page.text and "--seeds 2 --scale 1000 --months 13" in page.text


def test_the_report_tells_apart_from_zero_what_the_dataset_tells_apart(html):
    effects = pd.read_csv(tiny()[0] / "effects.csv").query("place == 'city' and group == 'all' and shocks == 'on'")
    said = {"with all tested together **": True, "alone *": True, "no": False}
    rows = re.findall(r"<tr><td>.*?<td>([a-z *]+)</td></tr>", html.split("Every outcome of the city")[1])
    assert set(rows) <= set(said) and "no" in rows and len(set(rows)) > 1
    assert [said[one] for one in rows] == list(effects["distinguishable"].eq(True))
    together = [one.endswith("**") for one in rows]
    assert together == list(effects["distinguishable_in_table"].eq(True))


def test_the_template_asks_no_mapping_for_what_is_a_method_of_every_mapping():
    """`row.clear` is the method, whatever the row holds under that name."""
    methods = "|".join(name for name in dir(dict) if not name.startswith("_"))
    for path in (Path(sim.__file__).parent / "report" / "templates").iterdir():
        assert not re.findall(rf"\w+\.(?:{methods})\b(?!\()", "".join(re.findall(r"{[{%].*?[%}]}", path.read_text())))


def test_a_policy_is_told_with_the_names_of_places_and_money_in_words():
    def told(language: str, **given) -> str:
        return said_of(LEVERS[given["lever"]].settings.model_validate(given), language)

    registry_of("lever")
    walls = {"lever": "flood_protection", "budget_rp_per_year": 100e9, "districts": ["Gedebage", "32.73.23"]}
    assert told("en", **walls) == "flood protection: Rp 100.0 billion a year, districts Gedebage and Rancasari"
    assert told("id", **walls).endswith("Rp 100,0 miliar per tahun, kecamatan Gedebage dan Rancasari")
    works = {"lever": "service_infrastructure", "budget_rp_per_year": 50e9, "mix": {"education": 2, "health": 1.5}}
    assert told("en", **works).endswith("a year, mix education 2, health 1.5")
    assert told("id", **works).endswith("per tahun, komposisi pendidikan 2, kesehatan 1,5")
    loans = told("en", lever="business_finance", loan_rp=5e6)
    assert "Rp 5.00 million" in loans and "e+" not in loans


def test_no_figure_is_missing_without_a_word(page):
    assert not re.search(r"\b(nan|inf|None|NaN)\b", page.text)


@pytest.mark.parametrize(
    ("name", "packages", "shocks"),
    [
        ("bare", "", ""),
        ("quiet", "packages:\n  - name: T\n    policies: [{lever: worker_training, budget_rp_per_year: 5e11}]\n", ""),
        ("shocked", "", "shocks:\n  - {kind: demand_slump, start: 2025-02}\n"),
        (
            "beyond",
            "packages: [{name: T, policies: []}]\n",
            "shocks:\n  - {kind: flood, start: 2025-03, intensity: 0}\n",
        ),
    ],
)
def test_a_comparison_that_lacks_something_has_a_sound_report_all_the_same(name, packages, shocks, tmp_path):
    text = f"title: {name}\nmonths: 4\nscale: 2000\nseeds: 1\n{shocks}{packages}"
    said = bandung("compare", scenario(tmp_path, text, name), "--out", tmp_path / "set", "--workers", 1)
    assert said.code == 0, said.err
    page = Reader((tmp_path / "set" / "report.html").read_text("utf-8"))
    assert name in page.text
    assert not re.search(r"\b(nan|inf|None|NaN)\b", page.text)


def ids_of(svg: str) -> set[str]:
    return {given["id"] for _, given in Reader(svg).tags if "id" in given}


def test_charts_draw_what_they_are_given_and_share_no_ids():
    months = [f"2025-{k:02d}" for k in range(1, 13)]
    path = np.linspace(0.05, 0.09, 12)
    lines = [("no policy", path, path - 0.01, path + 0.01), ("a & b <c>", path * 0.9, path * 0.8, path)]
    shocks = [(4, "flood"), (5, "price rise")]
    first = charts.curves("Poverty", "%", months, lines, shocks, 0.01)
    second = charts.curves("Unemployment", "%", months, lines, factor=0.01)
    assert first == charts.curves("Poverty", "%", months, lines, shocks, 0.01)  # the same every time
    assert not ids_of(first) & ids_of(second)
    assert "flood" in Reader(first).text and "price rise" in Reader(first).text and "a & b <c>" in Reader(first).text
    assert "flood" not in Reader(second).text
    missing = np.full(30, np.nan)
    names = [f"Place {k}" for k in range(30)]
    drawn = Reader(charts.district_map("Change", "points", np.where(np.arange(30) == 3, 1.5, missing), names, -1))
    assert "+1.50" in drawn.text and "29" in drawn.text
    Reader(charts.district_map("Change", "points", missing, names, 0))
    below = Reader(charts.triangle("Value", months, [("no policy", 1 - path)], shocks))
    assert "flood" in below.text and "price rise" in below.text
    bars = Reader(charts.bars("Gains", "%", ("poorest", "richest"), [("T", np.array([1.0, np.nan]))]))
    assert "poorest" in bars.text
    Reader(charts.intervals("Effects", "%", [("T", 1.0, 0.5, 1.5), ("U", 0.0, -1.0, 1.0)]))


def test_a_package_has_one_colour_in_every_chart_and_no_policy_keeps_its_own():
    months, path = [f"2025-{k:02d}" for k in range(1, 13)], np.linspace(0.05, 0.09, 12)
    names = ("no policy", "T", "U")
    band = [(name, path, path, path) for name in names]

    def strokes(drawn: str) -> set[str]:
        """Colours of the lines of worlds, which are 1.7 wide."""
        return set(re.findall(r"stroke: (#[0-9a-f]{6}); stroke-width: 1\.7", drawn))

    quiet = ("no policy, no shock", path, path, path)
    paths = strokes(charts.curves("P", "%", months, band, quiet=quiet))
    triangle = strokes(charts.triangle("V", months, [(name, path) for name in names]))
    own = [charts.style(k)[0].lower() for k in range(3)]
    assert triangle == set(own) and paths == {*own, charts.QUIET[0]}
    bars = charts.bars("Gains", "%", ("poorest",), [(name, np.array([1.0])) for name in names[1:]])
    assert all(f"fill: {one}" in bars for one in own[1:])
    many = [charts.style(k) for k in range(15)]
    assert len({str(one) for one in many}) == 15 and all(colour != many[0][0] for colour, _ in many[1:])


def test_figures_of_a_map_can_be_read_on_their_ground_and_unclear_places_are_grey():
    names = [f"P{k}" for k in range(30)]
    values = np.linspace(-3, 3, 30)
    clear = np.abs(values) > 1
    drawn = charts.district_map("Change", "points", values, names, -1, clear=clear)
    assert drawn.count(f"fill: {charts.UNCLEAR}") == (~clear).sum()
    assert charts.ink("#2d004b") == "#ffffff" and charts.ink("#f7f7f7") == charts.ink(charts.UNCLEAR) == "#000000"
    alone = charts.district_map("Change", "points", values / 10, names, -1)
    shared = charts.district_map("Change", "points", values / 10, names, -1, limit=3.0)
    assert alone.count("fill: #ffffff") > shared.count("fill: #ffffff")  # a tenth of the scale is pale


def test_every_table_of_the_page_can_be_scrolled_within_its_box(html):
    assert html.count("<table") == html.count('<div class="scroll" tabindex="0"><table')
    assert "local" in html.split(".scroll {")[1].split("}")[0]  # the shadow that says that there is more


def test_the_report_of_a_run_shows_what_the_terminal_says(tmp_path):
    """The same outcomes, districts and assumptions, in both languages; hostile names are text, nothing is fetched."""
    given = {"title": "Run <b>&", "question": "What <i>if?", "months": 14,
             "shocks": [{"kind": "demand_slump", "start": "2025-06", "intensity": 0.8}]}  # fmt: skip
    result = run(given, scale=2000)
    for language in ("en", "id"):
        html = write_run_report(result, tmp_path / f"{language}.html", language).read_text("utf-8")
        words = " ".join(" ".join(Reader(html).words).split())
        assert "Run <b>&" in words and "What <i>if?" in words and "<b>&" not in html
        assert not re.search(r'(src|href)="https?:', html)
        for row in outcome_rows(result, language):
            assert " ".join(" ".join(row).split()) in words
        for name in BY_DISTRICT:
            ranked = ranked_districts(result, name, language)
            assert ranked.title in words and " ".join(ranked.rows[0]) in words
        for sentence in assumptions(result, language):
            assert sentence in words
        assert result.command in words
    assert "without a policy; with the scenario's shocks" in " ".join(
        Reader((tmp_path / "en.html").read_text("utf-8")).words
    )
