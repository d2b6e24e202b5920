# Needs git, make and Python >= 3.10; everything else is installed into .venv and .meltano.
PYTHON ?= python3
BIN := .venv/bin
PACKAGES := libs/api-core libs/connector-store libs/singer-shell libs/teamleader-api libs/exactonline-api \
	tap-teamleader target-exactonline tap-exactonline target-teamleader mappers bridge sandbox
MODULES := $(wildcard $(addsuffix /*/__init__.py,$(PACKAGES)))
SOURCES := $(shell find $(PACKAGES) -name '*.py' -o -name '*.json' -o -name 'pyproject.toml')

.PHONY: install demo test test-crash test-long test-chance bench lint generated clean

install: .venv/.installed .meltano/.installed

.venv/.installed: pyproject.toml constraints.txt $(addsuffix /pyproject.toml,$(PACKAGES))
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --group dev meltano $(addprefix --editable ./,$(PACKAGES))
	@touch $@

# Meltano runs each plugin from its own environment, as a user's installation does.
.meltano/.installed: .venv/.installed meltano.yml $(SOURCES)
	$(BIN)/meltano install --force
	@touch $@

demo: install
	$(BIN)/python scripts/demo.py

test: install
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m 'not long'

test-crash: install
	$(BIN)/python -m pytest tests/crash -m long --timeout 3600

test-long: install
	HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest target-exactonline/tests/booking tests/accounting --timeout 3600

# An hour: chance drives the three write protocols through faults, kills and lost memories.
test-chance: install
	HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest target-exactonline/tests target-teamleader/tests -m long --timeout 7200

bench: install
	$(BIN)/python tests/benchmarks/bench.py

lint: .venv/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(dir $(MODULES))
	$(BIN)/lint-imports
	$(BIN)/meltano compile --lint
	$(BIN)/python scripts/generated.py --check

generated: install
	$(BIN)/python scripts/generated.py

clean:
	rm -rf .venv .meltano
