# Needs git, make and Python >= 3.11; everything else is installed into .venv and .meltano.
PYTHON ?= python3
BIN := .venv/bin
PACKAGES := libs/api-core libs/customer-identity libs/connector-store libs/singer-shell libs/teamleader-api libs/exactonline-api \
	tap-teamleader target-exactonline tap-exactonline target-teamleader mappers bridge sandbox testing
MODULES := $(wildcard $(addsuffix /*/__init__.py,$(PACKAGES)))
SOURCES := $(shell find $(filter-out testing,$(PACKAGES)) -name '*.py' -o -name '*.json' -o -name 'pyproject.toml')

# What builds our packages is held to its hash as well, by Meltano too.
export UV_BUILD_CONSTRAINT := $(CURDIR)/constraints.txt
# A plugin starts with each run: its byte code is made here, and not again and again where nobody may write it.
export UV_COMPILE_BYTECODE := 1

.PHONY: install demo test test-wheels test-setup test-preview test-crash test-long test-chance test-life test-daily test-airflow bench bench-many test-cost test-many lint lock lock-airflow wheels generated clean

install: .venv/.installed .meltano/.installed

# Exactly what constraints.txt lists, each file held to its hash; our own packages from this folder.
.venv/.installed: pyproject.toml constraints.txt $(addsuffix /pyproject.toml,$(PACKAGES))
	$(PYTHON) -m venv .venv
	awk '/^uv==/,!/\\$$/' constraints.txt > .venv/uv.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement .venv/uv.txt
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes constraints.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps $(addprefix --editable ./,$(PACKAGES))
	$(BIN)/uv pip check --quiet --python $(BIN)/python
	@touch $@

# Meltano runs each plugin from its own environment, as a user's installation does.
.meltano/.installed: .venv/.installed meltano.yml $(wildcard plugins/*.meltano.yml) $(SOURCES)
	$(BIN)/meltano install --force
	$(BIN)/python -m compileall -qq -j 2 .meltano/*/*/venv/lib || true
	@touch $@

demo: install
	$(BIN)/python scripts/demo.py

test: install
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m 'not long'

# What is handed out: each program from its wheels alone, and in an empty Meltano project.
test-wheels: install
	$(BIN)/python -m pytest tests/packaging -m long

# From nothing to the first booked invoice at a terminal, in both countries; couplings side by side.
test-setup: install
	$(BIN)/python -m pytest tests/setup -m long --timeout 1800

# A preview against the real run after it, for the demo's whole year as well.
test-preview: install
	$(BIN)/python -m pytest tests/e2e/test_preview.py -m long

test-crash: install
	$(BIN)/python -m pytest tests/crash -m long --timeout 3600

test-long: install
	HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest target-exactonline/tests/booking target-exactonline/tests/payments/test_amounts.py \
		tests/accounting --timeout 3600
	$(BIN)/python -m pytest tests/e2e -m long

# An hour: chance drives the three write protocols through faults, kills and lost memories.
test-chance: install
	HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest target-exactonline/tests target-teamleader/tests -m long --timeout 7200

# About an hour on two cores: a hundred lives of 20 days (tests/life).
test-life: install
	$(BIN)/python -m pytest tests/life -n 2 -m long

# A quarter of an hour: cycles of bridge run that are stopped, killed, refused and idle for a day.
test-daily: install
	$(BIN)/python -m pytest tests/e2e/test_bridge_run.py -m 'long or not long' --timeout 900

# Ten couplings, five times, by a real Airflow: ten minutes.
test-airflow: install .airflow/.installed
	$(BIN)/python -m pytest tests/airflow -m long --timeout 7200

# Airflow has an environment of its own: nothing of ours is in it, nor it among what ours is made of.
.airflow/.installed: orchestrate/airflow/constraints.txt .venv/.installed
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .airflow
	$(BIN)/uv pip sync --quiet --python .airflow/bin/python --require-hashes orchestrate/airflow/constraints.txt
	@touch $@

bench: install
	$(BIN)/python -m tests.benchmarks

# A quarter of an hour: 200 couplings on one PostgreSQL store, and what more of them need.
bench-many: install
	$(BIN)/python -m tests.benchmarks.many

# Minutes: what both directions may cost, held against baselines of the same run.
test-cost: install
	$(BIN)/python -m pytest tests/benchmarks/test_bounds.py -m long

# Half an hour: 20 and 200 couplings, nothing of which is mixed.
test-many: install
	$(BIN)/python -m pytest tests/benchmarks/test_many.py -m long

lint: .venv/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(dir $(MODULES))
	$(BIN)/lint-imports
	$(BIN)/meltano compile --lint
	$(BIN)/python scripts/generated.py --check

# Choose the versions of everything that others made: those of constraints.txt stay where they still fit.
lock:
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --quiet \
		--no-header --no-annotate --no-emit-index-url --no-emit-find-links \
		$(addprefix --no-emit-package teamleader-exactonline-,$(notdir $(PACKAGES))) --output-file constraints.txt

# The same for what Airflow's environment is made of.
lock-airflow:
	$(BIN)/uv pip compile orchestrate/airflow/requirements.in --universal --python-version 3.11 --generate-hashes --quiet \
		--no-header --no-annotate --no-emit-index-url --no-emit-find-links --output-file orchestrate/airflow/constraints.txt

# Every package as a wheel, and for each program the list of what its environment is made of, with hashes.
DIST ?= dist
wheels: .venv/.installed
	rm -rf $(DIST)
	$(BIN)/uv build --quiet --wheel --all-packages --python $(BIN)/python --out-dir $(DIST)
	$(BIN)/python scripts/wheelhouse.py $(DIST)

generated: install
	$(BIN)/python scripts/generated.py

# The site of docs/, in build/site: strict, every link and anchor leads somewhere.
.PHONY: docs
docs: .venv/.installed
	$(BIN)/zensical build --strict --clean

# Never data/: what was booked, and the logins.
clean:
	rm -rf .venv .airflow .meltano dist build .cache
