# shellcheck shell=bash
# What scripts/bench measures. Uses that script's variables.

# How long the pool takes from its start until all workers are ready, five times; the last one stays. The end is the time
# in the supervisor's own event, so that nothing has to be asked, and asking costs no processor meanwhile.
measure_start() {
    local begin event
    for _ in {1..5}; do
        end_process "${supervisor[gatehouse]}" "*$scratch/gatehouse *" TERM 20 || fail "gatehouse does not end."
        : >"$scratch/gatehouse/log/pool"
        begin=$(microseconds)
        start_pool gatehouse
        wait_until 20 has_event serving || fail "gatehouse was not ready in 20 seconds."
        event=$(date --date "$(sed -n 's/.*"ts":"\([^"]*\)".*"message":"serving".*/\1/p' "$scratch/gatehouse/log/pool")" +%s%6N)
        say "$(((event - begin) / 1000))" >>"$scratch/starts"
    done
}

# has_event MESSAGE: whether the pool has told of it since its log was emptied.
has_event() {
    grep -q "\"message\":\"$1\"" "$scratch/gatehouse/log/pool"
}

# worker_pids VARIANT
worker_pids() {
    if is_peer "$1"; then
        pgrep --parent "${supervisor[$1]}"
    else
        pgrep --parent "${supervisor[$1]}" --full ' worker'
    fi
}

# memory_of VARIANT: of the supervisor, then of each worker, in KiB.
memory_of() {
    local pids
    mapfile -t pids < <(worker_pids "$1")
    anonymous_memory "${supervisor[$1]}" "${pids[@]}" | paste -sd ' '
}

# load VARIANT SECONDS: the line of cycle-requests.lua with CPU microseconds of the workers for each request behind.
load() {
    local pids ticks result
    mapfile -t pids < <(worker_pids "$1")
    ticks=$(cpu_ticks "${pids[@]}")
    result=$(ask "$1" "$2" "$connections" "$scratch/requests")
    ticks=$(($(cpu_ticks "${pids[@]}") - ticks))
    awk -v ticks="$ticks" -v second="$ticks_per_second" \
        '{ printf "%s %.2f\n", $0, ticks * 1e6 / second / $1 }' <<<"$result"
    # At this speed a log grows by gigabytes.
    [[ ! -f $scratch/$1/log/access.log ]] || : >"$scratch/$1/log/access.log"
}

# ask VARIANT SECONDS CONNECTIONS REQUESTS [PAUSE]: the line of cycle-requests.lua.
ask() {
    local result
    result=$(REQUESTS=$4 PAUSE=${5:-} CONDITIONAL=${conditional:-off} timeout $(($2 + 20)) wrk -t1 "-c$3" "-d${2}s" \
        -s "$root/scripts/lib/cycle-requests.lua" "http://127.0.0.1:${port[$1]}" | sed -n 's/^RESULT //p')
    [[ -n $result ]] || fail "wrk told nothing of $1."
    say "$result"
}
