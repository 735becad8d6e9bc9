"""What a planner does with the page, in a real browser on a real server."""

from __future__ import annotations

import re

import pytest
from gates import settle
from harness import QUICK, free_port, page_command, serving

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install '.[test]'").expect

FIRST_CURVE = """() => {
  const chart = document.querySelector('.bdg-canvas[data-ready]');
  if (!chart || document.querySelector('.stale')) return '';
  return [...chart.querySelectorAll('svg path')].map(p => p.getAttribute('d')).filter(d => d && d.length > 200).join();
}"""
# What the cards and the first chart say. The lines themselves differ: a chart keeps its axis while a lever moves.
FIGURES = """() => [...document.querySelectorAll('.bdg-card')].map(card => card.innerText)
  .concat(document.querySelector('.bdg-canvas').getAttribute('aria-label').split(' '))"""
SLIDER = "[data-slider='business_training.budget_rp_per_year']"
WORKS = "[data-item=service_infrastructure]"
# Texts of a chart that lie over each other or reach out of it.
LABELS = """chart => {
  const frame = chart.getBoundingClientRect();
  const all = [...chart.querySelectorAll('svg text')].filter(t => t.textContent.trim())
    .map(t => ({text: t.textContent, box: t.getBoundingClientRect()}));
  const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 5;
  const out = box => box.right > frame.right + 1 || box.left < frame.left - 1;
  const wrong = all.filter(one => out(one.box)).map(one => one.text);
  all.forEach((one, k) => all.slice(k + 1).forEach(other => {
    if (over(one.box, other.box)) wrong.push(one.text + ' / ' + other.text);
  }));
  return wrong;
}"""
LONG = 300_000  # ms: a new installation compiles first, on a machine that may be busy


def curve(page) -> str:
    """The lines of the first chart, once nothing is stale."""
    page.wait_for_function(f"() => ({FIRST_CURVE})() !== ''", timeout=LONG)
    return page.evaluate(FIRST_CURVE)


def done(page) -> None:
    """Until nothing runs any more."""
    page.wait_for_function("() => !document.querySelector('.bdg-run.on')", timeout=LONG)
    settle(page)


def address(page, pattern: str) -> None:
    """Until the address matches."""
    page.wait_for_function("pattern => new RegExp(pattern).test(location.search)", arg=pattern)


def move(page, presses: int = 3) -> None:
    """Move the first lever in use with the keyboard."""
    lever = page.locator(SLIDER)
    lever.focus()
    for _ in range(presses):
        lever.press("ArrowRight")


def test_a_moved_lever_changes_the_curve_and_the_address(server, open_page):
    page = open_page(f"{server}/?lang=en")
    before = curve(page)
    done(page)
    move(page)
    page.wait_for_function(f"before => {{ const now = ({FIRST_CURVE})(); return now && now !== before; }}", arg=before)
    address(page, r"p1\.business_training\.budget=")
    expect(page.locator("[data-item=business_training]")).to_have_class(re.compile("changed"))


def test_undo_brings_the_old_curve_back(server, open_page):
    page = open_page(f"{server}/?lang=en")
    done(page)
    before = curve(page)
    move(page, 5)
    address(page, "business_training")
    page.locator("[data-item=business_training] .bdg-undo").first.click()
    page.wait_for_function("() => !/business_training/.test(location.search)")
    page.wait_for_function(f"before => ({FIRST_CURVE})() === before", arg=before, timeout=LONG)


def test_a_district_is_chosen_with_the_keyboard(server, open_page):
    page = open_page(f"{server}/?lang=en&view=districts")
    done(page)
    page.locator("[data-id='32.73.01']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    pressed = page.locator("[data-id][aria-pressed=true]")
    expect(pressed).to_have_count(1)
    code = pressed.get_attribute("data-id")
    address(page, f"d={code}")
    expect(page.get_by_text(f"Kecamatan {code}")).to_be_visible()


def test_the_language_changes_at_once_and_stays_in_the_address(server, open_page):
    page = open_page(f"{server}/?lang=en")
    done(page)
    page.get_by_role("button", name="Bahasa Indonesia").click()
    expect(page.locator("html")).to_have_attribute("lang", "id")
    address(page, "lang=id")
    expect(page.locator("[data-view=household]")).not_to_contain_text("household")


def test_a_lever_with_shares_comes_back_after_a_reload(server, open_page):
    page = open_page(f"{server}/?lang=en&p1.service_infrastructure.budget=150.5e9")
    done(page)
    expect(page.locator(f"{WORKS} .bdg-number").first).to_have_value("150.5")
    page.get_by_role("button", name="More settings: Service infrastructure").click()
    roads = page.locator("[data-slider='service_infrastructure.mix.roads']")
    roads.focus()
    for _ in range(5):
        roads.press("ArrowRight")
    address(page, r"service_infrastructure\.mix=roads:2\.5(&|$)")
    page.reload()
    page.locator("#first").wait_for(state="detached")
    done(page)
    expect(page.locator(".bdg-notice")).to_have_count(0)
    address(page, r"service_infrastructure\.budget=150\.5e9&.*mix=roads:2\.5(&|$)")
    expect(page.locator(f"{WORKS} .bdg-number").first).to_have_value("150.5")


def test_a_lever_slid_to_nothing_and_back_keeps_its_other_settings(server, open_page):
    page = open_page(f"{server}/?lang=en&p1.business_training.targeting=random")
    done(page)
    lever = page.locator(SLIDER)
    lever.focus()
    lever.press("Home")
    address(page, "p1.business_training=-")
    lever.press("ArrowRight")
    address(page, r"p1\.business_training\.budget=1e9&p1\.business_training\.targeting=random&")


def test_a_step_back_undoes_a_moved_lever(server, open_page):
    page = open_page(f"{server}/?lang=en")
    done(page)
    move(page)
    address(page, r"business_training\.budget=103e9")
    expect(page.locator("[data-item=business_training]")).to_contain_text("opened with 100")
    page.go_back()
    page.wait_for_function("() => !/business_training/.test(location.search)")
    expect(page.locator("[data-item=business_training] .bdg-number").first).to_have_value("100")
    page.go_forward()
    expect(page.locator("[data-item=business_training] .bdg-number").first).to_have_value("103")


def test_undo_all_takes_the_moved_levers_back(server, open_page):
    page = open_page(f"{server}/?lang=en&p1.business_training.budget=40e9")
    done(page)
    page.locator("[data-panel=lever] [data-undo-all]").click()
    page.wait_for_function("() => !/business_training/.test(location.search)")
    expect(page.locator("[data-item=business_training] .bdg-number").first).to_have_value("100")


@pytest.mark.parametrize("view", ["gains", "packages"])
def test_no_label_of_a_chart_is_printed_over_another(server, open_page, view):
    page = open_page(f"{server}/?lang=en&view={view}", size=(1280, 900))
    done(page)
    for chart in page.locator(".bdg-canvas").all():
        chart.scroll_into_view_if_needed()
        settle(page)
        assert chart.evaluate(LABELS) == []
        expect(chart).not_to_contain_text("points")  # words of a unit leave no room on an axis


def test_a_chart_out_of_sight_shows_no_earlier_result(server, open_page):
    page = open_page(f"{server}/?lang=en", size=(1280, 500))
    done(page)
    lines = """() => [...[...document.querySelectorAll('.bdg-canvas')].pop().querySelectorAll('svg path')]
      .map(p => p.getAttribute('d')).filter(d => d && d.length > 200).join()"""
    before, first = page.evaluate(lines), curve(page)
    assert before
    page.locator("#scenario").select_option("baseline")
    page.wait_for_function(f"before => {{ const now = ({FIRST_CURVE})(); return now && now !== before; }}", arg=first)
    page.wait_for_function(f"before => ({lines})() !== before", arg=before, timeout=2000)  # not only after a while


def test_the_heads_of_a_file_of_figures_say_their_unit(server, open_page, tmp_path):
    page = open_page(f"{server}/?lang=en")
    done(page)
    with page.expect_download() as saving:
        page.get_by_role("button", name="Download CSV: Poverty headcount").click()
    saving.value.save_as(tmp_path / "figures.csv")
    head, first, *_ = (tmp_path / "figures.csv").read_text("utf-8-sig").splitlines()
    assert "(share of persons)" in head and 0 < float(first.split(",")[1]) < 1


def test_a_shared_link_shows_the_same_in_a_fresh_browser(server, open_page):
    page = open_page(f"{server}/?lang=en")
    done(page)
    before = curve(page)
    move(page, 4)
    page.wait_for_function(
        f"before => {{ const now = ({FIRST_CURVE})(); return now && now !== before; }}", arg=before, timeout=LONG
    )
    page.wait_for_timeout(500)  # the last move of the slider is told a moment after it
    done(page)
    link, mine = page.evaluate("location.href"), page.evaluate(FIGURES)
    other = open_page(link, fresh=True)
    done(other)
    assert other.evaluate(FIGURES) == mine and len(mine) > 6
    assert other.evaluate("location.href") == link


def test_the_back_button_goes_to_the_view_before(server, open_page):
    page = open_page(f"{server}/?lang=en")
    done(page)
    page.locator("[data-view=districts]").click()
    address(page, "view=districts")
    page.locator("[data-view=gains]").click()
    address(page, "view=gains")
    page.go_back()
    expect(page.locator("[data-view=districts]")).to_have_attribute("aria-current", "page")
    page.go_back()
    expect(page.locator("[data-view=overview]")).to_have_attribute("aria-current", "page")


def test_a_scenario_file_is_saved_and_loaded_again(server, open_page, tmp_path):
    page = open_page(f"{server}/?lang=en&p1.business_training.budget=60e9&title=My+%3Cb%3Equestion%3C%2Fb%3E")
    done(page)
    with page.expect_download() as saving:
        page.locator("[data-want=scenario]").click()
    file = tmp_path / saving.value.suggested_filename
    saving.value.save_as(file)
    assert (file.suffix == ".yaml" and "60e9" in file.read_text()) or "60000000000" in file.read_text()
    other = open_page(f"{server}/?lang=en", fresh=True)
    done(other)
    other.locator("input[type=file]").set_input_files(file)
    expect(other.locator(".bdg-sub")).to_have_text("My <b>question</b>")
    address(other, "title=")
    expect(other.locator("#scenario option:checked")).to_have_text("My <b>question</b>")
    other.locator("#scenario").select_option("baseline")
    expect(other.locator("#scenario option:checked")).to_have_text("Bandung as it is, 2025 to 2034")


def test_a_wrong_file_is_refused_in_words(server, open_page, tmp_path):
    page = open_page(f"{server}/?lang=en")
    done(page)
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("title: x\nmonths: 5000\npackages: 7\n")
    page.locator("input[type=file]").set_input_files(wrong)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("wrong.yaml")
    expect(alert).to_contain_text("months")
    expect(page.locator(".bdg-sub")).to_have_text("UMKM naik kelas")


def test_a_hostile_link_harms_nothing_and_says_so(server, open_page):
    page = open_page(f"{server}/?lang=en&title=%3Cscript%3Ewindow.hit%3D1%3C%2Fscript%3E&months=99999&s=..%2Fsecret")
    done(page)
    expect(page.locator(".bdg-sub")).to_have_text("<script>window.hit=1</script>")
    assert page.evaluate("window.hit") is None
    expect(page.locator(".bdg-notice")).to_contain_text("months=99999")
    expect(page.locator(".bdg-notice")).to_contain_text("secret")


def test_a_long_look_is_cancelled(server, open_page):
    page = open_page(f"{server}/?lang=en")
    done(page)
    page.get_by_role("button", name=re.compile("whole city")).click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("The run was cancelled")).to_be_visible()
    expect(page.locator(".bdg-run.on")).to_have_count(0)
    assert curve(page)


def test_two_people_have_their_own_scenarios(server, open_page):
    one, two = open_page(f"{server}/?lang=en"), open_page(f"{server}/?lang=id&s=baseline", fresh=True)
    done(one)
    done(two)
    move(one, 2)
    address(one, "business_training")
    assert "business_training" not in two.evaluate("location.search")
    expect(two.locator("html")).to_have_attribute("lang", "id")
    expect(one.locator("html")).to_have_attribute("lang", "en")
    expect(one.locator(".bdg-sub")).not_to_have_text(two.locator(".bdg-sub").inner_text())


def test_packages_stand_side_by_side(server, open_page):
    page = open_page(f"{server}/?lang=en&view=packages")
    done(page)
    page.get_by_role("button", name="Save a copy of Mentoring").click()
    expect(page.get_by_role("heading", name="Mentoring 2")).to_be_visible()
    address(page, "p4=Mentoring%202")
    done(page)
    expect(page.get_by_role("button", name=re.compile("New empty package"))).to_be_disabled()


def test_a_household_is_told_in_both_worlds(server, open_page):
    page = open_page(f"{server}/?lang=en&view=household&hh=5")
    expect(page.locator(".bdg-timeline")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("heading", name="Household 5")).to_be_visible()


def test_after_a_restart_the_page_comes_back_with_the_scenario(open_page, tmp_path):
    port = free_port()
    command = page_command(port, *QUICK)
    with serving(command, port, tmp_path / "first") as server:
        page = open_page(f"{server}/?lang=en&view=overview&p1.business_training.budget=40e9")
        done(page)
        page.evaluate("() => { document.querySelector('.bdg-main').dataset.before = '1'; }")
        # as after a long time: the connection itself has given up
        page.evaluate("() => { solara.debug.kernel()._reconnectAttempt = 99; }")
    with serving(command, port, tmp_path / "second"):
        page.wait_for_function(
            """() => document.querySelector('.bdg-main:not([data-before]) .bdg-canvas[data-ready]')
              && /40e9/.test(location.search)""",
            timeout=LONG,
        )
        done(page)
        field = page.locator("[data-item=business_training] input:not([type=range])").first
        expect(field).to_have_value("40", timeout=LONG)
        move(page, 1)
        page.wait_for_function("() => !/budget=40e9/.test(location.search)")
