# shellcheck shell=bash
# A certificate for development. Needs messages.sh.

# make_certificate DIR: server.crt and server.key in DIR, kept where they are there already.
make_certificate() {
    local certificate=$1/server.crt key=$1/server.key
    if [[ -e $certificate || -e $key ]]; then
        [[ -r $certificate ]] || fail "the certificate cannot be read: $certificate"
        [[ -r $key ]] || fail "the certificate's key cannot be read by $(id -un): $key"
        openssl x509 -in "$certificate" -noout -checkend 3600 >/dev/null 2>&1 ||
            fail "the certificate has expired or is none; remove it and its key to get new ones: $certificate"
        return
    fi
    # Signed by itself, so it is the authority that a client has to trust: --cacert.
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj "/CN=localhost" \
        -addext "basicConstraints=critical,CA:FALSE" \
        -addext "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1" \
        -addext "extendedKeyUsage=serverAuth" \
        -keyout "$key" -out "$certificate" 2>/dev/null || fail "openssl could not make a certificate in $1."
    chmod 0600 "$key"
    chmod 0644 "$certificate"
}
