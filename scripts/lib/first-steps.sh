# shellcheck shell=bash
# What to try on a new instance. Needs messages.sh.

# show_first_steps DIR PORT ROOT: lines to be pasted as they are; after create_administrator.
show_first_steps() {
    local url=https://localhost:$2 curl="curl --cacert $1/tls/server.crt"
    local password="\"'\"\$PASSWORD\"'\""
    say
    say "Gatehouse answers at $url (log: $1/log)"
    if [[ -n $made_up_password ]]; then
        say "Administrator: $administrator_email, password: $made_up_password (shown this once)"
        password="\"$made_up_password\""
    else
        say "Administrator: $administrator_email"
    fi
    say
    say "Try, in another terminal:"
    say
    # The password is somebody's own and is not shown. A prompt would take the next pasted line for the answer.
    [[ -n $made_up_password ]] || say "  PASSWORD=\${GATEHOUSE_ADMIN_PASSWORD:?set it to the password of $administrator_email first}"
    cat <<LINES
  $curl $url/health
  TOKEN=\$($curl -s $url/api/v1/sessions -H 'Content-Type: application/json' -d '{"email":"$administrator_email","password":$password}' | sed -n 's/.*"token": *"\([^"]*\)".*/\1/p')
  $curl $url/api/v1/me -H "Authorization: Bearer \$TOKEN"
  $curl $url/api/v1/users -H "Authorization: Bearer \$TOKEN" -H 'Content-Type: application/json' -d '{"email":"ada@example.com","name":"Ada Lovelace"}'
  $curl "$url/api/v1/users?per_page=5" -H "Authorization: Bearer \$TOKEN"
  $curl $url/api/v1/password-resets -H 'Content-Type: application/json' -d '{"email":"$administrator_email"}'

LINES
    [[ ${GATEHOUSE_MAIL_MODE:-} != directory ]] || say "Mail is written into ${GATEHOUSE_MAIL_DIRECTORY:-$1/mail}, as the last of these asks for."
    say
    say "End it with: $3/scripts/stop --data $1"
}
