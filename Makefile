# The newest of the supported interpreters that is named plainly; override with PYTHON=…
PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV_VERSION := 0.13.9
BIN := .venv/bin

.PHONY: bench test test-all lint calibrate endure readme datasets-page contestants datacard results speed-page stress-page scale-page plots versions lock clean

bench: .venv/installed
	$(BIN)/boilerbench run --rounds 3
	$(BIN)/boilerbench report --by kind

# Hundreds of processes start: bytecode is kept, even where the shell asks for none. A file's tests
# stay together, since what is costly is made once for a file.
test test-all: export PYTHONDONTWRITEBYTECODE :=
PYTEST := $(BIN)/pytest -n auto --dist loadfile

test: .venv/installed lint
	$(PYTEST)

test-all: .venv/installed lint
	$(PYTEST) -m ""

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# venv → pinned uv → pinned, hashed packages: an old pip installs one wheel and nothing else
.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "boilerbench needs Python >= 3.11; '$(PYTHON)' is older. Try: make PYTHON=/path/to/python3.11" >&2; exit 2; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip install --quiet --require-hashes -r requirements.lock
	VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# Published figures met, rates and memory; needs the packs, see docs/calibration.md
calibrate: .venv/installed
	$(BIN)/python -m tests.figures.calibrate

# Kills, interrupts, full disks, floods, many pages; then the table of docs/endurance.md
endure: .venv/installed
	$(BIN)/pytest -m "" tests/test_endurance.py tests/test_endurance_disk.py
	$(BIN)/python -m tests.figures.endure

# corpus/README.md and the agreement in its card anew, from pages and labels
datacard: .venv/installed
	$(BIN)/python -m tests.figures.datacard

# RESULTS.md anew, from the newest run over the project's own pages
results: .venv/installed
	$(BIN)/python -m tests.figures.results $(shell ls -d runs/*_boilerbench | tail -n 1)

# The README's tables anew, from the newest run of `make bench`
readme: .venv/installed
	$(BIN)/python -m tests.figures.readme $(shell ls -d runs/*_boilerbench | tail -n 1)

# docs/datasets.md anew, from the cards and the packs
datasets-page: .venv/installed
	$(BIN)/python -m tests.figures.datasets

# docs/contestants.md anew: every contestant against the figures known of it; needs the packs
contestants: .venv/installed
	$(BIN)/python -m tests.figures.contestants

# docs/speed.md: how well x lxml repeats while the other cores are loaded
speed-page: .venv/installed
	$(BIN)/python -m tests.figures.steadiness

# docs/stress.md: the whole matrix of the rows that need nothing beside boilerbench
stress-page: .venv/installed
	$(BIN)/python -m tests.figures.stress

# docs/scale.md: core-hours, from the newest `boilerbench run --all --corpus zyte`
scale-page: .venv/installed
	$(BIN)/python -m tests.figures.scale $(shell ls -d runs/*_zyte | tail -n 1)

# The README's plots anew, from the newest run over the project's own pages
plots: .venv/installed
	$(BIN)/boilerbench plot $(shell ls -d runs/*_boilerbench | tail -n 1) --with front --with pr --to docs

# Preferred versions of all that the contestants' pinned packages need in turn
versions: .venv/installed
	for file in $$(grep -l '^# /// script' extractors/*.py); do \
	  python=$$(sed -n 's/^# requires-python = "[>=]*\(3\.[0-9]*\).*/\1/p' $$file); \
	  UV_PYTHON_DOWNLOADS=never $(BIN)/uv pip compile --quiet --no-header --no-annotate \
	    --python-version $${python:-3.11} $$file || exit 1; \
	done | sort -u > extractors/versions.lock

lock:
	$(BIN)/uv pip compile pyproject.toml --all-extras --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --quiet --output-file requirements.lock

clean:
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache
