# Two commands do all the set-up: `make demo` and `make test`. Everything is kept in .venv/ and var/.
PYTHON ?= python3

.PHONY: help demo test test-fast assurance lint format messages screenshots clean

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: ## The demo city on http://127.0.0.1:8000 (PORT= HOST= RESET=1 afresh, SERVE=0 only prepare)
	@$(PYTHON) scripts/setup.py base
	@.venv/bin/anjia demo

test: ## Everything: lint, types, contracts, both databases, a real browser
	@$(PYTHON) scripts/setup.py test
	@.venv/bin/python scripts/check.py all

test-fast: ## Lint and the quick tests on SQLite
	@$(PYTHON) scripts/setup.py dev
	@.venv/bin/python scripts/check.py fast

assurance: ## The promises, counted in many cases each (up to 45 min); writes docs/ASSURANCE.md
	@$(PYTHON) scripts/setup.py test
	@.venv/bin/python scripts/assurance.py

lint: ## Lint, format, types, import contracts
	@$(PYTHON) scripts/setup.py dev
	@.venv/bin/python scripts/check.py lint

format: ## Put the code into its format
	@$(PYTHON) scripts/setup.py dev
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format --quiet .

messages: ## Which sentences have no English yet (ADD=1 appends empty entries)
	@$(PYTHON) scripts/setup.py dev
	@.venv/bin/python scripts/messages.py $(if $(ADD),--add,)

screenshots: ## Take the pictures in docs/screenshots afresh
	@$(PYTHON) scripts/setup.py test
	@SCREENSHOTS=1 ANJIA_TESTING=1 .venv/bin/python -m pytest -q -m browser tests/journeys

clean: ## Remove environment, data and caches
	rm -rf .venv var node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis anjia.egg-info
