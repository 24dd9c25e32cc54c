# On a fresh machine: `make demo` for a report, `make test` for the tests.
# Needs Python 3.11 or later with its venv module. Another one: `make demo PYTHON=python3.12`.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
# A lock names every package, so nothing is left to resolve.
LOCKED := install --require-hashes --no-deps
SOURCES := $(shell find oilshock -type f -not -path '*/__pycache__/*' 2>/dev/null)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint format types imports docs-check baselines docs docs-serve reference wheel wheel-check bench notebooks notebooks-check lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.ready-run ## install, run the April 2024 study, say where the report is
	$(BIN)/oilshock run configs/april-2024.toml
	@echo
	@echo "The report: $(CURDIR)/outputs/april-2024/report.pdf"
	@echo "As a page:  $(CURDIR)/outputs/april-2024/report.html"

# One BLAS thread: the same sums in the same order, and no fight between the test workers.
test: $(VENV)/.ready-dev ## install what the tests need, run them, hold coverage at 90 %
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 \
		$(BIN)/python -m pytest -n auto --cov --cov-report=term $(ARGS)

lint: $(VENV)/.ready-dev ## ruff: mistakes and layout
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/.ready-dev ## ruff: lay the code out
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/.ready-dev ## mypy, strict
	$(BIN)/mypy

imports: $(VENV)/.ready-dev ## imports run one way through the layers
	$(BIN)/lint-imports

docs-check: $(VENV)/.ready-dev ## the docstring of every public name
	$(BIN)/python .ci/docs_check.py

# Each page that is made from the code must be fresh, no warning may come, and every link of the built pages lead somewhere.
docs: $(VENV)/.ready-docs ## build the docs site into site/ and check its links
	$(MKDOCS) build --strict
	$(BIN)/python .ci/links_check.py site

docs-serve: $(VENV)/.ready-docs ## show the docs site while you write
	$(MKDOCS) serve

reference: $(VENV)/.ready-dev ## write docs/reference/cli.md and config.md anew, from the code
	$(BIN)/python docs/generate/write.py

# Two notices of the theme and of a plugin on the future of mkdocs; our versions are locked.
MKDOCS := DISABLE_MKDOCS_2_WARNING=true NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs

baselines: $(VENV)/.ready-dev ## draw the pictures that tests compare with anew; look at them
	OILSHOCK_MAKE_BASELINES=1 $(BIN)/python -m pytest --no-cov -q tests/charts/test_images.py

wheel: dist/.built ## build the wheel and the source archive into dist/

# A clean venv, a folder outside the checkout: what runs there is what the wheel carries.
wheel-check: dist/.built ## install the wheel in a clean venv and run it there
	@set -eu; \
	dist="$(CURDIR)/dist"; lock="$(CURDIR)/requirements.lock"; \
	work=$$(mktemp -d); trap 'rm -rf "$$work"' EXIT INT TERM; \
	cd "$$work"; unset PYTHONPATH; \
	$(PYTHON) -m venv venv; \
	pip="venv/bin/python -m pip --disable-pip-version-check --no-input --quiet"; \
	$$pip $(LOCKED) -r "$$lock"; \
	$$pip install --no-deps "$$dist"/*.whl; \
	$$pip check; \
	printf '%s\n' '[study]' 'name = "wheel"' '[events]' 'ids = ["iran-attacks-israel-apr2024"]' \
		'[levels]' 'usd = [90.0]' > wheel.toml; \
	set -x; \
	venv/bin/oilshock --version; \
	venv/bin/oilshock prices show; \
	venv/bin/oilshock events list --format json > events.json; \
	venv/bin/python -m json.tool events.json > /dev/null; \
	venv/bin/oilshock run wheel.toml --out out --quiet; \
	test -s out/wheel/report.pdf; test -s out/wheel/report.html; test -s out/wheel/tables/car.csv

bench: $(VENV)/.ready-dev ## the benchmarks
	$(BIN)/python -m pytest -p no:randomly -o addopts= -o python_files='bench_*.py' \
		-o python_functions='bench_*' -s benchmarks

NOTEBOOKS ?= $(sort $(wildcard docs/notebooks/*.ipynb))

notebooks: $(VENV)/.ready-docs ## run the notebooks and write down what they show
	$(BIN)/python .ci/notebooks.py write $(NOTEBOOKS)

notebooks-check: $(VENV)/.ready-docs ## run them: do they still show what is written down?
	$(BIN)/python .ci/notebooks.py check $(NOTEBOOKS)

# Exact versions and hashes for every Python from 3.11 on. Three files, so that a report needs the first only, and the tests no site.
lock: ## make the lock files anew, with the newest versions
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip --disable-pip-version-check --quiet install uv
	$(VENV)-lock/bin/uv $(COMPILE) -o requirements.lock pyproject.toml
	$(VENV)-lock/bin/uv $(COMPILE) --extra test --extra dev -c requirements.lock \
		-o requirements-dev.lock pyproject.toml
	$(VENV)-lock/bin/uv $(COMPILE) --extra test --extra dev --extra docs -c requirements-dev.lock \
		-o requirements-docs.lock pyproject.toml

COMPILE := pip compile --quiet --upgrade --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-annotate --no-emit-index-url --custom-compile-command 'make lock'

clean: ## remove the environments, builds and caches (outputs stay)
	rm -rf $(VENV) $(VENV)-* dist build site .pytest_cache .mypy_cache .ruff_cache .import_linter_cache \
		.hypothesis .benchmarks .coverage .coverage.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: a second call installs nothing.

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || \
		{ echo "No $(PYTHON) here. Install Python 3.11 or later, or name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$$($(PYTHON) --version) is too old: oilshock needs Python 3.11 or later." \
		"Name a newer one: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready-run: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV) (a minute or two, once)"
	$(PIP) $(LOCKED) -r requirements.lock
	$(PIP) install --no-deps --editable .
	@touch $@

$(VENV)/.ready-dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "Installing the tests' tools into $(VENV) (a minute or two, once)"
	$(PIP) $(LOCKED) -r requirements-dev.lock
	$(PIP) install --no-deps --editable .
	@touch $@ $(VENV)/.ready-run

$(VENV)/.ready-docs: requirements-docs.lock pyproject.toml $(VENV)/.ready-dev
	@echo "Installing what the site and the notebooks need into $(VENV) (a minute or two, once)"
	$(PIP) $(LOCKED) -r requirements-docs.lock
	@touch $@

dist/.built: $(VENV)/.ready-dev $(SOURCES) README.md LICENSE
	rm -rf dist
	$(BIN)/python -m build --outdir dist . > /dev/null
	@ls dist
	@touch $@
