# shellcheck shell=bash
# The sections of scripts/chaos that are tests, which go on for CHAOS_SECONDS. Uses that script's variables.

chaos_writers() {
    chaos_test KilledWritersTests ' kills, '
}

chaos_server() {
    chaos_test DatabaseServerLossTests '^server '
}

chaos_relays() {
    chaos_test KilledRelayTests ' kills of relays'
}

chaos_migrations() {
    chaos_test MigrationTrafficTests '^migration '
}

chaos_power_loss() {
    chaos_test PowerLossTests 'power losses'
}

chaos_idle() {
    local rounds=0
    while ((rounds == 0 || SECONDS < deadline)); do
        "$root/scripts/test" --filter IdleConnectionTests
        rounds=$((rounds + 1))
    done
    note "$rounds times"
}

# chaos_test SUITE WORDS: notes the lines that the tests print with these words.
chaos_test() {
    local line
    CHAOS_SECONDS=$seconds "$root/scripts/test" --filter "$1" | tee "$scratch/output"
    while read -r line; do
        note "$line"
    done < <(grep "$2" "$scratch/output")
}
