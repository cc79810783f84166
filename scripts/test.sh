#!/usr/bin/env bash
# Tests: tests/core with pytest alone; tests/demo with Odoo on a database with the demo company;
# all others with Odoo on a database without. HttpCase tests run in a browser. At the end the module
# is installed, updated and uninstalled on a database in use, and a database of the last release is
# updated.
# test.sh [PYTEST ARGUMENT...]: with arguments only those on the database without demo data.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$ROOT/scripts/env.sh"
source "$ROOT/scripts/db.sh"
cd "$ROOT"

db=cc_test_$CHECKOUT

finish() {
    db_drop "$db"
    # A CI machine is left as it was found, unless somebody else came to use the server.
    [ "${CI:-}" != true ] || [ -z "$PG_STARTED" ] || stop_postgres_if_idle
}

# any FOLDER FIND-ARGUMENT...: are there tests?
any() { [ -n "$(find "$@" -name 'test_*.py' -print 2>/dev/null)" ]; }

# odoo_tests DEMO PYTEST-ARGUMENT...
odoo_tests() {
    local demo=$1
    shift
    say "Installing the module in a fresh database ${demo:+with demo data }..."
    db_new "$db" $demo
    db_log_is_clean
    pytest --odoo-database="$db" --odoo-http --odoo-log-level=warn \
        -n "${WORKERS:-2}" --dist loadscope -r fEs "$@" 8>&-
}

# One run at a time in one checkout: the database has the checkout's name.
exec 8>"$CACHE/lock/test-$CHECKOUT"
flock 8
trap finish EXIT

if [ $# -gt 0 ]; then
    odoo_tests "" "$@"
else
    scripts/core.sh 8>&-
    ! any tests \( -path tests/core -o -path tests/demo \) -prune -o ||
        odoo_tests "" --ignore=tests/core --ignore=tests/demo --ignore=tests/neighbours
    ! any tests/demo || odoo_tests --with-demo tests/demo
    scripts/neighbours.sh 8>&-
    scripts/check_lifecycle.sh 8>&-
    scripts/check_update.sh 8>&-
    scripts/check_package.sh 8>&-
    scripts/check_example.sh 8>&-
fi
