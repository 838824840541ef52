# Sourced by the scripts that look at pages in a browser, with $work: leaves Chromium's path in $chromium and
# playwright-core and axe-core in $work; ends with "skipped: ..." and status 77 where they cannot be had.
skip() { echo "skipped: the look at the pages in a browser: $1"; exit 77; }
chromium=$(command -v chromium || command -v chromium-browser) || skip "there is no chromium (tools/install test)"
command -v node >/dev/null && command -v npm >/dev/null || skip "there is no nodejs with npm (tools/install test)"
mkdir -p "$work"
work=$(realpath "$work")
if [ ! -d "$work/node_modules/axe-core" ] || [ ! -d "$work/node_modules/playwright-core" ]; then
  (cd "$work" && timeout -k 5 90 npm install --silent --no-fund --no-audit --prefix . \
    playwright-core@1 axe-core@4 >/dev/null 2>&1) || skip "playwright-core and axe-core cannot be had from npm"
fi
