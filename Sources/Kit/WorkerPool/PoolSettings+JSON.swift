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
        guard let value = try? JSONReader.read(document), case .object(let members) = value,
            case .object(let pool)? = members["pool"],
            let workers = pool.integer("workers"),
            let backlog = pool.integer("backlog"),
            let bootTimeout = pool.integer("boot_timeout_ns"),
            let shutdownTimeout = pool.integer("shutdown_timeout_ns"),
            let listen = Listen(pool)
        else { throw Unreadable() }
        self.init(
            workers: Int(workers),
            listen: listen,
            statusListen: pool.object("status").flatMap { Listen($0) },
            backlog: Int32(clamping: backlog),
            bootTimeout: bootTimeout,
            shutdownTimeout: shutdownTimeout,
            notices: pool.texts("notices")
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

extension JSONObject {
    fileprivate func integer(_ name: String) -> Int64? {
        if case .integer(let value)? = self[name] { value } else { nil }
    }

    fileprivate func object(_ name: String) -> JSONObject? {
        if case .object(let value)? = self[name] { value } else { nil }
    }

    /// Empty where there are none: versions before did not write any.
    fileprivate func texts(_ name: String) -> [String] {
        guard case .array(let values)? = self[name] else { return [] }
        return values.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    fileprivate func text(_ name: String) -> String? {
        if case .string(let text)? = self[name] { text } else { nil }
    }
}
