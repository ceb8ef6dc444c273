#!/bin/sh
# Makes sure that the browser tests have a Chromium: the one that is there, or the system's package.
set -eu
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then
        exit 0
    fi
done
run=""
if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        run="sudo -n"
    else
        echo "The browser tests need Chromium: install the package «chromium» and try again." >&2
        exit 1
    fi
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "The browser tests need Chromium: install it with your system's package manager." >&2
    exit 1
fi
echo "Installing Chromium for the browser tests ..."
log=$(mktemp)
if ! { $run apt-get update -qq && DEBIAN_FRONTEND=noninteractive $run apt-get \
        -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends chromium; } >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
rm -f "$log"
