# Odoo 19's source: sets ODOO_PATH, the folder that holds the package `odoo`. Source it.
# In this order: ODOO_SRC, an importable odoo 19, Debian's package unpacked into the cache.

# The package, and what its links point at. Odoo needs version 4 of fonts-font-awesome.
ODOO_DEB_PACKAGES=(
    odoo-19/sid libjs-jquery/sid libjs-underscore/sid libjs-jquery-form/sid
    fonts-roboto-unhinted/sid fonts-montserrat/sid fonts-inconsolata/sid fonts-ocr-b/sid
    fonts-font-awesome/bookworm
)
ODOO_DEB=$CACHE/odoo-19-$(printf %s "${ODOO_DEB_PACKAGES[*]}" | short_hash)

find_odoo() {
    if [ -n "${ODOO_SRC:-}" ]; then
        [ -f "$ODOO_SRC/odoo/release.py" ] || die "ODOO_SRC=$ODOO_SRC holds no odoo/release.py."
        ODOO_PATH=$(cd "$ODOO_SRC" && pwd -P)
    elif [ -n "$(_importable_odoo)" ]; then
        ODOO_PATH=$(_linked_odoo "$(_importable_odoo)")
    else
        [ -d "$ODOO_DEB" ] || locked odoo _unpack_odoo
        ODOO_PATH=$(_linked_odoo "$ODOO_DEB/usr/lib/python3/dist-packages/odoo")
    fi
    grep -qE '^version_info *= *\(19,' "$ODOO_PATH/odoo/release.py" ||
        die "The Odoo in $ODOO_PATH is not version 19: set ODOO_SRC to a checkout of Odoo 19."
    export ODOO_PATH
}

# The folder of a package odoo 19 that Python finds by itself, if any.
_importable_odoo() {
    (cd / && env -u PYTHONPATH "${PYTHON:-python3}" - 2>/dev/null <<'PY'
import importlib.util
import pathlib
release = pathlib.Path(importlib.util.find_spec("odoo.release").origin)
if "version_info = (19," in release.read_text():
    print(release.parent)
PY
    ) || true
}

# Alone in a folder, so that nothing beside it shadows the virtual environment.
_linked_odoo() {
    local home
    home=$CACHE/odoo-$(printf %s "$1" | short_hash)
    mkdir -p "$home"
    ln -sfn "$1" "$home/odoo"
    printf %s "$home"
}

_unpack_odoo() {
    [ ! -d "$ODOO_DEB" ] || return 0
    local work=$ODOO_DEB.new log=$CACHE/odoo-download.log deb
    say "Fetching Odoo 19 (Debian's package) ..."
    rm -rf "$work"
    mkdir -p "$work/root" "$work/apt/lists/partial" "$work/apt/archives/partial"
    command -v apt-get dpkg-deb >/dev/null ||
        die "Odoo 19 is missing: set ODOO_SRC to a checkout of Odoo 19."
    # In a shell of its own, so that the first failure ends it.
    (cd "$work" && bash -euc "$(declare -f _debian_mirror _download_odoo); _download_odoo \"\$@\"" \
        odoo.sh "${ODOO_DEB_PACKAGES[@]}") >"$log" 2>&1 </dev/null ||
        die "Odoo 19 could not be fetched (see $log): set ODOO_SRC to a checkout of Odoo 19."
    for deb in "$work"/*.deb; do
        dpkg-deb -x "$deb" "$work/root"
    done
    _complete_odoo "$work/root"
    mv "$work/root" "$ODOO_DEB"
    rm -rf "$work"
}

# A mirror that lags behind will do: indexes past their date are still signed.
_download_odoo() {
    local mirror apt=(apt-get -o Dir::State::lists="$PWD/apt/lists" -o Dir::Cache="$PWD/apt"
        -o APT::Sandbox::User=root -o Acquire::Languages=none -o APT::Get::List-Cleanup=0
        -o Acquire::Check-Valid-Until=false)
    mirror=$(_debian_mirror apt-get)
    [ -n "$mirror" ] || { "${apt[@]}" update; mirror=$(_debian_mirror "${apt[@]}"); }
    [ -n "$mirror" ]
    printf 'deb %s %s main\n' "$mirror" sid "$mirror" bookworm >sources.list
    apt+=(-o Dir::Etc::sourcelist="$PWD/sources.list" -o Dir::Etc::sourceparts=-)
    "${apt[@]}" update
    "${apt[@]}" download "$@"
}

# The mirror that apt already uses; nothing before the first update.
_debian_mirror() {
    "$@" indextargets --format '$(LABEL) $(REPO_URI)' 'Created-By: Packages' |
        sed -n 's/^Debian //p' | sort -u | head -n1
}

# Odoo's links are absolute: point them below the unpacked root. Debian leaves one file out,
# without which every page logs an error.
_complete_odoo() {
    local link target lib=$1/usr/lib/python3/dist-packages/odoo/addons/mail/static/lib
    find "$1" -type l -lname '/*' | while read -r link; do
        target=$(readlink "$link")
        [ ! -e "$1$target" ] || ln -sfnr "$1$target" "$link"
    done
    mkdir -p "$lib/selfie_segmentation"
    touch "$lib/selfie_segmentation/selfie_segmentation.js"
}
