#!/usr/bin/env bash
# Counts how often a reader turns to another file on the three journeys of docs/developer.md.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$ROOT/scripts/env.sh"
source "$ROOT/scripts/db.sh"

db=cc_journeys_$CHECKOUT
db_new "$db"
trap 'db_drop "$db"' EXIT
odoo shell -d "$db" --no-http --log-level=error --shell-interface=python <"$ROOT/scripts/journeys.py"
