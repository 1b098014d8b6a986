# Both commands set up what they need in a virtual environment beside this file.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# What is tested, and how: everything, where nothing is said.
TESTS ?=

.PHONY: demo test lint docs site bench clean

demo: $(VENV)/.ready
	@# The check ends with 1 because it raises alerts: that is its job here.
	@$(BIN)/redflags check examples/orders.csv || test $$? -eq 1

test: $(VENV)/.ready
	$(BIN)/python -m pytest -n auto --dist loadfile $(TESTS)

lint: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(VENV)/.ready
	$(BIN)/python docs/generate.py
	$(BIN)/python docs/make_picture.py
	$(BIN)/python docs/make_report_pictures.py

# The documentation as a site, in build/site: open index.html there.
site: $(VENV)/.ready
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

bench: $(VENV)/.ready
	$(BIN)/python benchmarks/one_order.py

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@# The durable engine needs a C compiler and Python below 3.13; everything else works without.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[durable]' \
		|| echo "the durable engine could not be built here: its tests are left out"
	@# As an installed package is: a process that starts need not compile it anew.
	$(BIN)/python -m compileall -q src
	touch $@

clean:
	rm -rf $(VENV) .venv-* build dist .hypothesis .mypy_cache .ruff_cache
