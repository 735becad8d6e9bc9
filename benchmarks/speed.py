"""Measure the README's speed figures and keep them beside this file: `python benchmarks/speed.py`."""

import json
import sys
from pathlib import Path

from sim.benchmark import measure, read_scales, show_benchmark

if __name__ == "__main__":
    scales = read_scales(sys.argv[1] if len(sys.argv) > 1 else "200,50,10,1")
    figures = measure(scales, months=120, threads=None, tell=lambda line: print(line, file=sys.stderr))
    Path(__file__).with_name("speed.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    show_benchmark(figures)
