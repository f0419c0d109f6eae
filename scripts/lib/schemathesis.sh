# shellcheck shell=bash
# schemathesis. Needs messages.sh, packages.sh and python-environment.sh.

# prepare_schemathesis ROOT: leaves its path in $schemathesis.
prepare_schemathesis() {
    local environment
    prepare_python "$1" schemathesis "$1/scripts/conformance.d/requirements.txt"
    # shellcheck disable=SC2034
    schemathesis=$environment/bin/schemathesis
}
