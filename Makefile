# `make` alone lists what there is. Options: PORT and DB for demo and shell; ODOO_SRC, PGHOST,
# CREDIT_COLLECTION_CACHE as scripts/ explains; ARGS for test and bench.

help: ## this list
	@sed -n 's/^\([a-z]*\):.* ## /\1\t/p' Makefile | expand -t 10

setup: ## fetch Odoo, Python packages, PostgreSQL, Chromium; nothing when they are there
	@scripts/setup.sh

demo: ## serve the demo company (PORT=8069 DB=name)
	@scripts/demo.sh

test: ## run every test; ARGS="tests/test_x.py -k y" for some of the Odoo ones
	@scripts/test.sh $(ARGS)

core: ## run the tests that need no database
	@scripts/core.sh $(ARGS)

STEPS ?= 2000
fuzz: ## random lives of figures, follow-up and holds (STEPS=2000 SEED=1)
	@FUZZ_STEPS=$(STEPS) scripts/test.sh $(if $(SEED),--hypothesis-seed=$(SEED)) tests/lives

neighbours: ## run the tests beside point of sale, web shop, dropshipping and others
	@scripts/neighbours.sh $(ARGS)

oca: ## come and go beside OCA's credit modules from PyPI, and move in from them
	@scripts/oca.sh $(ARGS)

native: ## run Odoo's own suites of account, sale, sale_stock and sales_team beside the module
	@scripts/native.sh $(ARGS)

lint: ## ruff and pylint-odoo
	@scripts/lint.sh

bench: ## measure the speed at 100,000 and 1,000,000 journal items (SIZE=100000 ARGS=--fresh)
	@scripts/run python -m bench.run $(if $(SIZE),--size $(SIZE)) $(ARGS)

journeys: ## count how often a reader turns to another file on the three journeys
	@scripts/journeys.sh

CSV ?= ../shared/data/late_payment_histories.csv

replay: ## replay a real ledger day by day (CSV=file)
	@scripts/run python -m bench.replay $(CSV) $(ARGS)

shell: ## Odoo's shell on the demo database
	@scripts/demo.sh shell

pot: ## write the template that translators start from
	@scripts/pot.sh

stop: ## stop the private PostgreSQL
	@scripts/clean.sh stop

clean: ## drop this checkout's databases and caches
	@scripts/clean.sh

distclean: clean ## remove everything that setup fetched
	@scripts/clean.sh all

.PHONY: help setup demo test core fuzz neighbours oca native lint bench journeys replay shell pot stop clean distclean
