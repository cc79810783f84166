#!/usr/bin/env bash
# Updates a database of the last released state, with data, to the present code: the log stays
# clean, and counts, states and frozen evidence stay equal.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$ROOT/scripts/env.sh"
source "$ROOT/scripts/db.sh"

dump=$(ls -v "$ROOT"/tests/update/*.sql.xz | tail -n 1)
version=$(basename "$dump" .sql.xz)
db=cc_update_$CHECKOUT
log=$CACHE/$db.log
trap 'db_drop "$db"' EXIT

say "Updating a database of $version ..."
db_drop "$db"
createdb "$db"
xz -dc "$dump" | psql -d "$db" -q -v ON_ERROR_STOP=1 >"$log" 2>&1 || {
    tail -n 5 "$log" >&2
    die "The dump of $version cannot be restored (see $log)."
}
odoo -d "$db" -u credit_collection --stop-after-init --no-http >"$log" 2>&1 || {
    grep -v ' INFO ' "$log" | tail -n 40 >&2
    die "The update from $version fails (see $log)."
}
! grep -E '^[0-9-]+ [0-9:,]+ [0-9]+ (WARNING|ERROR|CRITICAL) ' "$log" >&2 ||
    die "The update from $version logged the lines above (see $log)."
python "$ROOT/scripts/release_facts.py" "$db" >"$CACHE/$db.json"
diff "$ROOT/tests/update/$version.json" "$CACHE/$db.json" >&2 ||
    die "The update from $version changed what must stay."
odoo shell -d "$db" --no-http --log-level=warn --shell-interface=python \
    <"$ROOT/scripts/check_update.py" >"$log" 2>&1 || {
    tail -n 40 "$log" >&2
    die "The updated database does not work (see $log)."
}
grep -q "^works" "$log" || { tail -n 40 "$log" >&2; die "The updated database does not work."; }
! grep -E '^[0-9-]+ [0-9:,]+ [0-9]+ (WARNING|ERROR|CRITICAL) ' "$log" >&2 ||
    die "The updated database logged the lines above (see $log)."
say "$(tail -n 1 "$log")"
