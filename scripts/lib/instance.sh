# shellcheck shell=bash
# The processes of one instance: how they are known and in which order they end. Needs messages.sh and processes.sh.
# Patterns are for is_process; a data path has no character that a pattern would take for its own.

supervisor_pattern() {
    say "*gatehouse serve --data $1 *"
}

nginx_pattern() {
    say "nginx: master process *-c $1/nginx/nginx.conf *"
}

# The script that watches an instance in the foreground.
watcher_pattern() {
    say "*scripts/lib/serve-instance --data $1 *"
}

running_supervisor() {
    running_process "$1/run/supervisor.pid" "$(supervisor_pattern "$1")"
}

running_nginx() {
    running_process "$1/run/nginx.pid" "$(nginx_pattern "$1")"
}

running_watcher() {
    running_process "$1/run/watcher.pid" "$(watcher_pattern "$1")"
}

# forget_shared_memory DIR: of an instance that ends for good. The segment names its directory.
forget_shared_memory() {
    local segment
    for segment in /dev/shm/gatehouse-"$(id -u)"-*; do
        ! grep -aqF "$1" "$segment" 2>/dev/null || rm -f "$segment"
    done
}

# end_nginx DIR: it takes no new requests and waits for those it has; each step harder than the one before has its time.
end_nginx() {
    local pid
    pid=$(running_nginx "$1") || return 0
    end_process "$pid" "$(nginx_pattern "$1")" QUIT 40 TERM 5 KILL 5 || fail "nginx (process $pid) does not end."
}

# end_instance DIR: nginx first, for the pool has to be there until then.
end_instance() {
    local pid
    end_nginx "$1"
    if pid=$(running_supervisor "$1"); then
        end_process "$pid" "$(supervisor_pattern "$1")" TERM 40 INT 10 KILL 5 || fail "process $pid does not end."
    fi
    rm -f "$1/run/supervisor.pid" "$1/run/nginx.pid" "$1/run/watcher.pid"
}
