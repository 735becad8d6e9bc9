"""Buttons, choices, files in and out, and texts to copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.ui.kit.frame import Event
from sim.ui.kit.part import part

MOST_BYTES = 200_000  # of a scenario file


@part("actions.vue")
def Actions(
    *,
    label: str = "",  # what the buttons are for, as a group
    items: Sequence[Mapping[str, Any]] = (),
    # each: {"id", "label", "icon": "", "help": "", "main": False, "off": False, "pressed": True | False | missing}
    words: Mapping[str, str] = {},
    event_act: Event = None,  # id
) -> None:
    """A row of buttons."""


@part("pick.vue")
def Pick(
    *,
    label: str = "",
    options: Sequence[Mapping[str, Any]] = (),  # {"value", "label", "group": ""}
    value: str = "",
    name: str = "pick",  # unique on the page
    help: str = "",
    segments: bool = False,  # few options side by side instead of a list to open
    words: Mapping[str, str] = {},
    event_pick: Event = None,  # value
) -> None:
    """One of several, with a label."""


@part("entry.vue")
def Entry(
    *,
    label: str = "",
    value: str = "",
    name: str = "entry",
    kind: str = "text",  # or "number"
    low: float | None = None,
    high: float | None = None,
    unit: str = "",
    help: str = "",
    error: str = "",
    most: int = 80,  # characters
    words: Mapping[str, str] = {},
    event_enter: Event = None,  # the text (kind "text") or the number, on Enter or leaving the field
) -> None:
    """A field to write in."""


@part("upload.vue")
def Upload(
    *,
    label: str = "",
    accept: str = ".yaml,.yml",
    most: int = MOST_BYTES,
    name: str = "upload",
    words: Mapping[str, str] = {},
    event_upload: Event = None,  # {"name", "text"}; or {"name", "error": "too large"}: nothing was read
) -> None:
    """A file to read in, by click, by keyboard or dropped on the button."""


@part("download.vue")
def Downloads(
    *,
    label: str = "",
    items: Sequence[Mapping[str, Any]] = (),  # {"id", "label", "icon", "help"}
    content: Mapping[str, Any] = {},  # {"n": 1, "name": "x.csv", "type": "text/csv", "text": "..."}; a new n saves it
    words: Mapping[str, str] = {},
    event_want: Event = None,  # id: answer by setting `content` with a new n
) -> None:
    """Buttons that ask the server for a file and save it."""


@part("code.vue")
def Code(
    *,
    label: str = "",
    text: str = "",
    language: str = "",  # "sh", "python", "yaml": only said, nothing is coloured
    words: Mapping[str, str] = {},
) -> None:
    """Lines to copy: a command, a few lines of Python, a scenario file."""
