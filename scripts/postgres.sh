# PostgreSQL: the server that PGHOST names, else a private one on a unix socket. Source it.

# Tells who runs the private server and where: PG_OWNER, PG_HOME.
# PostgreSQL refuses root, so root hands it to an unprivileged user, who must be able to enter
# the folder; a socket's path must be short. A cache folder that is no good for that is replaced
# by one below /var/tmp.
_place_postgres() {
    PG_OWNER=$(id -un)
    if [ "$(id -u)" = 0 ]; then
        PG_OWNER=nobody
        ! id postgres >/dev/null 2>&1 || PG_OWNER=postgres
    fi
    PG_HOME=$CACHE/postgres
    if [ ${#PG_HOME} -gt 80 ] || ! _as_owner test -x "$CACHE"; then
        PG_HOME=/var/tmp/credit_collection-$(id -u)-$(printf %s "$CACHE" | short_hash)
    fi
}

_as_owner() {
    if [ "$(id -un)" = "$PG_OWNER" ]; then
        "$@"
    else
        (cd / && setpriv --reuid "$PG_OWNER" --regid "$(id -g "$PG_OWNER")" --init-groups "$@")
    fi
}

# Sets PG_BIN, the folder of initdb and pg_ctl; installs them when missing.
find_postgres() {
    [ -z "${PGHOST:-}" ] || return 0
    _find_pg_bin || { apt_install PostgreSQL postgresql; _find_pg_bin; } ||
        die "PostgreSQL is missing: install it or name a server with PGHOST, PGPORT and PGUSER."
}

_find_pg_bin() {
    local initdb
    initdb=$(command -v initdb || ls -v /usr/lib/postgresql/*/bin/initdb 2>/dev/null | tail -n1)
    [ -n "$initdb" ] || return 1
    PG_BIN=$(dirname "$(readlink -f "$initdb")")
}

# Makes the server answer; exports PGHOST, PGPORT, PGUSER. PG_STARTED=1 if it was we who started it.
start_postgres() {
    PG_STARTED=
    if [ -n "${PGHOST:-}" ]; then
        psql -d postgres -qAtc 'SELECT 1' >/dev/null ||
            die "PGHOST=$PGHOST does not answer: correct PGHOST, PGPORT, PGUSER or unset them."
        return
    fi
    find_postgres
    find_private_postgres
    _pg_ready || { locked postgres _start_postgres; PG_STARTED=1; }
}

# Points PGHOST, PGPORT, PGUSER at the private server, be it running or not.
find_private_postgres() {
    local major
    _find_pg_bin || return 1
    _place_postgres
    major=$("$PG_BIN/pg_ctl" --version | grep -oE '[0-9]+' | head -n1)
    PG_DATA=$PG_HOME/data-$major
    export PGHOST=$PG_HOME/run-$major PGPORT=5432 PGUSER=odoo
}

_pg_ready() { "$PG_BIN/pg_isready" -q; }

_start_postgres() {
    ! _pg_ready || return 0
    mkdir -p "$PG_HOME"
    [ "$(id -un)" = "$PG_OWNER" ] || chown "$PG_OWNER" "$PG_HOME"
    chmod 700 "$PG_HOME"
    [ -f "$PG_DATA/.done" ] || _init_postgres
    _as_owner mkdir -p "$PGHOST"
    _as_owner "$PG_BIN/pg_ctl" start -w -s -D "$PG_DATA" -l "$PG_HOME/log" \
        -o "-k '$PGHOST' -p $PGPORT" >/dev/null 9>&- </dev/null ||
        die "The private PostgreSQL does not start (see $PG_HOME/log): remove $PG_HOME or set PGHOST."
}

# A server for databases that can be made again at any time: speed before safety.
_init_postgres() {
    rm -rf "$PG_DATA"
    _as_owner "$PG_BIN/initdb" -D "$PG_DATA" -U "$PGUSER" -E UTF8 --locale=C.UTF-8 -A trust \
        --no-sync >/dev/null
    _as_owner tee -a "$PG_DATA/postgresql.conf" >/dev/null <<'CONF'
listen_addresses = ''
max_connections = 300
shared_buffers = 512MB
fsync = off
synchronous_commit = off
full_page_writes = off
max_wal_size = 4GB
CONF
    _as_owner touch "$PG_DATA/.done"
}

stop_postgres() { locked postgres _as_owner "$PG_BIN/pg_ctl" stop -s -m fast -D "$PG_DATA"; }

# Nobody else is connected.
stop_postgres_if_idle() {
    [ "$(psql -d postgres -qAtc "SELECT count(*) FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")" != 0 ] ||
        stop_postgres
}
