# shellcheck shell=bash
# The pools that scripts/bench compares, each with an nginx before it: "classic", "epoll" and "durable" are the programs in
# C, any other is the product; "quiet" is the product that tells nothing of requests, "bare" the product that stores a change
# and nothing beside it. Uses that script's variables.

is_peer() {
    [[ $1 == classic || $1 == epoll || $1 == durable ]]
}

# build_peer VARIANT
build_peer() {
    local peers=$root/scripts/bench-peers libraries=(-lfcgi -pthread)
    local sources=("$peers/$1.c" "$peers/processes.c")
    [[ $1 == classic ]] || sources+=("$peers/epoll_loop.c")
    if [[ $1 == durable ]]; then
        libraries+=(-lsqlite3)
        export BENCH_DATABASE=$scratch/$1/bench.db
        sqlite3 "$BENCH_DATABASE" 'PRAGMA journal_mode = WAL;
            CREATE TABLE entries (name BLOB NOT NULL PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID' >/dev/null
    fi
    gcc -O2 -o "$scratch/$1.peer" "${sources[@]}" "${libraries[@]}"
}

# start_pool VARIANT
start_pool() {
    local data=$scratch/$1 command
    if is_peer "$1"; then
        command=("$scratch/$1.peer" "$data/run/gatehouse.sock" "$workers" "$threads")
    else
        command=("$program" serve --data "$data" --workers "$workers" --threads "$threads")
        export GATEHOUSE_REGISTRATION_OPEN=true GATEHOUSE_LIMITS_ENABLED=false
        unset GATEHOUSE_LOG_REQUESTS GATEHOUSE_METRICS_ENABLED
        [[ $1 != quiet ]] || export GATEHOUSE_LOG_REQUESTS=problems GATEHOUSE_METRICS_ENABLED=false
        if [[ $limits == on ]]; then
            # The most that can be set: no request of the load is refused.
            export GATEHOUSE_LIMITS_ENABLED=true GATEHOUSE_LIMITS_ADDRESS=65535/1s GATEHOUSE_LIMITS_USER=65535/1s
            export GATEHOUSE_LIMITS_SIGN_IN_ADDRESS=65535/1s
        fi
    fi
    start_process "$data/run/supervisor.pid" "$data/log/pool" "*${command[*]} *" "${command[@]}" ||
        fail "$1 does not start: $(tail -n 3 "$data/log/pool")"
    supervisor[$1]=$started
}

# start_variant VARIANT
start_variant() {
    local data=$scratch/$1 log=$scratch/$1/log/nginx-start.log
    port[$1]=$(free_port)
    "$root/scripts/nginx-site" --data "$data" --plain-listen "127.0.0.1:${port[$1]}" --workers 1 --limits off \
        --access-log off --keepalive "$keepalive"
    if is_peer "$1"; then
        build_peer "$1"
    else
        "$program" migrate up --data "$data"
        [[ $1 != bare ]] || write_bare_changes
    fi
    start_pool "$1"
    start_process "$data/run/nginx.pid" "$log" "nginx: master process *-c $data/nginx/nginx.conf *" \
        nginx -e "$log" -c "$data/nginx/nginx.conf" || fail "nginx does not start: $(tail -n 3 "$log")"
    nginx[$1]=$started
    wait_until 20 answers "$1" || fail "$1 does not answer."
}

# answers VARIANT: by a path that goes to the workers' socket, the only one that the programs in C have.
answers() {
    local status
    status=$(curl --silent --output /dev/null --max-time 2 --noproxy '*' --write-out '%{http_code}' \
        "http://127.0.0.1:${port[$1]}/openapi.json") && [[ $status == 200 ]]
}

end_variants() {
    local variant
    end_process "${receiver_pid:-}" '*/scripts/webhook-receiver *' TERM 5 KILL 5 || true
    for variant in "${variants[@]}"; do
        end_process "${nginx[$variant]:-}" "nginx: master process *$scratch/$variant/*" QUIT 5 TERM 5 KILL 5 || true
        end_process "${supervisor[$variant]:-}" "*$scratch/$variant*" TERM 10 INT 5 KILL 5 || true
    done
    forget_shared_memory "$scratch/gatehouse"
    forget_shared_memory "$scratch/quiet"
    forget_shared_memory "$scratch/bare"
}
