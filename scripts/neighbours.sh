#!/usr/bin/env bash
# The tests of tests/neighbours on a database where the apps that they are about are installed.
# neighbours.sh [PYTEST ARGUMENT...]
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$ROOT/scripts/env.sh"
source "$ROOT/scripts/db.sh"
cd "$ROOT"

BASE_MODULES=account,sale_stock,sale_management,point_of_sale,pos_sale,stock_dropshipping,sale_mrp
BASE_MODULES+=,sale_loyalty,sale_project,sale_expense,website_sale,stock_picking_batch,repair
BASE_MODULES+=,payment_demo
db=cc_neighbours_$CHECKOUT
trap 'db_drop "$db"' EXIT

say "Installing the module beside point of sale, web shop, dropshipping, manufacturing, an online provider and others ..."
db_new "$db"
db_log_is_clean
pytest --odoo-database="$db" --odoo-http --odoo-log-level=warn -r fEs "${@:-tests/neighbours}"
