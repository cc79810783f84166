#!/usr/bin/env bash
# The demo company: demo.sh        serves it on 127.0.0.1:PORT
#                   demo.sh shell  opens Odoo's shell on it
# DB and PORT choose the database and the port.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$ROOT/scripts/env.sh"
source "$ROOT/scripts/db.sh"

db=${DB:-cc_demo_$CHECKOUT}

# What the database was made from is written in its comment.
sources() {
    (cd "$ROOT/credit_collection" && find . -type f ! -name '*.pyc' -print0 | sort -z |
        xargs -0 sha256sum | short_hash)
}

made_from() {
    psql -d postgres -qAtc "SELECT shobj_description(oid, 'pg_database') FROM pg_database
        WHERE datname = '$db'"
}

prepare() {
    local now
    now=$(sources)
    if ! db_exists "$db"; then
        say "Making the demo database $db ..."
        db_new "$db" --with-demo
    elif [ "$(made_from)" != "$now" ]; then
        say "Updating the demo database $db ..."
        db_odoo "$db" -u credit_collection
    fi
    psql -d postgres -qc "COMMENT ON DATABASE \"$db\" IS '$now'"
}

taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The port asked for, or else the first free one from 8069 on.
choose_port() {
    if [ -n "${PORT:-}" ]; then
        port=$PORT
        ! taken "$port" || die "Port $port is in use: choose another with PORT=..."
    else
        port=8069
        while taken "$port"; do port=$((port + 1)); done
    fi
}

# PDFs fetch their styles, and letters link to, where the demo is served.
serve_from() {
    psql -d "$db" -qc "INSERT INTO ir_config_parameter (key, value)
        VALUES ('web.base.url', '$1'), ('report.url', '$1')
        ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value"
}

# The personas are the users that the module's demo data makes; their password is their log-in.
print_log_ins() {
    printf '\nOdoo with the demo company: http://127.0.0.1:%s\n\n' "$port"
    printf '  %-36s %-16s %s\n' who log-in password
    psql -d "$db" -qAt -F '|' -c "SELECT concat_ws(', ', p.name, p.function), u.login FROM res_users u
        JOIN res_partner p ON p.id = u.partner_id
        JOIN ir_model_data d ON d.model = 'res.users' AND d.res_id = u.id
        WHERE u.active AND (d.module = 'credit_collection' OR d.module = 'base' AND d.name = 'user_admin')
        ORDER BY u.id" |
        while IFS='|' read -r name login; do
            printf '  %-36s %-16s %s\n' "$name" "$login" "$login"
        done
    printf '\nMails that it sends are kept in %s and delivered to nobody.\n' "$mails"
    printf '\nStop it with Ctrl-C.\n'
}

# What the demo sends is caught: a small SMTP server on the loopback keeps each mail as a file.
AIOSMTPD=aiosmtpd==1.4.6
mails=$CACHE/mails/$db
catch_mails() {
    local home=$CACHE/${AIOSMTPD//==/-}
    [ -f "$home/.done" ] || locked mail_catcher fetch_catcher "$home"
    mail_port=2525
    while taken "$mail_port"; do mail_port=$((mail_port + 1)); done
    PYTHONPATH=$home python "$ROOT/scripts/mail_catcher.py" "$mail_port" "$mails" &
}

fetch_catcher() {
    [ ! -f "$1/.done" ] || return 0
    say "Installing the mail catcher ..."
    pip install -q --target "$1" "$AIOSMTPD" >"$CACHE/mail_catcher.log" 2>&1 </dev/null ||
        die "aiosmtpd could not be installed (see $CACHE/mail_catcher.log): give pip a reachable index."
    touch "$1/.done"
}

# Odoo takes this process's place; a helper waits for it to answer.
serve() {
    catch_mails
    (
        until taken "$port"; do
            sleep 0.2
            kill -0 $$ 2>/dev/null || exit 0
        done
        print_log_ins
    ) &
    serve_from "http://127.0.0.1:$port"
    exec odoo -d "$db" --db-filter="^$db\$" --http-port="$port" --log-level=warn \
        --smtp=127.0.0.1 --smtp-port="$mail_port" --email-from=credit@demo.example.com
}

# Before anything is made: a port that is taken is said at once.
[ "${1:-serve}" != serve ] || choose_port
locked "demo-$db" prepare
case ${1:-serve} in
    serve) serve ;;
    shell) exec odoo shell -d "$db" --no-http ;;
esac
