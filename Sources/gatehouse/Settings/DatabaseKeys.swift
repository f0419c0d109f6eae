internal import Configuration

/// The settings of a database on a PostgreSQL server.
extension SettingKeys {
    static let databaseHost = ConfigurationKey<String>.text(
        "database.host",
        summary:
            "The PostgreSQL server: a name, an address, or the directory of its unix socket. Empty: the file above.",
        default: "",
        reason: "One machine needs no server. On one that is named here nothing of the file is used.",
        check: { $0.contains { $0.isWhitespace } ? "must hold no spaces" : nil }
    )

    static let databasePort = ConfigurationKey<Int>.integer(
        "database.port",
        summary: "Its port, which also names the unix socket.",
        in: 1...65_535,
        default: 5432,
        unit: "",
        reason: "PostgreSQL's own."
    )

    static let databaseName = ConfigurationKey<String>.text(
        "database.name",
        summary: "The name of the database there, which must be in UTF-8 and the service's own.",
        default: "gatehouse",
        reason: "As the program is called.",
        check: { $0.isEmpty ? "must not be empty" : nil }
    )

    static let databaseUser = ConfigurationKey<String>.text(
        "database.user",
        summary: "The role to be there.",
        default: "gatehouse",
        reason: "As the user of the service is called, whom the server knows on a unix socket (peer).",
        check: { $0.isEmpty ? "must not be empty" : nil }
    )

    static let databasePasswordFile = ConfigurationKey<String>.path(
        "database.password_file",
        summary: "A file with the password of the role, and nothing else; empty where the server asks for none.",
        default: "",
        reason: "Read for each connection, so that a new password needs no reload."
    )

    static let databaseSecurity = ConfigurationKey<DatabaseSecurity>.choice(
        "database.security",
        summary:
            "How the network between is kept safe: verified (TLS, by the server's certificate), encrypted, or none.",
        default: .verified,
        reason: "Without a certificate anyone on the way may be the server. A unix socket needs nothing."
    )

    static let databaseAuthorities = ConfigurationKey<String>.path(
        "database.authorities",
        summary: "A file of certificates to trust at the server.",
        default: "/etc/ssl/certs/ca-certificates.crt",
        reason: "Those of the system; a site's own authority is mostly not among them."
    )

    static let databaseIsPooled = ConfigurationKey<Bool>.boolean(
        "database.pooled",
        summary: "Whether a pooler stands between that gives each transaction another connection.",
        default: false,
        reason: "Such as PgBouncer with pool_mode transaction: then nothing is prepared, and reads take longer."
    )
}

/// How the network to the server of the database is kept safe.
enum DatabaseSecurity: String, CaseIterable, Sendable {
    case verified
    case encrypted
    case none
}
