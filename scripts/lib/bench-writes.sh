# shellcheck shell=bash
# scripts/bench writes. Uses that script's variables.

# What a change writes beside itself. In the variant "bare" a trigger keeps it from being written.
rows_beside=(receipts events)

measure_writes() {
    local round turn variant clients
    require_packages gcc libc6-dev libfcgi-dev libsqlite3-dev sqlite3 python3
    variants=(durable gatehouse bare)
    say "Starting the three ..."
    for variant in "${variants[@]}"; do
        start_variant "$variant"
        if is_peer "$variant"; then
            say "/api/v1/api-keys -" >"$scratch/requests-$variant"
        else
            # Every account may have 100 keys.
            "$root/scripts/lib/fill-sessions" "$scratch/$variant/gatehouse.db" 10000 | sed 's|^|/api/v1/api-keys |' \
                >"$scratch/requests-$variant"
        fi
    done
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

# write_bare_changes: has the database of "bare" ignore the rows that are written beside a change.
write_bare_changes() {
    local table
    for table in "${rows_beside[@]}"; do
        sqlite3 "$scratch/bare/gatehouse.db" \
            "CREATE TRIGGER bare_$table BEFORE INSERT ON $table BEGIN SELECT RAISE(IGNORE); END"
    done
}

# measure_writes_of VARIANT CONNECTIONS ROUND
measure_writes_of() {
    local line pids ticks
    mapfile -t pids < <(worker_pids "$1")
    ticks=$(cpu_ticks "${pids[@]}")
    line=$(BODY='{"name":"bench"}' ask "$1" "$(($3 ? seconds : 2))" "$2" "$scratch/requests-$1")
    ticks=$(($(cpu_ticks "${pids[@]}") - ticks))
    [[ $(cut -d ' ' -f 5,6 <<<"$line") == "0 0" ]] || fail "changes of $1 were refused or broken: $line"
    (($3)) || return 0
    line=$(awk -v ticks="$ticks" -v second="$ticks_per_second" \
        '{ printf "%s %.0f\n", $0, ticks * 1e6 / second / $1 }' <<<"$line")
    say "$2 connections, round $3: $1 $line"
    say "$line" >>"$scratch/results-$1-$2"
}

show_writes() {
    local variant clients
    printf '\n%-12s %-10s %12s %9s %9s %13s\n' connections '' requests/s 'p50 ms' 'p99 ms' 'CPU us/change'
    for clients in "$@"; do
        for variant in "${variants[@]}"; do
            printf '%-12d %-10s %12.0f %9.3f %9.3f %13.0f\n' "$clients" "$variant" \
                "$(column "$variant-$clients" 2)" "$(column "$variant-$clients" 3)" \
                "$(column "$variant-$clients" 4)" "$(column "$variant-$clients" 7)"
        done
        awk -v clients="$clients" -v a="$(column "gatehouse-$clients" 2)" -v b="$(column "durable-$clients" 2)" \
            -v c="$(column "bare-$clients" 2)" 'BEGIN {
                printf "at %d: gatehouse / durable %.2f, a change costs %.2f of a bare one\n", clients, a / b, c / a }'
    done
    say "$workers workers x $threads threads, keep-alive to the pool: $keepalive, $rounds rounds of $seconds s by turns."
}
