# shellcheck shell=bash
# scripts/bench read. Uses that script's variables.

measure_read() {
    local round turn variant line
    # nginx may keep as many connections as clients come, and the classic loop needs a thread for each.
    ((workers * threads >= connections)) || fail "the classic loop needs workers x threads >= connections."
    require_packages gcc libc6-dev libfcgi-dev

    variants=(classic epoll gatehouse)
    say "Starting the three ..."
    for variant in "${variants[@]}"; do
        start_variant "$variant"
    done
    measure_start
    say "Making $users users with a token each ..."
    make_users gatehouse >"$scratch/requests"

    declare -gA before after
    for variant in "${variants[@]}"; do
        before[$variant]=$(memory_of "$variant")
    done
    for ((round = 0; round <= rounds; round++)); do
        # Each round begins with another, so that none always has the same predecessor; round 0 warms up and does not
        # count.
        for ((turn = 0; turn < ${#variants[@]}; turn++)); do
            variant=${variants[(round + turn) % ${#variants[@]}]}
            if ((round == 0)); then
                load "$variant" 1 >/dev/null
            else
                line=$(load "$variant" "$seconds")
                say "round $round: $variant $line"
                say "$line" >>"$scratch/results-$variant"
            fi
        done
    done
    for variant in "${variants[@]}"; do
        after[$variant]=$(memory_of "$variant")
    done
    show_results
}
