# shellcheck shell=bash
# scripts/bench sign-ins. Uses that script's variables.

measure_sign_ins() {
    variants=(gatehouse)
    say "Starting one with $users users ..."
    start_variant gatehouse
    make_users gatehouse >"$scratch/requests"
    say "/api/v1/sessions -" >"$scratch/requests-sign-ins"
    # Paced, so that the readers' own work does not fill the processors.
    measure_beside 8 2 sign_ins
    show_beside '8 connections that read' sign_ins
}

# As fast as they are answered.
load_sign_ins() {
    BODY="{\"email\":\"user1@bench.example.com\",\"password\":\"$password\"}" \
        ask gatehouse "$1" 200 "$scratch/requests-sign-ins"
}
