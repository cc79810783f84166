#!/usr/bin/env bash
# Installs the repository with pip in a fresh virtual environment: every file of the add-on is on
# the path of odoo.addons, and nothing else is.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$ROOT/scripts/venv.sh"
make_venv

export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say "Installing the package in a fresh virtual environment ..."
{
    "$VENV/bin/python" -m venv "$work/venv" &&
        "$work/venv/bin/pip" install -q --no-deps "$ROOT"
} >"$CACHE/package.log" 2>&1 || die "The package cannot be installed (see $CACHE/package.log)."
installed=$("$work/venv/bin/python" - <<'PY'
import importlib.metadata
import pathlib

package = importlib.metadata.distribution("odoo-addon-credit-collection")
for path in sorted(str(path) for path in package.files):
    if path.startswith("odoo/addons/") and "__pycache__" not in path:
        print(pathlib.PurePosixPath(path).relative_to("odoo/addons"))
PY
)
tracked=$(cd "$ROOT" && { git ls-files credit_collection 2>/dev/null ||
    find credit_collection -type f ! -name '*.pyc'; } | sort)
diff <(printf '%s\n' "$tracked") <(printf '%s\n' "$installed" | sort) >&2 ||
    die "The package does not hold what the add-on holds (left: the repository, right: installed)."
say "Package: $(printf '%s\n' "$installed" | wc -l) files below odoo.addons."
