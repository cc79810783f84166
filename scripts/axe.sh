# axe-core, which checks pages for WCAG: one file, taken out of a Python package. Source it after venv.sh.

AXE_PACKAGE=axe-playwright-python==0.1.8
export CREDIT_COLLECTION_AXE=$CACHE/axe-${AXE_PACKAGE##*=}.min.js

find_axe() {
    [ -s "$CREDIT_COLLECTION_AXE" ] || locked axe _find_axe
}

_find_axe() {
    [ ! -s "$CREDIT_COLLECTION_AXE" ] || return 0
    local folder log=$CACHE/axe.log
    folder=$(mktemp -d)
    "$VENV/bin/pip" download --no-deps -d "$folder" "$AXE_PACKAGE" >"$log" 2>&1 </dev/null &&
        "$VENV/bin/python" -m zipfile -e "$folder"/*.whl "$folder" >>"$log" 2>&1 ||
        die "axe-core could not be fetched (see $log): give pip a reachable index."
    mv "$folder/axe_playwright_python/axe.min.js" "$CREDIT_COLLECTION_AXE"
    rm -rf "$folder"
}
