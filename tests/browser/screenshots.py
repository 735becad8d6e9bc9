"""Pictures of every view, to be looked at: `python tests/browser/screenshots.py FOLDER [ADDRESS]`.

Both sizes, both languages, light and dark. Without an address a server is started for them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gates import accessibility_problems, overflow, settle
from harness import CHROMIUM, DESK, FLAGS, PHONE, free_port, page_command, serving, why_not

SIZES = {"desk": DESK, "phone": PHONE}


@contextmanager
def page_at(address: str | None, folder: Path) -> Iterator[str]:
    if address:
        yield address.rstrip("/")
        return
    port = free_port()
    with serving(page_command(port), port, folder / "server.log") as own:
        yield own


def pictures(address: str, folder: Path, whole: bool = False) -> None:
    """One picture for each view, size, language and colours; what the gates find is printed beside its name."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for colours in ("light", "dark"):
            for name, (width, height) in SIZES.items():
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=colours, reduced_motion="reduce"
                )
                page = context.new_page()
                for language in ("id", "en"):
                    page.goto(f"{address}/?lang={language}")
                    page.locator(".bdg-canvas").first.wait_for(timeout=300_000)
                    for view in page.locator("[data-view]").evaluate_all("all => all.map(one => one.dataset.view)"):
                        page.locator(f"[data-view={view}]").click()
                        page.locator(f"[data-view={view}][aria-current]").wait_for()
                        page.wait_for_function("() => !document.querySelector('.bdg-run.on')", timeout=300_000)
                        settle(page)
                        file = folder / f"{view}-{name}-{language}-{colours}.png"
                        page.screenshot(path=file, full_page=whole)
                        print(file.name, *accessibility_problems(page), *overflow(page), sep="\n    ", flush=True)
                context.close()
        browser.close()


def main(folder: Path, address: str | None = None) -> None:
    if reason := why_not():
        sys.exit(reason)
    folder.mkdir(parents=True, exist_ok=True)
    with page_at(address, folder) as found:
        pictures(found, folder)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), *sys.argv[2:])
