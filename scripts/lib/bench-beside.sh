# shellcheck shell=bash
# What clients that read notice of another load, for sections of scripts/bench. Uses that script's variables.

# measure_beside READERS PAUSE WHAT...: that many connections that read, resting PAUSE milliseconds before each request
# (or '' for no rest), alone and beside each WHAT by turns: load_WHAT SECONDS prints the line of cycle-requests.lua. Round
# 0 warms up and does not count.
measure_beside() {
    local readers=$1 pause=$2 round beside
    shift 2
    for ((round = 0; round <= rounds; round++)); do
        for beside in alone "$@"; do
            measure_once_beside "$beside" "$round" "$readers" "$pause"
        done
    done
}

measure_once_beside() {
    local load='' time=$(($2 ? seconds : 1))
    if [[ $1 != alone ]]; then
        "load_$1" "$((time + 1))" >"$scratch/beside" &
        load=$!
        # Until it runs.
        sleep 0.5
    fi
    ask gatehouse "$time" "$3" "$scratch/requests" "$4" >"$scratch/reader"
    if [[ -n $load ]]; then wait "$load"; else say "0 0 0 0 0 0" >"$scratch/beside"; fi
    (($2)) || return 0
    cat "$scratch/reader" >>"$scratch/results-$1"
    cat "$scratch/beside" >>"$scratch/results-$1-load"
    : >"$scratch/gatehouse/log/access.log"
}

# show_beside TITLE WHAT...: the medians, each WHAT with blanks for underscores.
show_beside() {
    local what
    printf '\n%-32s %12s %9s %9s %14s\n' "$1" requests/s 'p50 ms' 'p99 ms' 'beside, req/s'
    shift
    for what in alone "$@"; do
        printf '%-32s %12.0f %9.3f %9.3f %14.0f\n' "$(beside_name "$what")" "$(column "$what" 2)" \
            "$(column "$what" 3)" "$(column "$what" 4)" "$(column "$what-load" 2)"
    done
}

beside_name() {
    if [[ $1 == alone ]]; then say alone; else say "beside ${1//_/ }"; fi
}
