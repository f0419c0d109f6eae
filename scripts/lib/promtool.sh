# shellcheck shell=bash
# promtool, which checks what is written for Prometheus. Needs messages.sh.

# prepare_promtool ROOT: leaves its path in $promtool. Debian's package would start a server, so it is only unpacked.
prepare_promtool() {
    local directory=$1/.build/prometheus
    promtool=$directory/usr/bin/promtool
    [[ ! -x $promtool ]] || return 0
    say "Fetching promtool ..."
    rm -rf "$directory"
    mkdir -p "$directory"
    if ! (cd "$directory" && apt-get download -q prometheus >download.log 2>&1); then
        # A machine that has never asked knows no packages.
        ((EUID == 0)) || fail "promtool could not be fetched; as root: apt-get update. See $directory/download.log."
        apt-get update -q >"$directory/update.log" 2>&1 || fail "apt-get update failed; see $directory/update.log."
        (cd "$directory" && apt-get download -q prometheus >download.log 2>&1) ||
            fail "promtool could not be fetched; see $directory/download.log."
    fi
    dpkg-deb --extract "$directory"/prometheus_*.deb "$directory"
    rm -f "$directory"/prometheus_*.deb "$directory/usr/bin/prometheus"
    [[ -x $promtool ]] || fail "Debian's prometheus has no promtool."
}
