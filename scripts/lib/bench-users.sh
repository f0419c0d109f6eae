# shellcheck shell=bash
# The users that scripts/bench asks for, and as whom it asks. Uses that script's variables.

post=(curl --silent --show-error --max-time 10 --noproxy '*' --header 'Content-Type: application/json')
password='a pass phrase for the bench'

# make_users VARIANT: one line each, the path of a user and the token that may read it.
make_users() {
    local number url=http://127.0.0.1:${port[$1]}/api/v1 answer id
    for ((number = 1; number <= users; number++)); do
        answer=$("${post[@]}" "$url/users" --data \
            "{\"email\":\"user$number@bench.example.com\",\"name\":\"Bench User $number\",\"password\":\"$password\"}")
        [[ $answer =~ \"id\":\ *\"([^\"]+)\" ]] || fail "a user could not be made: $answer"
        id=${BASH_REMATCH[1]}
        say "/api/v1/users/$id $(token_of "$1" "user$number@bench.example.com")"
    done
}

# make_administrator VARIANT: prints a token.
make_administrator() {
    printf '%s' "$password" | "$program" users create --data "$scratch/$1" --email admin@bench.example.com \
        --name Administrator --admin --password-stdin >/dev/null
    token_of "$1" admin@bench.example.com
}

# token_of VARIANT EMAIL
token_of() {
    local answer
    answer=$("${post[@]}" "http://127.0.0.1:${port[$1]}/api/v1/sessions" --data \
        "{\"email\":\"$2\",\"password\":\"$password\"}")
    [[ $answer =~ \"token\":\ *\"([^\"]+)\" ]] || fail "$2 could not sign in: $answer"
    say "${BASH_REMATCH[1]}"
}

# fill_users VARIANT COUNT: that many users without passwords, made over some months, with ids that rise with the time
# as the real ones do.
fill_users() {
    sqlite3 "$scratch/$1/gatehouse.db" >/dev/null <<SQL
PRAGMA synchronous = OFF;
WITH RECURSIVE numbers (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM numbers WHERE n < $2),
     rows AS (SELECT n, 1700000000000000 + n * 61234567 AS instant,
                     'user' || (n * 7919 % 1000003) || '.' || n || '@example.com' AS email,
                     'Name ' || (n * 104729 % 50021) AS name FROM numbers)
INSERT INTO users (id, email, email_folded, name, name_folded, role, status, password_hash, version,
                   created_at, updated_at)
SELECT CAST(printf('%016d', n) AS BLOB), email, email, name, lower(name),
       'member', iif(n % 30 = 0, 'disabled', 'active'), NULL, 1, instant, instant FROM rows;
SQL
}
