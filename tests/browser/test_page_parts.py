"""The parts of the page in a real browser, with made-up figures (gallery.py)."""

from __future__ import annotations

import json
import re

import pytest
from gates import accessibility_problems, drawn, overflow
from harness import DESK, PHONE

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install '.[test]'").expect

VIEWS = ("charts", "cards", "level", "change")
TYPED = (
    ("en", "1,250", 1250 * 10**9, "1,250"),
    ("id", "1.260", 1260 * 10**9, "1.260"),
    ("id", "0,5", 5 * 10**8, "0,5"),
    ("id", "1.5", 15 * 10**8, "1,5"),
    ("en", "9000", 5000 * 10**9, "5,000"),
)


def show(page, view: str) -> None:
    page.locator(f"[data-view={view}]").click()
    expect(page.locator(f"[data-view={view}]")).to_have_attribute("aria-current", "page")
    expect(page).to_have_url(re.compile(f"view={view}"))
    drawn(page)


def speak(page, language: str) -> None:
    page.locator(f".bdg-tools [lang={language}]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)


def heard(page, what: str, **parts) -> None:
    """Until the server was told this: an event, with these parts of its data."""
    expect(page.locator("#said")).to_contain_text(f"{what} ")
    for name, value in parts.items():
        expect(page.locator("#said")).to_contain_text(f'"{name}": {json.dumps(value, sort_keys=True)}')


def file(name: str, content: bytes) -> dict:
    return {"name": name, "mimeType": "text/yaml", "buffer": content}


def lines_drawn(page, chart: str) -> list[str]:
    """The paths of a chart's lines and areas."""
    drawing = page.locator(".bdg-chart", has_text=chart).first.locator(".bdg-canvas svg path")
    return drawing.evaluate_all("all => all.map(p => p.getAttribute('d')).filter(d => d.length > 200)")


@pytest.mark.parametrize(("size", "language", "colours"), [(DESK, "en", "light"), (PHONE, "id", "dark")])
def test_every_part_is_accessible_and_fits(gallery, open_page, size, language, colours):
    page = open_page(gallery, size=size, colours=colours)
    speak(page, language)
    for view in VIEWS:
        show(page, view)
        assert accessibility_problems(page) == [], view
        assert overflow(page) == [], view
    if size == PHONE:
        slider = page.get_by_role("slider", name="Flood basins, Intensity")
        expect(slider).not_to_be_visible()
        page.locator(".bdg-side-button").click()
        expect(slider).to_be_visible()
        assert accessibility_problems(page) == []
        assert overflow(page) == []
        page.keyboard.press("Escape")
        expect(slider).not_to_be_visible()


def test_a_lever_moved_by_key_changes_the_curve_and_can_be_undone(gallery, open_page):
    page = open_page(gallery)
    drawn(page)
    before = lines_drawn(page, "Unemployment")
    assert len(before) >= 8
    slider = page.get_by_role("slider", name="Flood basins, Intensity")
    slider.focus()
    for _ in range(5):
        slider.press("ArrowRight")
    heard(page, "change", value=1.5, values={"basins": {"intensity": 1.5}})
    expect(slider).to_have_attribute("aria-valuetext", "1.5 times, opened with 1.0")
    expect(page.locator("[data-group=hazards]")).to_contain_text("1 changed")
    page.wait_for_function(
        "was => [...document.querySelectorAll('.bdg-canvas svg path')].every(p => p.getAttribute('d') !== was)",
        arg=max(before, key=len),
    )
    assert lines_drawn(page, "Unemployment") != before
    page.get_by_role("button", name="Undo: Flood basins, Intensity").click()
    heard(page, "change", values={})
    expect(page.locator("#lever-basins-intensity")).to_have_value("1.0")


def test_a_number_is_typed_in_the_form_of_the_language(gallery, open_page):
    page = open_page(gallery)
    field = page.locator("#lever-training-budget")
    for language, typed, value, shown in TYPED:
        speak(page, language)
        field.fill(typed)
        field.press("Tab")
        heard(page, "change", value=value)
        expect(field).to_have_value(shown)
        outside = page.locator("#lever-training-budget-r").get_by_role("alert")
        expect(outside).to_have_count(1 if typed == "9000" else 0)


def test_the_other_settings_are_set_and_taken_over(gallery, open_page):
    page = open_page(gallery)
    page.locator("[data-item=training]").get_by_role("button", name="settings").click()
    setting = page.locator("[data-item=training] [data-field=start] select")
    setting.nth(1).select_option("2027")
    heard(page, "change", value="2027-01")
    setting.nth(0).select_option(label="August")
    heard(page, "change", value="2027-08")
    page.locator("#lever-training-targeting").select_option("random")
    heard(page, "change", value="random")
    places = page.locator("[data-field=districts]")
    places.locator("summary").press("Enter")
    places.get_by_label("Coblong").check()
    expect(places.locator("summary")).to_have_text("Coblong")
    heard(page, "change", value=["32.73.02"])
    page.get_by_role("button", name="adopt").click()
    expect(page.locator("#lever-basins-intensity")).to_have_value("2.0")
    expect(places.locator("summary")).to_have_text("the whole city")


def test_a_chart_is_read_by_key_and_leaves_as_table_csv_and_picture(gallery, open_page, tmp_path):
    page = open_page(gallery)
    drawn(page)
    chart = page.locator(".bdg-chart", has_text="Unemployment").first
    chart.locator(".bdg-canvas").focus()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowRight")
    expect(chart.locator("[aria-live]")).to_contain_text("January 2026: Today's policy 7.4 % (7.1 % – 7.7 %)")
    chart.get_by_role("button", name="Show data: Unemployment").click()
    expect(chart.get_by_role("row").nth(1)).to_contain_text("7.0 %")
    expect(chart.get_by_role("row")).to_have_count(12)
    with page.expect_download() as csv:
        chart.get_by_role("button", name="Download CSV").click()
    csv.value.save_as(tmp_path / "chart.csv")
    rows = (tmp_path / "chart.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 121 and rows[1].startswith("2025-01,0.07,0.067,0.073")
    with page.expect_download() as png:
        chart.get_by_role("button", name="Download PNG").click()
    png.value.save_as(tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes()[:4] == b"\x89PNG"


def test_a_line_is_hidden_from_its_legend_and_an_old_chart_stays_in_grey(gallery, open_page):
    page = open_page(gallery)
    drawn(page)
    before = lines_drawn(page, "Unemployment")
    entry = page.get_by_role("button", name="Scenario, flood")
    entry.press("Enter")
    expect(entry).to_have_attribute("aria-pressed", "false")
    fewer = lines_drawn(page, "Unemployment")
    assert len(fewer) < len(before)
    page.get_by_role("button", name="stale").click()
    expect(page.locator(".bdg-chart.stale").first).to_contain_text("the last result is shown in grey")
    expect(page.locator(".bdg-chart").first).to_have_attribute("aria-busy", "true")
    assert lines_drawn(page, "Unemployment") == fewer


def test_a_district_is_found_with_arrows_and_chosen_with_enter(gallery, open_page):
    page = open_page(gallery)
    show(page, "change")
    start = page.locator("[data-id='32.73.05']")
    start.focus()
    page.keyboard.press("ArrowRight")
    chosen = page.locator(".bdg-district:focus")
    expect(chosen).not_to_have_attribute("data-id", "32.73.05")
    code = chosen.get_attribute("data-id")
    page.keyboard.press("Enter")
    expect(page.locator(f".bdg-district[data-id='{code}']")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(f".bdg-district[data-id='{code}']")).to_have_attribute("aria-label", re.compile("selected$"))
    page.keyboard.press(" ")
    expect(page.locator(".bdg-district[aria-pressed=true]")).to_have_count(0)


def test_a_file_is_read_by_keyboard_and_one_too_large_is_not(gallery, open_page):
    page = open_page(gallery)
    page.once("filechooser", lambda chooser: chooser.set_files(file("x.yaml", b"title: x\n")))
    show(page, "cards")  # by now the browser knows that we answer its dialogue
    field = page.get_by_label("Load a scenario")
    field.focus()
    page.keyboard.press("Enter")
    heard(page, "upload", name="x.yaml", text="title: x\n")
    field.set_input_files(file("big.yaml", b"x" * 200_001))
    expect(page.get_by_role("alert").filter(has_text="The file is larger than 200 kB")).to_be_visible()
    heard(page, "upload", name="big.yaml", error="too large")


def test_files_texts_and_tables_leave_the_page_and_text_stays_text(gallery, open_page):
    page = open_page(gallery)
    show(page, "cards")
    expect(page.get_by_text("<script>document.title = 'taken'</script>").first).to_be_visible()
    assert page.title() == "Bandung Resilience Lab"
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the scenario").click()
    assert saved.value.suggested_filename == "scenario.yaml"
    page.get_by_role("button", name="Copy: Command").click()
    expect(page.get_by_role("button", name="Copied: Command")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "bandung compare scenario.yaml --seeds 20"
    page.get_by_role("button", name="copy", exact=True).click()
    expect(page.locator("#said")).to_have_text("copied true")
    assert "view=cards" in page.evaluate("navigator.clipboard.readText()")
    table = page.locator(".bdg-data")
    table.get_by_role("button", name="Poor", exact=True).click()
    expect(table.get_by_role("columnheader", name="Poor")).to_have_attribute("aria-sort", "descending")
    expect(table.get_by_role("rowheader").first).to_have_text("Mandalajati")


def test_the_top_bar_cancels_goes_back_and_skips(gallery, open_page):
    page = open_page(gallery)
    show(page, "cards")
    show(page, "level")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    page.go_back()
    expect(page.locator("#said")).to_contain_text('address "?view=cards')
    page.keyboard.press("Control+Home")
    page.get_by_role("link", name="Skip to the content").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_dark_colours_are_chosen_and_remembered(gallery, open_page):
    page = open_page(gallery)
    page.get_by_role("button", name="Dark colours").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    page.locator(".bdg-main").wait_for()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="Light colours")).to_be_visible()
