# shellcheck shell=bash
# Debian packages. Needs messages.sh.

# What the program is built with; for who sources this file.
# shellcheck disable=SC2034
build_packages=(git libcurl4-openssl-dev libfcgi-dev libpq-dev libsodium-dev libsqlite3-dev)

# require_packages NAME...: installs those that are missing; who is not root is told their names.
require_packages() {
    local name missing=()
    for name in "$@"; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) == installed ]] || missing+=("$name")
    done
    ((${#missing[@]})) || return 0
    ((EUID == 0)) ||
        fail "Debian packages are missing; install them as root with: apt-get install ${missing[*]}"

    say "Installing ${missing[*]} ..."
    apt-get update || fail "apt-get update failed; the missing packages are: ${missing[*]}"
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" ||
        fail "apt-get could not install: ${missing[*]}"
    if [[ " ${missing[*]} " == *" nginx "* && -d /run/systemd/system ]]; then
        say "Debian has started an nginx of its own on port 80, which is not used here: systemctl disable --now nginx"
    fi
    if [[ " ${missing[*]} " == *" postgresql-15 "* && -d /run/systemd/system ]]; then
        say "Debian has started a PostgreSQL of its own, which is not used here: systemctl disable --now postgresql"
    fi
}
