# shellcheck shell=bash
# schemathesis, in a Python environment of its own under .build, with every package at a pinned version. Needs
# messages.sh and packages.sh.

# prepare_schemathesis ROOT: leaves its path in $schemathesis.
prepare_schemathesis() {
    local pins=$1/scripts/conformance.d/requirements.txt environment=$1/.build/schemathesis
    schemathesis=$environment/bin/schemathesis
    # What was installed last is kept beside it: other pins, another environment.
    ! cmp -s "$pins" "$environment/installed.txt" || return 0
    require_packages python3 python3-venv
    say "Installing schemathesis ..."
    rm -rf "$environment"
    mkdir -p "$1/.build"
    if ! /usr/bin/python3 -m venv "$environment" ||
        ! "$environment/bin/pip" install --quiet --disable-pip-version-check --no-input --requirement "$pins"; then
        fail "schemathesis could not be installed in $environment."
    fi
    cp "$pins" "$environment/installed.txt"
}
