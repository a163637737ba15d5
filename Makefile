# Thin doors to the build logic in xtask/. `make help` lists them.

CARGO ?= cargo
XTASK = $(CARGO) run --quiet --release -p xtask --

.DEFAULT_GOAL := help
.PHONY: help demo test test-synthesis test-scale test-vm conformance fuzz fuzz-proof bench cost bitstreams lint setup models clean-cache

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## A clinical question on encrypted patients, answered by the simulated accelerator
	$(CARGO) run --release -p goldilane-cli -- demo

test: ## Set-up, build, Verilated models, all tests
	$(XTASK) test

test-synthesis: ## What yosys makes of the blocks: the tests that are too slow for test
	$(XTASK) test-synthesis

test-scale: ## Boards of every lane count, N, k and l against the golden model, into docs/scale.md (an hour the first time, goes on where it was stopped)
	$(XTASK) test-scale

test-vm: ## The conformance tests in a virtual machine: QEMU, a stock kernel, its VFIO, simulated boards (five minutes)
	@$(XTASK) test-vm

conformance: ## Which device passes which test, into docs/conformance.md and docs/faults.md
	$(XTASK) conformance

fuzz: ## A hostile device and hostile hosts, FUZZ_SECONDS (600) each, into docs/fuzz.md
	$(XTASK) fuzz

fuzz-proof: ## Each fuzz target finds the bug that is planted for it
	$(XTASK) fuzz proof

bench: ## The core at 4 to 256 lanes, measured in the Verilated board, into docs/bench.md with a picture (long the first time, goes on where it was stopped)
	$(XTASK) bench

cost: ## What the blocks and boards take of a chip, into docs/cost.md (half an hour the first time, goes on where it was stopped)
	$(XTASK) cost

bitstreams: ## The file lists and board tops below bitstreams/
	$(XTASK) bitstreams

lint: ## rustfmt, clippy with warnings denied, Verilog lint
	$(XTASK) lint

setup: ## Find or fetch the tools only
	$(XTASK) setup

models: ## Build the Verilated models only
	$(XTASK) models

clean-cache: ## Empty the cache folder (tools, data) and remove the Verilated models
	$(XTASK) clean-cache
