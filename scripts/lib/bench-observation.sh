# shellcheck shell=bash
# scripts/bench observation. Uses that script's variables.

measure_observation() {
    local round turn variant line
    variants=(quiet gatehouse)
    say "Starting both ..."
    for variant in "${variants[@]}"; do
        start_variant "$variant"
    done
    say "Making $users users with a token each ..."
    for variant in "${variants[@]}"; do
        make_users "$variant" >"$scratch/requests-$variant"
    done
    # By turns, and each round begins with the other; round 0 warms up and does not count.
    for ((round = 0; round <= rounds; round++)); do
        for ((turn = 0; turn < 2; turn++)); do
            variant=${variants[(round + turn) % 2]}
            cp "$scratch/requests-$variant" "$scratch/requests"
            line=$(load "$variant" "$((round ? seconds : 1))")
            ((round)) || continue
            say "round $round: $variant $line"
            say "$line" >>"$scratch/results-$variant"
        done
    done
    show_observation
}

show_observation() {
    local variant
    printf '\n%-32s %12s %9s %9s %11s\n' '' requests/s 'p50 ms' 'p99 ms' 'CPU us/req'
    for variant in "${variants[@]}"; do
        printf '%-32s %12.0f %9.3f %9.3f %11.2f\n' "$(observation_name "$variant")" "$(column "$variant" 2)" \
            "$(column "$variant" 3)" "$(column "$variant" 4)" "$(column "$variant" 7)"
    done
    paste -d ' ' "$scratch/results-gatehouse" "$scratch/results-quiet" | awk '{ print $2 / $9 }' | median |
        awk '{ printf "A line and the metrics of each request cost %.1f %% of the requests/s (median of the rounds).\n", (1 - $1) * 100 }'
    say "$connections connections, $workers workers x $threads threads, keep-alive to the pool: $keepalive"
}

observation_name() {
    if [[ $1 == quiet ]]; then say "neither line nor metrics"; else say "a line and metrics"; fi
}
