"""Measure the README's speed figures and keep them in speed.json: `python benchmarks/speed.py 200,50,10,1`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.keep import keep
from sim.benchmark import measure, read_scales, show_benchmark

if __name__ == "__main__":
    said = sys.argv[1] if len(sys.argv) > 1 else "200,50,10,1"
    figures = measure(read_scales(said), months=120, threads=None, tell=lambda line: print(line, file=sys.stderr))
    keep("speed", f" {said}", figures)
    show_benchmark(figures)
