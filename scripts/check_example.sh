#!/usr/bin/env bash
# Installs the example add-on of docs/developer.md and lets its rule hold an order.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$ROOT/scripts/env.sh"
source "$ROOT/scripts/db.sh"

db=cc_example_$CHECKOUT
log=$CACHE/$db.log
path=$(sed -n 's/^addons_path = //p' "$ODOO_RC"),$ROOT/docs/example

say "Installing the example add-on ..."
db_copy "$db"
trap 'db_drop "$db"' EXIT
{
    odoo -d "$db" --addons-path="$path" -i credit_collection_example --stop-after-init --no-http &&
        odoo shell -d "$db" --addons-path="$path" --no-http --log-level=warn \
            --shell-interface=python <"$ROOT/scripts/check_example.py"
} >"$log" 2>&1 || {
    tail -n 40 "$log" >&2
    die "The example add-on does not work (see $log)."
}
! grep -E '^[0-9-]+ [0-9:,]+ [0-9]+ (WARNING|ERROR|CRITICAL) ' "$log" >&2 ||
    die "The example add-on logged the lines above (see $log)."
say "$(tail -n 1 "$log")"
