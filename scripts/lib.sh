# Shared by every script: where things live, and a few words to say. Source it, don't run it.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
CACHE=${CREDIT_COLLECTION_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/credit_collection}
mkdir -p "$CACHE/lock"
CACHE=$(cd "$CACHE" && pwd -P)
export PIP_DISABLE_PIP_VERSION_CHECK=1 DEBIAN_FRONTEND=noninteractive

say() { printf '%s\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# short_hash < TEXT: eight characters that name it.
short_hash() { sha256sum | cut -c1-8; }

# This checkout's name among those that share the cache and the database server.
CHECKOUT=$(printf %s "$ROOT" | short_hash)

# locked NAME COMMAND...: one process at a time, over all checkouts that share the cache.
locked() {
    local name=$1
    shift
    ( flock 9; "$@" ) 9>"$CACHE/lock/$name"
}

# apt_install WHAT PACKAGE...: into the system; only root can, anybody else is told what to do.
apt_install() {
    local what=$1
    shift
    command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] ||
        die "$what is missing: install it (on Debian: apt-get install $*) and run again."
    locked apt _apt_install "$what" "$@"
}

_apt_install() {
    local what=$1 log=$CACHE/apt-install.log
    shift
    say "Installing $what ..."
    { apt-get update -q && apt-get install -qy --no-install-recommends \
        -o DPkg::Lock::Timeout=600 "$@"; } >"$log" 2>&1 </dev/null 9>&- ||
        die "$what could not be installed (see $log): install it (on Debian: apt-get install $*)."
}
