#!/usr/bin/env bash
# new_db.sh NAME [--with-demo]: a fresh database with the module installed.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
[ $# -gt 0 ] || die "usage: scripts/new_db.sh NAME [--with-demo]"
source "$ROOT/scripts/env.sh"
source "$ROOT/scripts/db.sh"
db_new "$@"
say "Database $1 is ready."
