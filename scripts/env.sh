# Everything a command needs: Odoo, Python, PostgreSQL. Source it after lib.sh.
"$ROOT/scripts/setup.sh"
source "$ROOT/scripts/odoo.sh"
source "$ROOT/scripts/venv.sh"
source "$ROOT/scripts/postgres.sh"
find_odoo
start_postgres

export PATH=$VENV/bin:$PATH PYTHONPATH=$ODOO_PATH
export ODOO_RC=$CACHE/odoo-$CHECKOUT.conf
# wkhtmltopdf has no display to draw on.
export QT_QPA_PLATFORM=${QT_QPA_PLATFORM:-offscreen}

addons=$ROOT
[ ! -d "$ODOO_PATH/addons" ] || addons=$addons,$ODOO_PATH/addons
printf '[options]\naddons_path = %s\ndata_dir = %s\nhttp_interface = 127.0.0.1\n' \
    "$addons" "$CACHE/data" >"$ODOO_RC"
