# Two commands do everything: `make demo` and `make test`. Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ROOT_DO := $(if $(filter 0,$(shell id -u)),,sudo -n)
OLD_PYTHON := Dragoman needs Python 3.11 or later: set PYTHON to one, as in `make demo PYTHON=python3.12`

.PHONY: demo test soak setup bench bench-ledger bench-feeds bench-page screenshots docs browser server clean

demo: $(VENV)/run  ## read the sample reports into a ledger and serve the page
	@$(BIN)/dragoman demo || [ $$? -eq 130 ]  # Ctrl-C is how it ends

test: $(VENV)/dev browser server  ## run every check and test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mkdocs build --strict --quiet --site-dir $(VENV)/site
	PYTHONHASHSEED=0 $(BIN)/pytest -q -n auto --dist loadfile --no-loadscope-reorder  # workers must name tests alike

soak: $(VENV)/dev server  ## what must hold of the ledger, for as long as the design asks: half an hour
	SOAK=1 $(BIN)/pytest -q -s tests/ledger/test_kill.py tests/ledger/test_failures.py tests/ledger/test_both.py \
	  tests/test_adding.py tests/coding/test_plan.py

setup: $(VENV)/dev  ## only set up the virtual environment for work on the code

bench: $(VENV)/dev  ## measure speed and memory
	$(BIN)/python -m bench.bench

bench-ledger: $(VENV)/dev  ## measure adding as a ledger grows, and asking one of a million events: half an hour, 3 GB
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m bench.growth
	$(BIN)/python -m bench.large $(VENV)/large.sqlite

bench-feeds: $(VENV)/dev  ## measure watching 500 feeds
	$(BIN)/python -m bench.feeds

bench-page: $(VENV)/dev browser  ## measure the pages of a ledger of 100,000 reports: two hours the first time, 3 GB
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m bench.many $(VENV)/many.sqlite
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m bench.page $(VENV)/many.sqlite --as-it-is

screenshots: $(VENV)/dev browser  ## take the pictures of the manual anew
	$(BIN)/python docs/screenshots.py

docs: $(VENV)/dev  ## serve the manual while writing
	$(BIN)/mkdocs serve

browser:  ## the browser of the page's tests; without it they are skipped and say so
	@command -v /usr/bin/chromium >/dev/null \
	  || ($(ROOT_DO) apt-get -qq update && $(ROOT_DO) apt-get -qq install -y chromium >/dev/null) \
	  || echo "chromium could not be installed: the page's tests will be skipped"

server:  ## the server of the tests of shared ledgers; without it they are skipped and say so
	@ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null \
	  || ($(ROOT_DO) apt-get -qq update && $(ROOT_DO) apt-get -qq install -y postgresql >/dev/null) \
	  || echo "postgresql could not be installed: the tests of ledgers on it will be skipped"

clean:  ## remove what make made
	rm -rf $(VENV) site .pytest_cache .mypy_cache .ruff_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || (echo '$(OLD_PYTHON)'; exit 1)
	@$(PYTHON) -m venv $(VENV) || (rm -rf $(VENV); echo 'install the venv module: apt install python3-venv'; exit 1)

$(VENV)/run: $(BIN)/python pyproject.toml hatch_build.py hatch_vendor.py src/dragoman/data/regions.yaml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/dev: $(BIN)/python pyproject.toml hatch_build.py hatch_vendor.py src/dragoman/data/regions.yaml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,docs]'
	@touch $@ $(VENV)/run
