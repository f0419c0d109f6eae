# shellcheck shell=bash
# The program. Needs messages.sh and packages.sh.

# build_program ROOT: builds what is not built yet and leaves the path in $program. Who has a program already names it
# in GATEHOUSE_PROGRAM.
build_program() {
    if [[ -n ${GATEHOUSE_PROGRAM:-} ]]; then
        program=$GATEHOUSE_PROGRAM
        # The program takes what begins with its name for its configuration.
        unset GATEHOUSE_PROGRAM
        [[ -x $program ]] || fail "GATEHOUSE_PROGRAM names no program: $program"
        return 0
    fi
    require_packages "${build_packages[@]}"
    local version
    version=$(swift --version 2>/dev/null | grep -o 'Swift version [0-9.]*') || version="none on the PATH"
    [[ $version == "Swift version 6.3"* ]] ||
        fail "Swift 6.3 is needed to build (found: $version); see https://www.swift.org/install/linux"
    say "Building; the first time takes some minutes ..."
    swift build --package-path "$1" --product gatehouse --configuration release --static-swift-stdlib \
        --explicit-target-dependency-import-check error || fail "the build failed."
    program=$1/.build/release/gatehouse
}
