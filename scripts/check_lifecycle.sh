#!/usr/bin/env bash
# Installs the module on a database with customers, limits, orders and invoices, updates it and
# uninstalls it: nothing of the database's own may change, nothing of the module may stay.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$ROOT/scripts/env.sh"
source "$ROOT/scripts/db.sh"

db=cc_life_$CHECKOUT
log=$CACHE/$db.log

say "Installing, updating and uninstalling on a database in use ..."
db_base
db_drop "$db"
trap 'db_drop "$db"' EXIT
createdb -T "$BASE" "$db"
odoo shell -d "$db" --no-http --log-level=warn --shell-interface=python \
    <"$ROOT/scripts/check_lifecycle.py" >"$log" 2>&1 || {
    tail -n 40 "$log" >&2
    die "The module does not come and go as it should (see $log)."
}
! grep -E '^[0-9-]+ [0-9:,]+ [0-9]+ (WARNING|ERROR|CRITICAL) ' "$log" >&2 ||
    die "Coming or going, the module logged the lines above (see $log)."
say "$(tail -n 1 "$log")"
