internal import Linux
internal import PostgreSQL
internal import Synchronization

/// A session's connection to PostgreSQL.
///
/// It is opened when it is first needed and again when it was lost, between two transactions and never within one. BEGIN
/// waits for the first statement, and goes with it; a transaction without statements asks nobody.
@usableFromInline final class PostgreSQLEngine {
    private enum Phase {
        /// Each statement is a transaction.
        case outside
        /// A transaction has begun, of which the server knows nothing yet.
        case wanted(writing: Bool)
        /// The server has a transaction open, or will have.
        case open(writing: Bool)
    }

    // Every transaction that writes sees the database as if no other ran beside it, as on SQLite, where none does: what
    // it has read holds when it commits, or it fails and is run again.
    private static let beginWriting = Statement("begin writing", sql: "BEGIN ISOLATION LEVEL SERIALIZABLE")
    private static let beginReading = Statement(
        "begin reading",
        sql: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    )
    private static let commitStatement = Statement("commit", sql: "COMMIT")
    private static let rollbackStatement = Statement("rollback", sql: "ROLLBACK")

    let database: PostgreSQLDatabase
    private let ledger: SessionLedger
    private var statements: [Statement?]
    private var open: OpenConnection?
    private var phase = Phase.outside
    /// Whether the connection has something that goes with it: it is not replaced.
    private var isHeld = false
    let interrupter = PostgreSQLInterrupter()
    /// How often an answer of the server was waited for, transaction control included.
    private(set) var roundTrips = 0

    init(_ database: PostgreSQLDatabase, ledger: SessionLedger) {
        self.database = database
        self.ledger = ledger
        statements = Array(repeating: nil, count: ledger.registry.slotCount)
    }

    // MARK: - Statements

    /// Runs a statement, with those that were submitted before it.
    func run(_ definition: StatementDefinition, _ values: [DatabaseValue]) throws -> StatementResult {
        let statement = try statement(of: definition)
        let parameters = Parameters(values)
        return try translating { () throws(PostgreSQLError) in
            // Outside of a transaction a statement only reads, and can be repeated where the connection had been lost
            // without anybody noticing, or the schema has changed since it was prepared.
            if case .outside = phase, let answer = try attempt(statement, parameters) { return answer }
            try queue(statement, parameters)
            return try exchange()
        }
    }

    /// Sends a statement with the next one that is run, or with the COMMIT.
    func submit(_ definition: StatementDefinition, _ values: [DatabaseValue]) throws {
        let statement = try statement(of: definition)
        try translating { () throws(PostgreSQLError) in try queue(statement, Parameters(values)) }
    }

    /// Runs a statement that only reads; nil where it is worth another try.
    private func attempt(_ statement: Statement, _ parameters: Parameters) throws(PostgreSQLError) -> StatementResult? {
        do throws(PostgreSQLError) {
            try queue(statement, parameters)
            return try exchange()
        } catch {
            guard open != nil, error.isConnectionLost || error.isStale else { throw error }
            return nil
        }
    }

    private func statement(of definition: StatementDefinition) throws -> Statement {
        if definition.index < statements.count, let known = statements[definition.index] { return known }
        try ledger.requireKnown(definition)
        let statement = Statement(definition.id, sql: definition.postgreSQL)
        statements[definition.index] = statement
        return statement
    }

    private func queue(_ statement: Statement, _ parameters: Parameters) throws(PostgreSQLError) {
        if case .wanted(let writing) = phase {
            try connected().connection.send(writing ? Self.beginWriting : Self.beginReading)
            phase = .open(writing: writing)
        }
        try connected().connection.send(statement, parameters)
    }

    /// Sends what is queued; the answer of the last statement.
    private func exchange() throws(PostgreSQLError) -> StatementResult {
        roundTrips += 1
        let answers = try connected().connection.exchange(timeout: database.patience)
        guard let last = answers.last else {
            throw PostgreSQLError(.misuse, "nothing was sent", statement: "exchange")
        }
        return last
    }

    // MARK: - Transactions

    func begin(writing: Bool) {
        phase = .wanted(writing: writing)
    }

    /// - Throws: ``DatabaseError/outcomeUnknown(_:)`` where the connection was lost while the server committed.
    func commit() throws {
        guard case .open(let writing) = phase else { return phase = .outside }
        do throws(PostgreSQLError) {
            let open = try connected()
            guard !open.connection.hasFailedTransaction else {
                throw PostgreSQLError(.failedTransaction, "a statement before has failed", statement: "commit")
            }
            if writing, let log = ledger.log, let entry = ledger.entry {
                try queue(log.statement, Parameters([entry]))
            }
            try open.connection.send(Self.commitStatement)
            _ = try exchange()
            phase = .outside
        } catch {
            guard error.isConnectionLost else { throw DatabaseError(error) }
            phase = .outside
            // What was read was read.
            guard writing else { return }
            // Where the server itself tells of its end before the COMMIT came to its turn, nothing was committed.
            let isKnown = error.state != .connectionFailure && error.statement != Self.commitStatement.id
            throw isKnown ? DatabaseError(error) : .outcomeUnknown(DatabaseDiagnosis(error))
        }
    }

    /// Ends the transaction; where that fails, so does the connection, and the server ends it.
    func rollBack() {
        defer { phase = .outside }
        guard case .open = phase, let open, !open.connection.isLost else { return }
        // Something that was submitted may fail before the ROLLBACK, which is not run then.
        for _ in 0..<2 {
            do throws(PostgreSQLError) {
                try open.connection.send(Self.rollbackStatement)
                roundTrips += 1
                _ = try open.connection.exchange(timeout: database.patience)
                return
            } catch {
                continue
            }
        }
        self.open = nil
    }

    // MARK: - The connection

    /// The connection of the transaction; outside of one, a new one where the old is lost or old.
    private func connected() throws(PostgreSQLError) -> OpenConnection {
        let now = SystemClock.monotonicNanoseconds()
        if let open {
            if case .open = phase { return open }
            if isHeld { return open }
            if !open.isOld(at: now), !open.connection.hasEnded() {
                open.usedAt = now
                return open
            }
        }
        open = nil
        let new = OpenConnection(try database.source.connect(), at: now)
        interrupter.follow(new.connection.interrupter)
        open = new
        return new
    }

    /// What the server has for one of its settings.
    func setting(_ name: String) throws -> String {
        try withConnection { connection in
            try connection.send(Statement("setting \(name)", sql: "SELECT current_setting('\(name)')"))
            guard let answer = try connection.exchange(timeout: database.patience).first else { return "" }
            return try answer.string(0, 0)
        }
    }

    /// Lends the connection to code of this module that has statements of its own, outside of transactions.
    func withConnection<Result>(_ body: (borrowing Connection) throws -> Result) throws -> Result {
        do {
            return try body(try connected().connection)
        } catch let error as PostgreSQLError {
            throw DatabaseError(error)
        }
    }

    /// Keeps the connection for the length of the body, also where it is lost.
    func holdingConnection<Result>(_ body: () throws -> Result) throws -> Result {
        try withConnection { _ in }
        isHeld = true
        defer { isHeld = false }
        return try body()
    }

    private func translating<Result>(_ work: () throws(PostgreSQLError) -> Result) throws -> Result {
        do throws(PostgreSQLError) { return try work() } catch { throw DatabaseError(error) }
    }
}

/// A connection with its age.
private final class OpenConnection {
    let connection: Connection
    private let openedAt: Int64
    /// Half of the connections of many threads that were opened at once live longer than the other.
    private let life = Int64.random(in: PostgreSQLDatabase.longestLife / 2...PostgreSQLDatabase.longestLife)
    var usedAt: Int64

    init(_ connection: consuming Connection, at now: Int64) {
        self.connection = connection
        openedAt = now
        usedAt = now
    }

    func isOld(at now: Int64) -> Bool {
        now - openedAt > life || now - usedAt > PostgreSQLDatabase.longestRest
    }
}

/// Ends what runs on the connection that a session has at the moment.
final class PostgreSQLInterrupter: Sendable {
    private let current = Mutex<Interrupter?>(nil)

    func follow(_ interrupter: Interrupter) { current.withLock { $0 = interrupter } }

    func interrupt() { current.withLock { $0 }?.interrupt() }
}

extension Parameters {
    fileprivate init(_ values: [DatabaseValue]) {
        self.init()
        for value in values {
            switch value {
            case .null: appendNull()
            case .integer(let integer): append(integer)
            case .real(let number): append(number)
            case .text(let text): append(text)
            case .bytes(let bytes): append(bytes)
            }
        }
    }
}
