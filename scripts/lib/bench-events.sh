# shellcheck shell=bash
# scripts/bench events. Uses that script's variables.

measure_events() {
    local path token webhook before begun round waiting=10000 receiver=$scratch/receiver
    require_packages python3
    variants=(gatehouse)
    # The receiver listens where only the machine reaches it.
    export GATEHOUSE_WEBHOOKS_PRIVATE_NETWORKS=127.0.0.1
    users=1
    say "Starting it, with a receiver ..."
    start_variant gatehouse
    read -r path token < <(make_users gatehouse)
    : >"$receiver.port"
    # So that it goes with the pool when this script ends.
    start_process "$receiver.pid" "$receiver.port" "*/scripts/webhook-receiver *" \
        "$root/scripts/webhook-receiver" "$receiver" || fail "the receiver does not start: $(<"$receiver.port")"
    receiver_pid=$started
    wait_until 10 test -s "$receiver.port" || fail "the receiver does not listen."
    webhook=$("$program" webhooks create "http://127.0.0.1:$(<"$receiver.port")/" --data "$scratch/gatehouse" |
        sed -n 's/^id //p')
    # A new webhook is served within a second.
    change_name "$path" "$token" 0
    wait_until 20 has_received 1 || fail "the receiver was not told of a change."
    for ((round = 1; round <= 200; round++)); do
        # Time to come to rest in between.
        sleep 0.1
        change_name "$path" "$token" "$round"
    done
    wait_until 20 has_received 201 || fail "of 200 changes $(($(wc -l <"$receiver") - 1)) were told."
    show_delays "$receiver"
    for ((round = 1; round <= rounds; round++)); do
        "$program" webhooks disable "$webhook" --data "$scratch/gatehouse" >/dev/null
        "$root/scripts/lib/fill-events" "$scratch/gatehouse/gatehouse.db" "$waiting"
        before=$(wc -l <"$receiver")
        begun=$(microseconds)
        "$program" webhooks enable "$webhook" --data "$scratch/gatehouse" >/dev/null
        wait_until 120 has_received "$((before + waiting))" || fail "the events were not told in 120 seconds."
        say "round $round: $waiting waiting events in $((($(microseconds) - begun) / 1000)) ms after the webhook was enabled"
    done
}

# change_name PATH TOKEN NUMBER
change_name() {
    "${post[@]}" --fail --output /dev/null --request PATCH --header "Authorization: Bearer $2" \
        --data "{\"name\":\"Name $3\"}" "http://127.0.0.1:${port[gatehouse]}$1"
}

# has_received COUNT
has_received() {
    (($(wc -l <"$scratch/receiver") >= $1))
}

# show_delays FILE: from the time of an event, before its commit, to its arrival, at rest; without the first one.
show_delays() {
    python3 - "$1" <<'PYTHON'
import datetime, json, sys

delays = []
for line in list(open(sys.argv[1]))[1:]:
    came, _, message = line.split(" ", 2)
    told = datetime.datetime.fromisoformat(json.loads(message)["time"].replace("Z", "+00:00")).timestamp()
    delays.append(int(came) / 1000 - told * 1000)
delays.sort()
print(
    "from change to receiver, %d changes at rest: p50 %.1f ms, p99 %.1f ms, longest %.1f ms"
    % (len(delays), delays[len(delays) // 2], delays[len(delays) * 99 // 100], delays[-1])
)
PYTHON
}
