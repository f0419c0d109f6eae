# shellcheck shell=bash
# scripts/bench wrong-tokens. Uses that script's variables.

measure_wrong_tokens() {
    local round beside
    variants=(gatehouse)
    say "Starting one with $users users ..."
    start_variant gatehouse
    make_users gatehouse >"$scratch/requests"
    wrong_requests >"$scratch/requests-wrong"
    cp "$scratch/requests" "$scratch/requests-good"

    for ((round = 0; round <= rounds; round++)); do
        for beside in alone wrong good; do
            measure_beside "$beside" "$round"
        done
    done
    show_wrong_tokens
}

# Tokens as they could have been made: nothing but the database can tell that they are none.
wrong_requests() {
    local number digits
    for ((number = 0; number < 20000; number++)); do
        printf -v digits '%042d' "$((RANDOM << 30 | RANDOM << 15 | RANDOM))"
        say "/api/v1/me gh_s_${digits}A"
    done
}

# measure_beside WHAT ROUND: one client that reads, and what comes beside it from 16 connections that rest a millisecond
# before each request; round 0 warms up and does not count.
measure_beside() {
    local load='' time=$(($2 ? seconds : 1))
    if [[ $1 != alone ]]; then
        ask gatehouse "$((time + 1))" 16 "$scratch/requests-$1" 1 >"$scratch/beside" &
        load=$!
        # Until it runs.
        sleep 0.5
    fi
    ask gatehouse "$time" 1 "$scratch/requests" >"$scratch/reader"
    if [[ -n $load ]]; then wait "$load"; else say "0 0 0 0 0 0" >"$scratch/beside"; fi
    (($2)) || return 0
    cat "$scratch/reader" >>"$scratch/results-$1"
    cat "$scratch/beside" >>"$scratch/results-$1-load"
    : >"$scratch/gatehouse/log/access.log"
}

show_wrong_tokens() {
    local beside
    printf '\n%-32s %12s %9s %9s %14s\n' 'a client that reads' requests/s 'p50 ms' 'p99 ms' 'beside, req/s'
    for beside in alone wrong good; do
        printf '%-32s %12.0f %9.3f %9.3f %14.0f\n' "$(beside_name "$beside")" "$(column "$beside" 2)" \
            "$(column "$beside" 3)" "$(column "$beside" 4)" "$(column "$beside-load" 2)"
    done
}

beside_name() {
    case $1 in
    alone) say 'alone' ;;
    wrong) say 'beside wrong tokens' ;;
    good) say 'beside good requests' ;;
    esac
}
