internal import API
internal import Configuration
internal import Database
internal import Linux
internal import RateLimiting
internal import WorkerPool

/// The table of the configuration: every key with its unit, its default and the reason for it.
///
/// `gatehouse config default` writes it as a commented file, `gatehouse config check` holds what people wrote against it.
enum SettingKeys {
    static let table = ConfigurationTable(
        prefix: "GATEHOUSE",
        [
            listen, group, peers, backlog, workers, threads, heavyThreads, heavyBacklog, heavyTimeout,
            requestTimeout, bootTimeout, shutdownTimeout, probationTime, probationDeaths, probationFaults,
            wearRequests, wearMemory, wearAge,
            databasePath, busyTimeout, durability, checkpointBytes,
            databaseHost, databasePort, databaseName, databaseUser, databasePasswordFile, databaseSecurity,
            databaseAuthorities, databaseIsPooled,
            cacheSize, cacheTTL,
            bodyLimit, requiresIfMatch, siteName, registrationIsOpen, sessionIdle, sessionTotal,
            passwordMemory, passwordPasses, passwordPermits,
            checkpointInterval, expiryInterval, expiredSessionsKept, expiredKeysKept, auditKept,
            statisticsInterval,
            accessLog, logFormat, loggedRequests, slowRequest, slowStatement, metricsAreOn,
            limitsAreOn, limitOfAddress, limitOfUser, limitOfSignInAddress, limitOfSignIn, limitOfSignInLong,
            limitOfSignInAccount, limitOfSignInAttacked, limitOfPasswordChange, limitOfGraphQLCost, limitOfMailAddress,
            limitOfMail, graphQLIsOn, graphQLProfile,
            statusListen, statusReaders, backupInterval, backupDirectory, backupCount, backupAge,
            webhookNetworks,
        ] + mail
    )

    /// The variables that the scripts keep for themselves.
    static let foreignEnvironment: Set<String> = [
        "GATEHOUSE_ADMIN_EMAIL", "GATEHOUSE_ADMIN_PASSWORD", "GATEHOUSE_PROGRAM",
    ]

    // MARK: - The pool

    static let listen = ConfigurationKey<String>.text(
        "pool.listen",
        summary: "Where nginx reaches the pool: unix:PATH, or ADDRESS:PORT on loopback. A reload does not move it.",
        default: "unix:run/gatehouse.sock",
        reason: "A unix socket needs no port, and the file system says who may connect.",
        check: { ListenAddress($0) == nil ? "must be unix:PATH or ADDRESS:PORT on loopback" : nil }
    )

    static let group = ConfigurationKey<String>.text(
        "pool.group",
        summary: "The group that the unix socket is given to: nginx's, such as www-data.",
        default: "",
        reason: "Empty leaves it to the group of the process.",
        check: { $0.isEmpty || SystemUsers.id(ofGroup: $0) != nil ? nil : "must name a group of this system" }
    )

    static let peers = ConfigurationKey<String>.text(
        "pool.peers",
        summary: "Who may connect beside root, the pool's own user and the socket's group: users, @groups, addresses.",
        default: "",
        reason: "Whoever connects may claim any client. Separated by spaces; over TCP loopback may connect anyway.",
        check: { list in
            do throws(AllowedPeers.Unknown) {
                var peers = try AllowedPeers()
                try peers.add(list)
                return nil
            } catch {
                return "\(error)"
            }
        }
    )

    static let backlog = ConfigurationKey<Int>.integer(
        "pool.backlog",
        summary: "How many connections may wait to be accepted.",
        in: 1...65_535,
        default: 4096,
        unit: "connections",
        reason: "The kernel's own limit (net.core.somaxconn); a full backlog is an error 502 at once."
    )

    static let workers = ConfigurationKey<Int>.integer(
        "pool.workers",
        summary: "How many worker processes.",
        in: 1...1024,
        default: ThisProcess.processors,
        rule: "the number of processors",
        unit: "processes",
        reason: "A request is mostly computing; more processes than processors only wait for one another."
    )

    static let threads = ConfigurationKey<Int>.integer(
        "pool.threads",
        summary: "How many handler threads each worker has.",
        in: 1...1024,
        default: 16,
        unit: "threads",
        reason: "Enough to answer while some wait for the disk or for a password hash."
    )

    static let heavyThreads = ConfigurationKey<Int>.integer(
        "pool.heavy_threads",
        summary: "How many threads more each worker has for requests that always hash a password.",
        in: 1...1024,
        default: 2,
        unit: "threads",
        reason: "While one hashes or waits for its turn (passwords.concurrent), the other reads, refuses and stores."
    )

    static let heavyBacklog = ConfigurationKey<Int>.integer(
        "pool.heavy_backlog",
        summary: "How many such requests may wait in each worker; more are answered with 503 at once.",
        in: 1...65_535,
        default: 512,
        unit: "requests",
        reason: "Each costs a connection and no thread. Who waits does not come again at once, as who is refused does."
    )

    static let heavyTimeout = ConfigurationKey<Duration>.duration(
        "pool.heavy_timeout",
        summary: "How long such a request may wait; then it is answered with 503.",
        in: .milliseconds(100)...(.seconds(60)),
        default: .seconds(2),
        reason: "A person waits that long for a sign-in; together with pool.request_timeout below nginx's patience."
    )

    static let requestTimeout = ConfigurationKey<Duration>.duration(
        "pool.request_timeout",
        summary: "How long reading and answering one request may take; then its connection is shut down.",
        in: .seconds(1)...(.seconds(3600)),
        default: .seconds(30),
        reason: "Below fastcgi_read_timeout of the nginx site, so that nginx does not give up first."
    )

    static let bootTimeout = ConfigurationKey<Duration>.duration(
        "pool.boot_timeout",
        summary: "How long a new worker may take until it is ready.",
        in: .milliseconds(100)...(.seconds(600)),
        default: .seconds(10),
        reason: "A worker is ready in a tenth of a second; a slow disk may need longer."
    )

    static let shutdownTimeout = ConfigurationKey<Duration>.duration(
        "pool.shutdown_timeout",
        summary: "How long a draining worker may finish what runs.",
        in: .milliseconds(100)...(.seconds(3600)),
        default: .seconds(30),
        reason: "As long as a request may take."
    )

    static let probationTime = ConfigurationKey<Duration>.duration(
        "pool.probation",
        summary: "How long a new generation is watched after a reload; 0s watches none.",
        in: .seconds(0)...(.seconds(3600)),
        default: .seconds(10),
        reason: "What a change breaks at once shows within seconds; the last good binary and settings come back then."
    )

    static let probationDeaths = ConfigurationKey<Int>.integer(
        "pool.probation_deaths",
        summary: "The most workers of a watched generation that may die before the last good one comes back.",
        in: 0...1000,
        default: 3,
        unit: "deaths",
        reason: "One may be chance, and somebody may have ended one by hand."
    )

    static let probationFaults = ConfigurationKey<Int>.integer(
        "pool.probation_faults",
        summary: "The most answers 500 of a watched generation before the last good one comes back.",
        in: 0...1_000_000,
        default: 20,
        unit: "faults",
        reason: "A route that nobody uses much may have been broken before."
    )

    static let wearRequests = ConfigurationKey<Int>.integer(
        "pool.worker_requests",
        summary: "After how many requests a worker is replaced, less up to a tenth by chance; 0 for never.",
        in: 0...1_000_000_000,
        default: 0,
        unit: "requests",
        reason: "Nothing is known that would need it; it bounds what a fault can do that nobody has found yet."
    )

    static let wearMemory = ConfigurationKey<Int>.size(
        "pool.worker_memory",
        summary: "From how much resident memory of its own on a worker is replaced; 0 for never.",
        in: 0...(1 << 40),
        default: 1 << 30,
        reason: "Many times what a worker needs with a cache of 16 MiB; raise it together with cache.size."
    )

    static let wearAge = ConfigurationKey<Duration>.duration(
        "pool.worker_age",
        summary: "After how long a worker is replaced, less up to a tenth by chance; 0s for never.",
        in: .seconds(0)...(.seconds(366 * 86_400)),
        default: .seconds(0),
        reason: "As for pool.worker_requests."
    )

    // MARK: - The database

    static let databasePath = ConfigurationKey<String>.path(
        "database.path",
        summary: "The file of the database, on a local file system.",
        default: "gatehouse.db",
        reason: "Beside everything else of the instance."
    )

    static let busyTimeout = ConfigurationKey<Duration>.duration(
        "database.busy_timeout",
        summary: "How long a change waits for another to end; then it is answered with 503.",
        in: .milliseconds(1)...(.seconds(60)),
        default: .seconds(5),
        reason: "Changes take about a millisecond: who waits for seconds waits for a fault."
    )

    static let durability = ConfigurationKey<Durability>.choice(
        "database.durability",
        summary: "What an acknowledged change survives: power_loss, or only process_end.",
        default: .powerLoss,
        reason: "An account that was acknowledged is there; process_end is faster by the disk's sync."
    )

    static let checkpointBytes = ConfigurationKey<Int>.size(
        "database.checkpoint_size",
        summary: "From which size on the write-ahead log is copied back into the database file.",
        in: (64 << 10)...(1 << 30),
        default: 4 << 20,
        reason: "SQLite's own default of 1000 pages: a longer log makes reads slower."
    )

    // MARK: - The cache

    static let cacheSize = ConfigurationKey<Int>.size(
        "cache.size",
        summary: "The most memory in which each worker remembers sessions, users, counts and responses; 0 is off.",
        in: 0...(16 << 30),
        default: 16 << 20,
        reason: "Some 20,000 users with their sessions and responses, in each worker; what is not asked for goes first."
    )

    static let cacheTTL = ConfigurationKey<Duration>.duration(
        "cache.ttl",
        summary: "How long a worker remembers what does not change, give or take a tenth.",
        in: .seconds(1)...(.seconds(86_400)),
        default: .seconds(300),
        reason: "A change makes old at once, in all workers; time is for what somebody does to the file by other means."
    )

    // MARK: - Requests

    static let bodyLimit = ConfigurationKey<Int>.size(
        "http.body_limit",
        summary: "The largest body of a request.",
        in: 1024...(16 << 20),
        default: 64 << 10,
        reason: "The largest that the API needs; client_max_body_size of the nginx site must not be smaller."
    )

    static let requiresIfMatch = ConfigurationKey<Bool>.boolean(
        "http.require_if_match",
        summary: "Whether PUT, PATCH and DELETE of a user must name the version they are meant for (If-Match).",
        default: false,
        reason: "Where several people work on the same accounts, nobody undoes unseen what another has done."
    )

    // MARK: - Accounts

    static let siteName = ConfigurationKey<String>.text(
        "site.name",
        summary: "What people call the site. Passwords that are made of it are refused as too common.",
        default: "",
        reason: "Only the site's operator knows."
    )

    static let registrationIsOpen = ConfigurationKey<Bool>.boolean(
        "registration.open",
        summary: "Whether anyone may make an account.",
        default: false,
        reason: "Who may have an account is the site's decision."
    )

    static let sessionIdle = ConfigurationKey<Duration>.duration(
        "sessions.idle_timeout",
        summary: "After how long without use a session ends.",
        in: .seconds(600)...(.seconds(366 * 86_400)),
        default: .seconds(14 * 86_400),
        reason: "A holiday."
    )

    static let sessionTotal = ConfigurationKey<Duration>.duration(
        "sessions.total_timeout",
        summary: "After how long a session ends in any case.",
        in: .seconds(600)...(.seconds(3660 * 86_400)),
        default: .seconds(90 * 86_400),
        reason: "A stolen token is worth nothing after a quarter of a year."
    )

    static let passwordMemory = ConfigurationKey<Int>.size(
        "passwords.memory",
        summary: "The memory of one password hash (Argon2id).",
        in: (7168 << 10)...(1 << 30),
        default: 19_456 << 10,
        reason: "OWASP's recommendation together with two passes."
    )

    static let passwordPasses = ConfigurationKey<Int>.integer(
        "passwords.passes",
        summary: "The number of passes of one password hash (Argon2id).",
        in: 1...16,
        default: 2,
        unit: "passes",
        reason: "OWASP's recommendation together with 19 MiB."
    )

    static let passwordPermits = ConfigurationKey<Int>.integer(
        "passwords.concurrent",
        summary: "How many password hashes all processes together make at once.",
        in: 1...SharedState.mostPasswordPermits,
        default: max(1, ThisProcess.processors / 2),
        rule: "half the number of processors, 1 at least",
        unit: "hashes",
        reason: "One hash takes a processor for 15 ms; the other half is left to all other requests."
    )

    // MARK: - Maintenance

    static let checkpointInterval = ConfigurationKey<Duration>.duration(
        "maintenance.checkpoint_interval",
        summary: "How often the size of the write-ahead log is looked at (database.checkpoint_size).",
        in: .milliseconds(100)...(.seconds(3600)),
        default: .seconds(1),
        reason: "Looking costs next to nothing; a log that has grown long makes reads slower."
    )

    static let expiryInterval = ConfigurationKey<Duration>.duration(
        "maintenance.expiry_interval",
        summary:
            "How often expired sessions, API keys and receipts are looked for, to be deleted a few hundred at a time.",
        in: .seconds(1)...(.seconds(86_400)),
        default: .seconds(60),
        reason: "Often enough that there are few; nothing depends on it, since who reads compares the times."
    )

    static let expiredSessionsKept = ConfigurationKey<Duration>.duration(
        "maintenance.keep_sessions",
        summary: "How long an expired session is kept.",
        in: .seconds(0)...(.seconds(366 * 86_400)),
        default: .seconds(7 * 86_400),
        reason: "A client that comes back after a week is told that its session has expired, later that there is none."
    )

    static let expiredKeysKept = ConfigurationKey<Duration>.duration(
        "maintenance.keep_keys",
        summary: "How long an expired API key is kept.",
        in: .seconds(0)...(.seconds(3660 * 86_400)),
        default: .seconds(90 * 86_400),
        reason: "Its owner sees for a quarter of a year which key it was that ended."
    )

    static let auditKept = ConfigurationKey<Duration>.duration(
        "maintenance.keep_events",
        summary: "How long it is kept who did what.",
        in: .seconds(7 * 86_400)...(.seconds(3660 * 86_400)),
        default: .seconds(365 * 86_400),
        reason: "Questions come up within a year; what is older holds addresses of clients for nobody."
    )

    static let statisticsInterval = ConfigurationKey<Duration>.duration(
        "maintenance.statistics_interval",
        summary: "How often the planner's statistics of large tables are made anew.",
        in: .seconds(60)...(.seconds(30 * 86_400)),
        default: .seconds(86_400),
        reason: "Proportions change slowly, and workers read them when they start."
    )

    static let backupInterval = ConfigurationKey<Duration>.duration(
        "maintenance.backup_interval",
        summary: "How often the database is backed up while the pool serves; 0 is never.",
        in: .seconds(0)...(.seconds(366 * 86_400)),
        default: .seconds(0),
        reason: "Where copies belong, and how many the disk has room for, only the operator knows; a day is usual."
    )

    static let backupDirectory = ConfigurationKey<String>.path(
        "maintenance.backup_directory",
        summary: "Where these backups lie, on whatever file system.",
        default: "backups",
        reason: "Beside everything else; another disk is better, and the service must be allowed to write there."
    )

    static let backupCount = ConfigurationKey<Int>.integer(
        "maintenance.backup_keep",
        summary: "How many of these backups are kept; the oldest go first, and the newest one never.",
        in: 1...10_000,
        default: 14,
        unit: "backups",
        reason: "Two weeks of daily ones: a mistake is mostly noticed within that time."
    )

    static let backupAge = ConfigurationKey<Duration>.duration(
        "maintenance.backup_keep_for",
        summary: "How long one of them is kept at most; 0 is for ever.",
        in: .seconds(0)...(.seconds(3660 * 86_400)),
        default: .seconds(0),
        reason: "Who deletes accounts may have promised a time after which no copy of them is left."
    )

    // MARK: - Limits

    static let limitsAreOn = ConfigurationKey<Bool>.boolean(
        "limits.enabled",
        summary:
            "Whether requests are limited. false is for load tests; nginx has its own switch (scripts/nginx-site).",
        default: true,
        reason: "Without limits passwords can be guessed as fast as they can be hashed."
    )

    static let limitOfAddress = limit(
        "limits.address",
        summary: "Requests of one address, an IPv4 address or an IPv6 network of /64.",
        default: "9000/1m",
        reason: "An office behind one address; below the 200 a second of the flood guard in nginx, which is coarse."
    )

    static let limitOfUser = limit(
        "limits.user",
        summary: "Requests of one user, by all sessions and keys together.",
        default: "6000/1m",
        reason: "A hundred a second are more than a person or a well-meaning program needs."
    )

    static let limitOfSignInAddress = limit(
        "limits.sign_in_address",
        summary: "Tries of one address to sign in, to whatever accounts.",
        default: "100/10m",
        reason: "An office on a Monday morning; a list of stolen passwords gets nowhere."
    )

    static let limitOfSignIn = limit(
        "limits.sign_in",
        summary: "Tries of one address to sign in to one account.",
        default: "10/1m",
        reason: "Who has mistyped a few times does not notice it."
    )

    static let limitOfSignInLong = limit(
        "limits.sign_in_long",
        summary: "The same over a longer time, so that who goes on trying waits longer.",
        default: "60/1h",
        reason: "Programs that sign in once a minute pass; 1,440 guesses a day against 15 characters are nothing."
    )

    static let limitOfSignInAccount = limit(
        "limits.sign_in_account",
        summary: "Tries to sign in to one account from everywhere; with more it counts as attacked, and is not locked.",
        default: "100/1h",
        reason: "NIST SP 800-63B draws its line for one account at a hundred failures."
    )

    static let limitOfSignInAttacked = limit(
        "limits.sign_in_attacked",
        summary: "Tries of one address to sign in to one account that is attacked.",
        default: "3/1h",
        reason: "The owner still comes in, from anywhere; a thousand strangers have three guesses each."
    )

    static let limitOfPasswordChange = limit(
        "limits.password_change",
        summary: "Tries of one user to change the password, which asks for the present one.",
        default: "10/15m",
        reason: "Who has found an open session must not find the password too."
    )

    static let limitOfGraphQLCost = limit(
        "limits.graphql_cost",
        summary: "What the operations of GraphQL of one user can cost; half of it at once.",
        counts: 2...LimitPolicy.mostInWindow,
        default: "30000/1m",
        reason:
            "A statement costs 1, an object below a list what is asked of it; a page of 100 users with sessions 101."
    )

    static let limitOfMailAddress = limit(
        "limits.mail_address",
        summary: "Requests of one address for mails to whomever, and tries to show tokens of mails.",
        default: "20/10m",
        reason: "A family behind one address; nobody sends mails to a list of strangers."
    )

    static let limitOfMail = limit(
        "limits.mail",
        summary: "Mails to one address that anybody asks for, whether or not there is such an account.",
        default: "5/1h",
        reason: "Who waits for a mail asks twice or three times; nobody's mailbox is filled."
    )

    private static func limit(
        _ name: String,
        summary: String,
        counts: ClosedRange<Int> = 1...LimitPolicy.mostInWindow,
        default value: String,
        reason: String
    ) -> ConfigurationKey<CountPerWindow> {
        .countPerWindow(
            name,
            summary: summary,
            counts: counts,
            windows: .nanoseconds(LimitPolicy.windows.lowerBound)...(.nanoseconds(LimitPolicy.windows.upperBound)),
            default: value,
            reason: reason
        )
    }

    // MARK: - GraphQL

    static let graphQLIsOn = ConfigurationKey<Bool>.boolean(
        "graphql.enabled",
        summary: "Whether /graphql is there.",
        default: true,
        reason: "It offers what the rest of the API offers, by the same rules; who does not use it need not have it."
    )

    static let graphQLProfile = ConfigurationKey<GraphQLProfile>.choice(
        "graphql.profile",
        summary:
            "Which draft of GraphQL over HTTP the statuses follow: draft-2025 (200 and 400) or draft-2026 (422, 294).",
        default: .draft2025,
        reason: "What clients and their audits expect today."
    )

    // MARK: - Status

    static let statusListen = ConfigurationKey<String>.text(
        "status.listen",
        summary: "Where nginx asks how the pool is: unix:PATH, or ADDRESS:PORT on loopback. A reload does not move it.",
        default: "unix:run/status.sock",
        reason: "A socket of its own answers also while all threads are busy with requests.",
        check: { ListenAddress($0) == nil ? "must be unix:PATH or ADDRESS:PORT on loopback" : nil }
    )

    static let statusReaders = ConfigurationKey<String>.text(
        "status.readers",
        summary: "Who may read /status, /metrics and the details of /health: addresses and networks, or unix.",
        default: "127.0.0.1 ::1",
        reason: "What they tell is for operators. Separated by spaces; unix means clients of nginx on a unix socket.",
        check: { StatusReaders($0) == nil ? "must list addresses and networks such as 10.0.0.0/8, or unix" : nil }
    )

    // MARK: - Webhooks

    static let webhookNetworks = ConfigurationKey<String>.text(
        "webhooks.private_networks",
        summary: "Networks that webhooks may be sent to though they are not of the whole internet, also by http.",
        default: "",
        reason: "Who makes a webhook shall not reach what only this machine reaches. Separated by spaces.",
        check: { NamedNetworks($0) == nil ? "must list addresses and networks such as 10.0.0.0/8" : nil }
    )

    // MARK: - Logs

    static let accessLog = ConfigurationKey<String>.path(
        "log.access",
        summary: "The file of the access log, one line for each request.",
        default: "log/access.log",
        reason: "Beside everything else of the instance."
    )

    static let logFormat = ConfigurationKey<LogFormat>.choice(
        "log.format",
        summary: "How lines of the access log and events of the processes are written: json, or text for people.",
        default: .json,
        reason: "Programs read logs more often than people. The supervisor takes a change when it is started."
    )

    static let loggedRequests = ConfigurationKey<LoggedRequests>.choice(
        "log.requests",
        summary: "Which requests have a line in the access log: all, or problems (faults and slow ones).",
        default: .all,
        reason: "Who asks what became of a request finds it."
    )

    static let slowRequest = ConfigurationKey<Duration>.duration(
        "log.slow_request",
        summary: "From which time on, in the queue and served, a request's line tells what it waited for; 0 is never.",
        in: .seconds(0)...(.seconds(3600)),
        default: .seconds(1),
        reason: "People notice a second; a sign-in behind others that hash passwords takes less."
    )

    static let slowStatement = ConfigurationKey<Duration>.duration(
        "log.slow_statement",
        summary: "From which time on a statement is told in the events, with its plan; 0 is never.",
        in: .seconds(0)...(.seconds(3600)),
        default: .milliseconds(100),
        reason: "All statements are served by an index: one that takes so long has lost it, or the disk is slow."
    )

    // MARK: - Metrics

    static let metricsAreOn = ConfigurationKey<Bool>.boolean(
        "metrics.enabled",
        summary: "Whether requests, statements and hashes are counted and measured for /metrics.",
        default: true,
        reason: "It costs less than a hundredth of a request, and what was not counted cannot be asked for afterwards."
    )
}

/// How logs are written.
enum LogFormat: String, CaseIterable, Sendable {
    case json
    case text
}

/// Which requests have a line in the access log.
enum LoggedRequests: String, CaseIterable, Sendable {
    case all
    case problems
}

/// What an acknowledged change survives.
enum Durability: String, CaseIterable, Sendable {
    case powerLoss = "power_loss"
    case processEnd = "process_end"
}
