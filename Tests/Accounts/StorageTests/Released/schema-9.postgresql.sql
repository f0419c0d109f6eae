-- users.insert
INSERT INTO users (id, email, email_folded, name, name_folded, role, status, password_hash,
                   version, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
-- users.find
SELECT id, email, name, role, status, created_at, updated_at, version FROM users WHERE id = $1
-- users.find_many
WITH RECURSIVE ids (place, id) AS (
    VALUES (1, substr($1::bytea, 1, 16))
    UNION ALL SELECT place + 16, substr($1::bytea, place + 16, 16) FROM ids WHERE place + 16 <= length($1::bytea)
)
SELECT u.id, u.email, u.name, u.role, u.status, u.created_at, u.updated_at, u.version
FROM ids CROSS JOIN users AS u
WHERE u.id = ids.id
-- users.credentials_by_id
SELECT id, email, name, role, status, created_at, updated_at, version, password_hash FROM users WHERE id = $1
-- users.credentials_by_email
SELECT id, email, name, role, status, created_at, updated_at, version, password_hash FROM users WHERE email_folded = $1
-- users.count
SELECT count(*) FROM users
-- users.count_other_administrators
SELECT count(*) FROM users
WHERE role = 'admin' AND status = 'active' AND password_hash IS NOT NULL AND id <> $1
-- users.update
UPDATE users
SET email = $3, email_folded = $4, name = $5, name_folded = $6, role = $7, status = $8, updated_at = $9,
    version = version + 1
WHERE id = $1 AND version = $2
RETURNING id, email, name, role, status, created_at, updated_at, version
-- users.version
SELECT version FROM users WHERE id = $1
-- users.set_password_hash
UPDATE users SET password_hash = $2 WHERE id = $1
-- users.delete
DELETE FROM users WHERE id = $1
-- users.insert_if_free
INSERT INTO users (id, email, email_folded, name, name_folded, role, status, password_hash,
                   version, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (email_folded) DO NOTHING
-- users.count_groups
SELECT role, status, count(*) FROM users GROUP BY role, status
-- users.count_created
SELECT start, (SELECT count(*) FROM users WHERE created_at >= start AND created_at < start + 86400000000)
FROM generate_series($1::bigint, $2::bigint - 1, 86400000000) AS days (start)
-- users_created_at.asc
SELECT id, email, name, role, status, created_at, updated_at, version FROM users WHERE (created_at, id) > ($1, $2) AND (created_at, id) < ($3, $4)
ORDER BY created_at ASC, id ASC LIMIT $5 OFFSET $6
-- users_created_at.desc
SELECT id, email, name, role, status, created_at, updated_at, version FROM users WHERE (created_at, id) > ($1, $2) AND (created_at, id) < ($3, $4)
ORDER BY created_at DESC, id DESC LIMIT $5 OFFSET $6
-- users_created_at.count
SELECT count(*) FROM users WHERE (created_at, id) > ($1, $2) AND (created_at, id) < ($3, $4)
-- users_role_created_at.asc
SELECT id, email, name, role, status, created_at, updated_at, version FROM users WHERE role = $1 AND (created_at, id) > ($2, $3) AND (created_at, id) < ($4, $5)
ORDER BY created_at ASC, id ASC LIMIT $6 OFFSET $7
-- users_role_created_at.desc
SELECT id, email, name, role, status, created_at, updated_at, version FROM users WHERE role = $1 AND (created_at, id) > ($2, $3) AND (created_at, id) < ($4, $5)
ORDER BY created_at DESC, id DESC LIMIT $6 OFFSET $7
-- users_role_created_at.count
SELECT count(*) FROM users WHERE role = $1 AND (created_at, id) > ($2, $3) AND (created_at, id) < ($4, $5)
-- users_status_created_at.asc
SELECT id, email, name, role, status, created_at, updated_at, version FROM users WHERE status = $1 AND (created_at, id) > ($2, $3) AND (created_at, id) < ($4, $5)
ORDER BY created_at ASC, id ASC LIMIT $6 OFFSET $7
-- users_status_created_at.desc
SELECT id, email, name, role, status, created_at, updated_at, version FROM users WHERE status = $1 AND (created_at, id) > ($2, $3) AND (created_at, id) < ($4, $5)
ORDER BY created_at DESC, id DESC LIMIT $6 OFFSET $7
-- users_status_created_at.count
SELECT count(*) FROM users WHERE status = $1 AND (created_at, id) > ($2, $3) AND (created_at, id) < ($4, $5)
-- users_role_status_created_at.asc
SELECT id, email, name, role, status, created_at, updated_at, version FROM users WHERE role = $1 AND status = $2 AND (created_at, id) > ($3, $4) AND (created_at, id) < ($5, $6)
ORDER BY created_at ASC, id ASC LIMIT $7 OFFSET $8
-- users_role_status_created_at.desc
SELECT id, email, name, role, status, created_at, updated_at, version FROM users WHERE role = $1 AND status = $2 AND (created_at, id) > ($3, $4) AND (created_at, id) < ($5, $6)
ORDER BY created_at DESC, id DESC LIMIT $7 OFFSET $8
-- users_role_status_created_at.count
SELECT count(*) FROM users WHERE role = $1 AND status = $2 AND (created_at, id) > ($3, $4) AND (created_at, id) < ($5, $6)
-- users_updated_at.asc
SELECT id, email, name, role, status, created_at, updated_at, version FROM users WHERE (updated_at, id) > ($1, $2) AND (updated_at, id) < ($3, $4)
ORDER BY updated_at ASC, id ASC LIMIT $5 OFFSET $6
-- users_updated_at.desc
SELECT id, email, name, role, status, created_at, updated_at, version FROM users WHERE (updated_at, id) > ($1, $2) AND (updated_at, id) < ($3, $4)
ORDER BY updated_at DESC, id DESC LIMIT $5 OFFSET $6
-- users_updated_at.count
SELECT count(*) FROM users WHERE (updated_at, id) > ($1, $2) AND (updated_at, id) < ($3, $4)
-- users_email_folded.asc
SELECT id, email, name, role, status, created_at, updated_at, version FROM users WHERE (email_folded, id) > ($1, $2) AND (email_folded, id) < ($3, $4)
ORDER BY email_folded ASC, id ASC LIMIT $5 OFFSET $6
-- users_email_folded.desc
SELECT id, email, name, role, status, created_at, updated_at, version FROM users WHERE (email_folded, id) > ($1, $2) AND (email_folded, id) < ($3, $4)
ORDER BY email_folded DESC, id DESC LIMIT $5 OFFSET $6
-- users_email_folded.count
SELECT count(*) FROM users WHERE (email_folded, id) > ($1, $2) AND (email_folded, id) < ($3, $4)
-- users_name_folded.asc
SELECT id, email, name, role, status, created_at, updated_at, version FROM users WHERE (name_folded, id) > ($1, $2) AND (name_folded, id) < ($3, $4)
ORDER BY name_folded ASC, id ASC LIMIT $5 OFFSET $6
-- users_name_folded.desc
SELECT id, email, name, role, status, created_at, updated_at, version FROM users WHERE (name_folded, id) > ($1, $2) AND (name_folded, id) < ($3, $4)
ORDER BY name_folded DESC, id DESC LIMIT $5 OFFSET $6
-- users_name_folded.count
SELECT count(*) FROM users WHERE (name_folded, id) > ($1, $2) AND (name_folded, id) < ($3, $4)
-- sessions.insert
INSERT INTO sessions (id, user_id, token_digest, created_at, last_seen_at, expires_at, ends_at,
                      address, user_agent)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
-- sessions.find
SELECT u.id, u.email, u.name, u.role, u.status, u.created_at, u.updated_at, u.version,
       s.id, s.created_at, s.last_seen_at, s.expires_at, s.ends_at, s.address, s.user_agent
FROM sessions AS s JOIN users AS u ON u.id = s.user_id
WHERE s.token_digest = $1
-- sessions.list
SELECT id, created_at, last_seen_at, expires_at, ends_at, address, user_agent
FROM sessions
WHERE user_id = $1 AND expires_at > $2
ORDER BY id DESC
-- sessions.list_of_many
WITH RECURSIVE ids (place, id) AS (
    VALUES (1, substr($1::bytea, 1, 16))
    UNION ALL SELECT place + 16, substr($1::bytea, place + 16, 16) FROM ids WHERE place + 16 <= length($1::bytea)
)
SELECT s.id, s.created_at, s.last_seen_at, s.expires_at, s.ends_at, s.address, s.user_agent, s.user_id
FROM ids CROSS JOIN sessions AS s
WHERE s.user_id = ids.id AND s.expires_at > $2
-- sessions.find_many
WITH RECURSIVE ids (place, id) AS (
    VALUES (1, substr($1::bytea, 1, 16))
    UNION ALL SELECT place + 16, substr($1::bytea, place + 16, 16) FROM ids WHERE place + 16 <= length($1::bytea)
)
SELECT s.id, s.created_at, s.last_seen_at, s.expires_at, s.ends_at, s.address, s.user_agent, s.user_id
FROM ids CROSS JOIN sessions AS s
WHERE s.id = ids.id
-- sessions.touch
UPDATE sessions SET last_seen_at = $2, expires_at = $3 WHERE id = $1 AND last_seen_at < $2
-- sessions.delete
DELETE FROM sessions WHERE id = $1
-- sessions.delete_of_user
DELETE FROM sessions WHERE id = $1 AND user_id = $2
-- sessions.delete_all
DELETE FROM sessions WHERE user_id = $1
-- sessions.delete_others
DELETE FROM sessions WHERE user_id = $1 AND id <> $2
-- sessions.prune
DELETE FROM sessions
WHERE user_id = $1 AND id NOT IN (
    SELECT id FROM sessions WHERE user_id = $1 ORDER BY last_seen_at DESC, id DESC LIMIT $2
)
-- sessions.expired
SELECT id FROM sessions WHERE expires_at < $1 ORDER BY expires_at LIMIT $2
-- api_keys.insert
INSERT INTO api_keys (id, user_id, token_digest, name, access, created_at, last_used_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
-- api_keys.find
SELECT u.id, u.email, u.name, u.role, u.status, u.created_at, u.updated_at, u.version,
       k.id, k.name, k.access, k.created_at, k.last_used_at, k.expires_at
FROM api_keys AS k JOIN users AS u ON u.id = k.user_id
WHERE k.token_digest = $1
-- api_keys.list
SELECT id, name, access, created_at, last_used_at, expires_at
FROM api_keys
WHERE user_id = $1
ORDER BY id DESC
-- api_keys.list_of_many
WITH RECURSIVE ids (place, id) AS (
    VALUES (1, substr($1::bytea, 1, 16))
    UNION ALL SELECT place + 16, substr($1::bytea, place + 16, 16) FROM ids WHERE place + 16 <= length($1::bytea)
)
SELECT k.id, k.name, k.access, k.created_at, k.last_used_at, k.expires_at, k.user_id
FROM ids CROSS JOIN api_keys AS k
WHERE k.user_id = ids.id
-- api_keys.find_many
WITH RECURSIVE ids (place, id) AS (
    VALUES (1, substr($1::bytea, 1, 16))
    UNION ALL SELECT place + 16, substr($1::bytea, place + 16, 16) FROM ids WHERE place + 16 <= length($1::bytea)
)
SELECT k.id, k.name, k.access, k.created_at, k.last_used_at, k.expires_at, k.user_id
FROM ids CROSS JOIN api_keys AS k
WHERE k.id = ids.id
-- api_keys.count
SELECT count(*) FROM api_keys WHERE user_id = $1
-- api_keys.touch
UPDATE api_keys SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)
-- api_keys.delete_of_user
DELETE FROM api_keys WHERE id = $1 AND user_id = $2
-- api_keys.delete_all
DELETE FROM api_keys WHERE user_id = $1
-- api_keys.expired
SELECT id FROM api_keys WHERE expires_at < $1 ORDER BY expires_at LIMIT $2
-- api_keys.delete
DELETE FROM api_keys WHERE id = $1
-- receipts.insert
INSERT INTO receipts (request, client, fingerprint, status, answer, changes, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
-- receipts.find_by_request
SELECT request, status, answer, changes FROM receipts WHERE request = $1
-- receipts.find_by_client
SELECT request, status, answer, changes, fingerprint FROM receipts WHERE client = $1
-- receipts.delete_expired
DELETE FROM receipts
WHERE id IN (SELECT id FROM receipts WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)
-- confirmations.insert
INSERT INTO confirmations (
    id, purpose, user_id, email, email_folded, partner_id, token_digest, created_at, expires_at, confirmed_at
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
-- confirmations.find
SELECT id, purpose, user_id, email, partner_id, created_at, expires_at, confirmed_at, token_digest FROM confirmations WHERE id = $1
-- confirmations.find_by_token
SELECT id, purpose, user_id, email, partner_id, created_at, expires_at, confirmed_at FROM confirmations WHERE token_digest = $1
-- confirmations.confirm
UPDATE confirmations SET confirmed_at = $2 WHERE id = $1
-- confirmations.delete_of_user
DELETE FROM confirmations WHERE user_id = $1 AND purpose = $2
-- confirmations.delete_to_address
DELETE FROM confirmations WHERE email_folded = $1 AND purpose = $2
-- confirmations.delete_expired
DELETE FROM confirmations
WHERE id IN (SELECT id FROM confirmations WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)
-- verified_addresses.set
INSERT INTO verified_addresses (user_id, email_folded, verified_at) VALUES ($1, $2, $3)
ON CONFLICT (user_id) DO UPDATE SET email_folded = $2, verified_at = $3
-- verified_addresses.find
SELECT verified_at FROM verified_addresses WHERE user_id = $1 AND email_folded = $2
-- events.insert
INSERT INTO new_events (id, type, occurred_at, subject, actor, actor_id, credential, credential_id, address, request_id, traceparent, data) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
-- events.after
SELECT sequence, id, type, occurred_at, subject, traceparent, data FROM events WHERE sequence > $1 ORDER BY sequence LIMIT $2
-- consumers.begin
INSERT INTO consumers (name, sequence, turn, failures, due_at, reason)
VALUES (
    $1, CASE WHEN CAST($2 AS bigint) = 1 THEN 0 ELSE (SELECT coalesce(max(sequence), 0) FROM events) END,
    0, 0, 0, ''
)
ON CONFLICT DO NOTHING
-- consumers.end
DELETE FROM consumers WHERE name = $1
-- consumers.place
SELECT sequence, turn, failures, failing_since, due_at, reason FROM consumers WHERE name = $1
-- consumers.move
UPDATE consumers
SET sequence = $3, turn = $4, failures = $5, failing_since = $6, due_at = $7, reason = $8
WHERE name = $1 AND turn = $2
-- held_events.due
SELECT e.sequence, e.id, e.type, e.occurred_at, e.subject, e.traceparent, e.data,
       h.attempts, h.since, h.due_at, h.reason
FROM held_events AS h JOIN events AS e ON e.sequence = h.sequence
WHERE h.consumer = $1 AND h.due_at <= $2
ORDER BY h.due_at LIMIT $3
-- held_events.next_due
SELECT due_at FROM held_events WHERE consumer = $1 AND due_at IS NOT NULL ORDER BY due_at LIMIT 1
-- held_events.is_holding
SELECT 1 FROM held_events
WHERE consumer = $1 AND given_up_at IS NULL LIMIT 1
-- held_events.is_holding_subject
SELECT 1 FROM held_events
WHERE consumer = $1 AND subject = $2 AND given_up_at IS NULL LIMIT 1
-- held_events.hold
INSERT INTO held_events (consumer, sequence, subject, attempts, since, due_at, given_up_at, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (consumer, sequence)
DO UPDATE SET attempts = $4, due_at = $6, given_up_at = $7, reason = $8
-- held_events.release
DELETE FROM held_events WHERE consumer = $1 AND sequence = $2
-- held_events.promote
UPDATE held_events SET due_at = $3
WHERE consumer = $1 AND due_at IS NULL AND sequence = (
    SELECT sequence FROM held_events
    WHERE consumer = $1 AND subject = $2 AND given_up_at IS NULL
    ORDER BY sequence LIMIT 1
)
-- consumers.state
SELECT greatest(0, coalesce((SELECT max(sequence) FROM events), 0) - sequence),
       (SELECT count(*) FROM held_events WHERE consumer = $1 AND given_up_at IS NULL),
       (SELECT count(*) FROM held_events WHERE consumer = $1 AND given_up_at IS NOT NULL),
       failing_since, reason
FROM consumers WHERE name = $1
-- held_events.dead_letters
SELECT e.id, e.type, h.attempts, h.given_up_at, h.reason
FROM held_events AS h JOIN events AS e ON e.sequence = h.sequence
WHERE h.consumer = $1 AND h.given_up_at IS NOT NULL
ORDER BY h.sequence LIMIT $2
-- held_events.revive
UPDATE held_events SET given_up_at = NULL, since = $2, attempts = 0
WHERE consumer = $1 AND sequence = ANY (ARRAY (
    SELECT sequence FROM held_events
    WHERE consumer = $1 AND given_up_at IS NOT NULL ORDER BY sequence LIMIT $3
))
-- held_events.order
UPDATE held_events
SET due_at = CASE WHEN EXISTS (
    SELECT 1 FROM held_events AS earlier
    WHERE earlier.consumer = $1 AND earlier.subject = held_events.subject AND earlier.given_up_at IS NULL
        AND earlier.sequence < held_events.sequence
) THEN NULL ELSE coalesce(due_at, $2) END
WHERE consumer = $1 AND given_up_at IS NULL
-- consumers.begin_anew
UPDATE consumers SET turn = turn + 1, failures = 0, failing_since = NULL, due_at = 0, reason = ''
WHERE name = $1
-- audit.anchor
SELECT sequence, hash FROM audit_anchor WHERE id = 1
-- audit.head
SELECT sequence, hash FROM audit_chain WHERE sequence = (SELECT max(sequence) FROM audit_chain)
-- audit.entries
SELECT e.sequence, e.id, e.type, e.occurred_at, e.subject, e.actor, e.actor_id, e.credential, e.credential_id,
e.address, e.request_id, e.traceparent, e.data,
       c.hash, c.type, c.occurred_at, c.subject, c.actor_id
FROM events AS e LEFT JOIN audit_chain AS c ON c.sequence = e.sequence
WHERE e.sequence > $1 ORDER BY e.sequence LIMIT $2
-- audit.link
INSERT INTO audit_chain (sequence, hash, occurred_at, type, subject, actor_id)
SELECT sequence, $2, occurred_at, type, subject, actor_id FROM events WHERE sequence = $1
-- audit.expired
SELECT sequence, hash, occurred_at FROM audit_chain
WHERE sequence < (SELECT max(sequence) FROM audit_chain) ORDER BY sequence LIMIT $1
-- audit.move_anchor
UPDATE audit_anchor SET sequence = $1, hash = $2 WHERE id = 1
-- audit.delete_links
DELETE FROM audit_chain WHERE sequence <= $1
-- audit.delete_events
DELETE FROM events WHERE sequence <= $1
-- audit.records_after
SELECT e.sequence, e.id, e.type, e.occurred_at, e.subject, e.actor, e.actor_id, e.credential, e.credential_id,
e.address, e.request_id, e.traceparent, e.data FROM events AS e WHERE e.sequence > $1 ORDER BY e.sequence LIMIT $2
-- audit.newest
SELECT e.sequence, e.id, e.type, e.occurred_at, e.subject, e.actor, e.actor_id, e.credential, e.credential_id,
e.address, e.request_id, e.traceparent, e.data
FROM audit_chain AS c JOIN events AS e ON e.sequence = c.sequence
WHERE c.occurred_at > $1 AND (c.occurred_at, c.sequence) < ($2, $3)

ORDER BY c.occurred_at DESC, c.sequence DESC LIMIT $4
-- audit.newest_of_subject
SELECT e.sequence, e.id, e.type, e.occurred_at, e.subject, e.actor, e.actor_id, e.credential, e.credential_id,
e.address, e.request_id, e.traceparent, e.data
FROM audit_chain AS c JOIN events AS e ON e.sequence = c.sequence
WHERE c.occurred_at > $1 AND (c.occurred_at, c.sequence) < ($2, $3)
AND c.subject = $5
ORDER BY c.occurred_at DESC, c.sequence DESC LIMIT $4
-- audit.newest_of_actor
SELECT e.sequence, e.id, e.type, e.occurred_at, e.subject, e.actor, e.actor_id, e.credential, e.credential_id,
e.address, e.request_id, e.traceparent, e.data
FROM audit_chain AS c JOIN events AS e ON e.sequence = c.sequence
WHERE c.occurred_at > $1 AND (c.occurred_at, c.sequence) < ($2, $3)
AND c.actor_id = $5
ORDER BY c.occurred_at DESC, c.sequence DESC LIMIT $4
-- audit.newest_of_type
SELECT e.sequence, e.id, e.type, e.occurred_at, e.subject, e.actor, e.actor_id, e.credential, e.credential_id,
e.address, e.request_id, e.traceparent, e.data
FROM audit_chain AS c JOIN events AS e ON e.sequence = c.sequence
WHERE c.occurred_at > $1 AND (c.occurred_at, c.sequence) < ($2, $3)
AND c.type = $5
ORDER BY c.occurred_at DESC, c.sequence DESC LIMIT $4
-- webhooks.insert
INSERT INTO webhooks (id, url, status, secret, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
-- webhooks.list
SELECT id, url, status, created_at, updated_at FROM webhooks ORDER BY id
-- webhooks.find
SELECT id, url, status, created_at, updated_at, secret FROM webhooks WHERE id = $1
-- webhooks.update
UPDATE webhooks SET url = $2, status = $3, updated_at = $4 WHERE id = $1
-- webhooks.delete
DELETE FROM webhooks WHERE id = $1
-- webhook_deliveries.record
INSERT INTO webhook_deliveries (
    webhook_id, sequence, event_id, type, attempt, attempted_at, status, milliseconds, outcome, reason
) SELECT id, $2, $3, $4, $5, $6, $7, $8, $9, $10 FROM webhooks WHERE id = $1
-- webhook_deliveries.list
SELECT sequence, event_id, type, attempt, attempted_at, status, milliseconds, outcome, reason
FROM webhook_deliveries WHERE webhook_id = $1 ORDER BY id DESC LIMIT $2
-- webhook_deliveries.delete_old
DELETE FROM webhook_deliveries WHERE id IN (
    SELECT id FROM webhook_deliveries WHERE attempted_at < $1 ORDER BY attempted_at LIMIT $2
)
-- health.ping
SELECT 1 FROM users LIMIT 1
-- events.waiting
SELECT 1 FROM new_events LIMIT 1
-- events.lock
LOCK TABLE event_numbering IN EXCLUSIVE MODE
-- events.number
WITH taken AS (
    DELETE FROM new_events WHERE place IN (SELECT place FROM new_events ORDER BY place LIMIT $1)
    RETURNING place, id, type, occurred_at, subject, actor, actor_id, credential, credential_id, address, request_id, traceparent, data
)
INSERT INTO events (sequence, id, type, occurred_at, subject, actor, actor_id, credential, credential_id, address, request_id, traceparent, data)
SELECT (SELECT coalesce(max(sequence), 0) FROM events) + row_number() OVER (ORDER BY place),
       id, type, occurred_at, subject, actor, actor_id, credential, credential_id, address, request_id, traceparent, data
FROM taken
