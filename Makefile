# `make run` starts everything, `make test` runs every test, `make check` is what CI runs.
SHELL := /bin/bash
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check install -qq --require-hashes --only-binary :all:
NODE_CLIENTS := tests/clients/node_modules/.package-lock.json

.PHONY: run test check bench install format lint types contracts migrations frontend clean

run: .venv/run.stamp
	@exec $(BIN)/python manage.py run

test: .venv/dev.stamp $(if $(shell command -v npm),$(NODE_CLIENTS))
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

check: format lint types contracts migrations test

bench: .venv/dev.stamp
	$(BIN)/python -m tests.bench

install: .venv/dev.stamp

format: .venv/dev.stamp
	$(BIN)/ruff format --check .

lint: .venv/dev.stamp
	$(BIN)/ruff check .

types: .venv/dev.stamp
	$(BIN)/mypy orchestrator audience triggers campaigns tests

contracts: .venv/dev.stamp
	$(BIN)/lint-imports

migrations: .venv/dev.stamp
	DB_POOL_SIZE=0 $(BIN)/python -W ignore manage.py makemigrations --check --dry-run

frontend:
	@for folder in static/rule_builder static/maps; do \
		(cd $$folder && npm ci --ignore-scripts --silent && npm run --silent build) || exit 1; done

lock: .venv/dev.stamp
	$(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --no-annotate requirements.txt -o requirements.lock
	$(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --no-annotate requirements-dev.txt -o requirements-dev.lock

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Moments needs Python 3.11 or later."; exit 1; }
	@echo "Making .venv with $(PYTHON) …"
	@$(PYTHON) -m venv .venv

.venv/run.stamp: requirements.lock | .venv/bin/python
	@echo "Installing (the first time takes a minute) …"
	@$(PIP) -r requirements.lock
	@touch $@

.venv/dev.stamp: requirements-dev.lock .venv/run.stamp
	@echo "Installing what tests and checks need …"
	@$(PIP) -r requirements-dev.lock
	@touch $@

$(NODE_CLIENTS): tests/clients/package-lock.json
	@echo "Installing the Node clients that tests run …"
	@cd tests/clients && npm ci --ignore-scripts --silent
	@touch $@

clean:
	rm -rf .data .make staticfiles
