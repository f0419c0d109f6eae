# shellcheck shell=bash
# The tables of scripts/bench. Uses that script's variables.

# column RESULTS NUMBER: the median of one figure.
column() {
    cut -d ' ' -f "$2" "$scratch/results-$1" | median
}

show_results() {
    local variant rate cpu total
    printf '\n%-10s %12s %9s %9s %11s %10s %8s\n' '' requests/s 'p50 ms' 'p99 ms' 'CPU us/req' 'status>399' broken
    for variant in "${variants[@]}"; do
        total=$(awk '{ refused += $5; broken += $6 } END { print refused, broken }' "$scratch/results-$variant")
        printf '%-10s %12.0f %9.3f %9.3f %11.2f %10d %8d\n' "$variant" "$(column "$variant" 2)" \
            "$(column "$variant" 3)" "$(column "$variant" 4)" "$(column "$variant" 7)" "${total% *}" "${total#* }"
    done
    rate=$(column gatehouse 2) cpu=$(column gatehouse 7)
    for variant in classic epoll; do
        awk -v name="$variant" -v a="$rate" -v b="$(column "$variant" 2)" -v c="$cpu" -v d="$(column "$variant" 7)" \
            'BEGIN { printf "gatehouse / %s: %.2f of the requests/s, %.2f of the CPU\n", name, a / b, c / d }'
    done
    printf '\nMemory of its own in KiB (supervisor, then each worker), at rest before and after the load:\n'
    for variant in "${variants[@]}"; do
        printf '%-10s %s  ->  %s\n' "$variant" "${before[$variant]}" "${after[$variant]}"
    done
    printf '\nFrom start to READY: %s ms (median of %d)\n' "$(median <"$scratch/starts")" "$(wc -l <"$scratch/starts")"
    say "$connections connections, $workers workers x $threads threads, keep-alive to the pool: $keepalive, conditional: $conditional, limits: $limits"
}
