# shellcheck shell=bash
# scripts/chaos streams. Uses that script's variables.

chaos_streams() {
    local first=0 share=50000
    while ((first == 0 || SECONDS < deadline)); do
        "$root/scripts/fuzz" --streams "$share" --seed "$seed" --first "$first"
        first=$((first + share))
    done
    note "$first streams"
}
