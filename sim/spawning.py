"""Worker processes begin a script anew, up to its guard: without one each would start workers of its own, and fails."""

from __future__ import annotations

import sys
from pathlib import Path

from sim.language import told


def no_guard() -> str:
    """What to tell the author of a running script that has no guard; nothing where workers can start."""
    file = getattr(sys.modules.get("__main__"), "__file__", None)
    if file == "<stdin>":
        return told("a program read from standard input cannot start worker processes: save it as a file")
    try:
        guarded = file is None or "__main__" in Path(file).read_text("utf-8", "replace")
    except OSError:
        return ""
    text = 'worker processes cannot start: {file} needs `if __name__ == "__main__":` before what it does'
    return "" if guarded else told(text, file=file)
