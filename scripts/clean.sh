#!/usr/bin/env bash
# clean.sh        drops this checkout's databases and the tools' caches
# clean.sh stop   stops the private PostgreSQL
# clean.sh all    removes everything: server, databases, virtual environments, Odoo
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$ROOT/scripts/postgres.sh"

stop_server() {
    [ -z "${PGHOST:-}" ] || die "PGHOST names a server that these scripts did not start."
    find_private_postgres || return 0
    ! _pg_ready || stop_postgres
}

case ${1:-} in
    stop) stop_server ;;
    all)
        stop_server
        rm -rf "$PG_HOME" "$CACHE"
        ;;
    *)
        source "$ROOT/scripts/db.sh"
        if [ -n "${PGHOST:-}" ] || { find_private_postgres && _pg_ready; }; then
            db_drop "cc_[a-z_]+_$CHECKOUT"
        fi
        cd "$ROOT"
        rm -rf .pytest_cache .ruff_cache .hypothesis "$CACHE/odoo-$CHECKOUT.conf" \
            "$CACHE"/cc_*_"$CHECKOUT".log
        find . -name __pycache__ -type d -prune -exec rm -rf {} +
        ;;
esac
