import Configuration

enum Level: String, CaseIterable, Sendable {
    case debug, info, error
}

/// A table with a key of every kind.
enum Example {
    static let threads = ConfigurationKey.integer(
        "pool.threads",
        summary: "Handler threads of each worker.",
        in: 1...1024,
        default: 16,
        unit: "threads",
        reason: "A thread that waits for a database costs little."
    )
    static let workers = ConfigurationKey.integer(
        "pool.workers",
        in: 1...64,
        default: 1_000,
        rule: "the number of processors",
        reason: "More only take turns."
    )
    static let drain = ConfigurationKey.duration(
        "pool.drain_timeout",
        in: .milliseconds(100)...(.seconds(300)),
        default: .seconds(30),
        reason: "Longer than the longest request."
    )
    static let idle = ConfigurationKey.duration(
        "sessions.idle",
        in: .seconds(60)...(.seconds(86_400 * 365)),
        default: .seconds(86_400 * 14),
        reason: "Two weeks."
    )
    static let body = ConfigurationKey.size(
        "http.limits.body",
        in: 1_024...(1 << 30),
        default: 65_536,
        reason: "Bodies are small."
    )
    static let open = ConfigurationKey.boolean("registration.open", default: false, reason: "Most sites invite.")
    static let greeting = ConfigurationKey.text("greeting", default: "Hello: \"you\" # there", reason: "Polite.")
    static let password = ConfigurationKey.text(
        "database.password",
        default: "",
        reason: "None is needed on one machine.",
        isSecret: true,
        check: { $0.utf8.count > 40 ? "must not be longer than 40 bytes" : nil }
    )
    static let file = ConfigurationKey.path("database.file", default: "data/main.db", reason: "Beside the rest.")
    static let log = ConfigurationKey.path("log.file", default: "", reason: "Empty: standard error.")
    static let level = ConfigurationKey.choice("log.level", default: Level.info, reason: "Quiet.")
    static let mode = ConfigurationKey.choice("mode", ["fast", "safe"], default: "safe", reason: "Safe first.")
    static let origins = ConfigurationKey.list(
        "cors.origins",
        default: [],
        reason: "Nobody.",
        check: { $0.contains("*") ? "must name origins" : nil }
    )

    static let entries: [any ConfigurationEntry] = [
        threads, workers, drain, idle, body, open, greeting, password, file, log, level, mode, origins,
    ]
    static let table = ConfigurationTable(prefix: "APP", sections: ["pool": "Workers and their threads."], entries)

    static func read(
        _ yaml: String = "",
        environment: [String: String] = [:],
        ignored: Set<String> = [],
        flags: [ConfigurationFlag] = [],
        secretFile: ((String) throws -> [UInt8])? = nil
    ) throws(ConfigurationMistakes) -> ConfigurationValues {
        try table.read(
            yaml: Array(yaml.utf8),
            file: "app.yaml",
            environment: environment,
            environmentIgnored: ignored,
            flags: flags,
            base: "/srv/data",
            secretFile: secretFile
        )
    }

    static func mistakes(
        _ yaml: String = "",
        environment: [String: String] = [:],
        ignored: Set<String> = [],
        flags: [ConfigurationFlag] = [],
        secretFile: ((String) throws -> [UInt8])? = nil
    ) -> [String] {
        do throws(ConfigurationMistakes) {
            _ = try read(yaml, environment: environment, ignored: ignored, flags: flags, secretFile: secretFile)
            return []
        } catch {
            return error.mistakes.map(\.description)
        }
    }
}
