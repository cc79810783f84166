# Chromium for browser tests, wkhtmltopdf for letters. Source it.

find_browser() {
    local name
    for name in google-chrome chromium chromium-browser google-chrome-stable; do
        ! command -v "$name" >/dev/null || return 0
    done
    apt_install Chromium chromium
}

find_wkhtmltopdf() {
    command -v wkhtmltopdf >/dev/null || apt_install wkhtmltopdf wkhtmltopdf
}
