# make run     simulate ten years of Bandung, show the result, and open the page (on a terminal; else tell its address)
# make test    the tests
# make lint    style and types
# make docs    docs/reference.md from the declarations, and the kept figures into README.md
# make clean   remove the environment and what was built (not runs/)
#
# The first call makes .venv with the Python found (3.11 or newer) and the pinned versions of constraints.txt.
# Another Python: make PYTHON=/path/to/python3.13 test.  Arguments for pytest: make test ARGS="-k scenario".
# Processes of the tests: make test WORKERS=0 (none: all in one).

PYTHON ?=
ARGS ?=
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

.PHONY: run test lint docs clean

run: $(READY)
	$(BIN)/bandung run baseline --scale 20 --out runs/baseline
	$(BIN)/bandung ui --prepare
	@if [ -t 0 ] && [ -z "$$CI" ]; then $(BIN)/bandung ui --open; fi

test: $(READY)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy sim

docs: $(READY)
	$(BIN)/python docs/reference.py
	$(BIN)/python benchmarks/readme.py

# Debian without python3-venv has no ensurepip: then the system's pip fills an environment that has none of its own.
$(READY): pyproject.toml constraints.txt
	@python="$(PYTHON)"; \
	if [ -z "$$python" ]; then \
	  for each in python3 python3.13 python3.12 python3.11 python3.14; do \
	    if $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$each; break; fi; \
	  done; \
	fi; \
	if [ -z "$$python" ]; then echo "No Python 3.11 or newer found; install one, or name it: make PYTHON=/path/to/python3 run" >&2; exit 1; fi; \
	if ! $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	  echo "$$python is not a Python 3.11 or newer" >&2; exit 1; fi; \
	echo "Setting up $(VENV) with $$($$python --version); once, a few minutes"; \
	rm -rf $(VENV); \
	if $$python -m venv $(VENV) >/dev/null 2>&1; then \
	  pip="$(BIN)/python -m pip"; \
	elif rm -rf $(VENV); $$python -m venv --without-pip $(VENV) 2>/dev/null && $$python -m pip --version >/dev/null 2>&1; then \
	  pip="$$python -m pip --python $(BIN)/python"; \
	else \
	  rm -rf $(VENV); echo "This Python cannot make environments: install its venv package (Debian, Ubuntu: apt-get install python3-venv)" >&2; exit 1; \
	fi; \
	$$pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[test,ui,sweep,cluster]"
	@touch $@

clean:
	rm -rf $(VENV) build dist .pytest_cache .hypothesis .ruff_cache .mypy_cache
	find . -name __pycache__ -type d -not -path './.git/*' -exec rm -rf {} +
