# shellcheck shell=bash
# Processes that outlive a command, known by pid files. Needs messages.sh.

# wait_until SECONDS COMMAND...: false where COMMAND has not come true in this time.
wait_until() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < end)) || return 1
        sleep 0.05
    done
}

# Prints a port of 127.0.0.1 at which nobody listens, below those that Linux gives to who asks for none.
free_port() {
    local candidate
    for _ in {1..100}; do
        candidate=$((20000 + RANDOM % 12000))
        (exec 3<>"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null || { say "$candidate" && return; }
    done
    fail "found no free port."
}

# is_process PID PATTERN: whether PID is alive and its command line, words parted by spaces, matches. A number may have
# gone to another process since it was written down.
is_process() {
    local words=()
    [[ $1 =~ ^[0-9]+$ ]] || return 1
    { mapfile -d '' -t words <"/proc/$1/cmdline"; } 2>/dev/null || return 1
    # shellcheck disable=SC2053
    [[ "${words[*]} " == $2 ]]
}

# running_process PID_FILE PATTERN: prints the pid where the process still runs.
running_process() {
    local pid=''
    [[ -r $1 ]] && read -r pid <"$1"
    is_process "$pid" "$2" && say "$pid"
}

is_over() {
    ! is_process "$1" "$2"
}

# start_process PID_FILE LOG PATTERN COMMAND...: in a session of its own, so that Ctrl-C at the terminal does not reach
# it, and with the signals that bash takes from what runs behind it given back. Descriptor 9 is the lock of the
# instance. True once the process is what PATTERN says; the pid is left in $started.
start_process() {
    local pid_file=$1 log=$2 pattern=$3
    shift 3
    env --default-signal=INT,QUIT setsid "$@" </dev/null >>"$log" 2>&1 9>&- &
    started=$!
    say "$started" >"$pid_file"
    wait_until 10 is_process_or_gone "$started" "$pattern"
    is_process "$started" "$pattern"
}

is_process_or_gone() {
    is_process "$1" "$2" || ! kill -0 "$1" 2>/dev/null
}

# end_process PID PATTERN SIGNAL SECONDS [SIGNAL SECONDS]...: each signal with the time that it is given; true where the
# process is over, by whichever. KILL goes to the whole group, for nobody is left then to end the children.
end_process() {
    local pid=$1 pattern=$2 target=$1
    shift 2
    while (($#)); do
        is_over "$pid" "$pattern" && return 0
        [[ $1 != KILL ]] || target=-$pid
        kill -s "$1" -- "$target" 2>/dev/null || is_over "$pid" "$pattern" ||
            fail "process $pid belongs to another user."
        wait_until "$2" is_over "$pid" "$pattern" && return 0
        shift 2
    done
    return 1
}
