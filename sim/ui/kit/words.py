"""The fixed texts of the parts, in English: the keys of the translation."""

from __future__ import annotations

from collections.abc import Callable

KIT_WORDS = (
    "Skip to the content",
    "Views",
    "Language",
    "Dark colours",
    "Light colours",
    "Levers and shocks",
    "Close",
    "Cancel",
    "changed",
    "Undo",
    "Undo all changes",
    "opened with",
    "Source",
    "Cost",
    "More settings",
    "Fewer settings",
    "Show data",
    "Hide data",
    "Download CSV",
    "Download PNG",
    "Being computed: the last result is shown in grey",
    "low",
    "high",
    "Month",
    "District",
    "Code",
    "allowed",
    "About",
    "Year",
    "All months",
    "Once a year",
    "no value",
    "selected",
    "Arrow keys move between districts, Enter selects",
    "Copy",
    "Copied",
    "The file is larger than",
    "The chart could not be drawn; its data are in the table",
)


def words(translated: Callable[[str], str]) -> dict[str, str]:
    """Every fixed text of the parts in the language of `translated`, by its English."""
    return {text: translated(text) for text in KIT_WORDS}
