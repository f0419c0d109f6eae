# shellcheck shell=bash
# What the scripts say.

say() {
    printf '%s\n' "$*"
}

# One sentence on stderr, then the end. $script is the name that the caller goes by, where that is not its file's.
fail() {
    printf '%s: %s\n' "${script:-${0##*/}}" "$*" >&2
    exit 1
}

# "$@" of the caller, to see that an option is followed by its value.
need_value() {
    (($# >= 2)) || fail "$1 needs a value; see --help."
}

# need_whole_number OPTION VALUE LEAST MOST
need_whole_number() {
    if [[ ! $2 =~ ^(0|[1-9][0-9]{0,14})$ ]] || (($2 < $3 || $2 > $4)); then
        fail "$1 takes a number from $3 to $4, not \"$2\"."
    fi
}

# The comment at the head of a script is its manual.
show_manual() {
    sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$1"
}
