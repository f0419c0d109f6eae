import PostgreSQL

import class PostgreSQLTestSupport.ScratchServer

/// Where the database of an instance is, for tests that hold on both engines.
enum DatabaseHome: CaseIterable {
    case file, server

    /// The server of all these tests, with a database for each instance.
    private static let shared = Result { try ScratchServer() }

    /// A database of its own on the server.
    static func makeDatabase() throws -> ConnectionOptions { try shared.get().makeDatabase() }

    /// The usual instance with its database there.
    func options() throws -> Instance.Options {
        switch self {
        case .file: Instance.Options()
        case .server: Instance.Options(database: try Self.makeDatabase())
        }
    }
}
