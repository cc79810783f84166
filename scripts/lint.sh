#!/usr/bin/env bash
# Style: ruff, checks and format, over everything, pylint-odoo's mandatory messages over the module.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$ROOT/scripts/venv.sh"
make_venv
cd "$ROOT"
"$VENV/bin/ruff" check .
"$VENV/bin/ruff" format --check --quiet .
"$VENV/bin/pylint" --rcfile=pyproject.toml credit_collection
say "Lint: nothing to complain about."
