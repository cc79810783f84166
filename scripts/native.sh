#!/usr/bin/env bash
# Odoo's own suites with the module installed, and a list of what fails.
# native.sh [MODULE...]: by default those that the module touches; takes some 25 minutes.
# OBSERVE=1: with policies that only observe, also those of the companies that the tests make.
# Only tests that run after everything is installed: the others run while Odoo loads module by
# module, with the columns of modules that are not loaded yet already there.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$ROOT/scripts/env.sh"
source "$ROOT/scripts/db.sh"
cd "$ROOT"

[ $# -gt 0 ] || set -- account sale sale_stock sales_team
db=cc_native_$CHECKOUT
log=$CACHE/$db.log
trap 'db_drop "$db"' EXIT

say "Installing the module for Odoo's own tests of $* ..."
db_new "$db"
tags=$(printf ",post_install/%s" "$@")
options=()
if [ -n "${OBSERVE:-}" ]; then
    psql -d "$db" -qc "UPDATE credit_policy SET observe_only = TRUE"
    options=(--load=base,rpc,web,observe_everywhere
        --addons-path="$addons,$ROOT/scripts/native_addons")
fi
say "Running them (log: $log) ..."
odoo -d "$db" "${options[@]}" --test-tags "${tags#,}" --stop-after-init --http-port="${PORT:-8799}" \
    --log-level=test >"$log" 2>&1 || true
grep -E " (FAIL|ERROR): " "$log" | sed -E 's/^.* (FAIL|ERROR): /\1 /' | sort -u || true
say "$(grep -E "[0-9]+ failed, [0-9]+ error\(s\) of [0-9]+ tests" "$log" | tail -n 1 | sed 's/^.*: //')"
