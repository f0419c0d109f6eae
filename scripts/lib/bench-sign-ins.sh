# shellcheck shell=bash
# scripts/bench sign-ins. Uses that script's variables.

measure_sign_ins() {
    local round beside
    variants=(gatehouse)
    say "Starting one with $users users ..."
    start_variant gatehouse
    make_users gatehouse >"$scratch/requests"
    say "/api/v1/sessions -" >"$scratch/requests-sign-ins"

    for ((round = 0; round <= rounds; round++)); do
        for beside in alone sign-ins; do
            measure_beside_sign_ins "$beside" "$round"
        done
    done
    printf '\n%-32s %12s %9s %9s %14s\n' '8 connections that read' requests/s 'p50 ms' 'p99 ms' 'beside, req/s'
    for beside in alone sign-ins; do
        printf '%-32s %12.0f %9.3f %9.3f %14.0f\n' "$beside" "$(column "$beside" 2)" \
            "$(column "$beside" 3)" "$(column "$beside" 4)" "$(column "$beside-load" 2)"
    done
}

# measure_beside_sign_ins WHAT ROUND: eight connections that read, and 200 that sign in as fast as they are answered;
# round 0 warms up and does not count.
measure_beside_sign_ins() {
    local load='' time=$(($2 ? seconds : 1))
    if [[ $1 == sign-ins ]]; then
        BODY="{\"email\":\"user1@bench.example.com\",\"password\":\"$password\"}" \
            ask gatehouse "$((time + 1))" 200 "$scratch/requests-sign-ins" >"$scratch/beside" &
        load=$!
        # Until it runs.
        sleep 0.5
    fi
    # Paced, so that the reader's own work does not fill the processors.
    ask gatehouse "$time" 8 "$scratch/requests" 2 >"$scratch/reader"
    if [[ -n $load ]]; then wait "$load"; else say "0 0 0 0 0 0" >"$scratch/beside"; fi
    (($2)) || return 0
    cat "$scratch/reader" >>"$scratch/results-$1"
    cat "$scratch/beside" >>"$scratch/results-$1-load"
    : >"$scratch/gatehouse/log/access.log"
}
