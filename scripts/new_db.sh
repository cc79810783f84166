#!/usr/bin/env bash
# new_db.sh NAME [--with-demo | --bare]: a fresh database with the module installed; bare: without.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
[ $# -gt 0 ] || die "usage: scripts/new_db.sh NAME [--with-demo | --bare]"
source "$ROOT/scripts/env.sh"
source "$ROOT/scripts/db.sh"
if [ "${2:-}" = --bare ]; then db_copy "$1"; else db_new "$@"; fi
say "Database $1 is ready."
