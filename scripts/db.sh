#!/usr/bin/env bash
# Databases: db.sh base [--demo]       makes the base database, prints its name
#            db.sh copy NAME [--demo]  a fresh database without the module
#            db.sh new NAME [--demo]   a fresh database with the module installed
#            db.sh drop NAME
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$ROOT/scripts/env.sh"

BASE_MODULES=account,sale_stock,sale_management

# The name carries what the database is made from; another Odoo gets another base.
base_name() {
    local key
    key=$({ echo "$ODOO_PATH $BASE_MODULES"; git -C "$ODOO_PATH" rev-parse HEAD 2>/dev/null || true
        cat "$ODOO_PATH/odoo/release.py" "$ROOT/scripts/prepare_base.py"; } | short_hash)
    echo "cc_base${1:+_demo}_$key"
}

exists() { [ -n "$(psql -d postgres -qAtc "SELECT 1 FROM pg_database WHERE datname = '$1'")" ]; }

make_base() {
    ! exists "$1" || return 0
    local new=$1_new log=$CACHE/$1.log
    say "Making the base database $1 ($BASE_MODULES) ..."
    dropdb --if-exists "$new" 2>/dev/null
    { odoo -d "$new" -i "$BASE_MODULES" ${2:+--with-demo} --stop-after-init --no-http &&
        odoo shell -d "$new" --no-http <"$ROOT/scripts/prepare_base.py"; } >"$log" 2>&1 9>&- ||
        die "The base database could not be made (see $log)."
    psql -d postgres -qc "ALTER DATABASE \"$new\" RENAME TO \"$1\"" \
        -c "ALTER DATABASE \"$1\" WITH IS_TEMPLATE true ALLOW_CONNECTIONS false"
    rm -rf "$CACHE/data/filestore/$new"
}

drop_db() {
    dropdb --if-exists --force "$1" 2>/dev/null
    rm -rf "$CACHE/data/filestore/$1"
}

copy_db() {
    local base
    base=$(base_name "${2:-}")
    locked "$base" make_base "$base" "${2:-}"
    drop_db "$1"
    createdb -T "$base" "$1"
}

new_db() {
    copy_db "$@"
    odoo -d "$1" -i credit_collection ${2:+--with-demo} --stop-after-init --no-http
}

case ${1:-} in
    base) base=$(base_name "${2:-}"); locked "$base" make_base "$base" "${2:-}"; echo "$base" ;;
    copy) copy_db "${2:?name of the database}" "${3:-}" ;;
    new) new_db "${2:?name of the database}" "${3:-}" ;;
    drop) drop_db "${2:?name of the database}" ;;
    *) sed -n '2,5s/^# //p' "$0"; exit 1 ;;
esac
