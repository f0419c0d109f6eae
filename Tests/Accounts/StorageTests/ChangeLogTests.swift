import Caching
import Database
import Domain
import LinuxTestSupport
import PostgreSQL
import PostgreSQLTestSupport
import Security
import Services
import Synchronization
import TestSupport
import Testing

@testable import Storage

/// What hosts that share a database tell each other of their commits.
@Suite struct ChangeLogTests {
    private let scratch: ScratchPostgreSQL
    private let log: ChangeLog

    init() throws {
        scratch = try ScratchPostgreSQL(log: ChangeLog.commits)
        log = ChangeLog(DatabaseSession(scratch.database, registry: scratch.registry))
    }

    private func makeSession() -> DatabaseSession { DatabaseSession(scratch.database, registry: scratch.registry) }

    private func insert(_ number: UInt64, by unitOfWork: SQLUnitOfWork) throws {
        try unitOfWork.perform { try $0.users.insert(.fixture(number), passwordHash: nil) }
    }

    /// What becomes old by a new user.
    private func tags(of number: UInt64) -> Set<CacheTag> { [CacheTag("users"), .user(.fixture(number))] }

    private func rows() throws -> Int {
        Int(try ScratchServer.run("SELECT count(*) FROM committed_changes", scratch.database.options).int64(0, 0))
    }

    @Test func `what was committed since the last look is told, and once`() throws {
        let unitOfWork = SQLUnitOfWork(makeSession())
        try insert(1, by: unitOfWork)
        let first = try log.read(after: nil)
        #expect(first.tags == [])
        try insert(2, by: unitOfWork)
        let second = try log.read(after: first.place)
        #expect(second.tags.map(Set.init) == tags(of: 2))
        let third = try log.read(after: second.place)
        #expect(third.tags == [])
        #expect(second.place.origin == first.place.origin && third.place.origin == first.place.origin)
    }

    @Test func `what began early and is committed late is told, however many looks there were between`() throws {
        let slow = SQLUnitOfWork(makeSession())
        let others = SQLUnitOfWork(makeSession())
        var last = try log.read(after: nil)
        try slow.perform { transaction in
            try transaction.users.insert(.fixture(1), passwordHash: nil)
            // So that it goes to the server, and the transaction has its number.
            #expect(try transaction.users.find(.fixture(1)) != nil)
            for number: UInt64 in 2...5 {
                try insert(number, by: others)
                last = try log.read(after: last.place)
                // Nobody waits for the slow one.
                #expect(last.tags.map(Set.init) == tags(of: number))
            }
        }
        last = try log.read(after: last.place)
        #expect(last.tags.map(Set.init) == tags(of: 1))
        #expect(try log.read(after: last.place).tags == [])
    }

    @Test func `what is rolled back, and what nobody remembers, is not told`() throws {
        struct Interruption: Error {}
        let unitOfWork = SQLUnitOfWork(makeSession())
        let first = try log.read(after: nil)
        #expect(throws: Interruption.self) {
            try unitOfWork.perform { transaction in
                try transaction.users.insert(.fixture(1), passwordHash: nil)
                #expect(try transaction.users.find(.fixture(1)) != nil)
                throw Interruption()
            }
        }
        try unitOfWork.perform { try $0.events.begin(consumer: "somebody", atFirst: false) }
        #expect(try log.read(after: first.place).tags == [])
        #expect(try rows() == 0)
    }

    @Test func `what no statement tells of makes everything old everywhere`() throws {
        let first = try log.read(after: nil)
        try ChangeLog.tellEverything(makeSession())
        let second = try log.read(after: first.place)
        #expect(second.tags == nil)
        #expect(try log.read(after: second.place).tags == [])
    }

    @Test func `more changes than are worth telling one by one are everything`() throws {
        let first = try log.read(after: nil)
        try ScratchServer.run(
            "INSERT INTO committed_changes SELECT pg_current_xact_id(), '{\"tables\":[],\"rows\":[]}' "
                + "FROM generate_series(1, 1001)",
            scratch.database.options
        )
        #expect(try log.read(after: first.place).tags == nil)
    }

    @Test func `writers and readers at once: every reader is told of each commit once`() throws {
        let (database, registry, writers, each) = (scratch.database, scratch.registry, 4, 40)
        let start = try log.read(after: nil).place
        let unfinished = Mutex(writers)
        let seen = Mutex<[[CacheTag]]>([[], []])
        let errors = Mutex<[String]>([])
        try onThreads(writers + 2) { number in
            do {
                let session = DatabaseSession(database, registry: registry)
                guard number >= 2 else {
                    let log = ChangeLog(session)
                    var last = start
                    while true {
                        let isLast = unfinished.withLock { $0 == 0 }
                        let reading = try log.read(after: last)
                        last = reading.place
                        let tags = try #require(reading.tags)
                        seen.withLock { $0[number] += tags }
                        if tags.isEmpty, isLast { return }
                    }
                }
                defer { unfinished.withLock { $0 -= 1 } }
                let unitOfWork = SQLUnitOfWork(session)
                for step in 0..<each {
                    let id = UInt64(number * 1000 + step)
                    try unitOfWork.perform { transaction in
                        try transaction.users.insert(.fixture(id), passwordHash: nil)
                        // Some are at the server for longer than others.
                        for _ in 0..<(step % 4) { _ = try transaction.users.find(.fixture(id)) }
                    }
                }
            } catch {
                errors.withLock { $0.append("\(error)") }
            }
        }
        #expect(errors.withLock { $0 } == [])
        let ids = (2..<writers + 2).flatMap { number in (0..<each).map { UInt64(number * 1000 + $0) } }
        for tags in seen.withLock({ $0 }) {
            let users = tags.filter { $0 != CacheTag("users") }
            #expect(users.count == ids.count)
            #expect(Set(users) == Set(ids.map { CacheTag.user(.fixture($0)) }))
        }
    }

    @Test func `a row goes when its time is over, and never one that somebody may still look for`() throws {
        let second: Int64 = 1_000_000_000
        let life = ChangeLog.life.components.seconds
        let unitOfWork = SQLUnitOfWork(makeSession())
        _ = try log.read(after: nil)
        try log.prune(at: 0)
        try insert(1, by: unitOfWork)
        _ = try log.read(after: nil)
        try log.prune(at: (life + 1) * second)
        // It became visible after the look from which the time counts.
        #expect(try rows() == 1)
        try insert(2, by: unitOfWork)
        _ = try log.read(after: nil)
        try log.prune(at: 2 * life * second)
        #expect(try rows() == 2)
        // What other tests have open on the server may be older than the rows, and keeps them.
        var instant = 2 * life * second
        try eventually("they go") {
            instant += (life + 1) * second
            try log.prune(at: instant)
            _ = try log.read(after: nil)
            return try rows() == 0
        }
    }

    @Test func `a change with its receipt still takes one round trip`() throws {
        let session = makeSession()
        #expect(try roundTripsOfSecondChange(in: session) == 1)
        #expect(try rows() == 2)
    }
}

/// What ends with a life of the server, which nobody who reads on behind it may miss.
@Suite struct ChangeLogOriginTests {
    private let server: ScratchServer
    private let database: PostgreSQLDatabase
    private let log: ChangeLog

    init() throws {
        server = try ScratchServer()
        let registry = try Statements.registry(for: .postgreSQL)
        database = PostgreSQLDatabase(try server.makeDatabase(), log: ChangeLog.commits)
        let session = DatabaseSession(database, registry: registry)
        _ = try Schema.migrator().up(in: session)
        log = ChangeLog(session)
    }

    private func origin() throws -> String {
        var found: String?
        try eventually("the log can be read") {
            found = try? log.read(after: nil).place.origin
            return found != nil
        }
        return try #require(found)
    }

    @Test func `a restart, a crash of all and one of a single process are each another origin`() throws {
        let first = try origin()
        #expect(try origin() == first)
        try server.stop()
        try server.start()
        let restarted = try origin()
        #expect(restarted != first)
        try server.crash()
        try server.start()
        let crashed = try origin()
        #expect(crashed != restarted)

        let victim = try Connection(database.options)
        try ScratchServer.kill(process: victim.serverProcess)
        var last = crashed
        try eventually("the server has begun anew") {
            last = try origin()
            return last != crashed
        }
        // A table that was made anew has another number.
        try ScratchServer.run("DROP TABLE committed_changes", database.options)
        try ScratchServer.run(
            "CREATE UNLOGGED TABLE committed_changes "
                + "(transaction xid8 NOT NULL DEFAULT pg_current_xact_id(), changes text NOT NULL)",
            database.options
        )
        #expect(try origin() != last)
    }
}
