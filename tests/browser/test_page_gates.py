"""Every view of the page: nothing serious for axe-core, nothing wider than the window, no other host asked."""

from __future__ import annotations

import pytest
from gates import accessibility_problems, overflow, settle
from harness import DESK, PHONE

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
