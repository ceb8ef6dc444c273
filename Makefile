# The commands of README.md. Needs Python 3.11 or newer and make; everything else is installed here.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
WORKERS ?= 2

.PHONY: run install test test-long check format migrations catalogue lock clean
.DEFAULT_GOAL := run

run: $(VENV)/installed
	@$(BIN)/participa migrate
	@$(BIN)/participa demo --if-empty
	@exec $(BIN)/participa serve

install: $(VENV)/installed

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Participa needs Python 3.11 or newer (PYTHON=/path/to/python3.11 make ...)"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

# The package itself is installed last, without asking anybody for anything.
$(VENV)/installed: $(VENV)/bin/python requirements.lock pyproject.toml
	@echo "Installing Participa into $(VENV) ..."
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.lock
	@echo "Installing the test tools ..."
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

# Two runs: the browser's driver keeps an event loop of its own running, beside which
# asynchronous tests cannot run in the same process.
test: $(VENV)/installed-dev
	@sh scripts/install-browser.sh
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -q -m "not long and not browser"
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -q -m "browser and not long"

test-long: $(VENV)/installed-dev
	@sh scripts/install-browser.sh
	@$(BIN)/python -m pytest -q -m long

check: $(VENV)/installed-dev
	@$(BIN)/ruff check --quiet . && echo "ruff: ok"
	@$(BIN)/ruff format --quiet --check . && echo "format: ok"
	@$(BIN)/mypy --no-error-summary && echo "mypy --strict: ok"
	@$(BIN)/lint-imports --no-cache > $(VENV)/lint-imports.log 2>&1 && echo "import rules: ok" \
		|| { cat $(VENV)/lint-imports.log; exit 1; }

format: $(VENV)/installed-dev
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

migrations: $(VENV)/installed-dev
	@$(BIN)/tortoise -c participa.db.orm.ORM makemigrations

catalogue: $(VENV)/installed-dev
	@$(BIN)/python scripts/catalogue.py

lock:
	@$(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/pip install --quiet uv
	@for file in requirements.lock:build requirements-dev.lock:build,test,check; do \
		$(VENV)-lock/bin/uv pip compile pyproject.toml --universal --python-version 3.11 \
			--generate-hashes --no-header --no-annotate --quiet \
			$$(echo $${file#*:} | tr ',' '\n' | sed 's/^/--group /') -o $${file%%:*}; \
	done
	@rm -rf $(VENV)-lock

clean:
	@rm -rf $(VENV) dist
