# shellcheck shell=bash
# scripts/chaos idle. Uses that script's variables.

chaos_idle() {
    local rounds=0
    while ((rounds == 0 || SECONDS < deadline)); do
        "$root/scripts/test" --filter IdleConnectionTests
        rounds=$((rounds + 1))
    done
}
