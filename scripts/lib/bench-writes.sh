# shellcheck shell=bash
# scripts/bench writes. Uses that script's variables.

measure_writes() {
    local round turn variant clients
    require_packages gcc libc6-dev libfcgi-dev libsqlite3-dev sqlite3 python3
    variants=(durable gatehouse)
    say "Starting both ..."
    for variant in "${variants[@]}"; do
        start_variant "$variant"
    done
    # Every account may have 100 keys.
    "$root/scripts/lib/fill-sessions" "$scratch/gatehouse/gatehouse.db" 10000 | sed 's|^|/api/v1/api-keys |' \
        >"$scratch/requests-gatehouse"
    say "/api/v1/api-keys -" >"$scratch/requests-durable"
    for clients in 1 64; do
        # Round 0 warms up and does not count.
        for ((round = 0; round <= rounds; round++)); do
            for ((turn = 0; turn < ${#variants[@]}; turn++)); do
                measure_writes_of "${variants[(round + turn) % ${#variants[@]}]}" "$clients" "$round"
            done
        done
    done
    show_writes 1 64
}

# measure_writes_of VARIANT CONNECTIONS ROUND
measure_writes_of() {
    local line
    line=$(BODY='{"name":"bench"}' ask "$1" "$(($3 ? seconds : 1))" "$2" "$scratch/requests-$1")
    [[ $(cut -d ' ' -f 5,6 <<<"$line") == "0 0" ]] || fail "changes of $1 were refused or broken: $line"
    (($3)) || return 0
    say "$2 connections, round $3: $1 $line"
    say "$line" >>"$scratch/results-$1-$2"
}

show_writes() {
    local variant clients
    printf '\n%-12s %-10s %12s %9s %9s\n' connections '' requests/s 'p50 ms' 'p99 ms'
    for clients in "$@"; do
        for variant in "${variants[@]}"; do
            printf '%-12d %-10s %12.0f %9.3f %9.3f\n' "$clients" "$variant" "$(column "$variant-$clients" 2)" \
                "$(column "$variant-$clients" 3)" "$(column "$variant-$clients" 4)"
        done
        awk -v clients="$clients" -v a="$(column "gatehouse-$clients" 2)" -v b="$(column "durable-$clients" 2)" \
            'BEGIN { printf "gatehouse / durable at %d: %.2f\n", clients, a / b }'
    done
    say "$workers workers x $threads threads, keep-alive to the pool: $keepalive, $rounds rounds of $seconds s by turns."
}
