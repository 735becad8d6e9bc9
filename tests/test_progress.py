"""Progress tells months and time left, and stays quiet when a run is short."""

import io

from sim import progress
from sim.progress import Bar, Lines, reporter


class Clock:
    """A clock that moves two seconds at each look."""

    now = 0.0

    @classmethod
    def monotonic(cls) -> float:
        cls.now += 2.0
        return cls.now


def test_lines_come_every_ten_seconds_with_the_time_left(monkeypatch):
    monkeypatch.setattr(progress, "time", Clock)
    stream = io.StringIO()
    tell = Lines(stream)
    for month in range(11):
        tell("run", month, 20)
    # Two seconds a month: after five months ten seconds have gone and fifteen months remain.
    assert stream.getvalue().splitlines() == ["month 5 of 20, about 30 s left", "month 10 of 20, about 20 s left"]


def test_a_slow_first_month_does_not_spoil_the_estimate(monkeypatch):
    """One month of a minute, then months of one second: after them, one second a month is what is left."""
    ends = iter([0.0, 0.0, 60.0, *(60.0 + second for second in range(1, 20))])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(ends))
    stream = io.StringIO()
    tell = Lines(stream)
    for month in range(13):
        tell("run", month, 20)
    assert stream.getvalue().splitlines() == ["month 1 of 20", "month 11 of 20, about 9 s left"]


def test_a_short_run_says_nothing():
    stream = io.StringIO()
    tell = Lines(stream)
    for month in range(120):
        tell("run", month, 120)
    assert stream.getvalue() == ""


def test_a_terminal_gets_a_bar_and_a_file_gets_lines():
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    assert isinstance(reporter(io.StringIO()), Lines)
    terminal = Terminal()
    bar = reporter(terminal)
    assert isinstance(bar, Bar)
    bar("build", 50, 100)
    bar("run", 3, 12)
    bar.bar.refresh()
    bar.close()
    assert "months" in terminal.getvalue()
    assert "3/12" in terminal.getvalue()
