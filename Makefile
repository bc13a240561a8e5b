# Every way into this repository; `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test check conformance sanitize fuzz hostile chaos bench bench-http bench-grant \
	generate build debug setup setup-tests clean

# check and test share this one debug build.
DEBUG_FLAGS := --build-tests --explicit-target-dependency-import-check error
# How many tests run at a time. Without a bound all begin at once, each waits for all others at each
# of its steps, and what is quick alone meets its deadline. Toolchains that do not know it go on so.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH ?= 8
CREDITS := .build/debug/credits
# Swift's runtime goes into the binary: it then needs no Swift where it runs, and calls cost less.
RELEASE_FLAGS := -c release --product credits --static-swift-stdlib

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup ## build, and start the service on http://localhost:8000
	swift build $(RELEASE_FLAGS)
	exec .build/release/credits serve

test: debug ## run all tests, on a PostgreSQL that they start and stop
	swift test --disable-xctest --skip-build

check: setup-tests ## formatting, warnings as errors, generated files current, the chaos test's judge
	swift format lint --strict --parallel --recursive Sources Tests Package.swift
	$(MAKE) --no-print-directory debug
	$(CREDITS) postman --check postman_collection.json
	diff -u .env.example <($(CREDITS) config --example)
	cd chaos && python3 -m unittest --quiet
	@echo 'All is well.'

conformance: debug ## the interface against independent OpenAPI tools
	scripts/conformance

sanitize: setup-tests ## the tests of server, database and ledger under the sanitizers
	scripts/sanitize

fuzz: setup-tests ## the HTTP and JSON parsers against libFuzzer, a minute each
	scripts/fuzz

hostile: build ## the service against hostile and idle clients, 10,000 of them
	scripts/hostile .build/release/credits

chaos: build ## two instances under kills, cuts and edits, against a model: SEED=1 SECONDS=60
	chaos/run $(addprefix --seed ,$(SEED)) $(addprefix --seconds ,$(SECONDS))

bench: build ## the service against pgbench, Go with pgx, and FastAPI
	@bench/setup
	bench/run service --json bench/results/service.json --svg bench/results/service.svg

bench-http: build ## the HTTP server against nginx, Go and Hummingbird
	@bench/setup
	bench/run http --json bench/results/http.json --svg bench/results/http.svg

bench-grant: build ## the daily grant of a million users against one SQL statement
	@bench/setup
	bench/run grant --json bench/results/grant.json --svg bench/results/grant.svg

generate: debug ## write what is generated: postman_collection.json, .env.example
	$(CREDITS) postman --output postman_collection.json
	$(CREDITS) config --example > .env.example.new
	mv .env.example.new .env.example

build: setup ## build the release binary, .build/release/credits
	swift build $(RELEASE_FLAGS)

setup: ## install what is missing to build and run
	@scripts/setup

clean: ## remove what was built; ./data stays
	rm -rf .build

debug: setup-tests
	swift build $(DEBUG_FLAGS)

setup-tests:
	@scripts/setup --tests
