"""Tables of figures: with a heading for every row and column, sorted by a click, and as CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.ui.kit.frame import Event
from sim.ui.kit.part import part


@part("table.vue")
def DataTable(
    *,
    caption: str = "",
    columns: Sequence[Mapping[str, Any]] = (),
    # each: {"id", "label", "form": chart.form() or None for text, "help": "", "unit": ""}; the first heads its row
    # unit: of the figures as they are, named in the CSV
    rows: Sequence[Mapping[str, Any]] = (),  # {column id: text or number or None}
    # a row may hold "_tone": "good" | "bad" | "" and "_id" for event_pick
    folded: bool = False,  # behind "Show data"
    sorts: bool = True,
    picked: str = "",  # "_id" of the row marked
    file: str = "table",
    locale: str = "id",
    words: Mapping[str, str] = {},
    event_pick: Event = None,  # "_id" of the row whose head was clicked
) -> None:
    """A table that scrolls within itself on narrow screens."""
