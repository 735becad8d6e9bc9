"""Cards with a figure: value, change against today's policy, its band, arrow and word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.ui.kit.frame import Event
from sim.ui.kit.part import part


@part("cards.vue")
def Cards(
    *,
    items: Sequence[Mapping[str, Any]] = (),
    # each: {"id", "label", "value": "7,4 %", "unit": "", "change": "-0,3 poin", "band": "-0,5 to -0,1",
    #        "direction": -1 | 0 | 1, "tone": "good" | "bad" | "same", "word": "better", "help": "",
    #        "before": [numbers], "after": [numbers]}   # the two last: small lines, optional
    label: str = "",  # what the row of cards is, for those who do not see it
    versus: str = "",  # "against baseline"
    stale: bool = False,  # greyed while a new result is computed
    words: Mapping[str, str] = {},
) -> None:
    """A row of figure cards."""


@part("notice.vue")
def Notice(
    *,
    kind: str = "note",  # "note", "good", "warning" or "error" (errors are read out at once)
    title: str = "",
    lines: Sequence[str] = (),  # shown as text, never as HTML
    closes: bool = False,
    words: Mapping[str, str] = {},
    event_close: Event = None,
) -> None:
    """A message in the page."""


@part("timeline.vue")
def Timeline(
    *,
    label: str = "",
    columns: Sequence[str] = (),  # ["Without the policy", "With the policy"]
    rows: Sequence[Mapping[str, Any]] = (),
    # each: {"when": "Jan 2026", "cells": [["text", ...], ["text", ...]], "differs": True}
    difference: str = "",  # the word marked on rows that differ: "differs"
    words: Mapping[str, str] = {},
) -> None:
    """What happened month by month, in words, in columns side by side (one below the other on the phone)."""
