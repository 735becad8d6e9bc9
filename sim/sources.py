"""Where a figure or a rule comes from: sources.toml, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).parent / "sources.toml"
HONEST = ("assumption", "calibrated")  # what a parameter may say instead of a key
CHECKED = ("read", "abstract", "memory")


@dataclass(frozen=True)
class Source:
    """One source. `checked`: read, abstract (only a summary was read) or memory (recalled, check before citing)."""

    title: str
    checked: str
    authors: str = ""
    year: int | None = None
    url: str = ""
    note: str = ""

    def __str__(self) -> str:
        return ", ".join(part for part in (self.authors, str(self.year or ""), self.title, self.url) if part)


@lru_cache(maxsize=1)
def sources() -> dict[str, Source]:
    """Every source by its key; keys that name the same source share one entry."""
    entries = tomllib.loads(FILE.read_text(encoding="utf-8"))
    own = {key: Source(**entry) for key, entry in entries.items() if "same_as" not in entry}
    return own | {key: own[entry["same_as"]] for key, entry in entries.items() if "same_as" in entry}


def unknown_keys(cited: str) -> list[str]:
    """The keys in a text such as "carroll_1997; assumption" that are neither sources nor honest words."""
    keys = [key.strip() for key in cited.split(";") if key.strip()]
    return [key for key in keys if key not in HONEST and key.lower() not in sources()]
