# shellcheck shell=bash
# Programs of Python, each in an environment of its own under .build, with every package at a pinned version. Needs
# messages.sh and packages.sh.

# prepare_python ROOT NAME PINS: leaves the folder of the environment in $environment; PINS is the file of its packages.
prepare_python() {
    environment=$1/.build/$2
    # What was installed last is kept beside it: other pins, another environment.
    ! cmp -s "$3" "$environment/installed.txt" || return 0
    require_packages python3 python3-venv
    # Tests side by side may all find it missing.
    mkdir -p "$1/.build"
    exec 8>"$1/.build/$2.lock"
    flock 8
    if ! cmp -s "$3" "$environment/installed.txt"; then
        say "Installing $2 ..."
        rm -rf "$environment"
        if ! /usr/bin/python3 -m venv "$environment" ||
            ! "$environment/bin/pip" install --quiet --disable-pip-version-check --no-input --requirement "$3"; then
            fail "$2 could not be installed in $environment."
        fi
        cp "$3" "$environment/installed.txt"
    fi
    exec 8>&-
}
