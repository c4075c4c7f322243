# Everything runs from a virtual environment at the root that these targets create themselves.
# PYTHON chooses the interpreter it is made with (3.11 or later).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

CORPUS ?= reference
JSON ?=
INPUTS ?=
SCALE ?= 1.0
ONLY ?=

# Debian packages that tests need: a browser that opens the reports, glyphs for names in kanji and hangul, a database server.
SYSTEM := chromium fonts-noto-cjk postgresql

.PHONY: demo test reference bench validate check system serve picture pictures lock clean

# Set-up talks on standard error: some targets promise that their standard output holds the answer alone.
$(READY): requirements.lock pyproject.toml
	@echo "preparing $(VENV)" >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Homeward needs Python 3.11 or later; set PYTHON=")'
	@$(PYTHON) -m venv $(VENV) >&2
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock >&2
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e . >&2
	@touch $@

demo: $(READY)
	@rm -rf out/demo && mkdir -p out/demo
	@echo "== A published case: demo/published" && echo
	@$(BIN)/homeward identify demo/published --html out/demo/published.html
	@echo && echo "== A simulated incident, nobody in it is real: demo/chosei" && echo
	@$(BIN)/homeward identify demo/chosei --html out/demo/chosei.html
	@echo
	@test -s out/demo/published.html && test -s out/demo/chosei.html && echo "report: out/demo/chosei.html"

test: $(READY)
	@dpkg -s $(SYSTEM) >/dev/null 2>&1 || test "$$(id -u)" != 0 || ! command -v apt-get >/dev/null \
	  || $(MAKE) --no-print-directory system || echo "not installed: $(SYSTEM)" >&2
	@$(BIN)/python -m pytest -n 2 --dist loadfile

reference: $(READY)
	@$(BIN)/python -m validation.reference "$(CORPUS)" $(if $(JSON),--json "$(JSON)")

bench: $(READY)
	@$(BIN)/python -m validation.bench $(if $(INPUTS),--inputs "$(INPUTS)")

validate: $(READY)
	@$(BIN)/python -m validation.studies --scale "$(SCALE)" $(if $(ONLY),--only "$(ONLY)") $(if $(INPUTS),--inputs "$(INPUTS)")

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/house

system:
	@if test "$$(id -u)" != 0; then echo "make system installs $(SYSTEM) with apt-get and needs root" >&2; exit 1; fi
	DEBIAN_FRONTEND=noninteractive apt-get update -q >&2
	DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $(SYSTEM) >&2

# A simulated incident in the workbench, at http://localhost:8742, until interrupted.
serve: $(READY)
	@mkdir -p out && cd out && ../$(BIN)/homeward serve --demo

# The picture in the README: the first page of the published case's report.
picture: demo
	chromium --headless --no-sandbox --disable-gpu --disable-background-networking --hide-scrollbars \
	  --window-size=1200,1260 --screenshot=docs/report.png "file://$(CURDIR)/out/demo/published.html"

# Every page of the workbench in three languages, two widths, light and dark, into docs/pictures.
pictures: $(READY)
	@$(BIN)/python -m validation.workbench.pictures

# Writes requirements.lock anew: exact versions, hashes for every platform, no host or path. Needs pip-tools.
lock:
	pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate --no-emit-options \
	  --extra dev --extra record --extra exchange --extra private --extra pdf --output-file requirements.lock pyproject.toml
	@! grep -nE '^ *--(index|extra|find|trusted)|://' requirements.lock

clean:
	rm -rf $(VENV) out build .pytest_cache .mypy_cache .ruff_cache .hypothesis
