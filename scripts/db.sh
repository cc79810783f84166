# Databases. Source it after env.sh.

BASE_MODULES=${BASE_MODULES:-account,sale_stock,sale_management}

db_exists() {
    [ -n "$(psql -d postgres -qAtc "SELECT 1 FROM pg_database WHERE datname = '$1'")" ]
}

# With the copies that pytest's workers make of it.
db_drop() {
    local name
    for name in $(psql -d postgres -qAtc \
        "SELECT datname FROM pg_database WHERE datname ~ '^$1(-gw[0-9]+)?\$'"); do
        dropdb --if-exists --force "$name"
        rm -rf "$CACHE/data/filestore/$name"
    done
}

# db_base [--with-demo]: makes a database of the base modules unless there is one, sets BASE to
# its name. The name carries what it is made from: another Odoo gets another base.
db_base() {
    local key
    key=$({ echo "$ODOO_PATH $BASE_MODULES"
        [ -z "${ODOO_SRC:-}" ] || git -C "$ODOO_SRC" rev-parse HEAD 2>/dev/null || true
        cat "$ODOO_PATH/odoo/release.py" "$ROOT"/scripts/prepare_*.py; } | short_hash)
    BASE=cc_base${1:+_demo}_$key
    db_exists "$BASE" || locked "$BASE" _make_base "$BASE" "$@"
}

_make_base() {
    local name=$1 new=$1_new log=$CACHE/$1.log
    shift
    ! db_exists "$name" || return 0
    say "Making the database that others are copied from ($BASE_MODULES${1:+, demo data}) ..."
    db_drop "$new"
    {
        odoo -d "$new" -i "$BASE_MODULES" "$@" --stop-after-init --no-http &&
            db_script "$new" prepare_base.py && db_script "$new" prepare_assets.py
    } >"$log" 2>&1 9>&- || die "The base database could not be made (see $log)."
    psql -d postgres -qc "ALTER DATABASE \"$new\" RENAME TO \"$name\"" \
        -c "ALTER DATABASE \"$name\" WITH IS_TEMPLATE true ALLOW_CONNECTIONS false"
    rm -rf "$CACHE/data/filestore/$new"
}

# db_copy NAME [--with-demo]: a fresh database without the module.
db_copy() {
    local name=$1
    shift
    db_base "$@"
    db_drop "$name"
    createdb -T "$BASE" "$name"
}

# db_new NAME [--with-demo]: a fresh database with the module installed.
db_new() {
    db_copy "$@"
    local name=$1
    shift
    db_odoo "$name" -i credit_collection "$@"
}

# db_script NAME FILE: runs a script of ours in Odoo's shell.
db_script() { odoo shell -d "$1" --no-http <"$ROOT/scripts/$2"; }

# db_odoo NAME OPTION...: installs or updates; leaves the log in DB_LOG.
db_odoo() {
    local name=$1
    shift
    DB_LOG=$CACHE/$name.log
    odoo -d "$name" "$@" --stop-after-init --no-http >"$DB_LOG" 2>&1 || {
        tail -n 40 "$DB_LOG" >&2
        die "Odoo could not load the module (see $DB_LOG)."
    }
    db_script "$name" prepare_assets.py >>"$DB_LOG" 2>&1
}

# An unknown field, a deprecated call, a missing access rule: all show as warnings of the install.
db_log_is_clean() {
    ! grep -E '^[0-9-]+ [0-9:,]+ [0-9]+ (WARNING|ERROR|CRITICAL) ' "$DB_LOG" >&2 ||
        die "Installing the module logged the lines above; it must not warn (see $DB_LOG)."
}
