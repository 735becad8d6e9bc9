"""The report of a comparison: one HTML file that works offline."""

from sim.report.page import write_report

__all__ = ["write_report"]
