"""The report's charts as inline SVG: curves with bands, the resilience triangle, maps, who gains, the index."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter

from sim.atlas import district_shapes, label_point, polygons
from sim.language import ENGLISH, number, speaker, translated

# Okabe and Ito: told apart by people with colour-blindness. Lines differ by dash and label as well.
COLOURS = ("#555555", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
DASHES: tuple[Any, ...] = ("-", (0, (6, 2)), (0, (2, 1.5)), (0, (6, 2, 1.5, 2)), (0, (1, 1)), "-", (0, (4, 1)), "-")
STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "bandung",
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#888888",
    "axes.grid": True,
    "grid.color": "#e6e6e6",
    "legend.frameon": False,
}


def svg(figure: Figure, title: str) -> str:
    """The figure as an SVG element with a title for readers who do not see it."""
    buffer = io.StringIO()
    with mpl.rc_context(STYLE):
        figure.savefig(buffer, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r'width="[\d.]+pt" height="[\d.]+pt"', 'width="100%"', text, count=1)
    text = re.sub(r"font: ([^;]*?)'sans-serif'[^;]*;", r"font: \1 sans-serif;", text)
    text = _own_ids(text, f"{zlib.crc32(title.encode()):08x}")
    head, rest = text.split(">", 1)
    return f'{head} role="img" aria-label="{_plain(title)}"><title>{_plain(title)}</title>{rest}'


def _own_ids(text: str, mark: str) -> str:
    """Only the ids that something refers to, marked so that no other chart of a page has them."""
    text = re.sub(r'<g id="[^"]*"', "<g", text)
    return re.sub(r'(\bid="|href="#|url\(#)([^")]+)', rf"\1\2-{mark}", text)


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def _figure(width: float = 7.2, height: float = 3.0) -> tuple[Figure, Any]:
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width, height))
        return figure, figure.add_subplot()


class _Ticks(ScalarFormatter):
    """Figures of an axis with the decimal sign of the language."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.point = "." if language == ENGLISH else ","

    def __call__(self, x: float, pos: int | None = None) -> str:
        return super().__call__(x, pos).replace(".", self.point)


def _months_axis(axes: Any, months: Sequence[str]) -> None:
    ticks = [k for k, month in enumerate(months) if month.endswith("-01")]
    step = max(1, len(ticks) // 8)
    axes.set_xticks(ticks[::step], [months[k][:4] for k in ticks[::step]])
    axes.set_xlim(0, max(len(months) - 1, 1))


def curves(
    title: str,
    unit: str,
    months: Sequence[str],
    lines: Sequence[tuple[str, np.ndarray, np.ndarray, np.ndarray]],
    onset: int | None,
    factor: float = 1.0,
    language: str = ENGLISH,
) -> str:
    """Paths with their bands: lines of (label, mean, low, high) by month, in units of `factor`."""
    (figure, axes), say = _figure(), speaker(language)
    for k, (label, mean, low, high) in enumerate(lines):
        colour = COLOURS[k % len(COLOURS)]
        axes.fill_between(
            range(len(mean)), low / factor, high / factor, color=colour, alpha=0.14 if k < 2 else 0.06, linewidth=0
        )
        axes.plot(mean / factor, color=colour, linestyle=DASHES[k % len(DASHES)], linewidth=1.7, label=label)
    if onset is not None:
        axes.axvline(onset, color="#aa0000", linewidth=0.8)
        axes.annotate(say("shock"), (onset, 1), xycoords=("data", "axes fraction"), color="#aa0000", fontsize=8,
                      xytext=(3, -8), textcoords="offset points")  # fmt: skip
    _months_axis(axes, months)
    axes.set_ylabel(unit)
    axes.set_title(title, loc="left", fontsize=10, fontweight="bold")
    axes.yaxis.set_major_formatter(_Ticks(language))
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=8)
    named = ", ".join(line[0] for line in lines)
    return svg(figure, say("{title} ({unit}) by month: {lines}", title=title, unit=unit, lines=named))


def triangle(
    title: str,
    months: Sequence[str],
    lines: Sequence[tuple[str, np.ndarray]],
    onset: int,
    language: str = ENGLISH,
) -> str:
    """Performance under the shock over that of the twin without it; the area below 1 is the loss."""
    (figure, axes), say = _figure(), speaker(language)
    for k, (label, q) in enumerate(lines):
        colour = COLOURS[k % len(COLOURS)]
        axes.plot(q, color=colour, linestyle=DASHES[k % len(DASHES)], linewidth=1.7, label=label)
        if k == 0:
            axes.fill_between(range(len(q)), q, 1.0, where=q < 1.0, color=colour, alpha=0.15, linewidth=0)
    axes.axhline(1.0, color="#333333", linewidth=0.8)
    axes.axvline(onset, color="#aa0000", linewidth=0.8)
    _months_axis(axes, months)
    axes.set_ylabel(say("shocked / undisturbed"))
    axes.yaxis.set_major_formatter(_Ticks(language))
    axes.set_title(title, loc="left", fontsize=10, fontweight="bold")
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=8)
    return svg(figure, say("{title}: performance relative to the same city without the shock", title=title))


def district_map(
    title: str,
    unit: str,
    values: np.ndarray,
    names: Sequence[str],
    better: int,
    digits: int = 2,
    language: str = ENGLISH,
) -> str:
    """The 30 kecamatan, schematic, coloured by a change: blue better, orange worse, white none; figures in words."""
    figure, axes = _figure(7.2, 5.0)
    largest = max(float(np.nanmax(np.abs(values))), 1e-12) if np.isfinite(values).any() else 1.0
    colours = mpl.colormaps["PuOr"]
    for shape, name, value in zip(district_shapes(), names, values, strict=True):
        shade = colours(0.5 + 0.42 * value / largest * (better or 1)) if np.isfinite(value) else "#dddddd"
        for ring in polygons(shape):
            axes.fill(ring[:, 0], ring[:, 1], facecolor=shade, edgecolor="#777777", linewidth=0.6)
        x, y = label_point(shape)
        figure_text = number(value, language, digits, signed=True) if np.isfinite(value) else "-"
        axes.text(x, y, f"{name.replace(' ', chr(10), 1)}\n{figure_text}", ha="center", va="center", fontsize=5.6)
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.set_title(f"{title} ({unit})", loc="left", fontsize=10, fontweight="bold")
    return svg(
        figure, translated("Schematic map of the 30 kecamatan: {title} ({unit})", language, title=title, unit=unit)
    )


def bars(
    title: str,
    unit: str,
    groups: Sequence[str],
    lines: Sequence[tuple[str, np.ndarray]],
    language: str = ENGLISH,
) -> str:
    """One cluster of bars for each group, one bar for each line."""
    (figure, axes), say = _figure(7.2, 2.6), speaker(language)
    width = 0.8 / max(len(lines), 1)
    for k, (label, values) in enumerate(lines):
        at = np.arange(len(groups)) + (k - (len(lines) - 1) / 2) * width
        axes.bar(at, values, width * 0.92, color=COLOURS[(k + 1) % len(COLOURS)], label=label)
    axes.axhline(0.0, color="#333333", linewidth=0.8)
    axes.set_xticks(range(len(groups)), groups)
    axes.set_ylabel(unit)
    axes.set_title(title, loc="left", fontsize=10, fontweight="bold")
    axes.yaxis.set_major_formatter(_Ticks(language))
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=8)
    return svg(figure, say("{title} ({unit}) by {groups}", title=title, unit=unit, groups=", ".join(groups)))


def intervals(title: str, unit: str, rows: Sequence[tuple[str, float, float, float]]) -> str:
    """Effects with their intervals, one line each: (label, effect, low, high); a line through zero."""
    figure, axes = _figure(7.2, 0.8 + 0.34 * len(rows))
    for k, (_, effect, low, high) in enumerate(reversed(rows)):
        clear = low > 0 or high < 0
        axes.plot([low, high], [k, k], color="#0072B2" if clear else "#999999", linewidth=2.4, solid_capstyle="butt")
        axes.plot([effect], [k], marker="o" if clear else "D", color="#0072B2" if clear else "#999999", markersize=5)
    axes.axvline(0.0, color="#333333", linewidth=0.8)
    axes.set_yticks(range(len(rows)), [row[0] for row in reversed(rows)])
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.set_xlabel(unit)
    axes.set_title(title, loc="left", fontsize=10, fontweight="bold")
    return svg(figure, f"{title} ({unit}): " + "; ".join(f"{r[0]} {r[1]:.3g}" for r in rows))
