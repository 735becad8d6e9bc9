"""The report's charts as inline SVG: curves with bands, the resilience triangle, maps, who gains, the index."""

from __future__ import annotations

import io
import re
import warnings
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import ScalarFormatter

from sim.atlas import district_shapes, label_point, polygons
from sim.language import ENGLISH, speaker, translated
from sim.report.marks import signed

# Okabe and Ito: told apart by people with colour-blindness. Lines differ by dash and label as well.
COLOURS = ("#555555", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
DASHES: tuple[Any, ...] = ("-", (0, (6, 2)), (0, (2, 1.5)), (0, (6, 2, 1.5, 2)), (0, (1, 1)), "-", (0, (4, 1)), "-")
QUIET = ("#8a8a8a", (0, (1, 3)))  # the world without policy and without shock
UNCLEAR = "#ececec"  # a kecamatan whose change cannot be told from zero
DARK = 0.179  # relative luminance (WCAG) of a ground below which white can be read better than black
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
    "axes.formatter.useoffset": False,
    "text.parse_math": False,  # a name with $ is no formula
}


# Fonts with what the usual one lacks (Chinese, Japanese, Korean, emoji), in the order in which they are tried.
MORE_FONTS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "WenQuanYi Micro Hei", "Microsoft YaHei", "PingFang SC",
    "Hiragino Sans GB", "Arial Unicode MS", "Noto Emoji", "Segoe UI Emoji", "Symbola",
)  # fmt: skip


@cache
def families() -> list[str]:
    """The usual font, then those of `MORE_FONTS` that this machine has."""
    from matplotlib.font_manager import fontManager

    return ["sans-serif", *(name for name in MORE_FONTS if name in {one.name for one in fontManager.ttflist})]


@contextmanager
def drawing(figure: Figure) -> Iterator[None]:
    """Draw in our style. A user's own names may hold letters that no font here has: they are drawn as well as can be
    (an SVG keeps the text itself), and the library's warnings about them are no news to anybody."""
    for text in figure.findobj(Text):
        text.set_fontfamily(families())
        text.set_parse_math(False)
    with mpl.rc_context(STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .*missing from")
        yield


def svg(figure: Figure, title: str) -> str:
    """The figure as an SVG element with a title for readers who do not see it."""
    buffer = io.StringIO()
    with drawing(figure):
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
    """Figures of an axis with the decimal sign of the language, whole: no `+1` above the axis to be added to them."""

    def __init__(self, language: str) -> None:
        super().__init__(useOffset=False)
        self.point = "." if language == ENGLISH else ","

    def __call__(self, x: float, pos: int | None = None) -> str:
        return super().__call__(x, pos).replace(".", self.point)


def _legend(axes: Any, shown: Sequence[Any], names: Sequence[str]) -> None:
    """The names beside the chart, as they are: the library itself leaves out one that begins with `_`."""
    places = [str(k) for k in range(len(names))]
    made = axes.legend(shown, places, loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=8)
    for text, name in zip(made.get_texts(), names, strict=True):
        text.set_text(name)


def _months_axis(axes: Any, months: Sequence[str]) -> None:
    ticks = [k for k, month in enumerate(months) if month.endswith("-01")]
    step = max(1, len(ticks) // 8)
    axes.set_xticks(ticks[::step], [months[k][:4] for k in ticks[::step]])
    axes.set_xlim(0, max(len(months) - 1, 1))


def style(world: int) -> tuple[str, Any]:
    """Colour and dash of a world in every chart: 0 is no policy, then the packages in their order."""
    own = len(COLOURS) - 1  # the first colour is kept for no policy
    return COLOURS[0 if world == 0 else 1 + (world - 1) % own], DASHES[world % len(DASHES)]


def _mark_shocks(axes: Any, shocks: Sequence[tuple[int, str]]) -> None:
    """A line where each shock begins, with its name; the names stand one below the other."""
    for k, (month, name) in enumerate(shocks):
        axes.axvline(month, color="#aa0000", linewidth=0.8)
        axes.annotate(name, (month, 1), xycoords=("data", "axes fraction"), color="#aa0000", fontsize=7.5,
                      xytext=(3, -8 - 9 * (k % 4)), textcoords="offset points",
                      bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.4})  # fmt: skip


def curves(
    title: str,
    unit: str,
    months: Sequence[str],
    lines: Sequence[tuple[str, np.ndarray, np.ndarray, np.ndarray]],
    shocks: Sequence[tuple[int, str]] = (),
    factor: float = 1.0,
    language: str = ENGLISH,
    quiet: tuple[str, np.ndarray, np.ndarray, np.ndarray] | None = None,
) -> str:
    """Paths with their bands: lines of (label, mean, low, high) by month, in units of `factor`, no policy first.

    shocks: month and name of each. quiet: the same for the world without policy and without shock.
    """
    (figure, axes), say = _figure(), speaker(language)
    drawn = [(line, *style(k), 0.06 if k else 0.14) for k, line in enumerate(lines)]
    if quiet:
        drawn.insert(1, (quiet, *QUIET, 0.14))
    shown: list[Any] = []
    for (_, mean, low, high), colour, dash, alpha in drawn:
        axes.fill_between(range(len(mean)), low / factor, high / factor, color=colour, alpha=alpha, linewidth=0)
        shown += axes.plot(mean / factor, color=colour, linestyle=dash, linewidth=1.7)
    _mark_shocks(axes, shocks)
    _months_axis(axes, months)
    axes.set_ylabel(unit)
    axes.set_title(title, loc="left", fontsize=10, fontweight="bold")
    axes.yaxis.set_major_formatter(_Ticks(language))
    _legend(axes, shown, [line[0] for line, *_ in drawn])
    named = ", ".join(line[0] for line, *_ in drawn)
    return svg(figure, say("{title} ({unit}) by month: {lines}", title=title, unit=unit, lines=named))


def triangle(
    title: str,
    months: Sequence[str],
    lines: Sequence[tuple[str, np.ndarray]],
    shocks: Sequence[tuple[int, str]] = (),
    language: str = ENGLISH,
) -> str:
    """Performance under the shock over that of the twin without it; the area below 1 is the loss."""
    (figure, axes), say = _figure(), speaker(language)
    shown: list[Any] = []
    for k, (_, q) in enumerate(lines):
        colour, dash = style(k)
        shown += axes.plot(q, color=colour, linestyle=dash, linewidth=1.7)
        if k == 0:
            axes.fill_between(range(len(q)), q, 1.0, where=q < 1.0, color=colour, alpha=0.15, linewidth=0)
    axes.axhline(1.0, color="#333333", linewidth=0.8)
    _mark_shocks(axes, shocks)
    _months_axis(axes, months)
    axes.set_ylabel(say("shocked / undisturbed"))
    axes.yaxis.set_major_formatter(_Ticks(language))
    axes.set_title(title, loc="left", fontsize=10, fontweight="bold")
    _legend(axes, shown, [label for label, _ in lines])
    return svg(figure, say("{title}: performance relative to the same city without shocks", title=title))


def district_map(
    title: str,
    unit: str,
    values: np.ndarray,
    names: Sequence[str],
    better: int,
    digits: int = 2,
    language: str = ENGLISH,
    clear: np.ndarray | None = None,
    limit: float | None = None,
) -> str:
    """The 30 kecamatan, schematic, coloured by a change: purple better, orange worse; figures in words.

    clear: which can be told from zero, the others are grey (None: all). limit: the change with the darkest shade, the
    same for maps that are looked at together (None: the largest of this one).
    """
    figure, axes = _figure(7.2, 5.0)
    largest = max(float(np.nanmax(np.abs(values))), 1e-12) if np.isfinite(values).any() else 1.0
    largest, clear = limit or largest, np.isfinite(values) if clear is None else clear & np.isfinite(values)
    colours = mpl.colormaps["PuOr"]
    for shape, name, value, sure in zip(district_shapes(), names, values, clear, strict=True):
        shade = colours(0.5 + 0.42 * np.clip(value / largest, -1, 1) * (better or 1)) if sure else UNCLEAR
        for ring in polygons(shape):
            axes.fill(ring[:, 0], ring[:, 1], facecolor=shade, edgecolor="#777777", linewidth=0.6)
        x, y = label_point(shape)
        figure_text = signed(value, language, digits) if np.isfinite(value) else "-"
        said = f"{name.replace(' ', chr(10), 1)}\n{figure_text}"
        axes.text(x, y, said, ha="center", va="center", fontsize=5.6, color=ink(shade))
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.set_title(f"{title} ({unit})", loc="left", fontsize=10, fontweight="bold")
    return svg(
        figure, translated("Schematic map of the 30 kecamatan: {title} ({unit})", language, title=title, unit=unit)
    )


def ink(ground: Any) -> str:
    """Black or white, whichever can be read on a ground."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in mpl.colors.to_rgb(ground))
    return "#ffffff" if 0.2126 * red + 0.7152 * green + 0.0722 * blue < DARK else "#000000"


def bars(
    title: str,
    unit: str,
    groups: Sequence[str],
    lines: Sequence[tuple[str, np.ndarray]],
    language: str = ENGLISH,
) -> str:
    """One cluster of bars for each group, one bar for each line."""
    (figure, axes), say = _figure(7.2, 2.6), speaker(language)
    width, shown = 0.8 / max(len(lines), 1), []
    for k, (_, values) in enumerate(lines):
        at = np.arange(len(groups)) + (k - (len(lines) - 1) / 2) * width
        shown.append(axes.bar(at, values, width * 0.92, color=style(k + 1)[0]))
    axes.axhline(0.0, color="#333333", linewidth=0.8)
    axes.set_xticks(range(len(groups)), groups)
    axes.set_ylabel(unit)
    axes.set_title(title, loc="left", fontsize=10, fontweight="bold")
    axes.yaxis.set_major_formatter(_Ticks(language))
    _legend(axes, shown, [label for label, _ in lines])
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
