internal import Database

/// The steps of ``Schema`` as they are taken on PostgreSQL.
///
/// Every integer is a `bigint`, as the driver sends no other. What is compared by bytes has the collation "C", whatever
/// that of the database is. An index ends with the id, which SQLite appends by itself. Constraints and indexes have names:
/// by them a refused change is told apart.
enum PostgreSQLSchema {
    static let createUsers = Migration.PostgreSQLScript(
        up: [
            """
            CREATE TABLE users (
                id            bytea  NOT NULL CONSTRAINT users_pkey PRIMARY KEY
                                     CONSTRAINT users_id CHECK (octet_length(id) = 16),
                email         text   NOT NULL,
                email_folded  text   NOT NULL COLLATE "C",
                name          text   NOT NULL,
                name_folded   text   NOT NULL COLLATE "C",
                role          text   NOT NULL COLLATE "C" CONSTRAINT users_role CHECK (role IN ('member', 'admin')),
                status        text   NOT NULL COLLATE "C"
                                     CONSTRAINT users_status CHECK (status IN ('active', 'disabled')),
                password_hash text,
                version       bigint NOT NULL CONSTRAINT users_version CHECK (version > 0),
                created_at    bigint NOT NULL,
                updated_at    bigint NOT NULL
            )
            """,
            "CREATE UNIQUE INDEX users_email_folded ON users (email_folded)",
            "CREATE INDEX users_email_folded_id ON users (email_folded, id)",
            "CREATE INDEX users_created_at ON users (created_at, id)",
            "CREATE INDEX users_updated_at ON users (updated_at, id)",
            "CREATE INDEX users_name_folded ON users (name_folded, id)",
            "CREATE INDEX users_role_status ON users (role, status)",
        ],
        down: ["DROP TABLE users"]
    )

    static let createSessions = Migration.PostgreSQLScript(
        up: [
            """
            CREATE TABLE sessions (
                id           bytea  NOT NULL CONSTRAINT sessions_pkey PRIMARY KEY
                                    CONSTRAINT sessions_id CHECK (octet_length(id) = 16),
                user_id      bytea  NOT NULL CONSTRAINT sessions_user REFERENCES users (id) ON DELETE CASCADE,
                token_digest bytea  NOT NULL CONSTRAINT sessions_token CHECK (octet_length(token_digest) = 32),
                created_at   bigint NOT NULL,
                last_seen_at bigint NOT NULL,
                expires_at   bigint NOT NULL,
                ends_at      bigint NOT NULL,
                address      text   NOT NULL,
                user_agent   text   NOT NULL
            )
            """,
            "CREATE UNIQUE INDEX sessions_token_digest ON sessions (token_digest)",
            "CREATE INDEX sessions_user_id ON sessions (user_id, id)",
        ],
        down: ["DROP TABLE sessions"]
    )

    static let serveUserLists = Migration.PostgreSQLScript(
        up: [
            "CREATE INDEX users_role_created_at ON users (role, created_at, id)",
            "CREATE INDEX users_status_created_at ON users (status, created_at, id)",
            "CREATE INDEX users_role_status_created_at ON users (role, status, created_at, id)",
            "DROP INDEX users_role_status",
        ],
        down: [
            "CREATE INDEX users_role_status ON users (role, status)",
            "DROP INDEX users_role_status_created_at",
            "DROP INDEX users_status_created_at",
            "DROP INDEX users_role_created_at",
        ]
    )

    static let createAPIKeys = Migration.PostgreSQLScript(
        up: [
            """
            CREATE TABLE api_keys (
                id           bytea  NOT NULL CONSTRAINT api_keys_pkey PRIMARY KEY
                                    CONSTRAINT api_keys_id CHECK (octet_length(id) = 16),
                user_id      bytea  NOT NULL CONSTRAINT api_keys_user REFERENCES users (id) ON DELETE CASCADE,
                token_digest bytea  NOT NULL CONSTRAINT api_keys_token CHECK (octet_length(token_digest) = 32),
                name         text   NOT NULL,
                access       text   NOT NULL CONSTRAINT api_keys_access CHECK (access IN ('read', 'write')),
                created_at   bigint NOT NULL,
                last_used_at bigint,
                expires_at   bigint
            )
            """,
            "CREATE UNIQUE INDEX api_keys_token_digest ON api_keys (token_digest)",
            "CREATE INDEX api_keys_user_id ON api_keys (user_id, id)",
        ],
        down: ["DROP TABLE api_keys"]
    )

    static let createReceipts = Migration.PostgreSQLScript(
        up: [
            """
            CREATE TABLE receipts (
                id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT receipts_pkey PRIMARY KEY,
                request     bytea  NOT NULL CONSTRAINT receipts_request_size CHECK (octet_length(request) = 16),
                client      bytea  CONSTRAINT receipts_client_size CHECK (octet_length(client) = 16),
                fingerprint bytea  CONSTRAINT receipts_fingerprint_size CHECK (octet_length(fingerprint) = 32),
                status      bigint NOT NULL CONSTRAINT receipts_status CHECK (status BETWEEN 200 AND 499),
                answer      bytea  NOT NULL,
                changes     text   NOT NULL,
                created_at  bigint NOT NULL,
                expires_at  bigint NOT NULL,
                CONSTRAINT receipts_named CHECK ((client IS NULL) = (fingerprint IS NULL))
            )
            """,
            "CREATE UNIQUE INDEX receipts_request ON receipts (request)",
            "CREATE UNIQUE INDEX receipts_client ON receipts (client) WHERE client IS NOT NULL",
            "CREATE INDEX receipts_expires_at ON receipts (expires_at)",
        ],
        down: ["DROP TABLE receipts"]
    )

    /// The log with what has no number yet, see ``EventNumberStatements``.
    static let createEvents = Migration.PostgreSQLScript(
        up: [
            """
            CREATE TABLE events (
                sequence      bigint NOT NULL CONSTRAINT events_pkey PRIMARY KEY,
                \(eventColumns("events"))
            )
            """,
            """
            CREATE TABLE new_events (
                place         bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT new_events_pkey PRIMARY KEY,
                \(eventColumns("new_events"))
            )
            """,
            "CREATE TABLE event_numbering ()",
            """
            CREATE FUNCTION refuse_change_of_event() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION 'events are never changed'; END $$
            """,
            """
            CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
            FOR EACH ROW EXECUTE FUNCTION refuse_change_of_event()
            """,
            """
            CREATE TABLE consumers (
                name          text   NOT NULL COLLATE "C" CONSTRAINT consumers_pkey PRIMARY KEY,
                sequence      bigint NOT NULL,
                turn          bigint NOT NULL,
                failures      bigint NOT NULL,
                failing_since bigint,
                due_at        bigint NOT NULL,
                reason        text   NOT NULL
            )
            """,
            """
            CREATE TABLE held_events (
                consumer    text   NOT NULL COLLATE "C"
                                   CONSTRAINT held_events_consumer REFERENCES consumers (name) ON DELETE CASCADE,
                sequence    bigint NOT NULL
                                   CONSTRAINT held_events_event REFERENCES events (sequence) ON DELETE CASCADE,
                subject     bytea  NOT NULL CONSTRAINT held_events_subject_size CHECK (octet_length(subject) = 16),
                attempts    bigint NOT NULL,
                since       bigint NOT NULL,
                due_at      bigint,
                given_up_at bigint,
                reason      text   NOT NULL,
                CONSTRAINT held_events_pkey PRIMARY KEY (consumer, sequence),
                CONSTRAINT held_events_state CHECK (due_at IS NULL OR given_up_at IS NULL)
            )
            """,
            "CREATE INDEX held_events_due_at ON held_events (consumer, due_at) WHERE due_at IS NOT NULL",
            "CREATE INDEX held_events_subject ON held_events (consumer, subject, sequence) WHERE given_up_at IS NULL",
            "CREATE INDEX held_events_given_up ON held_events (consumer, sequence) WHERE given_up_at IS NOT NULL",
            "CREATE INDEX held_events_sequence ON held_events (sequence)",
            """
            CREATE TABLE audit_chain (
                sequence    bigint NOT NULL CONSTRAINT audit_chain_pkey PRIMARY KEY,
                hash        bytea  NOT NULL CONSTRAINT audit_chain_hash CHECK (octet_length(hash) = 32),
                occurred_at bigint NOT NULL,
                type        text   NOT NULL COLLATE "C",
                subject     bytea  NOT NULL,
                actor_id    bytea
            )
            """,
            "CREATE INDEX audit_chain_occurred_at ON audit_chain (occurred_at, sequence)",
            "CREATE INDEX audit_chain_type ON audit_chain (type, occurred_at, sequence)",
            "CREATE INDEX audit_chain_subject ON audit_chain (subject, occurred_at, sequence)",
            """
            CREATE INDEX audit_chain_actor_id ON audit_chain (actor_id, occurred_at, sequence)
            WHERE actor_id IS NOT NULL
            """,
            """
            CREATE TABLE audit_anchor (
                id       bigint NOT NULL CONSTRAINT audit_anchor_pkey PRIMARY KEY
                                CONSTRAINT audit_anchor_id CHECK (id = 1),
                sequence bigint NOT NULL,
                hash     bytea  NOT NULL CONSTRAINT audit_anchor_hash CHECK (octet_length(hash) = 32)
            )
            """,
            "INSERT INTO audit_anchor (id, sequence, hash) VALUES (1, 0, decode(repeat('00', 32), 'hex'))",
            """
            INSERT INTO consumers (name, sequence, turn, failures, due_at, reason) VALUES ('audit', 0, 0, 0, 0, '')
            """,
        ],
        down: [
            "DROP TABLE audit_anchor", "DROP TABLE audit_chain", "DROP TABLE held_events", "DROP TABLE consumers",
            "DROP TABLE event_numbering", "DROP TABLE new_events", "DROP TABLE events",
            "DROP FUNCTION refuse_change_of_event()",
        ]
    )

    private static func eventColumns(_ table: String) -> String {
        """
        id            bytea  NOT NULL CONSTRAINT \(table)_id CHECK (octet_length(id) = 16),
        type          text   NOT NULL,
        occurred_at   bigint NOT NULL,
        subject       bytea  NOT NULL CONSTRAINT \(table)_subject CHECK (octet_length(subject) = 16),
        actor         text   NOT NULL CONSTRAINT \(table)_actor CHECK (actor IN ('user', 'operator', 'anyone')),
        actor_id      bytea  CONSTRAINT \(table)_actor_id CHECK (octet_length(actor_id) = 16),
        credential    text   CONSTRAINT \(table)_credential CHECK (credential IN ('session', 'key')),
        credential_id bytea  CONSTRAINT \(table)_credential_id CHECK (octet_length(credential_id) = 16),
        address       text   NOT NULL,
        request_id    text   NOT NULL,
        traceparent   text,
        data          text   NOT NULL
        """
    }

    static let createConfirmations = Migration.PostgreSQLScript(
        up: [
            """
            CREATE TABLE confirmations (
                id           bytea  NOT NULL CONSTRAINT confirmations_pkey PRIMARY KEY
                                    CONSTRAINT confirmations_id CHECK (octet_length(id) = 16),
                purpose      text   NOT NULL COLLATE "C" CONSTRAINT confirmations_purpose
                             CHECK (purpose IN ('password_reset', 'verification', 'change_from', 'change_to')),
                user_id      bytea  CONSTRAINT confirmations_user REFERENCES users (id) ON DELETE CASCADE,
                email        text   NOT NULL,
                email_folded text   NOT NULL COLLATE "C",
                partner_id   bytea  CONSTRAINT confirmations_partner CHECK (octet_length(partner_id) = 16),
                token_digest bytea  NOT NULL CONSTRAINT confirmations_token CHECK (octet_length(token_digest) = 32),
                created_at   bigint NOT NULL,
                expires_at   bigint NOT NULL,
                confirmed_at bigint,
                CONSTRAINT confirmations_of_user CHECK ((purpose = 'password_reset') = (user_id IS NULL)),
                CONSTRAINT confirmations_halves
                    CHECK ((purpose IN ('change_from', 'change_to')) = (partner_id IS NOT NULL))
            )
            """,
            "CREATE UNIQUE INDEX confirmations_token_digest ON confirmations (token_digest)",
            "CREATE INDEX confirmations_user_id ON confirmations (user_id, id) WHERE user_id IS NOT NULL",
            "CREATE INDEX confirmations_email_folded ON confirmations (email_folded, id)",
            "CREATE INDEX confirmations_expires_at ON confirmations (expires_at)",
            """
            CREATE TABLE verified_addresses (
                user_id      bytea  NOT NULL CONSTRAINT verified_addresses_pkey PRIMARY KEY
                                    CONSTRAINT verified_addresses_user REFERENCES users (id) ON DELETE CASCADE,
                email_folded text   NOT NULL COLLATE "C",
                verified_at  bigint NOT NULL
            )
            """,
        ],
        down: ["DROP TABLE verified_addresses", "DROP TABLE confirmations"]
    )

    static let createWebhooks = Migration.PostgreSQLScript(
        up: [
            """
            CREATE TABLE webhooks (
                id         bytea  NOT NULL CONSTRAINT webhooks_pkey PRIMARY KEY
                                  CONSTRAINT webhooks_id CHECK (octet_length(id) = 16),
                url        text   NOT NULL,
                status     text   NOT NULL COLLATE "C"
                                  CONSTRAINT webhooks_status CHECK (status IN ('active', 'disabled')),
                secret     bytea  NOT NULL,
                created_at bigint NOT NULL,
                updated_at bigint NOT NULL
            )
            """,
            """
            CREATE TABLE webhook_deliveries (
                id           bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT webhook_deliveries_pkey PRIMARY KEY,
                webhook_id   bytea  NOT NULL
                                    CONSTRAINT webhook_deliveries_webhook REFERENCES webhooks (id) ON DELETE CASCADE,
                sequence     bigint NOT NULL,
                event_id     bytea  NOT NULL CONSTRAINT webhook_deliveries_event CHECK (octet_length(event_id) = 16),
                type         text   NOT NULL,
                attempt      bigint NOT NULL,
                attempted_at bigint NOT NULL,
                status       bigint,
                milliseconds bigint NOT NULL,
                outcome      text   NOT NULL COLLATE "C" CONSTRAINT webhook_deliveries_outcome
                             CHECK (outcome IN ('delivered', 'refused', 'unavailable', 'given_up')),
                reason       text   NOT NULL
            )
            """,
            "CREATE INDEX webhook_deliveries_webhook_id ON webhook_deliveries (webhook_id, id)",
            "CREATE INDEX webhook_deliveries_attempted_at ON webhook_deliveries (attempted_at)",
        ],
        down: ["DROP TABLE webhook_deliveries", "DROP TABLE webhooks"]
    )

    /// What commits leave for other hosts, see ``ChangeLogStatements``, and what one host has at a time.
    ///
    /// The first is not in the server's log: after a crash it is empty, and everything counts as changed.
    static let serveSeveralHosts = Migration.PostgreSQLScript(
        up: [
            """
            CREATE UNLOGGED TABLE committed_changes (
                transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
                changes     text NOT NULL
            )
            """,
            "CREATE INDEX committed_changes_transaction ON committed_changes (transaction)",
            """
            CREATE TABLE leases (
                name       text   NOT NULL COLLATE "C" CONSTRAINT leases_pkey PRIMARY KEY,
                holder     bigint NOT NULL,
                expires_at bigint NOT NULL
            )
            """,
        ],
        down: ["DROP TABLE leases", "DROP TABLE committed_changes"]
    )
}
