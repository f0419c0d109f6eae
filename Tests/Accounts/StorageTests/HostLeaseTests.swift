import Database
import LinuxTestSupport
import PostgreSQL
import PostgreSQLTestSupport
import Storage
import Synchronization
import TestSupport
import Testing

/// What one of the hosts that share a database does for all.
@Suite struct HostLeaseTests {
    private let scratch: ScratchPostgreSQL

    init() throws {
        scratch = try ScratchPostgreSQL()
    }

    /// A host, with a clock that goes only when the test says so.
    private final class Host {
        let term = LeaseTerm()
        let lease: HostLease
        var instant: Int64 = 0

        init(_ number: UInt64, _ scratch: ScratchPostgreSQL) {
            let session = DatabaseSession(scratch.database, registry: scratch.registry)
            var now: () -> Int64 = { 0 }
            lease = HostLease(session, holder: number, term: term, now: { now() })
            now = { [unowned self] in instant }
        }

        var has: Bool { term.isRunning(at: instant) }
    }

    /// Lets the time of the lease be over, on the server.
    private func endLease() throws {
        try ScratchServer.run("UPDATE leases SET expires_at = 0", scratch.database.options)
    }

    private func expiry() throws -> Int64 {
        try ScratchServer.run("SELECT expires_at FROM leases", scratch.database.options).int64(0, 0)
    }

    @Test func `the first host has it, and keeps it as long as it extends it`() throws {
        let (first, second) = (Host(1, scratch), Host(2, scratch))
        try first.lease.keep()
        try second.lease.keep()
        #expect(first.has && !second.has)
        let taken = try expiry()
        first.instant += 1_000_000_000
        try first.lease.keep()
        // That was not needed yet.
        #expect(try expiry() == taken)
        first.instant += 1_500_000_000
        try first.lease.keep()
        #expect(try expiry() > taken)
        first.instant += 4_000_000_000
        #expect(first.has)
    }

    @Test func `a host that does not extend it believes in it for a shorter time than the server does`() throws {
        let first = Host(1, scratch)
        try first.lease.keep()
        first.instant += HostLease.duration.components.seconds * 1_000_000_000 - 1_000_000_000
        #expect(!first.has)
    }

    @Test func `another takes it when its time is over, and the first does not get it back`() throws {
        let (first, second) = (Host(1, scratch), Host(2, scratch))
        try first.lease.keep()
        try endLease()
        try second.lease.keep()
        #expect(second.has)
        first.instant += 10_000_000_000
        try first.lease.keep()
        #expect(!first.has)
    }

    @Test func `a process that takes the place of another on the same host has it at once`() throws {
        let (first, heir) = (Host(1, scratch), Host(1, scratch))
        try first.lease.keep()
        try heir.lease.keep()
        #expect(heir.has)
        // What is still to end gives up only what it took itself.
        try first.lease.release()
        let other = Host(2, scratch)
        try other.lease.keep()
        #expect(!other.has)
    }

    @Test func `what is given up another has at once`() throws {
        let (first, second) = (Host(1, scratch), Host(2, scratch))
        try first.lease.keep()
        try first.lease.release()
        #expect(!first.has)
        try second.lease.keep()
        #expect(second.has)
    }

    @Test func `of many that want it at once one gets it`() throws {
        let (database, registry) = (scratch.database, scratch.registry)
        let winners = Mutex(0)
        let errors = Mutex<[String]>([])
        try onThreads(8) { number in
            do {
                let term = LeaseTerm()
                let session = DatabaseSession(database, registry: registry)
                try HostLease(session, holder: UInt64(number + 1), term: term, now: { 0 }).keep()
                if term.isRunning(at: 0) { winners.withLock { $0 += 1 } }
            } catch {
                errors.withLock { $0.append("\(error)") }
            }
        }
        #expect(errors.withLock { $0 } == [])
        #expect(winners.withLock { $0 } == 1)
    }
}
