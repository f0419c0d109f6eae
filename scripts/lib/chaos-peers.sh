# shellcheck shell=bash
# php8.2-fpm in the table of scripts/chaos pool: the same clients, the same nginx, reloads by USR2. Uses that script's
# variables, and chaos-pool.sh.

chaos_peers() {
    require_packages php8.2-fpm
    peer=$(mktemp -d "${TMPDIR:-/tmp}/gatehouse-chaos-peer.XXXXXX")
    trap 'end_peer; rm -rf "$scratch"' EXIT
    chmod 0755 "$peer"
    mkdir -p "$peer/run" "$peer/log" "$peer/tls" "$peer/store"
    make_certificate "$peer/tls"
    chaos_port=$(free_port)
    write_peer
    # Workers of php-fpm that serve root's files have to be allowed to be root's.
    local allowed=()
    ((EUID != 0)) || allowed=(-R)
    start_process "$peer/run/php.pid" "$peer/log/php.log" "php-fpm: master process *" \
        php-fpm8.2 -F -n "${allowed[@]}" -y "$peer/php-fpm.conf" || fail "php-fpm does not start."
    start_process "$peer/run/nginx.pid" "$peer/log/nginx.log" "nginx: master process *-c $peer/nginx.conf *" \
        nginx -e "$peer/log/nginx.log" -c "$peer/nginx.conf" || fail "nginx does not start."
    wait_until 30 chaos_answers "$peer" /health || fail "php-fpm does not answer: $(tail -n 3 "$peer/log/php.log")"
    # That it fails is what the row is to show.
    peer_row quiet --seconds "$quiet_seconds"
    peer_row reload --times "$reloads"
    end_peer
}

peer_row() {
    python3 "$root/scripts/chaos.d/pool.py" "$@" --data "$peer" --port "$chaos_port" --clients "$clients" \
        --peer "$(<"$peer/run/php.pid")" 2>&1 | tee -a "$scratch/pool" || true
}

end_peer() {
    [[ -n ${peer:-} ]] || return 0
    local pid
    for pid in "$peer"/run/nginx.pid "$peer"/run/php.pid; do
        [[ ! -e $pid ]] || end_process "$(<"$pid")" "*master process *" QUIT 15 TERM 5 KILL 5 || true
    done
    rm -rf "$peer"
    peer=''
}

# As many processes as the pool has threads in two workers; finishes what runs at a reload, as an operator would have it.
write_peer() {
    cat >"$peer/php-fpm.conf" <<END
[global]
error_log = $peer/log/php-fpm.log
process_control_timeout = 10s
daemonize = no
[www]
$( ((EUID != 0)) || printf 'user = root\ngroup = root\n')
listen = $peer/run/php.sock
listen.backlog = 4096
pm = static
pm.max_children = 32
clear_env = yes
END
    cat >"$peer/nginx.conf" <<END
worker_processes 2;
pid $peer/run/nginx-own.pid;
daemon off;
$( ((EUID != 0)) || say 'user root;')
events { worker_connections 1024; }
http {
    access_log off;
    client_body_temp_path $peer/run/body;
    fastcgi_temp_path $peer/run/fastcgi;
    proxy_temp_path $peer/run/proxy;
    scgi_temp_path $peer/run/scgi;
    uwsgi_temp_path $peer/run/uwsgi;
    upstream php { server unix:$peer/run/php.sock; keepalive 32; }
    server {
        listen 127.0.0.1:$chaos_port ssl;
        ssl_certificate $peer/tls/server.crt;
        ssl_certificate_key $peer/tls/server.key;
        location / {
            include /etc/nginx/fastcgi_params;
            fastcgi_param SCRIPT_FILENAME $peer/peer.php;
            fastcgi_param STORE $peer/store;
            fastcgi_keep_conn on;
            fastcgi_pass php;
        }
    }
}
END
    cat >"$peer/peer.php" <<'END'
<?php
// The routes that scripts/chaos.d/pool.py uses, with a file for each user.
[$method, $path] = [$_SERVER['REQUEST_METHOD'], parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)];
$body = json_decode(file_get_contents('php://input'), true) ?? [];
function answer($status, $data = null) {
    http_response_code($status);
    header('Content-Type: application/json');
    if ($data !== null) echo json_encode(['data' => $data]);
    exit;
}
if ($path === '/health') answer(200, 'good');
if ($path === '/api/v1/sessions') answer(201, ['token' => md5($body['email'])]);
$user = substr($_SERVER['HTTP_AUTHORIZATION'] ?? '', 7);
if (!preg_match('/^[0-9a-f]{32}$/', $user)) answer(401);
$file = fopen("{$_SERVER['STORE']}/$user", 'c+');
flock($file, LOCK_EX);
$state = json_decode(stream_get_contents($file), true) ?? ['id' => $user, 'name' => '', 'keys' => []];
function store($state) {
    global $file;
    ftruncate($file, 0);
    rewind($file);
    fwrite($file, json_encode($state));
    fflush($file);
}
$id = basename($path);
if ($path === '/api/v1/me' || $method === 'GET' && $id === $user) answer(200, $state);
if ($method === 'PATCH') { $state['name'] = $body['name']; store($state); answer(200, $state); }
if ($method === 'POST') {
    $key = ['id' => bin2hex(random_bytes(8))];
    $state['keys'][] = $key;
    store($state);
    answer(201, $key);
}
if ($method === 'DELETE') {
    $state['keys'] = array_values(array_filter($state['keys'], fn($key) => $key['id'] !== $id));
    store($state);
    answer(204);
}
answer(200, $state['keys']);
END
}
