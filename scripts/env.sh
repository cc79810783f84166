# Everything a command needs: Odoo, Python, PostgreSQL. Source it after lib.sh.
"$ROOT/scripts/setup.sh"
source "$ROOT/scripts/odoo.sh"
source "$ROOT/scripts/venv.sh"
source "$ROOT/scripts/postgres.sh"
source "$ROOT/scripts/axe.sh"
find_odoo
start_postgres

export PATH=$VENV/bin:$PATH PYTHONPATH=$ODOO_PATH
# EXTRA_ADDONS: a folder with further add-ons, for scripts that test beside them.
export ODOO_RC=$CACHE/odoo-$CHECKOUT${EXTRA_ADDONS:+-extra}.conf
# wkhtmltopdf has no display to draw on.
export QT_QPA_PLATFORM=${QT_QPA_PLATFORM:-offscreen}

addons=$ROOT
[ ! -d "$ODOO_PATH/addons" ] || addons=$addons,$ODOO_PATH/addons
[ -z "${EXTRA_ADDONS:-}" ] || addons=$addons,$EXTRA_ADDONS
cat >"$ODOO_RC.$$" <<CONF
[options]
addons_path = $addons
data_dir = $CACHE/data
screenshots = $CACHE/screenshots
http_interface = 127.0.0.1
CONF
mv "$ODOO_RC.$$" "$ODOO_RC"
