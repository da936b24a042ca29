# `make` lists the targets. Each sets up what it needs in `.venv` by itself, with python3 alone.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
STAMP := $(VENV)/.installed
export PYTHONDONTWRITEBYTECODE = 1

.PHONY: help setup demo check test test-slow bench mutation soak docs format lock api clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(STAMP) ## make `.venv` with everything a contributor needs

$(STAMP): requirements/dev.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(STAMP) ## tell the story of invented people along the continuum
	$(BIN)/carecontinuum demo

check: $(STAMP) ## the fast part of the gate, about 90 s
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/python tools/check_sizes.py
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not slow and not wheel"

test: $(STAMP) ## the gate: everything that must hold, under six minutes
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/python tools/check_sizes.py
	$(BIN)/mypy
	$(BIN)/pyright
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pyright --verifytypes carecontinuum --ignoreexternal > $(VENV)/verifytypes.txt || { tail -n 40 $(VENV)/verifytypes.txt; exit 1; }
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --site-dir site 2> $(VENV)/mkdocs.txt || { cat $(VENV)/mkdocs.txt; exit 1; }
	$(BIN)/python tools/check_reference.py site
	$(BIN)/coverage erase
	HYPOTHESIS_PROFILE=ci $(BIN)/coverage run -m pytest -n 2 --dist loadfile -m "not slow"
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

test-slow: $(STAMP) ## long stateful runs
	HYPOTHESIS_PROFILE=deep $(BIN)/python -m pytest -n 2 --dist loadfile -m slow

bench: $(STAMP) ## speed and memory beside the peers, in one run
	$(BIN)/python benchmarks/run.py

mutation: $(STAMP) ## change rules and policies in small ways: a test must fail each time, about half an hour
	$(BIN)/python tools/mutation.py

soak: $(STAMP) ## wear stores out: kills, stops of a server, contending writers, power cuts (needs strace)
	PYTHONPATH=tests $(BIN)/python tools/soak.py
	$(BIN)/python tools/power_loss.py

docs: $(STAMP) ## build the site into `site/`
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --site-dir site

format: $(STAMP) ## format, and mend what can be mended by itself
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: ## write the hashed lock of the development environment again (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-annotate --no-header --extra cli --extra sql --extra testing --group dev pyproject.toml -o requirements/dev.txt

api: $(STAMP) ## write what is made from the code again: the API snapshot, the program file page; add a changelog fragment
	$(BIN)/python tools/public_api.py --write
	$(BIN)/python tools/program_file_page.py --write

clean: ## remove what was built
	rm -rf $(VENV) site build dist .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis mutants
