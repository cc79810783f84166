#!/usr/bin/env bash
# Makes the dump of a released state that check_update.sh updates: the add-on of that commit on a
# fresh database, with the data of release_data.py. Needed once per release.
# release_dump.sh COMMIT VERSION
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$ROOT/scripts/env.sh"
source "$ROOT/scripts/db.sh"

commit=$1 version=$2
db=cc_release_$CHECKOUT
source_of=$(mktemp -d)
trap 'db_drop "$db"; rm -rf "$source_of"' EXIT
git -C "$ROOT" archive "$commit" credit_collection | tar -x -C "$source_of"
sed "s#^addons_path = $ROOT#addons_path = $source_of#" "$ODOO_RC" >"$source_of/odoo.conf"
export ODOO_RC=$source_of/odoo.conf

say "Installing $version ($commit) ..."
db_copy "$db"
odoo -d "$db" -i credit_collection --stop-after-init --no-http >"$CACHE/$db.log" 2>&1 ||
    die "The release does not install (see $CACHE/$db.log)."
odoo shell -d "$db" --no-http --log-level=error --shell-interface=python \
    <"$ROOT/scripts/release_data.py" >>"$CACHE/$db.log" 2>&1 ||
    die "Its data cannot be made (see $CACHE/$db.log)."
tail -n 1 "$CACHE/$db.log" | grep -q "made on" || die "Its data is not whole (see $CACHE/$db.log)."
python "$ROOT/scripts/release_facts.py" "$db" >"$ROOT/tests/update/$version.json"
pg_dump -d "$db" --no-owner --no-privileges --no-comments | xz -9e >"$ROOT/tests/update/$version.sql.xz"
say "$(ls -lh "$ROOT/tests/update/$version.sql.xz")"
