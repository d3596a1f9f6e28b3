# Everything a developer does with this project. `make` alone lists it.
#
# .venv is made by the first target that needs it, and again when pyproject.toml or constraints.txt change.

PYTHON ?= python3
ARGS ?=
BIN = .venv/bin

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test test-postgres check audit bench peers profile soak fuzz mutants readers format clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo 'Options are passed on: make run ARGS="--port 9000", make test ARGS="-k scope -x".'
	@echo 'Another interpreter:   make clean; make run PYTHON=python3.13'

run: .venv/run.stamp ## serve on http://localhost:8000
	@$(BIN)/mock-server $(ARGS)

test: .venv/all.stamp ## run all tests
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal $(ARGS)

# What touches no database is the same on every one, so that it is left out here.
test-postgres: .venv/all.stamp ## run the tests of a sandbox again, on the PostgreSQL of TEST_DATABASE_URL
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal --on-postgres $(ARGS)

check: .venv/all.stamp ## format, lint, names, types, direction of imports, known vulnerabilities
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python .ci/names.py
	@$(MAKE) --no-print-directory audit

# A tool with pins of its own, so in an environment of its own. Without the network it says so, and passes.
audit: .venv/all.stamp ## ask whether a pinned dependency has a known vulnerability
	@[ -x .venv/tools/bin/pip-audit ] || { $(BIN)/python -m venv .venv/tools && .venv/tools/bin/python -m pip install \
	  --quiet --disable-pip-version-check --retries 1 pip-audit==2.10.1 2>/dev/null; } || true
	@$(BIN)/python .ci/audit.py .venv/tools/bin/pip-audit

bench: .venv/all.stamp ## measure speed beside others, after `make peers`; ARGS="feed" takes one part
	@$(BIN)/python -m benchmarks $(ARGS)

profile: .venv/all.stamp ## show where the time goes; ARGS="feed", "tokens", "flows" or "lists"
	@$(BIN)/python -m benchmarks.profile $(ARGS)

soak: .venv/all.stamp ## a crowd, refresh races, sandboxes in a churn and 20 kills, on each database; ARGS="--times 3"
	@$(BIN)/python -m tests.load.soak $(ARGS)

fuzz: .venv/all.stamp ## send anything at all for an hour, other examples in each round; ARGS="--minutes 5"
	@$(BIN)/python -m tests.fuzzing $(ARGS)

mutants: .venv/all.stamp ## change the code in 50 places, one at a time, and print what no test notices; ARGS="--seed 7 --only domain/"
	@$(BIN)/python -m tests.mutants $(ARGS)

PEERS = benchmarks/peers
peers: $(PEERS)/node_modules/.stamp $(PEERS)/.venv/.stamp ## fetch the servers of others that `make bench` compares with (needs npm)

$(PEERS)/.venv/.stamp: $(PEERS)/requirements.txt
	@"$(PYTHON)" -m venv --clear $(PEERS)/.venv
	@$(PEERS)/.venv/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

NODE_FOLDERS = tests/readers/node tests/oauth/node
readers: $(NODE_FOLDERS:%=%/node_modules/.stamp) ## Node libraries that read feeds, look at pages and play clients in tests (needs npm)

format: .venv/all.stamp ## mend what can be mended by a program
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

clean: ## remove .venv, caches and what was built; databases stay
	rm -rf .venv artifacts build dist *.egg-info .coverage htmlcov $(NODE_FOLDERS:%=%/node_modules) $(PEERS)/node_modules $(PEERS)/.venv
	rm -rf .hypothesis .mutants .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What the server needs, and what tests and checks need on top. Both inside .venv, so that they go with it.

.venv/run.stamp: pyproject.toml constraints.txt
	@"$(PYTHON)" -c '' 2>/dev/null || { \
	  echo 'There is no "$(PYTHON)". Install Python 3.11 or newer, or name one: make PYTHON=python3.13 ...' >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$$("$(PYTHON)" --version) is too old: this needs Python 3.11 or newer." \
	    'Name one if you have it: make PYTHON=python3.13 ...' >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo '"$(PYTHON)" cannot make virtual environments.' \
	    'On Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; }
	@echo 'Setting up .venv; this takes a minute, once.'
	@"$(PYTHON)" -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/all.stamp: .venv/run.stamp
	@echo 'Adding what tests and checks need.'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[postgres,plot,test,check]'
	@touch $@

# Every package is pinned in package.json; a lock file would name the registry it was made with.
%/node_modules/.stamp: %/package.json
	@cd $* && npm install --no-package-lock --ignore-scripts --no-audit --no-fund --silent
	@touch $@
