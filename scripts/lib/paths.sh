# shellcheck shell=bash
# Where an instance may lie. Needs messages.sh.

# absolute_path DIR: a relative one begins at the working directory; nothing has to be there yet.
absolute_path() {
    realpath --no-symlinks --canonicalize-missing -- "$1" 2>/dev/null || say "$1"
}

# check_data_path DIR: the absolute path stands in nginx's configuration and in socket addresses, which bound what it may
# contain.
check_data_path() {
    [[ $1 =~ ^/[A-Za-z0-9._/+-]+$ && ! $1/ =~ /\.\.?/ ]] ||
        fail "--data takes a path of letters, digits and . _ + - / without spaces, not \"$1\"."
    ((${#1} <= 80)) || fail "--data takes at most 80 characters, as a socket's address holds no more: $1"
}

# closed_folder PATH COMMAND...: the topmost folder on the way to PATH that COMMAND (which runs "test" as the other
# user) cannot enter; nothing where the way is open, as far as it exists.
closed_folder() {
    local path=$1 folder='' part
    shift
    while IFS= read -r -d / part; do
        folder=${folder%/}/$part
        [[ -e $folder ]] || return 0
        if ! "$@" test -x "$folder"; then
            say "$folder"
            return
        fi
    done <<<"$path"
}
