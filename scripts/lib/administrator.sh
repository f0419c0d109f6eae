# shellcheck shell=bash
# The first administrator, made once. Needs messages.sh.

# Takes both out of the environment, which the program's processes would hand on.
take_administrator_from_environment() {
    administrator_email=${GATEHOUSE_ADMIN_EMAIL:-admin@example.com}
    administrator_password=${GATEHOUSE_ADMIN_PASSWORD:-}
    unset GATEHOUSE_ADMIN_EMAIL GATEHOUSE_ADMIN_PASSWORD
}

# create_administrator PROGRAM DIR DATABASE_IS_NEW: leaves a password in $made_up_password only where it made one up.
create_administrator() {
    local made=$2/administrator code=0
    made_up_password=''
    if [[ -s $made && $3 == no ]]; then
        administrator_email=$(<"$made")
        return
    fi
    if [[ -z $administrator_password ]]; then
        made_up_password=$(openssl rand -hex 12)
        administrator_password=$made_up_password
    fi
    printf '%s' "$administrator_password" | "$1" users create --data "$2" --email "$administrator_email" \
        --name Administrator --admin --password-stdin >/dev/null || code=$?
    # 3: somebody has this address already, and a password of their own.
    ((code != 3)) || made_up_password=''
    ((code == 0 || code == 3)) || fail "the administrator $administrator_email could not be made."
    say "$administrator_email" >"$made"
}
