# `make help` lists the commands. Each sets up what it needs.

PYTHON ?= python3
VENV := .venv
OLDEST := .venv-oldest
# A copy of the project, with the native build in place.
NATIVE := build/native
COPIED := $(wildcard README.md CHANGELOG.md examples/* ocsp/_generated/codec ocsp/*.py ocsp/*/*.py ocsp/_generated/*/*.py fuzz/*.py codegen/*.py schema/* tests/*.* tests/schema/* docs/*)
# The oldest versions that work, tested by `make test-oldest`.
OLDEST_VERSIONS := cryptography==41.0.0 pyasn1==0.6.0 pyasn1-modules==0.4.0

.DEFAULT_GOAL := help
.PHONY: help demo test test-native test-oldest bench bench-check fuzz fuzz-replay site lint types generate check-generated check

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

demo: $(VENV)/ready ## read real messages, ask, answer; openssl looks on
	$(VENV)/bin/python examples/demo.py

test: $(VENV)/ready ## run the tests and the sessions in the documents
	$(VENV)/bin/python -m pytest -q -n auto

test-native: $(NATIVE)/ready ## run the tests on the native build
	cd $(NATIVE) && OCSP_BUILD=native $(CURDIR)/$(VENV)/bin/python -m pytest -q -n auto

test-oldest: $(OLDEST)/ready ## run the tests with the oldest dependencies that work
	$(OLDEST)/bin/python -m pytest -q -n auto

bench: $(NATIVE)/ready ## measure both builds beside cryptography, asn1crypto and pyasn1-modules
	$(VENV)/bin/python -m pip install --quiet --group bench
	$(VENV)/bin/python benchmarks run

bench-check: $(VENV)/ready ## fail where the last `make bench` missed a budget
	$(VENV)/bin/python -m pip install --quiet --group bench
	$(VENV)/bin/python benchmarks check

fuzz: $(VENV)/ready ## fuzz the loaders for an hour, guided by coverage
	$(VENV)/bin/python -m pip install --quiet --group fuzz
	$(VENV)/bin/python -m fuzz --seconds 3600 --jobs 2

fuzz-replay: $(VENV)/ready ## check every input that the fuzzer kept
	$(VENV)/bin/python -m fuzz --replay --untimed

site: $(VENV)/ready ## build the documentation as a site, in build/site
	$(VENV)/bin/python -m pip install --quiet --group docs
	$(VENV)/bin/python -m mkdocs build --strict --quiet

lint: $(VENV)/ready ## check style and formatting
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check

types: $(VENV)/ready ## check types
	$(VENV)/bin/mypy

generate: $(VENV)/ready ## make ocsp/_generated/ anew from schema/
	$(VENV)/bin/python -m codegen

check-generated: $(VENV)/ready ## fail where ocsp/_generated/ is not what schema/ makes
	$(VENV)/bin/python -m codegen --check

check: lint types check-generated site test fuzz-replay test-native test-oldest ## all that must hold

# --upgrade-deps: dependency groups need pip 25.1.
$(VENV)/ready: pyproject.toml
	$(PYTHON) -m venv --upgrade-deps $(VENV)
	$(VENV)/bin/python -m pip install --quiet --editable . --group test --group lint --group build
	touch $@

$(NATIVE)/ready: $(VENV)/ready setup.py $(COPIED)
	rm -rf $(NATIVE)
	mkdir -p $(NATIVE)
	tar cf - --exclude=./build --exclude='./.venv*' --exclude=./.git --exclude='*.egg-info' \
	  --exclude='*.so' --exclude=__pycache__ --exclude='.*_cache' . | tar xf - -C $(NATIVE)
	cd $(NATIVE) && OCSP_BUILD=native $(CURDIR)/$(VENV)/bin/python setup.py --quiet build_ext --inplace
	touch $@

$(OLDEST)/ready: pyproject.toml Makefile
	$(PYTHON) -m venv --upgrade-deps $(OLDEST)
	$(OLDEST)/bin/python -m pip install --quiet --editable . --group test $(OLDEST_VERSIONS)
	touch $@
