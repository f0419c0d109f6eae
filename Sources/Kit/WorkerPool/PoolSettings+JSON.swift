internal import JSON

/// The settings as they pass from the process that checks a configuration to the supervisor.
///
/// The two may be different versions of the program: during an upgrade the supervisor is the older one. So the document
/// has few members, a reader passes over those that it does not know, and members are only ever added.
extension PoolSettings {
    /// The document cannot be read.
    public struct Unreadable: Error, CustomStringConvertible {
        /// In words, for the operator.
        public var description: String { "the program's check of the configuration gave no pool settings" }
    }

    /// Writes the settings as one JSON value.
    public func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.object { pool in
            pool.member("workers", workers)
            pool.member("backlog", Int(backlog))
            pool.member("boot_timeout_ns", bootTimeout)
            pool.member("shutdown_timeout_ns", shutdownTimeout)
            pool.member("probation_ns", probation.time)
            pool.member("probation_deaths", probation.deaths)
            pool.member("probation_faults", probation.faults)
            pool.array("notices") { list in
                for notice in notices { list.string(notice) }
            }
            listen.writeMembers(to: &pool)
            if let statusListen { pool.object("status") { statusListen.writeMembers(to: &$0) } }
        }
        return writer.bytes
    }

    /// Reads the member `pool` of a document.
    public init(document: [UInt8]) throws {
        guard case .object(let document)? = try? JSONReader.read(document),
            let settings = document.object("pool").flatMap(PoolSettings.init(pool:))
        else { throw Unreadable() }
        self = settings
    }

    init?(pool: JSONObject) {
        guard let workers = pool.integer("workers"),
            let backlog = pool.integer("backlog"),
            let bootTimeout = pool.integer("boot_timeout_ns"),
            let shutdownTimeout = pool.integer("shutdown_timeout_ns"),
            let listen = Listen(pool)
        else { return nil }
        self.init(
            workers: Int(workers),
            listen: listen,
            statusListen: pool.object("status").flatMap { Listen($0) },
            backlog: Int32(clamping: backlog),
            bootTimeout: bootTimeout,
            shutdownTimeout: shutdownTimeout,
            probation: Probation(pool),
            notices: pool.texts("notices")
        )
    }
}

extension PoolSettings.Probation {
    /// None where the program did not know of it yet.
    fileprivate init(_ pool: JSONObject) {
        self.init(
            time: pool.integer("probation_ns") ?? 0,
            deaths: Int(pool.integer("probation_deaths") ?? .max),
            faults: Int(pool.integer("probation_faults") ?? .max)
        )
    }
}

extension PoolSettings.Listen {
    fileprivate func writeMembers(to object: inout JSONWriter) {
        switch self {
        case .unix(let path, let group):
            object.member("unix", path)
            object.member("group", group)
        case .tcp(let host, let port):
            object.member("host", host)
            object.member("port", Int(port))
        }
    }

    fileprivate init?(_ pool: JSONObject) {
        if let path = pool.text("unix") {
            self = .unix(path: path, group: pool.text("group"))
        } else if let host = pool.text("host"), let port = pool.integer("port") {
            self = .tcp(host: host, port: UInt16(clamping: port))
        } else {
            return nil
        }
    }
}
