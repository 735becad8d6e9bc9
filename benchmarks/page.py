"""Speed of the page: `python benchmarks/page.py [--people 10] [--sessions 30]`.

A server as `bandung ui` starts it and a real Chromium on the same machine: start of the server, first paint, a moved
lever until its curve is drawn, a setting that is known already, memory of each open session, and people who all move
a lever at the same moment. Kept for the README.

First paint: with an empty cache, until the figures of the page can be read; the server sends them with the page, and
the first chart, from when on levers can be moved, comes later: it is timed as well. People: their browsers share the
cores with the server. An answer is there when nothing is grey and nothing is said to run: while many wait these are
the curves of two seeds with their bands, and the page says that the third follows; the time until everybody has all
seeds is told apart. Memory: the growth of the server over all sessions, each of which has moved a lever to one of the
settings of these people, by their number.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.keep import keep

ROOT = Path(__file__).resolve().parents[1]
SLIDER = "[data-slider='business_training.budget_rp_per_year']"
DRAWN = """() => {
  const chart = document.querySelector('.bdg-canvas[data-ready]');
  if (!chart || document.querySelector('.stale')) return '';
  return [...chart.querySelectorAll('svg path')].map(p => p.getAttribute('d')).filter(d => d && d.length > 200).join();
}"""
CHANGED = f"before => {{ const now = ({DRAWN})(); return now !== '' && now !== before; }}"
QUIET = "() => !document.querySelector('.bdg-run.on') && !document.querySelector('.stale')"
WHOLE = f"() => ({QUIET})() && !document.querySelector('.bdg-p.more')"
WAIT = 180_000  # ms
# Moves the lever inside the page and says after how many ms the first chart has other lines: no round trip is timed.
MOVED = f"""([slider, value, pause]) => new Promise(done => {{
  const read = {DRAWN}, before = read(), began = performance.now();
  const field = document.querySelector(slider).closest('.bdg-setting').querySelector('input:not([type=range])');
  field.focus(); field.value = value;
  field.dispatchEvent(new Event('input', {{bubbles: true}}));
  field.dispatchEvent(new Event('change', {{bubbles: true}}));
  const look = () => {{
    const now = location.search.includes('budget=' + value + 'e9') ? read() : '';
    if (now !== '' && now !== before) done(performance.now() - began);
    else if (performance.now() - began > 120000) done(NaN);
    else setTimeout(look, pause);
  }};
  look();
}})"""


@contextmanager
def served(port: int) -> Iterator[tuple[str, float, subprocess.Popen[str]]]:
    """A server: its address, the seconds it took to answer, its process."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "sim", "ui", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT)
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip()
        if not address:
            raise SystemExit("the server did not start; try `bandung ui`")
        yield address.rstrip("/"), time.perf_counter() - began, process
    finally:
        process.terminate()
        process.wait(20)


def memory(pid: int) -> float:
    """Resident memory of a process, MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def opened(context: Any, address: str) -> tuple[Any, float, float]:
    """A tab with its first chart drawn, the seconds until the page was painted, and until then."""
    page = context.new_page()
    page.set_default_timeout(WAIT)
    began = time.perf_counter()
    page.goto(f"{address}/?lang=en", wait_until="commit")
    page.locator(".bdg-card, .bdg-canvas").first.wait_for()
    painted = time.perf_counter() - began
    page.wait_for_function(f"() => ({DRAWN})() !== ''", polling=20)
    return page, painted, time.perf_counter() - began


def move(page: Any, billions: float) -> float:
    """Seconds from a moved lever to another curve."""
    return page.evaluate(MOVED, [SLIDER, str(billions), 4]) / 1000


def settled(page: Any, state: str = WHOLE, begins: int = 400) -> None:
    """Until all is there; what was just moved has begun to run within `begins` ms."""
    page.wait_for_timeout(begins)
    page.wait_for_function(state, polling=50)


def alone(browser: Any, address: str) -> dict[str, Any]:
    """One person: first paint with an empty cache, levers that are new, and one that is known."""
    page, painted, drawn = opened(browser.new_context(), address)
    settled(page)
    new, whole, known = [], [], []
    for k in range(6):
        began = time.perf_counter()
        new.append(move(page, 40 + k))
        settled(page)
        whole.append(time.perf_counter() - began - 0.4)
    for k in range(6):
        known.append(move(page, 41 if k % 2 else 43))
        settled(page)
    page.context.close()
    return {
        "first_paint_seconds": round(painted, 2),
        "first_chart_seconds": round(drawn, 2),
        "lever_to_curve_seconds": round(median(new[2:]), 2),
        "lever_to_all_seeds_seconds": round(median(whole[2:]), 2),
        "known_to_curve_seconds": round(median(known), 3),
    }


def crowd(browser: Any, address: str, people: int) -> dict[str, Any]:
    """Everybody moves a lever at the same moment, each to a value of their own."""
    context = browser.new_context()
    pages = [opened(context, address)[0] for _ in range(people)]
    for page in pages:
        settled(page)
    began = time.perf_counter()
    for k, page in enumerate(pages):
        page.evaluate(f"said => {{ window.moved = ({MOVED})(said); }}", [SLIDER, str(150 + k), 40])
    first = [page.evaluate("() => window.moved") / 1000 for page in pages]
    answered, whole = [], []
    for page in pages:
        settled(page, QUIET, 0)  # its first curve is there
        answered.append(time.perf_counter() - began)
    for page in pages:
        settled(page, WHOLE, 0)
        whole.append(time.perf_counter() - began)
    context.close()
    return {
        "people": people,
        "slowest_first_curve_seconds": round(max(first), 1),
        "slowest_answer_seconds": round(max(answered), 1),
        "slowest_all_seeds_seconds": round(max(whole), 1),
    }


def sessions(browser: Any, address: str, count: int, people: int, pid: int) -> dict[str, Any]:
    """Memory of the server for each open session."""
    context = browser.new_context()
    settled(opened(context, address)[0])
    before = memory(pid)
    for k in range(count):
        page = opened(context, address)[0]
        settled(page)
        move(page, 150 + k % people)
        settled(page)
    after = memory(pid)
    context.close()
    return {"sessions": count, "server_mb": round(after, 1), "mb_per_session": round((after - before) / count, 2)}


def main() -> None:
    from harness import CHROMIUM, FLAGS, free_port, why_not

    ask = argparse.ArgumentParser()
    ask.add_argument("--people", type=int, default=10)
    ask.add_argument("--sessions", type=int, default=30)
    said = ask.parse_args()
    if reason := why_not():
        sys.exit(reason)
    from playwright.sync_api import sync_playwright

    subprocess.run([sys.executable, "-m", "sim", "ui", "--prepare"], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    figures: dict[str, Any] = {"cores": len(os.sched_getaffinity(0))}
    with sync_playwright() as tools, served(free_port()) as (address, seconds, process):
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        figures["server_start_seconds"] = round(seconds, 2)
        figures |= alone(browser, address)
        figures |= crowd(browser, address, said.people)
        figures |= sessions(browser, address, said.sessions, said.people, process.pid)
        browser.close()
    print(json.dumps(figures, indent=1))
    keep("page", f" --people {said.people} --sessions {said.sessions}", figures)


if __name__ == "__main__":
    main()
