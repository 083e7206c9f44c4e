# Two commands on a fresh machine: `make demo` and `make test`. Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
# The tests start hptf hundreds of times: compiled once, it starts in half the time. Some machines turn that off.
export PYTHONDONTWRITEBYTECODE :=
# Most of a slow test's time the aws provider sleeps, whatever the emulator answers: more workers than two cores. With four
# the cores were idle for half of the time; seven take 8 GB.
SLOW := -m slow -n 7 --dist loadgroup -q --durations=15

.PHONY: demo test test-real test-pythons conformance check scan bench lock clean
.DEFAULT_GOAL := test

$(STAMP): pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12 ...") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.8"
	$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	touch $@

demo: $(STAMP)  ## The main job on embedded AWS: apply, plan again (empty), look, destroy. ENV=slurm-minimal: with Slurm.
	PATH="$(CURDIR)/$(BIN):$$PATH" sh examples/demo.sh $(ENV)

test: $(STAMP)  ## The fast tests, then the slow ones, then the crash tests on each engine of HPTF_TERRAFORMS.
	$(BIN)/python -m pytest -n 2 -m "not slow" -q
	$(BIN)/python -m pytest $(SLOW)
	$(BIN)/python -m tools.engines

test-real: $(STAMP)  ## The end-to-end tests with the real providers that are at hand; fails if none is.
	$(BIN)/python tools/real_providers.py
	HPTF_STAND_INS=missing $(BIN)/python -m pytest $(SLOW) tests/end_to_end

conformance: $(STAMP)  ## The scenarios of tests/conformance with whatever providers are at hand, against their records.
	HPTF_STAND_INS=missing $(BIN)/python -m pytest -m slow -q tests/conformance

test-pythons: $(STAMP)  ## The fast tests on every other Python of this machine that hptf promises.
	$(BIN)/python -m tools.pythons

check: $(STAMP)  ## Lint, types, import arrows, freshness of what is generated.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/lint-imports
	$(BIN)/hptf synth --check

scan: $(STAMP)  ## What checkov says of the modules. It gets an environment of its own: it is large.
	$(BIN)/uv tool run --from checkov==3.3.30 checkov -d modules --framework terraform --skip-download --compact --quiet

bench: $(STAMP)  ## The measurements; prints a table, writes bench/results/.
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m bench

lock: $(STAMP)  ## Write requirements.lock anew from pyproject.toml.
	$(BIN)/uv pip compile --quiet --upgrade --all-extras --no-header --no-annotate --output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) .hptf
