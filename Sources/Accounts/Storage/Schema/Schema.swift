package import Database

/// The schema, as steps that never change once they are released; a new one goes to the end.
package enum Schema {
    /// The mark of the database in the file's header: "GHAC".
    package static let applicationID: Int32 = 0x4748_4143

    /// All migrations in order.
    package static let migrations: [Migration] = [
        createUsers, createSessions, serveUserLists, createAPIKeys, serveExpiry,
        createReceipts, createEvents, createConfirmations, createWebhooks, serveSeveralHosts,
        DeliveryDuration.expand, DeliveryDuration.fill, DeliveryDuration.require, DeliveryDuration.validate,
    ]

    /// The last of them without which this program cannot work.
    ///
    /// Those behind it take away what the program before needs, and wait for its end. Raised by the release that needs more.
    package static let neededVersion = 11

    /// What brings a database to the newest of them.
    package static func migrator() throws -> Migrator {
        try Migrator(migrations, applicationID: applicationID, neededVersion: neededVersion)
    }

    /// Why steps that were released before are as nobody would write them for a database in use.
    private static let wasEmpty =
        "the first release for PostgreSQL had this step: it has only ever met empty tables there"

    /// Users.
    ///
    /// Ids are the 16 bytes of a UUID, times are microseconds since the epoch in UTC. What is compared without case
    /// stands a second time in a folded form that the program makes, because engines fold in different ways. The rules
    /// of a row are checked by the database too: a program in error must not store what the next one cannot read.
    private static let createUsers = Migration(
        id: 1,
        name: "create users",
        up: [
            """
            CREATE TABLE users (
                id            BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                email         TEXT    NOT NULL,
                email_folded  TEXT    NOT NULL,
                name          TEXT    NOT NULL,
                name_folded   TEXT    NOT NULL,
                role          TEXT    NOT NULL CHECK (role IN ('member', 'admin')),
                status        TEXT    NOT NULL CHECK (status IN ('active', 'disabled')),
                password_hash TEXT,
                version       INTEGER NOT NULL CHECK (version > 0),
                created_at    INTEGER NOT NULL,
                updated_at    INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID
            """,
            // Finds the account that signs in, and keeps addresses apart.
            "CREATE UNIQUE INDEX users_email_folded ON users (email_folded)",
            // The orders of the list. The primary key follows each column in the index by itself.
            "CREATE INDEX users_created_at ON users (created_at)",
            "CREATE INDEX users_updated_at ON users (updated_at)",
            "CREATE INDEX users_name_folded ON users (name_folded)",
            // Counts administrators without reading members.
            "CREATE INDEX users_role_status ON users (role, status)",
        ],
        down: ["DROP TABLE users"],
        onPostgreSQL: PostgreSQLSchema.createUsers
    )

    /// Sessions, which end with their users.
    private static let createSessions = Migration(
        id: 2,
        name: "create sessions",
        up: [
            """
            CREATE TABLE sessions (
                id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                user_id      BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                token_digest BLOB    NOT NULL CHECK (length(token_digest) = 32),
                created_at   INTEGER NOT NULL,
                last_seen_at INTEGER NOT NULL,
                expires_at   INTEGER NOT NULL,
                ends_at      INTEGER NOT NULL,
                address      TEXT    NOT NULL,
                user_agent   TEXT    NOT NULL
            ) STRICT, WITHOUT ROWID
            """,
            // Finds the session of a token, with every request.
            "CREATE UNIQUE INDEX sessions_token_digest ON sessions (token_digest)",
            // Finds a user's sessions, to list or to end them.
            "CREATE INDEX sessions_user_id ON sessions (user_id)",
        ],
        down: ["DROP TABLE sessions"],
        onPostgreSQL: PostgreSQLSchema.createSessions
    )

    /// Indexes for the filters of the list of users.
    ///
    /// The last one also does what the shorter one did, which goes: every index costs each change.
    private static let serveUserLists = Migration(
        id: 3,
        name: "serve user lists",
        up: [
            "CREATE INDEX users_role_created_at ON users (role, created_at)",
            "CREATE INDEX users_status_created_at ON users (status, created_at)",
            "CREATE INDEX users_role_status_created_at ON users (role, status, created_at)",
            "DROP INDEX users_role_status",
        ],
        down: [
            "CREATE INDEX users_role_status ON users (role, status)",
            "DROP INDEX users_role_status_created_at",
            "DROP INDEX users_status_created_at",
            "DROP INDEX users_role_created_at",
        ],
        onPostgreSQL: PostgreSQLSchema.serveUserLists,
        accepts: [.blockingIndex: wasEmpty, .blockingDropIndex: wasEmpty]
    )

    /// API keys, which end with their users.
    private static let createAPIKeys = Migration(
        id: 4,
        name: "create API keys",
        up: [
            """
            CREATE TABLE api_keys (
                id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                user_id      BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                token_digest BLOB    NOT NULL CHECK (length(token_digest) = 32),
                name         TEXT    NOT NULL,
                access       TEXT    NOT NULL CHECK (access IN ('read', 'write')),
                created_at   INTEGER NOT NULL,
                last_used_at INTEGER,
                expires_at   INTEGER
            ) STRICT, WITHOUT ROWID
            """,
            // Finds the key of a token, with every request that comes with one.
            "CREATE UNIQUE INDEX api_keys_token_digest ON api_keys (token_digest)",
            // Finds a user's keys, to list or to end them.
            "CREATE INDEX api_keys_user_id ON api_keys (user_id)",
        ],
        down: ["DROP TABLE api_keys"],
        onPostgreSQL: PostgreSQLSchema.createAPIKeys
    )

    /// Indexes for deleting what has expired.
    private static let serveExpiry = Migration(
        id: 5,
        name: "serve expiry",
        up: [
            "CREATE INDEX sessions_expires_at ON sessions (expires_at)",
            // Most keys never expire, and are not in it.
            "CREATE INDEX api_keys_expires_at ON api_keys (expires_at) WHERE expires_at IS NOT NULL",
        ],
        down: ["DROP INDEX api_keys_expires_at", "DROP INDEX sessions_expires_at"],
        accepts: [.blockingIndex: wasEmpty]
    )

    /// Receipts: that a change was made, and what was answered.
    ///
    /// One row for each change. It is known by its request, as nginx names it, and by the name that a client gave it; the
    /// fingerprint tells what was asked for under that name. The answer is sealed, as it may hold a token. `changes` are
    /// the tables and rows that the change made old in caches.
    private static let createReceipts = Migration(
        id: 6,
        name: "create receipts",
        up: [
            // Numbered, so that rows are appended: answers have a thousand bytes, and digests fall anywhere.
            """
            CREATE TABLE receipts (
                id          INTEGER NOT NULL PRIMARY KEY,
                request     BLOB    NOT NULL CHECK (length(request) = 16),
                client      BLOB    CHECK (length(client) = 16),
                fingerprint BLOB    CHECK (length(fingerprint) = 32),
                status      INTEGER NOT NULL CHECK (status BETWEEN 200 AND 499),
                answer      BLOB    NOT NULL,
                changes     TEXT    NOT NULL,
                created_at  INTEGER NOT NULL,
                expires_at  INTEGER NOT NULL,
                CHECK ((client IS NULL) = (fingerprint IS NULL))
            ) STRICT
            """,
            // Finds what was answered to an earlier try of the same request, and lets only one of them be carried out.
            "CREATE UNIQUE INDEX receipts_request ON receipts (request)",
            // The same by the client's own name; most changes have none, and are not in it.
            "CREATE UNIQUE INDEX receipts_client ON receipts (client) WHERE client IS NOT NULL",
            // Finds those that nobody can ask for any more.
            "CREATE INDEX receipts_expires_at ON receipts (expires_at)",
        ],
        down: ["DROP TABLE receipts"],
        onPostgreSQL: PostgreSQLSchema.createReceipts
    )

    /// The log of events, the places of its consumers, what they hold, and the chain over the log.
    ///
    /// An event is appended in the transaction of its change and never changed. The numbers are in the order of the
    /// commits, as there is one writer at a time, and have no gaps: none of the last rows is ever deleted. The log has no
    /// index, so that a change pays for one page of it: lists are served by the chain, which is laid on later.
    private static let createEvents = Migration(
        id: 7,
        name: "create events",
        up: [
            """
            CREATE TABLE events (
                sequence      INTEGER NOT NULL PRIMARY KEY,
                id            BLOB    NOT NULL CHECK (length(id) = 16),
                type          TEXT    NOT NULL,
                occurred_at   INTEGER NOT NULL,
                subject       BLOB    NOT NULL CHECK (length(subject) = 16),
                actor         TEXT    NOT NULL CHECK (actor IN ('user', 'operator', 'anyone')),
                actor_id      BLOB    CHECK (length(actor_id) = 16),
                credential    TEXT    CHECK (credential IN ('session', 'key')),
                credential_id BLOB    CHECK (length(credential_id) = 16),
                address       TEXT    NOT NULL,
                request_id    TEXT    NOT NULL,
                traceparent   TEXT,
                data          TEXT    NOT NULL
            ) STRICT
            """,
            """
            CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
            BEGIN SELECT RAISE(ABORT, 'events are never changed'); END
            """,
            """
            CREATE TABLE consumers (
                name          TEXT    NOT NULL PRIMARY KEY,
                sequence      INTEGER NOT NULL,
                turn          INTEGER NOT NULL,
                failures      INTEGER NOT NULL,
                failing_since INTEGER,
                due_at        INTEGER NOT NULL,
                reason        TEXT    NOT NULL
            ) STRICT, WITHOUT ROWID
            """,
            """
            CREATE TABLE held_events (
                consumer    TEXT    NOT NULL REFERENCES consumers (name) ON DELETE CASCADE,
                sequence    INTEGER NOT NULL REFERENCES events (sequence) ON DELETE CASCADE,
                subject     BLOB    NOT NULL CHECK (length(subject) = 16),
                attempts    INTEGER NOT NULL,
                since       INTEGER NOT NULL,
                due_at      INTEGER,
                given_up_at INTEGER,
                reason      TEXT    NOT NULL,
                PRIMARY KEY (consumer, sequence),
                CHECK (due_at IS NULL OR given_up_at IS NULL)
            ) STRICT, WITHOUT ROWID
            """,
            // Finds what is to be tried again; what waits behind another of its subject is not in it.
            "CREATE INDEX held_events_due_at ON held_events (consumer, due_at) WHERE due_at IS NOT NULL",
            // Finds what waits of a subject, in its order.
            "CREATE INDEX held_events_subject ON held_events (consumer, subject, sequence) WHERE given_up_at IS NULL",
            // Finds dead letters.
            "CREATE INDEX held_events_given_up ON held_events (consumer, sequence) WHERE given_up_at IS NOT NULL",
            // Finds what ends with an event.
            "CREATE INDEX held_events_sequence ON held_events (sequence)",
            """
            CREATE TABLE audit_chain (
                sequence    INTEGER NOT NULL PRIMARY KEY,
                hash        BLOB    NOT NULL CHECK (length(hash) = 32),
                occurred_at INTEGER NOT NULL,
                type        TEXT    NOT NULL,
                subject     BLOB    NOT NULL,
                actor_id    BLOB
            ) STRICT
            """,
            // The lists of the audit, the newest first.
            "CREATE INDEX audit_chain_occurred_at ON audit_chain (occurred_at)",
            "CREATE INDEX audit_chain_type ON audit_chain (type, occurred_at)",
            "CREATE INDEX audit_chain_subject ON audit_chain (subject, occurred_at)",
            "CREATE INDEX audit_chain_actor_id ON audit_chain (actor_id, occurred_at) WHERE actor_id IS NOT NULL",
            """
            CREATE TABLE audit_anchor (
                id       INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
                sequence INTEGER NOT NULL,
                hash     BLOB    NOT NULL CHECK (length(hash) = 32)
            ) STRICT
            """,
            "INSERT INTO audit_anchor (id, sequence, hash) VALUES (1, 0, zeroblob(32))",
            """
            INSERT INTO consumers (name, sequence, turn, failures, due_at, reason) VALUES ('audit', 0, 0, 0, 0, '')
            """,
        ],
        down: [
            "DROP TABLE audit_anchor", "DROP TABLE audit_chain", "DROP TABLE held_events", "DROP TABLE consumers",
            "DROP TABLE events",
        ],
        onPostgreSQL: PostgreSQLSchema.createEvents
    )

    /// What is to be confirmed by mail, and which addresses were.
    ///
    /// A row of `confirmations` is deleted when its token was shown or has expired. One for a lost password has no user:
    /// it is made for any address, so that making it tells nothing. An address that was verified counts as long as it is
    /// its user's.
    private static let createConfirmations = Migration(
        id: 8,
        name: "create confirmations",
        up: [
            """
            CREATE TABLE confirmations (
                id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                purpose      TEXT    NOT NULL
                             CHECK (purpose IN ('password_reset', 'verification', 'change_from', 'change_to')),
                user_id      BLOB    REFERENCES users (id) ON DELETE CASCADE,
                email        TEXT    NOT NULL,
                email_folded TEXT    NOT NULL,
                partner_id   BLOB    CHECK (length(partner_id) = 16),
                token_digest BLOB    NOT NULL CHECK (length(token_digest) = 32),
                created_at   INTEGER NOT NULL,
                expires_at   INTEGER NOT NULL,
                confirmed_at INTEGER,
                CHECK ((purpose = 'password_reset') = (user_id IS NULL)),
                CHECK ((purpose IN ('change_from', 'change_to')) = (partner_id IS NOT NULL))
            ) STRICT, WITHOUT ROWID
            """,
            // Finds what a token is for.
            "CREATE UNIQUE INDEX confirmations_token_digest ON confirmations (token_digest)",
            // Finds what ends with a user, or with another of the same purpose.
            "CREATE INDEX confirmations_user_id ON confirmations (user_id) WHERE user_id IS NOT NULL",
            // Finds the tokens that a new password makes worthless.
            "CREATE INDEX confirmations_email_folded ON confirmations (email_folded)",
            // Finds those whose time is over.
            "CREATE INDEX confirmations_expires_at ON confirmations (expires_at)",
            """
            CREATE TABLE verified_addresses (
                user_id      BLOB    NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
                email_folded TEXT    NOT NULL,
                verified_at  INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID
            """,
        ],
        down: ["DROP TABLE verified_addresses", "DROP TABLE confirmations"],
        onPostgreSQL: PostgreSQLSchema.createConfirmations
    )

    /// Webhooks, and what was sent to them.
    ///
    /// The secret is sealed under those of the instance. Deliveries are numbered, so that rows are appended.
    private static let createWebhooks = Migration(
        id: 9,
        name: "create webhooks",
        up: [
            """
            CREATE TABLE webhooks (
                id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                url        TEXT    NOT NULL,
                status     TEXT    NOT NULL CHECK (status IN ('active', 'disabled')),
                secret     BLOB    NOT NULL,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID
            """,
            """
            CREATE TABLE webhook_deliveries (
                id           INTEGER NOT NULL PRIMARY KEY,
                webhook_id   BLOB    NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
                sequence     INTEGER NOT NULL,
                event_id     BLOB    NOT NULL CHECK (length(event_id) = 16),
                type         TEXT    NOT NULL,
                attempt      INTEGER NOT NULL,
                attempted_at INTEGER NOT NULL,
                status       INTEGER,
                milliseconds INTEGER NOT NULL,
                outcome      TEXT    NOT NULL
                             CHECK (outcome IN ('delivered', 'refused', 'unavailable', 'given_up')),
                reason       TEXT    NOT NULL
            ) STRICT
            """,
            // The last tries of a webhook.
            "CREATE INDEX webhook_deliveries_webhook_id ON webhook_deliveries (webhook_id)",
            // Finds those that nobody asks for any more.
            "CREATE INDEX webhook_deliveries_attempted_at ON webhook_deliveries (attempted_at)",
        ],
        down: ["DROP TABLE webhook_deliveries", "DROP TABLE webhooks"],
        onPostgreSQL: PostgreSQLSchema.createWebhooks
    )

    /// What hosts tell each other that share a server; a file has one host.
    private static let serveSeveralHosts = Migration(
        id: 10,
        name: "serve several hosts",
        up: [],
        down: [],
        onPostgreSQL: PostgreSQLSchema.serveSeveralHosts
    )
}
