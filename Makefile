# Each line calls one command; `make lab` and `make test` set up what they need first.
PYTHON ?= python3
BIN := .venv/bin
TORCH := torch==2.13.0
RUN := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python

.PHONY: lab test test-quick build prove prove-torch bench attack-table update lint lock

lab: .venv/ready            ## open the course in JupyterLab
	$(RUN) -m jupyter lab notebooks/00_start_here.ipynb

test: .venv/ready lint      ## everything: code, proof, nbgrader, JupyterLab in a browser
	$(RUN) -m pytest -q

test-quick: .venv/ready     ## without the browser
	$(RUN) -m pytest -q -m "not browser"

build: .venv/ready          ## lessons/ -> notebooks/ source/ release/ solutions/ and the check data
	$(RUN) -m course.cli build

prove: .venv/ready          ## the proof that the checks are sound; writes docs/proof.md
	$(RUN) -m course.cli prove --write

# PyTorch stays in a folder of its own, so that nothing else ever depends on it
prove-torch: .venv/ready    ## the proof with PyTorch as a further yardstick, which is fetched first and is large
	$(BIN)/python -m pip install --quiet --target .venv/torch --constraint requirements.lock $(TORCH)
	PYTHONPATH=.venv/torch $(RUN) -m course.cli prove --complete
	PYTHONPATH=.venv/torch $(RUN) -m pytest -q tests/test_nn.py

bench: .venv/ready          ## time, memory, accuracy and the cost of grading, measured here; writes docs/benchmarks.md
	$(RUN) -m course.bench --write

attack-table: .venv/ready   ## every attack on plain nbgrader and here; writes the table in docs/grading.md (needs root)
	$(RUN) tests/attacks/table.py

update: .venv/ready         ## fetch the newest course and keep your answers
	$(RUN) -m course.cli update

lint: .venv/ready
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check course helpers tests

lock: .venv/ready           ## pin the newest versions that pyproject.toml allows; PyTorch is left out, being large and optional
	$(RUN) -m uv pip compile --universal --python-version 3.11 --extra dev --upgrade --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.lock

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one with: make lab PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch .venv/ready
