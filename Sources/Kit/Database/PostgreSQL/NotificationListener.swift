internal import PostgreSQL

/// Listens to what others on a server call out on a channel, over a connection of its own; for one thread.
///
/// What is called out while there is no connection is lost: for hints, whose loss costs nothing but time.
public final class NotificationListener {
    private let database: PostgreSQLDatabase
    private let listen: Statement
    private var open: OpenConnection?

    /// Connects to nothing yet.
    ///
    /// - Parameters:
    ///   - database: Where; not through a pooler that gives each transaction another connection.
    ///   - channel: The name of the channel, of letters and underscores.
    public init(_ database: PostgreSQLDatabase, channel: String) {
        self.database = database
        listen = Statement("listen", sql: "LISTEN \(channel)")
    }

    /// Waits for the next call, and so long at most.
    ///
    /// - Returns: Its text; nil where none has come.
    /// - Throws: ``DatabaseError``, where there is no connection any more; the next wait opens another.
    public func next(timeout: Duration) throws -> String? {
        do {
            return try connected().connection.nextNotification(timeout: timeout)
        } catch let error as PostgreSQLError {
            open = nil
            throw DatabaseError(error)
        }
    }

    private func connected() throws -> OpenConnection {
        if let open { return open }
        let connection = try database.source.connect()
        try connection.send(listen)
        _ = try connection.exchange(timeout: database.patience)
        let new = OpenConnection(connection)
        open = new
        return new
    }

    private final class OpenConnection {
        let connection: Connection

        init(_ connection: consuming Connection) {
            self.connection = connection
        }
    }
}
