"""What the studies' commands print and keep: a table, a figure as PNG and SVG, and the paragraph that reads it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from sim.errors import InputError
from sim.language import ENGLISH, Told, speaker, texts, told, translated
from sim.language import Figure as Number
from sim.paper import put, table
from sim.report.charts import drawing
from sim.sweep import store
from sim.sweep.words import number, said

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

# Columns of the printed tables that are words, as they are read.
HEADERS = texts(
    "outcome", "factor", "package", "goes well", "cost", "unbeaten", "unit", "gain", "gain low", "gain high",
    "mean regret", "largest regret", "best share", "condition", "low", "high", "sampled from", "sampled to", "quasi p",
    "found again", "density", "coverage", "mass", "count", "limits", "first in", "number", "sampled low",
    "sampled high", "left low", "middle", "left high", "figure", "years", "mean error", "naive error", "crps unfitted",
    "skill", "inside", "crps", "other",
)  # fmt: skip
WIDTH = 120
DPI = 160


@dataclass(frozen=True)
class Shown:
    """A table as it is printed: its heading, its columns, and its cells, each a number, a text, or yes and no."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]

    @classmethod
    def of(cls, heading: str, frame: pd.DataFrame, columns: Iterable[str] | None = None) -> Shown:
        """Some columns of a data frame (left out: all)."""
        chosen = list(frame.columns if columns is None else columns)
        return cls(heading, chosen, frame[chosen].to_numpy(object).tolist())


@dataclass
class Answer:
    """What a study answers: `told`, the sentences; `kept`, the tables of its files; `shown`, those that are printed."""

    name: str
    told: Sequence[str]
    kept: dict[str, pd.DataFrame]
    shown: Sequence[Shown]
    data: dict[str, Any]  # of --json
    figure: Callable[[str], Figure] | None = None  # drawn in a language


def give(answer: Answer, out: Path | None, as_json: bool, language: str = ENGLISH) -> dict[str, Any] | None:
    """Keep an answer in a folder, if there is one, and print it, or give what is printed as JSON."""
    if out is not None:
        drawn = answer.figure(language) if answer.figure else None
        save(out, answer.name, answer.kept, drawn, answer.told, language)
    if as_json:
        return answer.data | {"text": said(answer.told, language)}
    show(answer.told, answer.shown, out, language)
    return None


def check_out(folder: Path | None) -> None:
    """Refuse, before any work is done, what cannot become the folder of an answer."""
    if folder is None:
        return
    try:
        nearest = next(p for p in (folder.absolute(), *folder.absolute().parents) if p.exists())
    except OSError as error:
        raise InputError(told("{folder}: cannot be written ({why})", folder=folder, why=error.strerror)) from None
    if not nearest.is_dir():
        raise InputError(told("{folder}: {file} is a file, not a folder", folder=folder, file=nearest))
    if (folder / "_sweep.json").exists():
        raise InputError(told("{folder}: holds a sweep; choose another folder for the answer", folder=folder))


def save(
    folder: Path | str,
    name: str,
    tables: dict[str, pd.DataFrame],
    figure: Figure | None,
    told: Sequence[str],
    language: str = ENGLISH,
) -> Path:
    """Write NAME.txt, NAME.png, NAME.svg and a CSV for each table into a folder, over files of the same names.

    Raises RunError for a folder that cannot be written and for a full disk; every file is whole or not there.
    """
    folder = Path(folder)
    files = {f"{name}.txt": (said(told, language) + "\n").encode()}
    for title, rows in tables.items():
        files[f"{title}.csv"] = rows.to_csv(index=False).encode()
    for suffix in ("png", "svg") if figure is not None else ():
        files[f"{name}.{suffix}"] = _drawn(figure, suffix)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in files.items():
            store.put(folder / file, partial(_write, content))
    except OSError as error:
        raise store.disk_error(folder, error) from None
    return folder


def _write(content: bytes, file: BinaryIO) -> None:
    file.write(content)


def _drawn(figure: Any, suffix: str) -> bytes:
    buffer = io.BytesIO()
    meta: dict[str, Any] = {"Date": None, "Creator": None} if suffix == "svg" else {"Software": None}
    with drawing(figure):
        figure.savefig(buffer, format=suffix, dpi=DPI, metadata=meta, facecolor="white")
    return buffer.getvalue()


def show(told: Sequence[str], tables: Sequence[Shown], folder: Path | None, language: str = ENGLISH) -> None:
    """Print the sentences and the tables."""
    say = speaker(language)
    parts: list[Any] = [f"- {translated(one, language)}" for one in told]
    for one in tables:
        names = [column if "." in column else say(column.replace("_", " ")) for column in one.columns]
        cells = [[_cell(value, language) for value in row] for row in one.rows]
        right = [bool(one.rows) and _is_number(one.rows[0][k]) for k in range(len(names))]
        numbers = [name for name, is_right in zip(names, right, strict=True) if is_right]
        parts += ["", translated(one.heading, language), table(names, cells, numbers)]
    if folder is not None:
        parts += ["", say("Table, figure (PNG, SVG) and text: {folder}", folder=folder)]
    put(parts, WIDTH)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _cell(value: Any, language: str) -> str:
    if isinstance(value, (bool, np.bool_)):
        return translated("yes", language) if value else ""
    if isinstance(value, float):
        value = "-" if np.isnan(value) else number(value)
    return into(str(value) if not isinstance(value, str) else value, language)


def into(text: str, language: str) -> str:
    """A told text or number in a language; any other as it is."""
    return text.into(language) if isinstance(text, (Told, Number)) else text
