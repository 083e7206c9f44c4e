# Two commands on a fresh machine: `make demo` and `make test`. Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: demo test check bench lock clean
.DEFAULT_GOAL := test

$(STAMP): pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12 ...") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

demo: $(STAMP)  ## The main job on embedded AWS: apply, plan again (empty), look, destroy.
	PATH="$(CURDIR)/$(BIN):$$PATH" sh examples/demo.sh

test: $(STAMP)  ## The fast tests, then the slow ones.
	$(BIN)/python -m pytest -n 2 -m "not slow" -q
	$(BIN)/python -m pytest -m slow -n 2 --dist loadgroup -q --durations=15

check: $(STAMP)  ## Lint, types, import arrows, freshness of what is generated.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/lint-imports
	$(BIN)/hptf synth --check

bench: $(STAMP)  ## The measurements; prints a table, writes bench/results/.
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m bench

lock: ## Write requirements.lock anew from pyproject.toml.
	$(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/pip install --quiet pip-tools
	$(VENV)/lock/bin/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header \
		--all-extras --output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) .hptf
