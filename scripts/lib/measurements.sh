# shellcheck shell=bash
# What the kernel knows of processes, and sums over many.

ticks_per_second=$(getconf CLK_TCK)

# cpu_ticks PID...: time spent by all threads, in user and kernel mode.
cpu_ticks() {
    local pid line fields sum=0
    for pid in "$@"; do
        line=$(<"/proc/$pid/stat")
        # The name in brackets may hold anything; the fields are counted from behind it.
        read -ra fields <<<"${line##*) }"
        ((sum += fields[11] + fields[12]))
    done
    echo "$sum"
}

# anonymous_memory PID...: in KiB, one a line; what a process has for itself, without files and shared segments.
anonymous_memory() {
    local pid
    for pid in "$@"; do
        awk '$1 == "RssAnon:" { print $2 }' "/proc/$pid/status"
    done
}

# median: of the numbers on stdin, one a line.
median() {
    sort -g | awk '
        { value[NR] = $1 }
        END { print NR % 2 ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2 }'
}

# microseconds since the epoch
microseconds() {
    echo "${EPOCHREALTIME//[.,]/}"
}
