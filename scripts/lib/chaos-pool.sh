# shellcheck shell=bash
# scripts/chaos pool. Uses that script's variables.

chaos_pool() {
    local row status=0 logs=''
    require_packages nginx openssl curl python3
    PATH=$PATH:/usr/sbin
    build_program "$root"
    start_pool_under_chaos
    say "row              treated  requests  failed  written  lost  doubled  again   p99 ms  took s  most s" |
        tee "$scratch/pool"
    IFS=, read -ra rows <<<"$pool_rows"
    for row in "${rows[@]}"; do
        chaos_pool_row "$row" || status=1
    done
    # For who looks what the harm came from.
    if ((status != 0)); then
        cp -r "$data/log" "${logs:=$(mktemp -d "${TMPDIR:-/tmp}/gatehouse-chaos-logs.XXXXXX")}"
        grep '"fault":' "$data/log/access.log" | tail -n 5 || true
    fi
    end_pool_under_chaos
    [[ $peers == no ]] || chaos_peers
    section='' && while IFS= read -r row; do
        printf '%s\n' "$row" >>"$scratch/table"
    done <"$scratch/pool"
    ((status == 0)) || fail "harm was done; the logs are in $logs."
}

# chaos_pool_row ROW
chaos_pool_row() {
    local how
    case $1 in
    quiet) how="--seconds $quiet_seconds" ;;
    reload) how="--times $reloads" ;;
    upgrade) how="--times $upgrades" ;;
    workers) how="--times $resizes --every 0.1" ;;
    nginx) how="--times $nginx_reloads --every 1" ;;
    recycle) how="--seconds $recycle_seconds" ;;
    kill-supervisor) how="--times $supervisor_kills --every 1" ;;
    kill-worker) how="--seconds $kill_seconds --every 0.2" ;;
    random) how="--seconds $random_seconds" ;;
    *) fail "there is no row $1; see --help." ;;
    esac
    # shellcheck disable=SC2086
    python3 "$root/scripts/chaos.d/pool.py" "$1" $how --data "$data" --port "$chaos_port" --clients "$clients" \
        --program "$program" --nginx "$(<"$data/run/nginx.pid")" --seed "$seed" 2>&1 | tee -a "$scratch/pool"
    return "${PIPESTATUS[0]}"
}

# An instance of its own, with a user for each client. Left in $data and $chaos_port.
start_pool_under_chaos() {
    local number log
    data=$(mktemp -d "${TMPDIR:-/tmp}/gatehouse-chaos-pool.XXXXXX")
    trap 'end_pool_under_chaos; rm -rf "$scratch"' EXIT
    chmod 0755 "$data"
    mkdir -p "$data/run" "$data/log" "$data/tls" "$data/nginx"
    make_certificate "$data/tls"
    export GATEHOUSE_LIMITS_ENABLED=false
    "$program" migrate up --data "$data" >/dev/null
    for ((number = 0; number < clients; number++)); do
        printf '%s' 'quantal vellum ostrich' | "$program" users create --data "$data" --name "Client $number" \
            --email "client$number@example.com" --admin --password-stdin >/dev/null
    done
    log=$data/log/events.log
    start_process "$data/run/supervisor.pid" "$log" "*$program serve --data $data *" \
        "$program" serve --data "$data" --workers 2 || fail "the pool does not start: $(tail -n 3 "$log")"
    chaos_port=$(free_port)
    "$root/scripts/nginx-site" --data "$data" --listen "127.0.0.1:$chaos_port" --workers 2 --limits off
    start_process "$data/run/nginx.pid" "$data/log/nginx-start.log" "nginx: master process *-c $data/nginx/nginx.conf *" \
        nginx -e "$data/log/nginx-start.log" -c "$data/nginx/nginx.conf" || fail "nginx does not start."
    wait_until 30 chaos_answers "$data" /health || fail "the pool does not answer: $(tail -n 3 "$log")"
}

# chaos_answers DIR PATH
chaos_answers() {
    curl --silent --fail --output /dev/null --max-time 5 --noproxy '*' --cacert "$1/tls/server.crt" \
        "https://127.0.0.1:$chaos_port$2"
}

end_pool_under_chaos() {
    [[ -n ${data:-} ]] || return 0
    end_instance "$data"
    forget_shared_memory "$data"
    rm -rf "$data"
    data=''
}
