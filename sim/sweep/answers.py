"""What the studies' commands print and keep: a table, a figure as PNG and SVG, and the paragraph that reads it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import matplotlib as mpl
import numpy as np

from sim.errors import InputError
from sim.paper import put, table
from sim.report.charts import STYLE
from sim.sweep import store
from sim.sweep.words import number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

Tables = dict[str, tuple[Any, Sequence[str]]]  # by heading: a data frame, and the columns to show

WIDTH = 120
DPI = 160


def check_out(folder: Path | None) -> None:
    """Refuse, before any work is done, what cannot become the folder of an answer."""
    if folder is None:
        return
    nearest = next(p for p in (folder.absolute(), *folder.absolute().parents) if p.exists())
    if not nearest.is_dir():
        raise InputError(f"--out {folder}: {nearest} is a file, not a folder")
    if (folder / "_sweep.json").exists():
        raise InputError(f"--out {folder}: holds a sweep; choose another folder for the answer")


def save(
    folder: Path | str, name: str, tables: dict[str, pd.DataFrame], figure: Figure | None, told: Sequence[str]
) -> Path:
    """Write NAME.txt, NAME.png, NAME.svg and a CSV for each table into a folder, over files of the same names.

    Raises RunError for a folder that cannot be written and for a full disk; every file is whole or not there.
    """
    folder = Path(folder)
    files = {f"{name}.txt": (" ".join(told) + "\n").encode()}
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
    said: dict[str, Any] = {"Date": None, "Creator": None} if suffix == "svg" else {"Software": None}
    with mpl.rc_context(STYLE):
        figure.savefig(buffer, format=suffix, dpi=DPI, metadata=said, facecolor="white")
    return buffer.getvalue()


def show(told: Sequence[str], tables: Tables, folder: Path | None) -> None:
    """Print the sentences and the tables."""
    parts: list[Any] = [f"- {one}" for one in told]
    for heading, (rows, columns) in tables.items():
        names = {column: column.replace("_", " ") for column in columns}
        cells = [[_cell(value) for value in row] for row in rows[list(columns)].to_numpy(object)]
        numbers = [names[column] for column in columns if rows[column].dtype.kind in "fi"]
        parts += ["", heading, table(list(names.values()), cells, numbers)]
    if folder is not None:
        parts += ["", f"Table, figure (PNG, SVG) and text: {folder}"]
    put(parts, WIDTH)


def _cell(value: Any) -> str:
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else ""
    if isinstance(value, float):
        return "-" if np.isnan(value) else number(value)
    return str(value)
