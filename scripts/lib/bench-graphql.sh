# shellcheck shell=bash
# scripts/bench graphql. Uses that script's variables.

measure_graphql() {
    local round turn kind line
    local -A bodies=([rest]='' [post]='{"query":"{ me { id email name } }"}' [get]='')
    local kinds=(rest post get)
    variants=(gatehouse)
    say "Starting it ..."
    start_variant gatehouse
    say "Making $users users with a token each ..."
    make_users gatehouse >"$scratch/requests-rest"
    sed 's|^[^ ]*|/graphql|' "$scratch/requests-rest" >"$scratch/requests-post"
    sed 's|^[^ ]*|/graphql?query=%7Bme%7Bid%20email%20name%7D%7D|' "$scratch/requests-rest" >"$scratch/requests-get"
    # By turns, and each round begins with another; round 0 warms up and does not count.
    for ((round = 0; round <= rounds; round++)); do
        for ((turn = 0; turn < ${#kinds[@]}; turn++)); do
            kind=${kinds[(round + turn) % ${#kinds[@]}]}
            cp "$scratch/requests-$kind" "$scratch/requests"
            line=$(BODY=${bodies[$kind]} load gatehouse "$((round ? seconds : 1))")
            ((round)) || continue
            [[ $(cut -d ' ' -f 5,6 <<<"$line") == "0 0" ]] || fail "requests were refused or broken: $line"
            say "round $round: $kind $line"
            say "$line" >>"$scratch/results-$kind"
        done
    done
    # As many fields of one name as a document may have; each document is another one, so that none is known.
    bodies[duplicates]=$(printf '{"query":"#@LINE@\\n{%s}"}' "$(printf ' __typename%.0s' {1..1998})")
    cp "$scratch/requests-post" "$scratch/requests"
    BODY=${bodies[duplicates]} ask gatehouse "$seconds" 1 "$scratch/requests" >"$scratch/results-duplicates"
    head -c 1M /dev/urandom >"$scratch/garbage"
    for ((turn = 0; turn < 50; turn++)); do
        curl --silent --output /dev/null --write-out '%{http_code} %{time_total}\n' --header 'Expect:' \
            --header 'Content-Type: application/json' --data-binary "@$scratch/garbage" "http://127.0.0.1:${port[gatehouse]}/graphql"
    done >"$scratch/results-garbage"
    show_graphql
}

show_graphql() {
    local kind
    local -A names=([rest]='GET /api/v1/users/{id}' [post]='POST /graphql { me { ... } }' [get]='GET /graphql?query=...')
    printf '\n%-32s %12s %9s %9s %11s %9s\n' '' requests/s 'p50 ms' 'p99 ms' 'CPU us/req' ratio
    for kind in rest post get; do
        printf '%-32s %12.0f %9.3f %9.3f %11.2f %9.2f\n' "${names[$kind]}" "$(column "$kind" 2)" "$(column "$kind" 3)" \
            "$(column "$kind" 4)" "$(column "$kind" 7)" \
            "$(paste -d ' ' "$scratch/results-$kind" "$scratch/results-rest" | awk '{ print $2 / $9 }' | median)"
    done
    printf '\n1,998 fields of one name, read, checked and answered: p50 %.3f ms, p99 %.3f ms, one at a time.\n' \
        "$(column duplicates 3)" "$(column duplicates 4)"
    printf '1 MiB of garbage, refused (%s) with its connection: median %.3f ms.\n' "$(cut -d ' ' -f 1 "$scratch/results-garbage" | sort -u | paste -sd ' ')" \
        "$(cut -d ' ' -f 2 "$scratch/results-garbage" | median | awk '{ print $1 * 1000 }')"
    say "$connections connections, $workers workers x $threads threads; ratio of the requests/s of the same round, medians."
}
