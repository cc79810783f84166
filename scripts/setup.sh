#!/usr/bin/env bash
# Gets everything that is missing; the long downloads run side by side.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$ROOT/scripts/odoo.sh"
source "$ROOT/scripts/venv.sh"
source "$ROOT/scripts/postgres.sh"
source "$ROOT/scripts/browser.sh"
source "$ROOT/scripts/axe.sh"

( find_odoo ) & jobs=($!)
( make_venv ) & jobs+=($!)
find_postgres
find_browser
find_wkhtmltopdf
for job in "${jobs[@]}"; do
    wait "$job"
done
find_axe
