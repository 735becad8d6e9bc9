"""Every view of the page: nothing serious for axe-core, nothing wider than the window, no other host; the agents."""

from __future__ import annotations

import pytest
from gates import accessibility_problems, overflow, settle
from harness import DESK, LONG, PHONE

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install '.[test]'").expect

VIEWS = ("overview", "districts", "gains", "packages", "household")


@pytest.mark.parametrize(("size", "language", "colours"), [(DESK, "en", "light"), (PHONE, "id", "dark")])
def test_every_view_is_accessible_and_fits(server, open_page, size, language, colours):
    page = open_page(f"{server}/?lang={language}", size=size, colours=colours)
    expect(page.locator("html")).to_have_attribute("lang", language)
    for view in VIEWS:
        page.locator(f"[data-view={view}]").click()
        page.locator(f"[data-shown={view}]").wait_for()
        settle(page)
        assert accessibility_problems(page) == [], view
        assert overflow(page) == [], view


def test_the_agents_are_stepped_in_a_page_of_their_own(server, open_page):
    page = open_page(f"{server}/?lang=en")
    page.goto(f"{server}/agents")
    expect(page.get_by_text("Step: 0")).to_be_visible(timeout=LONG)
    page.get_by_role("button", name="Step").click()
    expect(page.get_by_text("Step: 1")).to_be_visible(timeout=LONG)
    assert accessibility_problems(page) == []


def test_the_figures_can_be_read_before_any_script_has_come(server, open_page, browser):
    settle(open_page(f"{server}/?lang=id"))  # what the page opens with has been computed by then
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server}/?lang=id")
    expect(page.locator("#first .bdg-card").first).to_contain_text("Angka kemiskinan")
    page.goto(f"{server}/?lang=en&title=%3Cscript%3Ealert(1)%3C/script%3E")
    expect(page.locator("#first .bdg-sub")).to_contain_text("<script>")
    context.close()
