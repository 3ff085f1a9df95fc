# Everything a newcomer needs: `make demo` and `make test` set up what they need by themselves.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup demo audit-packages sbom test test-slow trust check format lock clean

MINORS := 3.11 3.12 3.13
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest
# The first interpreter that runs and is of a version we support; name another with `make PYTHON=…`.
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 /usr/bin/python3; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo "$$p" && break; done)

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

setup: $(VENV)/.ready ## make .venv from the lock of the running Python and install corrin in it, editable

$(VENV)/.locked: $(wildcard locks/*.txt)
	@test -n "$(PYTHON)" || { echo "Corrin needs Python 3.11, 3.12 or 3.13 (Debian: apt-get install python3 python3-venv)" >&2; exit 2; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || bash .ci/packages-install python3-venv
	"$(PYTHON)" -m venv --clear $(VENV)
	@minor=$$($(BIN)/python -c 'import sys; print("%d%d" % sys.version_info[:2])'); \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "locks/py$$minor-dev.txt"
	@touch $@

$(VENV)/.ready: $(VENV)/.locked pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup ## read a note that comes with Corrin and print what it supports
	$(BIN)/corrin suggest corpora/demo/clinic-note.txt

test: setup ## the fast tests: under five minutes on two cores
	$(PYTEST) -m "not slow"

test-slow: setup ## the tests that build, install or read a lot
	$(PYTEST) -m slow --timeout 1200

trust: setup ## try what we promise of privacy and of hostile input, each proof in its bounded form (under ten minutes)
	$(BIN)/python -m tests.trust all

check: setup ## format, lint, types and import contracts, as CI runs them
	@failed=; for tool in "ruff format --check ." "ruff check ." mypy lint-imports; do \
		echo "== $$tool"; $(BIN)/$$tool || failed="$$failed $${tool%% *}"; \
	done; test -z "$$failed" || { echo "check failed:$$failed" >&2; exit 1; }

format: setup ## let ruff rewrite what it can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: .venv-lock/.ready ## resolve the dependencies anew, one lock per Python (UPGRADE=--upgrade takes newer ones)
	@mkdir -p locks
	@for minor in $(MINORS); do \
		out=locks/py$${minor//./}; \
		resolve=".venv-lock/bin/uv pip compile --quiet --no-config --python-version $$minor --generate-hashes"; \
		resolve="$$resolve --no-header --no-annotate --no-emit-index-url --no-emit-find-links $(UPGRADE) pyproject.toml"; \
		$$resolve --output-file $$out.txt >/dev/null; \
		$$resolve --extra dev --constraint $$out.txt --output-file $$out-dev.txt >/dev/null; \
		echo "$$out.txt $$out-dev.txt"; \
	done

.venv-lock/.ready:
	"$(PYTHON)" -m venv --clear .venv-lock
	.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.5"
	@touch $@

audit-packages: setup ## ask the Python package index for known weaknesses of every locked package (needs the network)
	@for lock in locks/py*-dev.txt; do echo "== $$lock"; $(BIN)/pip-audit --require-hashes --disable-pip --progress-spinner off -r "$$lock" || failed=1; done; test -z "$${failed:-}"

sbom: setup ## write the bill of materials of each lock, as CycloneDX, to dist/
	@mkdir -p dist
	@for minor in $(MINORS); do name=py$${minor//./}; \
		$(BIN)/cyclonedx-py requirements --output-reproducible --of JSON -o "dist/sbom-$$name.json" "locks/$$name.txt" && echo "dist/sbom-$$name.json"; \
	done

clean: ## remove what was built and the environments
	rm -rf .venv .venv-lock build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
