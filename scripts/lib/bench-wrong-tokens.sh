# shellcheck shell=bash
# scripts/bench wrong-tokens. Uses that script's variables.

measure_wrong_tokens() {
    variants=(gatehouse)
    say "Starting one with $users users ..."
    start_variant gatehouse
    make_users gatehouse >"$scratch/requests"
    wrong_requests >"$scratch/requests-wrong"
    measure_beside 1 '' wrong_tokens good_requests
    show_beside 'a client that reads' wrong_tokens good_requests
}

# From 16 connections that rest a millisecond before each request, as the good ones do.
load_wrong_tokens() {
    ask gatehouse "$1" 16 "$scratch/requests-wrong" 1
}

load_good_requests() {
    ask gatehouse "$1" 16 "$scratch/requests" 1
}

# Tokens as they could have been made: nothing but the database can tell that they are none.
wrong_requests() {
    local number digits
    for ((number = 0; number < 20000; number++)); do
        printf -v digits '%042d' "$((RANDOM << 30 | RANDOM << 15 | RANDOM))"
        say "/api/v1/me gh_s_${digits}A"
    done
}
