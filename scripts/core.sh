#!/usr/bin/env bash
# The rules in plain Python and the rules of the house: no database, no Odoo.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$ROOT/scripts/venv.sh"
make_venv
cd "$ROOT"
"$VENV/bin/pytest" -p no:odoo tests/core "$@"
