# Each command sets up what it needs: Python 3.10 to 3.13 and make are enough to start.
# The environment is .venv, made once and brought up to date when pyproject.toml changes.

PYTHON ?= python3
VENV   := .venv
RUN    := $(VENV)/bin/python
READY  := $(VENV)/.ready

.PHONY: help demo quick test fuzz fuzz-interrupts fuzz-api fuzz-files lint stubs test-adapters format docs bench race clean

help:           ## this list
	@sed -n 's/^\([a-z-]*\): .*## /  make \1	/p' Makefile

demo: $(READY)  ## train a LeNet on handwritten digits; pictures in examples/output
	$(RUN) examples/02_lenet_digits.py $(ARGS)

quick: $(READY) ## a test of every layer, in seconds
	$(RUN) -m pytest -q -n 2 -m quick tests $(ARGS)

test: $(READY)  ## all tests (ARGS="-m 'not slow'" leaves out those that take more than a second)
	$(RUN) -m pytest -q -n 2 $(ARGS)

fuzz: $(READY)  ## N random programs in both modes, against NumPy (N=2000 ARGS="--seed 1")
	$(RUN) tools/fuzz_programs.py --number $(or $(N),2000) $(ARGS)

fuzz-interrupts: $(READY)  ## N interrupted steps of each kind in each mode, and N/10 interrupted first compiles
	$(RUN) tools/fuzz_interrupts.py --number $(or $(N),500) $(ARGS)

fuzz-api: $(READY) ## N calls of each public function with wrong arguments (N=20 ARGS="--seed 1 --traced")
	$(RUN) tools/fuzz_api.py --calls $(or $(N),10) $(ARGS)

fuzz-files: $(READY) ## reads N damaged files (N=16000 ARGS="--seed 1 --only ckpt")
	$(RUN) tools/fuzz_files.py --number $(or $(N),1000) $(ARGS)

test-adapters: $(READY) ## installs the libraries of the extra "adapters" (and aim where it can be had) in .venv-adapters and tests with them
	$(PYTHON) -m venv .venv-adapters
	.venv-adapters/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[test,adapters]'
	-.venv-adapters/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --no-binary aim-ui 'aim>=3.27'
	.venv-adapters/bin/python -m pytest -q -rs tests/test_adapters.py tests/test_adapters_libraries.py $(ARGS)

lint: $(READY)  ## style, format, layers, docstrings, arguments and types
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(VENV)/bin/lint-imports
	$(RUN) tools/check_docstrings.py
	$(RUN) tools/check_ignored_arguments.py
	$(RUN) tools/edges_table.py --check
	$(RUN) tools/optimizers_table.py --check
	$(RUN) tools/check_types.py

stubs: $(READY)  ## write the stub files anew, after a change of public signatures or docstrings
	$(RUN) tools/stubs

format: $(READY)  ## let ruff correct style and format
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

docs: $(READY)  ## the documentation site, in build/docs: guides, API reference, examples; links are checked
	@$(RUN) -c 'import furo, myst_nb, sphinx, sphinx_copybutton' 2>/dev/null || $(RUN) -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	$(RUN) tools/site/build.py

bench: $(READY)  ## step times beside the frameworks that are installed
	$(RUN) benchmarks/run.py $(ARGS)

race: $(READY)  ## every optimizer on five small problems, rates tuned: docs/race.md (ARGS="--problems digits --optimizers Adam,Lion")
	$(RUN) benchmarks/race.py $(ARGS)

clean:          ## remove the environment and what the tools left
	rm -rf $(VENV) .venv-adapters build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis examples/output
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "There is no '$(PYTHON)' here. Choose another: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] < (3, 14))' || \
	    { echo "minispore needs Python 3.10 to 3.13, and '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Choose another: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	    { echo "'$(PYTHON)' cannot make environments: its venv and ensurepip modules are missing."; \
	      echo "On Debian and Ubuntu: sudo apt install python3-venv"; exit 1; }
	@echo "Setting up $(VENV) (once; takes a minute or so) ..."
	@$(RUN) -c '' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --editable '.[dev,examples]'
	@touch $@
