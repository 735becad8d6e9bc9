"""What must hold for every view at any time: nothing serious for axe-core, nothing wider than the window."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from harness import LONG

SERIOUS = ("serious", "critical")


@cache
def axe_script() -> str:
    """axe-core, from the package that brings it."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def accessibility_problems(page) -> list[str]:
    """Serious and critical findings of axe-core, one line each: rule, element, what is wrong."""
    if not page.evaluate("() => typeof axe === 'object'"):
        page.evaluate(axe_script())
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    wrong = [(rule, node) for rule in found["violations"] if rule["impact"] in SERIOUS for node in rule["nodes"]]
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:160]} | {' '.join(str(node['failureSummary']).split())[:240]}"
        for rule, node in wrong
    ]


def overflow(page) -> list[str]:
    """What makes the page scroll sideways; empty when nothing does."""
    return page.evaluate(
        """() => {
          const wide = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= wide) return [];
          return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > wide + 1)
            .slice(0, 8).map(e => e.tagName + '.' + e.className + ' ' + Math.round(e.getBoundingClientRect().right));
        }"""
    )


def drawn(page) -> None:
    """Until every chart in sight is drawn."""
    page.wait_for_function("() => [...document.querySelectorAll('.bdg-canvas')].every(chart => chart.dataset.ready)")


def settle(page) -> None:
    """Until nothing is computed any more, every chart in sight is drawn and none is an old one."""
    idle = "() => !document.querySelector('.stale') && !document.querySelector('.bdg-run.on')"
    page.wait_for_function(idle, timeout=LONG)
    drawn(page)
