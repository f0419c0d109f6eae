# shellcheck shell=bash
# The callers of the load that scripts/bench makes. Uses that script's variables.

# One line a user: id and token.
make_tokens() {
    local number url=http://127.0.0.1:${port[gatehouse]}/api/v1 password='a pass phrase for the bench' answer id token
    local post=(curl --silent --show-error --max-time 10 --noproxy '*' --header 'Content-Type: application/json')
    for ((number = 1; number <= users; number++)); do
        answer=$("${post[@]}" "$url/users" --data \
            "{\"email\":\"user$number@bench.example.com\",\"name\":\"Bench User $number\",\"password\":\"$password\"}")
        [[ $answer =~ \"id\":\ *\"([^\"]+)\" ]] || fail "a user could not be made: $answer"
        id=${BASH_REMATCH[1]}
        answer=$("${post[@]}" "$url/sessions" --data \
            "{\"email\":\"user$number@bench.example.com\",\"password\":\"$password\"}")
        [[ $answer =~ \"token\":\ *\"([^\"]+)\" ]] || fail "a user could not sign in: $answer"
        token=${BASH_REMATCH[1]}
        say "$id $token"
    done
}
