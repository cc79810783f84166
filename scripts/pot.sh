#!/usr/bin/env bash
# Writes credit_collection/i18n/credit_collection.pot, the template that translators start from.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$ROOT/scripts/env.sh"
source "$ROOT/scripts/db.sh"

db=cc_pot_$CHECKOUT
pot=$ROOT/credit_collection/i18n/credit_collection.pot

trap 'db_drop "$db"' EXIT
db_new "$db"
mkdir -p "${pot%/*}"
odoo i18n export -c "$ODOO_RC" -d "$db" -l pot -o "$pot" credit_collection
say "$(grep -c '^msgid' "$pot") terms in ${pot#"$ROOT"/}."
