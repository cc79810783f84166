#!/usr/bin/env bash
# The module beside OCA's credit modules, as PyPI has them for Odoo 19: it is installed, updated and
# uninstalled where they are, they are installed and uninstalled where it is, and the tests of
# moving in run on their data; then our open items are compared with OCA's reports, item by item.
# Where PyPI cannot be reached, it says so and ends well.
# oca.sh [PYTEST ARGUMENT...]
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$ROOT/scripts/setup.sh"
source "$ROOT/scripts/venv.sh"

MODULES=(account_credit_control account_financial_risk sale_financial_risk sale_financial_risk_info
    account_invoice_overdue_warn account_invoice_overdue_warn_sale)
# The reports that tests/ledger/test_peers.py compares with, and what they need.
PEERS=(account_financial_report partner_statement date_range report_xlsx report_xlsx_helper)
OCA=$CACHE/oca
joined=$(IFS=,; echo "${MODULES[*]}")
peers=$(IFS=,; echo "${PEERS[*]}")

fetch() {
    # All or none: pip replaces the folder that they share.
    local name missing="" wanted=()
    for name in "${MODULES[@]}" "${PEERS[@]}"; do
        [ -d "$OCA/odoo/addons/$name" ] || missing=1
        wanted+=("odoo-addon-${name//_/-}==19.0.*")
    done
    [ -z "$missing" ] ||
        "$VENV/bin/pip" install -q --no-deps --upgrade --target "$OCA" "${wanted[@]}"
}

locked oca fetch >"$CACHE/oca.log" 2>&1 || {
    say "Skipped: OCA's credit modules cannot be had from PyPI (see $CACHE/oca.log)."
    exit 0
}

export EXTRA_ADDONS=$OCA/odoo/addons
export BASE_MODULES=account,sale_stock,sale_management,$joined
source "$ROOT/scripts/env.sh"
source "$ROOT/scripts/db.sh"
cd "$ROOT"

scripts/check_lifecycle.sh

db=cc_oca_$CHECKOUT
trap 'db_drop "$db"' EXIT
say "Installing the module beside ${MODULES[*]} ..."
db_new "$db"
db_log_is_clean
pytest --odoo-database="$db" --odoo-log-level=warn -q -r fEs "${@:-tests/moving/test_move_in_oca.py}"

say "Comparing with ${PEERS[0]} and ${PEERS[1]} ..."
db_odoo "$db" -i "$peers"
pytest --odoo-database="$db" --odoo-log-level=error -q -r fEs tests/ledger/test_peers.py

say "Installing them beside the module, and taking them off again ..."
BASE_MODULES=account,sale_stock,sale_management
db_new "$db"
db_odoo "$db" -i "$joined"
db_log_is_clean
odoo shell -d "$db" --no-http --log-level=warn --shell-interface=python >>"$DB_LOG" 2>&1 <<PY
modules = env["ir.module.module"].search([("name", "in", "$joined".split(","))])
modules.button_immediate_uninstall()
PY
db_odoo "$db" -u credit_collection
db_log_is_clean
say "It comes and goes beside them."
