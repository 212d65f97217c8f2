# Everything runs in .venv, made on first use from the hash-checked locks.
.PHONY: run test check lint bench lock semantic sbom pictures clean

PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)
BIN := .venv/bin

run: .venv/runtime
	@$(BIN)/python -m bot

# Style, types, import contract, tests. The tests come last: their summary is the last line. A worker for each core runs
# whole files, so that what a file's tests share (a bot, an image) is made once; in order, since the longest are not last.
test check: lint
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: .venv/dev
	PYTHONPATH=. $(BIN)/python benchmarks/latency.py seeds --count 500
	PYTHONPATH=. $(BIN)/python benchmarks/autocomplete.py seeds 10000
	PYTHONPATH=. $(BIN)/python benchmarks/moments.py seeds
	PYTHONPATH=. $(BIN)/python benchmarks/load.py seeds --pages 250
	PYTHONPATH=. $(BIN)/python benchmarks/reload.py seeds --kills 5
	PYTHONPATH=. $(BIN)/python benchmarks/preview.py seeds

# Locks for every supported Python at once: what only some need carries a marker.
# Pins that still fit stay; remove a lock first to take the newest of everything.
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make lock"
lock: .venv/bin/pip
	$(BIN)/pip install --quiet 'uv>=0.9,<1'
	$(LOCK) --output-file requirements.lock
	$(LOCK) --extra dev --constraint requirements.lock --output-file requirements-dev.lock
	$(LOCK) --extra semantic --constraint requirements.lock --output-file requirements-semantic.lock
	$(LOCK) --extra sbom --constraint requirements.lock --output-file requirements-sbom.lock

# Beside what runs, what SEMANTIC=on needs. After an update again.
semantic: .venv/semantic

# What ships, with versions and hashes, from the lock: CycloneDX JSON, the same for the same lock. Its maker knows no
# version that stands in the code.
sbom: build/sbom
	@sed "s/^dynamic = .*/version = \"$$($(BIN)/python -c 'import bot; print(bot.__version__)')\"/" pyproject.toml >build/pyproject.toml
	@build/sbom/bin/python -W ignore -m cyclonedx_py requirements requirements.lock --pyproject build/pyproject.toml --output-reproducible \
		--output-format JSON --output-file build/cuepoint.cdx.json
	@echo build/cuepoint.cdx.json

build/sbom: requirements-sbom.lock | .venv/bin/pip
	$(BIN)/python -m venv $@
	$@/bin/pip install --quiet --require-hashes --requirement $<
	@touch $@

# The README's pictures, in docs/pictures. Look at each before it is committed.
pictures: .venv/dev
	@PYTHONPATH=. $(BIN)/python docs/pictures.py

clean:
	rm -rf .venv build .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

# A stamp for each lock: installed once, and again when the lock changes.
.venv/runtime: requirements.lock | .venv/bin/pip
	$(BIN)/pip install --quiet --require-hashes --requirement $<
	@touch $@

.venv/dev: requirements-dev.lock | .venv/bin/pip
	$(BIN)/pip install --quiet --require-hashes --requirement $<
	@touch $@ .venv/runtime

.venv/semantic: requirements-semantic.lock | .venv/bin/pip
	$(BIN)/pip install --quiet --require-hashes --requirement $<
	@touch $@ .venv/runtime

.venv/bin/pip:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; on Debian and Ubuntu: apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv
