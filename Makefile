# Each target sets up what it needs: `make demo` and `make test` work in a fresh clone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
COMPILE = $(BIN)/pip-compile -q --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras

.PHONY: demo test lint check bench docs man words schema lock clean

demo: $(VENV)/run
	@$(BIN)/cicero demo

test: $(VENV)/dev
	$(BIN)/pytest

lint: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/cog --check README.md docs/*.md
	$(BIN)/python -m docs._words --check

check: lint test

bench: $(VENV)/dev
	$(BIN)/python -m tests.bench

docs: $(VENV)/dev
	$(BIN)/cog -r README.md docs/*.md

man: $(VENV)/run
	$(BIN)/python -m docs._man $(VENV)/share/man

words: $(VENV)/dev
	$(BIN)/python -m docs._words

schema: $(VENV)/dev
	$(BIN)/python -m docs._schema

lock: $(VENV)/dev
	$(COMPILE) --allow-unsafe --extra dev --extra serve --extra queue --extra charts --extra cloud --extra sheets -o .locks/dev.txt pyproject.toml
	$(COMPILE) -c .locks/dev.txt -o .locks/run.txt pyproject.toml
	$(COMPILE) -c .locks/dev.txt --extra serve -o .locks/serve.txt pyproject.toml

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis dist

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/run: .locks/run.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r .locks/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/dev: .locks/dev.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r .locks/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@ $(VENV)/run
