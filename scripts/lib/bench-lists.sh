# shellcheck shell=bash
# scripts/bench lists. Uses that script's variables.

measure_lists() {
    local variant token round kind
    local -A sizes=([small]=1000 [large]=200000)
    local orders=(-created_at -updated_at email name)
    require_packages sqlite3 python3

    variants=(small large)
    for variant in "${variants[@]}"; do
        say "Starting one with ${sizes[$variant]} users ..."
        # Before anybody else has the database open, so that all of it lies in the file and nothing in the log.
        mkdir -p "$scratch/$variant"
        "$program" migrate up --data "$scratch/$variant" >/dev/null
        fill_users "$variant" "${sizes[$variant]}"
        start_variant "$variant" >/dev/null
        token=$(make_administrator "$variant")
        for kind in "${orders[@]}"; do
            "$root/scripts/lib/list-places" "http://127.0.0.1:${port[$variant]}" "$token" "$kind" \
                >"$scratch/requests-$variant-by-cursor,$kind"
        done
        say "/api/v1/users?page=2&per_page=20 $token" >"$scratch/requests-$variant-by-page,-created_at"
    done
    for ((round = 0; round <= rounds; round++)); do
        for kind in "${orders[@]/#/by-cursor,}" by-page,-created_at; do
            for variant in "${variants[@]}"; do
                measure_list "$variant" "$kind" "$round"
            done
        done
    done
    show_lists "${orders[@]/#/by-cursor,}" by-page,-created_at
}

# measure_list VARIANT KIND ROUND: round 0 warms up and does not count.
measure_list() {
    local line
    line=$(ask "$1" "$((${3} ? seconds : 1))" 1 "$scratch/requests-$1-$2")
    (($3)) || return 0
    [[ $(cut -d ' ' -f 5,6 <<<"$line") == "0 0" ]] || fail "lists were refused or broken: $line"
    say "$line" >>"$scratch/results-$1-$2"
}

show_lists() {
    local kind
    printf '\n%-26s %12s %12s %9s\n' 'p50 in ms, users:' 1,000 200,000 ratio
    for kind in "$@"; do
        awk -v kind="$kind" -v small="$(column "small-$kind" 3)" -v large="$(column "large-$kind" 3)" \
            'BEGIN { sub(",", ", ", kind); printf "%-26s %12.3f %12.3f %9.2f\n", kind, small, large, large / small }'
    done
    say "One request at a time, $rounds rounds of $seconds s by turns."
}
