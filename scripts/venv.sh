# The virtual environment: sets VENV and makes it when missing. Source it.
# Its name carries a hash of the pins, so checkouts with other pins never disturb each other.

VENV=$CACHE/venv-$(cat "$ROOT"/requirements/*.txt | short_hash)

make_venv() {
    [ -f "$VENV/.done" ] || locked venv _make_venv
}

_make_venv() {
    [ ! -f "$VENV/.done" ] || return 0
    local python=${PYTHON:-python3} log=$CACHE/venv.log
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        die "Python 3.11 or newer is needed: name one with PYTHON=..."
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        apt_install "Python's venv module" python3-venv
    say "Installing Python packages ..."
    rm -rf "$VENV"
    "$python" -m venv "$VENV"
    "$VENV/bin/pip" install --prefer-binary -r "$ROOT/requirements/odoo.txt" \
        -r "$ROOT/requirements/dev.txt" >"$log" 2>&1 </dev/null ||
        die "Python packages could not be installed (see $log): give pip a reachable index."
    printf '#!/bin/sh\nexec "%s/bin/python" -m odoo "$@"\n' "$VENV" >"$VENV/bin/odoo"
    chmod +x "$VENV/bin/odoo"
    touch "$VENV/.done"
}
