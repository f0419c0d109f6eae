# shellcheck shell=bash
# scripts/bench postgresql. Uses that script's variables.

postgresql=/usr/lib/postgresql/15/bin
database_server='' database_server_pid=''

measure_postgresql() {
    local size round
    local -A sizes=([small]=10000 [large]=1000000)
    require_packages postgresql-15 libpq5 sqlite3 util-linux
    swift build --package-path "$root" --product storage-probe --configuration release --static-swift-stdlib \
        --explicit-target-dependency-import-check error >&2 || fail "the build failed."
    say "Starting a server ..."
    start_database_server
    for size in small large; do
        say "Making ${sizes[$size]} users on both engines ..."
        mkdir -p "$scratch/$size" "$scratch/$size-server"
        "$program" migrate up --data "$scratch/$size" >/dev/null
        fill_users "$size" "${sizes[$size]}"
        sqlite3 "$scratch/$size/gatehouse.db" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
        "$postgresql/createdb" --host "$database_server" --username gatehouse "$size"
        GATEHOUSE_DATABASE_HOST=$database_server GATEHOUSE_DATABASE_NAME=$size GATEHOUSE_DATABASE_USER=gatehouse \
            "$program" migrate up --data "$scratch/$size-server" >/dev/null
        fill_server "$size" "${sizes[$size]}"
    done
    # The same statement with the same user as the probe's "one".
    say "$("$root/.build/release/storage-probe" statement | sed 's/[$]1/:id/');" >"$scratch/find.sql"
    for ((round = 0; round <= rounds; round++)); do
        measure_pgbench "$((sizes[small] / 2))" "$round"
        for size in small large; do
            measure_repositories postgresql "$size" "${sizes[$size]}" "$round" "$database_server" "$size" gatehouse
            measure_repositories sqlite "$size" "${sizes[$size]}" "$round" "$scratch/$size/gatehouse.db"
        done
    done
    show_repositories
}

# A server of this script's own, with the settings that a new one has, but for the memory that holds a large table. It
# refuses to run as root: then it runs as the user whom Debian's package makes.
start_database_server() {
    local account=() pattern
    # Where another user reaches it.
    database_server=$(mktemp -d "${TMPDIR:-/tmp}/gatehouse-server.XXXXXX")
    if ((EUID == 0)); then
        account=(setpriv --reuid=postgres --regid=postgres --clear-groups)
        chown postgres "$database_server"
    fi
    chmod 0755 "$database_server"
    pattern="$postgresql/postgres -D $database_server/data *"
    (cd "$database_server" && "${account[@]}" "$postgresql/initdb" -D data -A trust -U gatehouse -E UTF8 --locale=C) \
        >"$scratch/server.log" 2>&1 || fail "initdb: $(tail -n 3 "$scratch/server.log")"
    start_process "$scratch/server.pid" "$scratch/server.log" "$pattern" "${account[@]}" "$postgresql/postgres" \
        -D "$database_server/data" -k "$database_server" -c listen_addresses= -c shared_buffers=512MB \
        -c max_wal_size=4GB || fail "the server does not start: $(tail -n 3 "$scratch/server.log")"
    database_server_pid=$started
    wait_until 30 "$postgresql/pg_isready" --quiet --host "$database_server" || fail "the server does not answer."
}

end_database_server() {
    [[ -n $database_server ]] || return 0
    end_process "$database_server_pid" "$postgresql/postgres -D $database_server/data *" INT 20 QUIT 5 KILL 5 || true
    rm -rf "$database_server"
}

# fill_server DATABASE COUNT: the users of fill_users.
fill_server() {
    "$postgresql/psql" --quiet --host "$database_server" --username gatehouse --dbname "$1" <<SQL
INSERT INTO users (id, email, email_folded, name, name_folded, role, status, password_hash, version,
                   created_at, updated_at)
SELECT convert_to(lpad(n::text, 16, '0'), 'UTF8'), email, email, name, lower(name),
       'member', CASE WHEN n % 30 = 0 THEN 'disabled' ELSE 'active' END, NULL, 1, instant, instant
FROM (SELECT n, 1700000000000000 + n * 61234567 AS instant,
             'user' || (n * 7919 % 1000003) || '.' || n || '@example.com' AS email,
             'Name ' || (n * 104729 % 50021) AS name FROM generate_series(1::bigint, $2) AS n) AS rows;
VACUUM (ANALYZE) users;
CHECKPOINT;
SQL
}

# measure_pgbench USER ROUND: round 0 warms up and does not count.
measure_pgbench() {
    local id rate
    id=$(printf '%016d' "$1" | od -An -v -tx1 | tr -d ' \n')
    rate=$("$postgresql/pgbench" --no-vacuum --protocol prepared --client 1 --time "$(($2 ? seconds : 1))" \
        --define "id=\\x$id" --file "$scratch/find.sql" --host "$database_server" --username gatehouse small 2>&1 |
        sed -n 's/^tps = \([0-9.]*\).*/\1/p')
    [[ -n $rate ]] || fail "pgbench told no rate."
    (($2)) || return 0
    awk -v rate="$rate" 'BEGIN { printf "%.0f\n", 1e9 / rate }' >>"$scratch/figures-pgbench"
}

# measure_repositories ENGINE SIZE USERS ROUND PLACE...
measure_repositories() {
    local figure value
    "$root/.build/release/storage-probe" measure "$3" "$(($4 ? seconds * 1000 : 500))" "${@:5}" >"$scratch/figures" ||
        fail "the probe failed on $1."
    (($4)) || return 0
    while read -r figure value; do
        say "$value" >>"$scratch/figures-$1-$2-$figure"
    done <"$scratch/figures"
}

# figure NAME: its median.
figure() {
    median <"$scratch/figures-$1"
}

show_repositories() {
    local engine kind small large
    local -A words=([any]='a user by id' [page]='20 users by cursor' [email]='a user by address')
    printf '\n%-12s %-20s %14s %16s %7s\n' engine 'us each' '10,000 users' '1,000,000 users' ratio
    for engine in postgresql sqlite; do
        for kind in any page email; do
            small=$(figure "$engine-small-$kind") large=$(figure "$engine-large-$kind")
            awk -v engine="$engine" -v words="${words[$kind]}" -v small="$small" -v large="$large" 'BEGIN {
                printf "%-12s %-20s %14.1f %16.1f %7.2f\n", engine, words, small / 1000, large / 1000, large / small }'
        done
    done
    awk -v ours="$(figure postgresql-small-one)" -v theirs="$(figure pgbench)" 'BEGIN {
        printf "\none user by id: %.1f us, pgbench %.1f us with the same prepared statement: %.2f\n",
            ours / 1000, theirs / 1000, ours / theirs }'
    awk -v trips="$(figure postgresql-small-trips)" -v there="$(figure postgresql-small-create)" \
        -v here="$(figure sqlite-small-create)" 'BEGIN {
        printf "a new account with its event and its receipt: %.2f round trips, %.0f us; embedded %.0f us\n",
            trips, there / 1000, here / 1000 }'
    say "One thread on a unix socket, medians of $rounds rounds of $seconds s by turns."
}
